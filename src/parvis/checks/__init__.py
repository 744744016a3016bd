"""Holds a raw table to a Table Schema: types, constraints, keys, headers, and what the values of a known
meaning must look like.
"""

from parvis.checks.checking import check, checks
from parvis.checks.codes import codes, tell
from parvis.checks.declaration import Check
from parvis.checks.table_schema import load as load_schema

__all__ = ["Check", "check", "checks", "codes", "load_schema", "tell"]
