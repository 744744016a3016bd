"""Codes told by other rooms, one family a module: readers (`file-…`), typing of columns, personal data
(`privacy-…`).
"""
