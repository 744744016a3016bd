"""Drinking water: indicators of a service, districts and their leaks, meters and the legal rule of over-consumption."""
