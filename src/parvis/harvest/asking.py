"""Asking a live source: one document, asked for again when it does not answer; back-off, and a reason, when
it stays away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

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

Source = Literal["feed", "file", "address"]
"""What is asked for, so that a failure is told of it: a live feed, a file that is read again, or an address of which
nobody knows yet what it gives.
"""


def delay(every_s: float, failures: int) -> float:
    """Seconds until the next poll after so many failures in a row: it doubles, up to a quarter of an hour."""
    return every_s if failures == 0 else min(every_s * 2.0 ** min(failures - 1, 10), max(MOST_S, every_s))


def get(client: httpx.Client, url: str, pause: Callable[[float], None], *, source: Source = "feed") -> bytes:
    """The body. pause: waits so many seconds. Raises SourceDown when the source does not answer, Unreadable
    when the document has no end.
    """
    for attempt in range(TRIES):
        try:
            content = body(client, url, LIMIT)
            if content is None:
                raise Unreadable(_endless(source))
            return content
        except Barred as barred:
            raise SourceDown(
                _private(source), mend="Si cette machine est à vous, nommez-la dans network.private."
            ) from barred
        except (httpx.RequestError, httpx.HTTPStatusError, httpx.InvalidURL) as wrong:
            if attempt == TRIES - 1 or (
                isinstance(wrong, httpx.HTTPStatusError) and wrong.response.status_code < 500
            ):
                raise SourceDown(_silent(source, _reason(wrong)), mend=_advice(wrong)) from wrong
            pause(PAUSES_S[attempt])
    raise AssertionError("unreachable")


def body(client: httpx.Client, url: str, limit: int) -> bytes | None:
    """What an address answers, None when it is more than `limit` bytes: no more are read. Raises httpx's
    RequestError (too many redirections and a body that cannot be unpacked among them), HTTPStatusError and InvalidURL,
    and Barred.
    """
    with client.stream("GET", url) as answer:
        answer.raise_for_status()
        read = bytearray()
        for chunk in answer.iter_bytes():
            read += chunk
            if len(read) > limit:
                return None
        return bytes(read)


def _endless(source: Source) -> str:
    match source:
        case "feed":
            return Sentence("Un document du flux dépasse {limit} Mo.", limit=LIMIT // 1000000)
        case "file" | "address":
            return Sentence("Le fichier à cette adresse dépasse {limit} Mo.", limit=LIMIT // 1000000)


def _private(source: Source) -> str:
    match source:
        case "feed":
            return Sentence(
                "Le flux, ou une adresse où il renvoie, est dans un réseau privé : il n’est pas interrogé."
            )
        case "file" | "address":
            return Sentence(
                "Cette adresse, ou une autre où elle renvoie, est dans un réseau privé : elle n’est pas interrogée."
            )


def _silent(source: Source, reason: str) -> str:
    match source:
        case "feed":
            return Sentence("Le flux ne répond pas : {reason}.", reason=reason)
        case "file":
            return Sentence("L’adresse du fichier ne répond pas : {reason}.", reason=reason)
        case "address":
            return Sentence("L’adresse ne répond pas : {reason}.", reason=reason)


def _advice(wrong: httpx.RequestError | httpx.HTTPStatusError | httpx.InvalidURL) -> str:
    """What whoever gave the address may do."""
    match wrong:
        case httpx.HTTPStatusError() if wrong.response.status_code in (401, 403, 407):
            return Sentence(
                "L’accès y est fermé : demandez à qui tient cette adresse de l’ouvrir, ou donnez-en une qui l’est."
            )
        case httpx.HTTPStatusError() if wrong.response.status_code in (404, 410):
            return Sentence(
                "Plus rien n’est là : cherchez la nouvelle adresse chez qui la tient, et donnez-la."
            )
        case httpx.HTTPStatusError() if wrong.response.status_code == 429:
            return Sentence("On y demande trop souvent : choisissez un rythme plus lent.")
        case httpx.TooManyRedirects() | httpx.InvalidURL():
            return Sentence("Ouvrez-la dans un navigateur, et donnez l’adresse où elle mène.")
        case httpx.HTTPStatusError() if wrong.response.status_code < 500:
            return Sentence("Ouvrez-la dans un navigateur, et corrigez-la.")
        case _:
            return Sentence(
                "La panne est chez qui tient cette adresse : si elle dure plus d’un jour, prévenez-le."
            )


def _reason(wrong: httpx.RequestError | httpx.HTTPStatusError | httpx.InvalidURL) -> str:
    match wrong:
        case httpx.HTTPStatusError():
            return Sentence("réponse {status_code}", status_code=wrong.response.status_code)
        case httpx.TimeoutException():
            return Sentence("délai dépassé")
        case httpx.TooManyRedirects():
            return Sentence("trop de redirections")
        case httpx.DecodingError():
            return Sentence("réponse illisible")
        case httpx.InvalidURL():
            return Sentence("adresse impossible")
        case _:
            return Sentence("connexion impossible")
