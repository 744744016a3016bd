"""Checks of many rows, one a file: a module constant of type `Check` with a `look`. Apart from
`checks/rules`, because they stand on NumPy and Shapely, which holding a file to a schema does without. Adding
a file adds the check, its words and its tests.
"""
