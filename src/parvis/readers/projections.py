"""Coordinate systems, by pyproj, which fetches nothing: the grids are those that came with it."""

from __future__ import annotations

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.network import set_network_enabled  # pyright: ignore[reportPrivateImportUsage]

__all__ = ["CRS", "CRSError", "ProjError", "Transformer"]

set_network_enabled(False)
