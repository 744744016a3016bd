"""Tokens that forms carry, bound to the session whose cookie comes with them: a page elsewhere can send the
cookie but can't know the token.

A token is a random half and its HMAC with the session; it differs in each form (compression can't leak it)
and ends with its session. The sign-in form has no session yet: it is bound to a sealed cookie of its own
(`pre_session`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from parvis.people.city_secret import derive

PRE_SESSION = timedelta(hours=12)
"""How long a form may stay open before somebody is signed in."""


def pre_session(secret: bytes, *, now: datetime) -> str:
    """What binds forms before there is a session: random, dated and sealed by the city, so that nobody plants
    one of their own making, or one of last year.
    """
    payload = f"{secrets.token_hex(16)}.{int((now + PRE_SESSION).timestamp())}"
    return f"{payload}.{_seal(secret, payload)}"


def is_pre_session(secret: bytes, cookie: str, *, now: datetime) -> bool:
    """Whether a cookie is one that was made here, and is not over."""
    payload, _, sign = cookie.rpartition(".")
    ends = payload.rpartition(".")[2]
    if not ends.isascii() or not ends.isdigit() or len(ends) > 12:
        return False
    return hmac.compare_digest(
        _seal(secret, payload).encode(), sign.encode("utf-8", "surrogatepass")
    ) and now.timestamp() < int(ends)


def token(secret: bytes, session: str) -> str:
    """A token for a form of this session. session: its token, or the random cookie of somebody not signed in;
    never empty (ValueError).
    """
    if not session:
        raise ValueError("a CSRF token is bound to a session or to a cookie of its own")
    half = secrets.token_hex(16)
    return half + _sign(secret, session, half)


def holds(secret: bytes, session: str, token: str) -> bool:
    """Whether the form's token was made for this session."""
    half, sign = token[:32], token[32:]
    return bool(session) and hmac.compare_digest(
        _sign(secret, session, half).encode(), sign.encode("utf-8", "surrogatepass")
    )


def _seal(secret: bytes, payload: str) -> str:
    return hmac.new(
        derive(secret, "pre-session"), payload.encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()


def _sign(secret: bytes, session: str, half: str) -> str:
    payload = f"{half}\n{session}".encode("utf-8", "surrogatepass")
    return hmac.new(derive(secret, "csrf"), payload, hashlib.sha256).hexdigest()
