"""Incidents in place and time, of places and never of persons: cells where they gather (`hotspots`), and where
posts should stand (`siting`).
"""
