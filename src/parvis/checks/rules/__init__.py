"""One check a file: a module constant of type `Check`. Adding a file adds the check, its words and its tests."""
