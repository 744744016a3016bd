"""Asking a live source: one document, asked for again when it does not answer; back-off, and a reason, when
it stays away.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx

from parvis.core.errors import SourceDown, Unreadable
from parvis.core.sentence import Sentence
from parvis.outbound import Barred

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
TRIES = 3
PAUSES_S = (0.5, 1.5)
"""Waits between the tries of one poll."""

MOST_S = 900.0
"""A source that stays away is asked at least this often."""

LIMIT = 50_000_000
"""Bytes of one document."""


def delay(every_s: float, failures: int) -> float:
    """Seconds until the next poll after so many failures in a row: it doubles, up to a quarter of an hour."""
    return every_s if failures == 0 else min(every_s * 2.0 ** min(failures - 1, 10), max(MOST_S, every_s))


def get(client: httpx.Client, url: str, pause: Callable[[float], None]) -> bytes:
    """The body. pause: waits so many seconds. Raises SourceDown when the source does not answer, Unreadable
    when the document has no end.
    """
    for attempt in range(TRIES):
        try:
            content = body(client, url, LIMIT)
            if content is None:
                raise Unreadable(Sentence("Un document du flux dépasse {limit} Mo.", limit=LIMIT // 1000000))
            return content
        except Barred as barred:
            raise SourceDown(
                "Le flux, ou une adresse où il renvoie, est dans un réseau privé : il n’est pas interrogé.",
                mend="Si cette machine est à vous, nommez-la dans network.private.",
            ) from barred
        except (httpx.TransportError, httpx.HTTPStatusError) as wrong:
            if attempt == TRIES - 1 or (
                isinstance(wrong, httpx.HTTPStatusError) and wrong.response.status_code < 500
            ):
                raise SourceDown(
                    Sentence("Le flux ne répond pas : {reason}.", reason=_reason(wrong))
                ) from wrong
            pause(PAUSES_S[attempt])
    raise AssertionError("unreachable")


def body(client: httpx.Client, url: str, limit: int) -> bytes | None:
    """What an address answers, None when it is more than `limit` bytes: no more are read. Raises httpx's
    TransportError and HTTPStatusError, and Barred.
    """
    with client.stream("GET", url) as answer:
        answer.raise_for_status()
        read = bytearray()
        for chunk in answer.iter_bytes():
            read += chunk
            if len(read) > limit:
                return None
        return bytes(read)


def _reason(wrong: httpx.TransportError | httpx.HTTPStatusError) -> str:
    if isinstance(wrong, httpx.HTTPStatusError):
        return Sentence("réponse {status_code}", status_code=wrong.response.status_code)
    return (
        Sentence("délai dépassé")
        if isinstance(wrong, httpx.TimeoutException)
        else Sentence("connexion impossible")
    )
