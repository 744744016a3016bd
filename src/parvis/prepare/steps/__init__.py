"""The steps of recipes, one file each."""
