"""Codes of findings that other rooms make, one family a module: readers (`file-…`), typing of columns,
personal data (`privacy-…`).
"""
