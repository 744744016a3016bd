"""Fetch a GBFS feed: discovery, station information, station status and kinds of vehicles at each poll."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.harvest.asking import get


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a poll, as they came. vehicle_types: b"" when the feed has none."""

    information: bytes
    status: bytes
    vehicle_types: bytes = b""


def fetch(
    client: httpx.Client,
    url: str,
    *,
    feeds: Callable[[bytes], Mapping[str, str]],
    pause: Callable[[float], None],
) -> Documents:
    """Fetch through the discovery document at `url`. feeds: reads it, name of a feed to its address. pause:
    waits so many seconds.

    Raises SourceDown when the source does not answer, Unreadable when the discovery lacks what a poll needs.
    """
    names = feeds(get(client, url, pause))
    missing = [n for n in ("station_information", "station_status") if n not in names]
    if missing:
        raise Unreadable(
            Sentence("Le flux GBFS n’annonce pas {list}.", list=" ni ".join(missing)),
            mend="Demandez à l’exploitant l’adresse de gbfs.json.",
        )
    kinds = get(client, names["vehicle_types"], pause) if "vehicle_types" in names else b""
    return Documents(
        get(client, names["station_information"], pause), get(client, names["station_status"], pause), kinds
    )
