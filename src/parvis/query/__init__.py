"""Dialects of visitors' questions (ODSQL, page filters) to query trees on released tables."""
