"""Chores of the project: run them through make."""
