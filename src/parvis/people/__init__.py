"""Accounts, sessions, roles and API keys."""
