"""One repair a file: a module constant of type `Repair`. Adding a file adds the repair, its words and its
tests.
"""
