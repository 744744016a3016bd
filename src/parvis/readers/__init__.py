"""Bytes to raw tables: one file a format; content is sniffed, names are never trusted."""
