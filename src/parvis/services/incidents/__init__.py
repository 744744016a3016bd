"""Incidents of places: which may be counted, what is shown of them to everybody, and what prevention does. Never persons."""
