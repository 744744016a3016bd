"""Whether addresses that data name still answer: asked politely, one at a time on each host, and never inside
a private network.

The addresses come from files, so anybody may have written them: connections are guarded (`outbound`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

import httpcore

from parvis import outbound
from parvis.outbound import LIMITS, Allowed, Barred, public

HOPS = 5
"""Redirections followed."""

PAUSE_S = 1.0
"""Between two addresses of one host."""

HOSTS = 6
"""Hosts asked at once."""

GONE = frozenset({404, 410})
"""Answers that say for certain that nothing is there."""

NOT_BY_HEAD = frozenset({400, 403, 404, 405, 406, 500, 501, 503})
"""Answers to HEAD after which GET is tried: many servers know no HEAD."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered. certain: another look would say the same."""

    state: Literal["up", "down", "barred"]
    message: str = ""
    """French: why it is not up."""
    certain: bool = False


def look(
    urls: Sequence[str],
    *,
    agent: str,
    allowed: Allowed = public,
    proxy: str = "",
    pause: Callable[[float], None],
    over: Callable[[], bool] = lambda: False,
) -> Mapping[str, Answer]:
    """Ask each address once. agent: who asks, in the User-Agent. allowed, proxy: as for `outbound.pool`.
    pause: waits so many seconds.

    over: asked between two addresses; what is not asked by then is left out.
    """
    by_host: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        by_host.setdefault(urlsplit(url).netloc.lower(), []).append(url)
    with outbound.pool(allowed, proxy=proxy) as pool, ThreadPoolExecutor(HOSTS, "links") as threads:

        def of_host(mine: list[str]) -> dict[str, Answer]:
            host_answers: dict[str, Answer] = {}
            for number, url in enumerate(mine):
                if over():
                    break
                if number:
                    pause(PAUSE_S)
                host_answers[url] = ask(pool, url, agent)
            return host_answers

        answers: dict[str, Answer] = {}
        for host_answers in threads.map(of_host, by_host.values()):
            answers |= host_answers
    return answers


def ask(pool: httpcore.ConnectionPool, url: str, agent: str) -> Answer:
    """HEAD, then GET where the server knows no HEAD; redirections are followed. Never raises for what the far
    end does.
    """
    at = url
    try:
        for _ in range(HOPS + 1):
            parts = urlsplit(at)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                return Answer("barred", "L’adresse ne commence pas par http:// ou https://.")
            status, there = _status(pool, "HEAD", at, agent)
            if status in NOT_BY_HEAD:
                status, there = _status(pool, "GET", at, agent)
            if not 300 <= status < 400 or not there:
                return _answer(status)
            at = urljoin(at, there)
    except Barred:
        return Answer("barred", "L’adresse mène dans un réseau privé : elle n’est pas vérifiée.")
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        ValueError,
        UnicodeError,
    ) as wrong:
        return Answer("down", _reason(wrong))
    return Answer("down", f"Plus de {HOPS} redirections.", certain=True)


def _status(pool: httpcore.ConnectionPool, method: str, url: str, agent: str) -> tuple[int, str]:
    """Status, and where the answer sends us. The body is not read."""
    headers = [
        ("User-Agent", agent),
        ("Accept", "*/*"),
        *([("Range", "bytes=0-0")] if method == "GET" else []),
    ]
    with pool.stream(
        method,
        url.encode("ascii") if url.isascii() else _ascii(url),
        headers=headers,
        extensions={"timeout": dict(LIMITS)},
    ) as answer:
        there = next(
            (value.decode("latin-1") for name, value in answer.headers if name.lower() == b"location"), ""
        )
        return answer.status, there


def _ascii(url: str) -> bytes:
    """An address with accents as it travels: its host in Punycode, the rest in percent signs."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    netloc = f"{host}:{parts.port}" if parts.port else host
    rest = "".join(
        c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode())
        for c in parts._replace(scheme="", netloc="", fragment="").geturl()
    )
    return f"{parts.scheme}://{netloc}{rest}".encode("ascii")


def _answer(status: int) -> Answer:
    if status < 400 or status in (401, 403, 416, 429):
        return Answer("up")  # it is there: not for us, or not so fast
    return Answer("down", f"Réponse {status}.", certain=status in GONE)


def _reason(wrong: Exception) -> str:
    if isinstance(wrong, httpcore.TimeoutException):
        return "Pas de réponse à temps."
    if isinstance(wrong, httpcore.ConnectError):
        return "Connexion impossible."
    return "Réponse illisible ou adresse mal écrite."
