"""Fetch a GBFS feed: discovery, station information now and then, station status at each poll; retry, back-off, and a reason when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
import orjson

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
    """The two documents of a poll, as they came."""

    information: bytes
    status: bytes


def delay(every_s: float, failures: int) -> float:
    """Seconds until the next poll after so many failures in a row: it doubles, up to a quarter of an hour."""
    return every_s if failures == 0 else min(every_s * 2.0 ** min(failures - 1, 10), max(MOST_S, every_s))


def fetch(client: httpx.Client, url: str, *, pause: Callable[[float], None]) -> Documents:
    """Fetch through the discovery document at `url`. Raises SourceDown when it does not answer, Unreadable when the discovery is not one."""
    names = addresses(_get(client, url, pause))
    missing = [n for n in ("station_information", "station_status") if n not in names]
    if missing:
        raise Unreadable(f"Le flux GBFS n’annonce pas {' ni '.join(missing)}.", mend="Demandez à l’exploitant l’adresse de gbfs.json.")
    return Documents(_get(client, names["station_information"], pause), _get(client, names["station_status"], pause))


def addresses(discovery: bytes) -> Mapping[str, str]:
    """Feed name to address, of GBFS 1.x and 2.x (by language, French first) or 3.x (one list). Raises Unreadable."""
    try:
        body = orjson.loads(discovery)
    except orjson.JSONDecodeError as wrong:
        raise Unreadable("Le document de découverte GBFS n’est pas du JSON.") from wrong
    data = body.get("data") if isinstance(body, dict) else None
    lists = [data] if isinstance(data, dict) and "feeds" in data else sorted(data.items(), key=lambda kv: kv[0] != "fr") if isinstance(data, dict) else []
    for each in lists:
        feeds = each.get("feeds") if isinstance(each, dict) else each[1].get("feeds") if isinstance(each[1], dict) else None
        if isinstance(feeds, list):
            return {str(f["name"]): str(f["url"]) for f in feeds if isinstance(f, dict) and "name" in f and "url" in f}
    raise Unreadable("Le document de découverte GBFS ne liste aucun flux.")


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
