"""Addresses of subscribers: personal data. They are checked, sealed, and told apart by a keyed hash; in clear
they exist only while a message is sent.

The wish to subscribe travels in the confirmation itself, sealed: until somebody confirms, nothing of them is
kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from parvis.alerts import quiet as hours
from parvis.core.errors import NotFound
from parvis.store import sealing
from parvis.store.subscribers import Channel, Floor, Subscription

VALID = timedelta(days=7)
"""How long a confirmation may wait."""

CHANNELS: tuple[Channel, ...] = ("mail", "webhook", "sms")

_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_FRENCH = re.compile(r"0([1-9][0-9]{8})")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for, before and after they confirm."""

    channel: Channel
    address: str
    topics: tuple[Subscription, ...]
    language: str = "fr"
    quiet: str = ""
    urgent: bool = True


def checked(channel: Channel, text: str) -> str | None:
    """An address as it is used, None when it is not one of that channel. A French phone number gets its country code.

    >>> checked("sms", "06 12 34 56 78"), checked("mail", " Ana@Exemple.FR "), checked("webhook", "http://10.0.0.1/x"), checked("mail", "a b@c.fr")
    ('+33612345678', 'Ana@exemple.fr', 'http://10.0.0.1/x', None)
    """
    text = text.strip()
    if len(text) > 500 or not text.isprintable():
        return None
    if channel == "mail":
        local, _, domain = text.rpartition("@")
        return f"{local}@{domain.lower()}" if _MAIL.fullmatch(text) else None
    if channel == "sms":
        digits = re.sub(r"[\s.()-]", "", text)
        french = _FRENCH.fullmatch(digits)
        digits = f"+33{french[1]}" if french else digits
        return digits if _PHONE.fullmatch(digits) else None
    try:
        parts = urlsplit(text)
        return (
            text
            if parts.scheme in ("http", "https")
            and parts.hostname
            and not parts.username
            and text.isascii()
            and parts.port != 0
            else None
        )
    except ValueError:
        return None


def mark(key: bytes, channel: Channel, address: str) -> str:
    """What tells one address from another, and nobody can read it back. Letters of a mail address count the
    same, large or small.
    """
    canonical = address.lower() if channel == "mail" else address
    return hmac.new(_sub(key, "mark"), f"{channel}\n{canonical}".encode(), hashlib.sha256).hexdigest()


def seal(key: bytes, address: str, subscriber: str) -> str:
    """The address, for one subscriber alone."""
    return sealing.wrap(_sub(key, "address"), address.encode(), subscriber)


def unseal(key: bytes, sealed: str, subscriber: str) -> str:
    """What `seal` was given. Raises ParvisError when the city's key is another one."""
    return sealing.unwrap(_sub(key, "address"), sealed, subscriber).decode()


def token(key: bytes, wish: Wish, now: datetime) -> str:
    """The wish, sealed, for the link that confirms it."""
    payload = {
        "c": wish.channel,
        "a": wish.address,
        "s": [[s.topic, s.zone, s.level] for s in wish.topics],
        "l": wish.language,
        "q": wish.quiet,
        "u": wish.urgent,
        "t": int((now + VALID).timestamp()),
    }
    nonce = secrets.token_bytes(12)
    body = AESGCM(_sub(key, "wish")).encrypt(
        nonce, json.dumps(payload, separators=(",", ":")).encode(), b"wish"
    )
    return base64.urlsafe_b64encode(nonce + body).decode().rstrip("=")


def wish(key: bytes, text: str, now: datetime) -> Wish:
    """What a link confirms. Raises NotFound when it is not one of ours or too old."""
    try:
        held = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        payload = cast(
            "dict[str, object]", json.loads(AESGCM(_sub(key, "wish")).decrypt(held[:12], held[12:], b"wish"))
        )
    except (ValueError, InvalidTag) as wrong:
        raise _stale() from wrong
    if int(str(payload["t"])) < now.timestamp():
        raise _stale()
    topics = tuple(
        Subscription(t, z, cast(Floor, f)) for t, z, f in cast("Sequence[tuple[str, str, str]]", payload["s"])
    )
    quiet = str(payload["q"])
    return Wish(
        cast(Channel, payload["c"]),
        str(payload["a"]),
        topics,
        str(payload["l"]),
        quiet if hours.valid(quiet) else "",
        payload["u"] is True,
    )


def leave(key: bytes, subscriber: str) -> str:
    """What a link bears to stop everything for a subscriber: it needs no password and never ends."""
    return (
        f"{subscriber}.{hmac.new(_sub(key, 'leave'), subscriber.encode(), hashlib.sha256).hexdigest()[:32]}"
    )


def leaving(key: bytes, text: str) -> str:
    """Whom such a link speaks of. Raises NotFound when it is not one of ours."""
    subscriber = text.partition(".")[0]
    if not hmac.compare_digest(leave(key, subscriber).encode(), text.encode("utf-8", "surrogatepass")):
        raise NotFound(
            "Ce lien de désabonnement n’est pas valable.", mend="Prenez celui du dernier message reçu."
        )
    return subscriber


def webhook_secret(key: bytes, subscriber: str) -> str:
    """With what the messages to that address are signed."""
    return hmac.new(_sub(key, "webhook"), subscriber.encode(), hashlib.sha256).hexdigest()


def _sub(key: bytes, purpose: str) -> bytes:
    return hmac.new(key, f"alerts/{purpose}".encode(), hashlib.sha256).digest()


def _stale() -> NotFound:
    return NotFound(
        "Ce lien de confirmation n’est plus valable.",
        mend="Abonnez-vous à nouveau : un autre lien vous sera envoyé.",
    )
