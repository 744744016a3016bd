"""What machines dress a text in is taken off by the published grammars, and codes that are no text stay codes."""

from __future__ import annotations

import hashlib
import json
import uuid
from base64 import b64encode, urlsafe_b64encode
from email.header import Header
from urllib.parse import quote

import pytest

from parvis.privacy.decoding import decoded

SAID = "jeanne.martin@laposte.net"
NAMED = "Inès Lefèbvre"


def every(text: str) -> dict[str, str]:
    """The same text in each dress."""
    raw = text.encode()
    return {
        "percent": quote(text, safe=""),
        "percent, every byte": "".join(f"%{b:02x}" for b in raw),
        "base64": b64encode(raw).decode(),
        "base64 of addresses": urlsafe_b64encode(raw).decode(),
        "base16": raw.hex(),
        "a data address": f"data:text/plain;charset=utf-8;base64,{b64encode(raw).decode()}",
        "escapes of JSON": json.dumps({"a": [text]}).replace("@", "\\u0040"),
        "words of mail, B": Header(text, "utf-8").encode(),
        "words of mail, Q": "=?utf-8?Q?" + "".join(f"={b:02X}" for b in raw) + "?=",
        "entities": "".join(f"&#{ord(c)};" if ord(c) > 31 else c for c in text),
        "twice": b64encode(quote(text, safe="").encode()).decode(),
    }


@pytest.mark.parametrize("text", [SAID, NAMED])
def test_each_dress_is_taken_off(text: str) -> None:
    assert {name: text in decoded(dressed) for name, dressed in every(text).items()} == dict.fromkeys(
        every(text), True
    )


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("L E F E B V R E Inès", "LEFEBVRE Inès"),
        ("Inès L E F E B V R E", "Inès LEFEBVRE"),
        ("l’école a 4 classes", ""),
        ("du A au C", ""),
        ("plan B ou C", ""),
        ("20240131123456", ""),
        ("414243444546", ""),
        ("=?utf-8?B?%%%?=", ""),
        ("=?inconnu?B?SmVhbm5l?=", ""),
        ("C:\\users\\u00", ""),
        ("\\ud83d", "?"),
    ],
)
def test_what_is_set_apart_and_what_only_looks_so(said: str, read: str) -> None:
    assert decoded(said) == read


def test_codes_stay_codes() -> None:
    """Digests, identifiers and keys decode to noise: nothing is read in them."""
    codes = [
        code
        for n in range(300)
        for code in (
            hashlib.sha256(str(n).encode()).hexdigest(),
            hashlib.md5(str(n).encode(), usedforsecurity=False).hexdigest(),
            str(uuid.UUID(int=n * 7919 << 60)),
            f"{n * 104_729:014d}",
        )
    ]
    assert [code for code in codes if decoded(code)] == []
