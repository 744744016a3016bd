"""The second factor: six digits that an application draws from a shared secret and the clock (TOTP, RFC
6238), and codes on paper for a lost telephone.

The secret lies sealed under the city's, recovery codes as keyed digests. A code serves once (RFC 6238,
section 5.2), a recovery code too.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Literal

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp.totp import TOTP
from sqlalchemy import Connection, delete, func, insert, select, update

from parvis.core.errors import UsageError
from parvis.people import throttle
from parvis.people.city_secret import derive
from parvis.people.throttle import Limit
from parvis.store import journal
from parvis.store.rows import put
from parvis.store.tables import recovery_codes, second_factors

STEP_S = 30
DRIFT = 1
"""Steps before and after the present one that are taken: clocks differ, and people type slowly."""
RECOVERY = 10
"""Recovery codes made at a time."""
TRIES = Limit(free=5, first=timedelta(seconds=30), longest=timedelta(minutes=15))
"""Wrong codes for an account from one browser or address, after the right password, before the next must wait."""
EVERYWHERE = Limit(free=30, first=timedelta(seconds=30), longest=timedelta(minutes=15))
"""The same from all addresses together; browsers that the account knows do not count there: a thief of the password
keeps nobody out of them.
"""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of recovery codes: none that is read for another."""


def tries(secret: bytes, person: str, *, mark: str, address: str) -> tuple[tuple[str, Limit], ...]:
    """What a code is counted on, after the right password: the browser that the account knows; else the account from
    this address, and from everywhere. secret: of the throttle; mark: of the browser, "" for one that is not known.
    """
    if mark:
        return ((throttle.device_key(secret, mark, f"code {person}"), TRIES),)
    return (
        (throttle.visitor_key(secret, f"code {person}", address), TRIES),
        (throttle.code_key(secret, person), EVERYWHERE),
    )


def active(conn: Connection, person: str) -> bool:
    """Whether signing in asks this account for a code."""
    query = select(second_factors.c.person).where(
        second_factors.c.person == person, second_factors.c.confirmed_at.is_not(None)
    )
    return conn.execute(query).first() is not None


def left(conn: Connection, person: str) -> int:
    """Recovery codes that did not serve yet."""
    return conn.execute(
        select(func.count()).select_from(recovery_codes).where(recovery_codes.c.person == person)
    ).scalar_one()


def begin(conn: Connection, secret: bytes, person: str, *, at: datetime) -> str:
    """Draw a secret for an account, in base 32; it asks for nothing before `confirm`. Raises UsageError when
    a factor is there already.
    """
    if active(conn, person):
        raise UsageError("Ce compte a déjà un second facteur.", mend="Retirez-le d’abord.")
    drawn = pyotp.random_base32()
    put(
        conn,
        second_factors,
        {
            "person": person,
            "sealed": _seal(secret, person, drawn),
            "made_at": at,
            "confirmed_at": None,
            "last_step": 0,
        },
    )
    return drawn


def begun(conn: Connection, secret: bytes, person: str) -> str:
    """The secret that was drawn and not confirmed yet; "" when there is none."""
    row = conn.execute(
        select(second_factors.c.sealed).where(
            second_factors.c.person == person, second_factors.c.confirmed_at.is_(None)
        )
    ).first()
    return "" if row is None else _open(secret, person, row.sealed)


def confirm(conn: Connection, secret: bytes, person: str, code: str, *, at: datetime) -> tuple[str, ...]:
    """Ask for a code from now on, since this one shows that the application has the secret. Returns the
    recovery codes, to show once.

    Raises UsageError for a wrong code.
    """
    drawn = begun(conn, secret, person)
    step = _step_of(drawn, code, at)
    if not step:
        raise UsageError(
            "Ce code n’est pas le bon.",
            mend="Vérifiez l’heure du téléphone, puis tapez le code qu’il montre maintenant.",
        )
    conn.execute(
        update(second_factors)
        .where(second_factors.c.person == person)
        .values(confirmed_at=at, last_step=step)
    )
    journal.append(conn, at=at, actor=person, verb="second-factor-added", subject=person)
    return new_codes(conn, secret, person, at=at)


def new_codes(conn: Connection, secret: bytes, person: str, *, at: datetime) -> tuple[str, ...]:
    """Recovery codes instead of those there were; to show once."""
    conn.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    codes = tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY)
    )
    conn.execute(
        insert(recovery_codes), [{"digest": _digest(secret, person, c), "person": person} for c in codes]
    )
    journal.append(conn, at=at, actor=person, verb="recovery-codes-made", subject=person)
    return codes


def spend(
    conn: Connection, secret: bytes, person: str, code: str, *, at: datetime
) -> Literal["code", "recovery", ""]:
    """What a text is for this account: a code of now, a recovery code, or nothing. Whichever it is serves no
    second time.
    """
    row = conn.execute(
        select(second_factors.c.sealed).where(
            second_factors.c.person == person, second_factors.c.confirmed_at.is_not(None)
        )
    ).first()
    if row is None:
        return ""
    if step := _step_of(_open(secret, person, row.sealed), code, at):
        newer = (
            update(second_factors)
            .where(second_factors.c.person == person, second_factors.c.last_step < step)
            .values(last_step=step)
        )
        return "code" if conn.execute(newer).rowcount else ""
    if conn.execute(
        delete(recovery_codes).where(
            recovery_codes.c.digest == _digest(secret, person, code), recovery_codes.c.person == person
        )
    ).rowcount:
        journal.append(conn, at=at, actor=person, verb="recovery-code-used", subject=person)
        return "recovery"
    return ""


def remove(conn: Connection, person: str, *, actor: str, at: datetime) -> bool:
    """Ask for no code any more; say whether one was asked for."""
    was = active(conn, person)
    conn.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    conn.execute(delete(second_factors).where(second_factors.c.person == person))
    if was:
        journal.append(conn, at=at, actor=actor, verb="second-factor-removed", subject=person)
    return was


def address(drawn: str, email: str, city: str) -> str:
    """The `otpauth:` address of a secret, which applications read from a QR code."""
    return TOTP(drawn, interval=STEP_S).provisioning_uri(name=email, issuer_name=city or "Parvis")


def _step_of(drawn: str, code: str, at: datetime) -> int:
    """The step whose code was said, 0 for none. Every step is compared, whichever is right."""
    typed, now, match = _plain(code), int(at.timestamp()) // STEP_S, 0
    if not drawn:
        return 0
    application = TOTP(drawn, interval=STEP_S)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(
            application.generate_otp(step).encode(), typed.encode("utf-8", "surrogatepass")
        ):
            match = step
    return match


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text[:100]).lower() if c.isalnum())


def _digest(secret: bytes, person: str, code: str) -> str:
    payload = f"{person}\n{_plain(code)}".encode("utf-8", "surrogatepass")
    return hmac.new(derive(secret, "recovery-code"), payload, hashlib.sha256).hexdigest()


def _seal(secret: bytes, person: str, drawn: str) -> str:
    nonce = secrets.token_bytes(12)
    return b64encode(
        nonce + AESGCM(derive(secret, "second-factor")).encrypt(nonce, drawn.encode(), person.encode())
    ).decode()


def _open(secret: bytes, person: str, sealed: str) -> str:
    """The secret; "" when the city's is another one than it was sealed under: no code is right then, and the
    machine removes the factor.
    """
    raw = b64decode(sealed)
    try:
        return AESGCM(derive(secret, "second-factor")).decrypt(raw[:12], raw[12:], person.encode()).decode()
    except InvalidTag:
        return ""
