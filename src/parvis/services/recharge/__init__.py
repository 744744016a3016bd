"""Charging points: where they are, and which are free now."""
