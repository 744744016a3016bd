"""Raw cells to typed columns: types from the whole file, meanings, geometry, profile."""
