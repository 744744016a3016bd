"""By webhook: JSON that holds the message, signed, and an idempotency key that is the same at every try.

`Parvis-Signature: t=<seconds>, v1=<hex>` where hex is the HMAC-SHA256, by the secret given at confirmation,
of `<seconds>.<body>`. The address was typed by anybody: nothing inside a private network is ever asked
(`outbound`), nor any redirection followed.
"""

from __future__ import annotations

import hashlib
import hmac
import json

import httpcore

from parvis import outbound
from parvis.alerts.message import Message
from parvis.alerts.sending import TOTAL_S, Envelope, Undelivered
from parvis.core.types import Json
from parvis.outbound import LIMITS, Allowed, Barred, public

FINAL = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})
"""Answers after which another try would say the same."""


class Hooks:
    """A way of sending. allowed: whether an IP address may be asked."""

    def __init__(self, *, allowed: Allowed = public, proxy: str = "", agent: str = "Parvis") -> None:
        self._pool = outbound.pool(allowed, proxy=proxy, total_s=TOTAL_S)
        self._agent = agent

    def send(self, one: Envelope) -> None:
        """Post the message. What answers 2xx has it."""
        content = body(one)
        seconds = str(int(one.sent_at.timestamp())) if one.sent_at else "0"
        headers = [
            ("Content-Type", "application/json"),
            ("User-Agent", self._agent),
            ("Idempotency-Key", one.reference),
            ("Parvis-Signature", f"t={seconds}, v1={signature(one.secret, seconds, content)}"),
        ]
        try:
            with self._pool.stream(
                "POST", one.address, headers=headers, content=content, extensions={"timeout": dict(LIMITS)}
            ) as answer:
                status = answer.status  # what else it says is not read, however long
        except Barred:
            raise Undelivered("barred", final=True) from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as wrong:
            raise Undelivered(
                type(wrong).__name__, final=False, silent=isinstance(wrong, httpcore.TimeoutException)
            ) from None
        except (httpcore.UnsupportedProtocol, ValueError, UnicodeError) as wrong:
            raise Undelivered(type(wrong).__name__, final=True) from None
        if not 200 <= status < 300:
            raise Undelivered(f"http-{status}", final=status in FINAL or 300 <= status < 400)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def body(envelope: Envelope) -> bytes:
    """What is posted: the message as JSON, canonical."""
    document: dict[str, Json] = {
        "reference": envelope.reference,
        "subject": envelope.subject,
        "text": list(envelope.lines),
        "page": envelope.page,
        "unsubscribe": envelope.leave,
    }
    if envelope.message is not None:
        document["alert"] = as_json(envelope.message)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def as_json(message: Message) -> Json:
    """A message for machines: the words of CAP, in both languages."""
    return {
        "identifier": message.id,
        "alert": message.alert,
        "topic": message.topic,
        "episode": message.episode,
        "step": message.number,
        "kind": message.kind,
        "data_at": message.data_at.isoformat(),
        "test": message.test,
        "parameters": dict(message.parameters),
        "area": {"name": message.area.name, "insee": message.area.insee},
        "parts": [
            {
                "headline": {"fr": p.headline.fr, "en": p.headline.en},
                "text": {"fr": p.text.fr, "en": p.text.en},
                "advice": {"fr": p.advice.fr, "en": p.advice.en},
                "severity": p.severity,
                "urgency": p.urgency,
                "certainty": p.certainty,
                "onset": p.onset.isoformat(),
                "expires": p.expires.isoformat(),
            }
            for p in message.parts
        ],
    }


def signature(secret: str, seconds: str, content: bytes) -> str:
    """What proves that a message comes from the city and is of that moment."""
    return hmac.new(secret.encode(), seconds.encode() + b"." + content, hashlib.sha256).hexdigest()
