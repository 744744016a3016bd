"""Finds addresses in a file of national addresses (BAN format), with a score that says how sure it is.

`places.gather` reads the file once, `matching.find` looks addresses up in it. Neither knows of tables or of
the engine.
"""

from parvis.prepare.geocoding.matching import THRESHOLD, Address, Match, find
from parvis.prepare.geocoding.places import COLUMNS, Places, gather

__all__ = ["COLUMNS", "THRESHOLD", "Address", "Match", "Places", "find", "gather"]
