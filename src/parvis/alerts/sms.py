"""By SMS, through the gateway that a city declares in one file, `passerelle-sms.toml`:

    url = "https://sms.example/v1/messages"
    method = "POST"
    format = "json"                       # or "form"
    headers = { Authorization = "Bearer ${SMS_KEY}" }
    body = { to = "{numero}", text = "{texte}", ref = "{reference}" }
    accepted = [200, 201, 202]

`${NAME}` is taken from the environment, so that the key stands in no file. `{reference}` is the same at every
try: a gateway that knows it sends once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import httpx

from parvis import outbound
from parvis.alerts.sending import TOTAL_S, Envelope, Undelivered
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.toml import parsed

LONGEST = 306
"""Characters: two SMS of the GSM alphabet joined."""

_ENV = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Gateway:
    """How a gateway is asked."""

    url: str
    body: Mapping[str, str]
    method: str = "POST"
    format: str = "json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    accepted: tuple[int, ...] = (200, 201, 202)


def read(text: str, env: Mapping[str, str] = os.environ) -> Gateway:
    """A gateway from its file. Raises UsageError that names what is wrong, without any value: one of them may
    be a key.
    """
    document = parsed(text, Sentence("passerelle SMS"))
    strange = sorted(set(document) - {"url", "method", "format", "headers", "body", "accepted"})
    if strange:
        raise UsageError(
            Sentence("Passerelle SMS : clé inconnue « {strange} ».", strange=strange[0]),
            mend="Clés possibles : url, method, format, headers, body, accepted.",
        )
    url, body = document.get("url"), document.get("body")
    if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1")):
        raise UsageError("Passerelle SMS : « url » doit commencer par https://.")
    if not isinstance(body, dict) or not any(
        "{texte}" in str(v) for v in cast("dict[str, object]", body).values()
    ):
        raise UsageError("Passerelle SMS : « body » doit contenir {numero} et {texte}.")
    kind = str(document.get("format", "json"))
    if kind not in ("json", "form"):
        raise UsageError("Passerelle SMS : « format » vaut json ou form.")
    accepted = cast("list[object]", document.get("accepted", [200, 201, 202]))
    return Gateway(
        _filled(url, env),
        _texts(body, env),
        str(document.get("method", "POST")).upper(),
        kind,
        _texts(document.get("headers", {}), env),
        tuple(int(str(a)) for a in accepted),
    )


def _texts(document: object, env: Mapping[str, str]) -> dict[str, str]:
    return {str(k): _filled(str(v), env) for k, v in cast("Mapping[str, object]", document).items()}


def _filled(text: str, env: Mapping[str, str]) -> str:
    for name in _ENV.findall(text):
        if name not in env:
            raise UsageError(
                Sentence("Passerelle SMS : la variable d’environnement {name} manque.", name=name)
            )
    return _ENV.sub(lambda m: env[m[1]], text)


def words(envelope: Envelope) -> str:
    """What an SMS says: the headline, and where the rest stands."""
    end = f" {envelope.page}" if envelope.page else ""
    headline = " ".join(envelope.subject.split())
    room = LONGEST - len(end)
    return (headline if len(headline) <= room else headline[: room - 1] + "…") + end


class Texts:
    """A way of sending."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._client = outbound.client(
            lambda address, port: True, total_s=TOTAL_S, timeout=httpx.Timeout(10.0), follow_redirects=False
        )

    def send(self, one: Envelope) -> None:
        """Hand the text to the gateway."""
        gateway = self._gateway
        values = {"numero": one.address, "texte": words(one), "reference": one.reference}
        fields = {k: _put(v, values) for k, v in gateway.body.items()}
        kind = {"json": fields} if gateway.format == "json" else {"data": fields}
        try:
            headers = dict(gateway.headers)
            with self._client.stream(gateway.method, gateway.url, headers=headers, **kind) as answer:  # pyright: ignore[reportArgumentType] (one of the two)
                status = answer.status_code  # what else it says is not read, however long
        except httpx.HTTPError as wrong:
            raise Undelivered(
                type(wrong).__name__, final=False, silent=isinstance(wrong, httpx.TimeoutException)
            ) from None
        if status not in gateway.accepted:
            raise Undelivered(
                f"http-{status}", final=400 <= status < 500 and status not in (408, 409, 425, 429)
            )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _put(text: str, values: Mapping[str, str]) -> str:
    """One pass: what a value holds is never read as a place."""
    return re.sub(r"\{(numero|texte|reference)\}", lambda m: values[m[1]], text)
