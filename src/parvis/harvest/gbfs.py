"""Fetch a GBFS feed: discovery, station information now and then, station status at each poll; retry, back-off, and a reason when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from parvis.core.errors import SourceDown, Unreadable

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
TRIES = 3
PAUSES_S = (0.5, 1.5)
"""Waits between the tries of one poll."""

MOST_S = 900.0
"""A source that stays away is asked at least this often."""

LIMIT = 50_000_000
"""Bytes of one document."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a poll, as they came. vehicle_types: b"" when the feed has none."""

    information: bytes
    status: bytes
    vehicle_types: bytes = b""


def delay(every_s: float, failures: int) -> float:
    """Seconds until the next poll after so many failures in a row: it doubles, up to a quarter of an hour."""
    return every_s if failures == 0 else min(every_s * 2.0 ** min(failures - 1, 10), max(MOST_S, every_s))


def fetch(client: httpx.Client, url: str, *, feeds: Callable[[bytes], Mapping[str, str]], pause: Callable[[float], None]) -> Documents:
    """Fetch through the discovery document at `url`. feeds: reads it, name of a feed to its address. pause: waits so many seconds.

    Raises SourceDown when the source does not answer, Unreadable when the discovery lacks what a poll needs.
    """
    names = feeds(_get(client, url, pause))
    missing = [n for n in ("station_information", "station_status") if n not in names]
    if missing:
        raise Unreadable(f"Le flux GBFS n’annonce pas {' ni '.join(missing)}.", mend="Demandez à l’exploitant l’adresse de gbfs.json.")
    kinds = _get(client, names["vehicle_types"], pause) if "vehicle_types" in names else b""
    return Documents(_get(client, names["station_information"], pause), _get(client, names["station_status"], pause), kinds)


def _get(client: httpx.Client, url: str, pause: Callable[[float], None]) -> bytes:
    for attempt in range(TRIES):
        try:
            with client.stream("GET", url) as answer:
                answer.raise_for_status()
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > LIMIT:
                        raise Unreadable(f"Un document du flux dépasse {LIMIT // 1_000_000} Mo.")
                return bytes(body)
        except (httpx.TransportError, httpx.HTTPStatusError) as wrong:
            if attempt == TRIES - 1 or (isinstance(wrong, httpx.HTTPStatusError) and wrong.response.status_code < 500):
                raise SourceDown(f"Le flux ne répond pas : {_reason(wrong)}.") from wrong
            pause(PAUSES_S[attempt])
    raise AssertionError("unreachable")


def _reason(wrong: httpx.TransportError | httpx.HTTPStatusError) -> str:
    if isinstance(wrong, httpx.HTTPStatusError):
        return f"réponse {wrong.response.status_code}"
    return "délai dépassé" if isinstance(wrong, httpx.TimeoutException) else "connexion impossible"
