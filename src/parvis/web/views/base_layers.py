"""What every map lies on: the shapes of the datasets whose keywords say so."""

from __future__ import annotations

from sqlalchemy import Connection

from parvis.catalogue import lists
from parvis.catalogue.entries import entries
from parvis.core.released import Public
from parvis.web.page import Visit

GROUND = "fond de carte"
"""Datasets with this keyword are drawn under every map: districts, streets."""


def ground(visit: Visit, conn: Connection) -> list[Public]:
    """What is drawn under every map."""
    found = [
        i
        for e in entries(conn, visit.links, only=lists.with_keyword(conn, GROUND))
        for i in e.items
        if i.schema.geometry == "shape"
    ]
    return [visit.city.served(i.resource.id) for i in found]
