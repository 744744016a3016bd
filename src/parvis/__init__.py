"""Parvis: the open-data platform of a city, from raw files and live feeds to documented open data."""

__version__ = "0.1.0"
