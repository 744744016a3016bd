"""Between the password and the code: who showed the one and not yet the other, for a few minutes, as a signed
token. It opens nothing by itself.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from parvis.core.errors import NotSignedIn
from parvis.people import accounts
from parvis.people.city_secret import derive
from parvis.people.rights import Person

LASTS = timedelta(minutes=10)


def make(conn: Connection, secret: bytes, person_id: str, *, now: datetime) -> str:
    """A token that says whose password was right; another password makes it void."""
    ends = int((now + LASTS).timestamp())
    return f"{person_id}.{ends}.{_sign(secret, person_id, ends, _password_hash(conn, person_id))}"


def owner(conn: Connection, secret: bytes, token: str, *, now: datetime) -> Person:
    """Whose it is. Raises NotSignedIn when it is over, forged, or the account was closed or changed."""
    person_id, _, rest = token.partition(".")
    ends_text, _, sign = rest.partition(".")
    ends = int(ends_text) if ends_text.isascii() and ends_text.isdigit() and len(ends_text) <= 12 else 0
    right = _sign(secret, person_id, ends, _password_hash(conn, person_id))
    person = accounts.person(conn, person_id)
    made_here = hmac.compare_digest(right.encode(), sign.encode("utf-8", "surrogatepass"))
    if not made_here or person is None or not person.active or now >= datetime.fromtimestamp(ends, UTC):
        raise NotSignedIn(
            "Le mot de passe a été donné il y a trop longtemps.", mend="Connectez-vous à nouveau."
        )
    return person


def _password_hash(conn: Connection, person_id: str) -> str:
    person = accounts.person(conn, person_id)
    known = accounts.credentials(conn, person.email) if person is not None and person.email else None
    return "" if known is None else known.password or ""


def _sign(secret: bytes, person_id: str, ends: int, password: str) -> str:
    payload = f"{person_id}\n{ends}\n{password}".encode("utf-8", "surrogatepass")
    return hmac.new(derive(secret, "halfway"), payload, hashlib.sha256).hexdigest()
