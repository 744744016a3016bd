"""The ways to write a value that are understood: one table a type, each form with examples of right and wrong
cells.
"""
