"""Tokens that forms carry, bound to the session whose cookie comes with them: a page elsewhere can send the cookie but can't know the token.

A token is a random half and its HMAC with the session; it differs in each form (compression can't leak it) and ends with its session. The sign-in form has
no session yet: bind it to a random cookie of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from parvis.people.secret import derive


def token(secret: bytes, session: str) -> str:
    """A token for a form of this session. session: its token, or the random cookie of somebody not signed in; never empty (ValueError)."""
    if not session:
        raise ValueError("a CSRF token is bound to a session or to a cookie of its own")
    half = secrets.token_hex(16)
    return half + _sign(secret, session, half)


def holds(secret: bytes, session: str, said: str) -> bool:
    """Whether the form's token was made for this session."""
    half, sign = said[:32], said[32:]
    return bool(session) and hmac.compare_digest(_sign(secret, session, half).encode(), sign.encode("utf-8", "surrogatepass"))


def _sign(secret: bytes, session: str, half: str) -> str:
    said = f"{half}\n{session}".encode("utf-8", "surrogatepass")
    return hmac.new(derive(secret, "csrf"), said, hashlib.sha256).hexdigest()
