"""A released table as a file: one module a format, streamed, whole."""
