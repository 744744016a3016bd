"""Hierarchies of a city's values, one a module."""
