"""Browsers that signed in before. They carry a random mark and, for each account, a seal that only the city
could make; the city keeps nothing.

What a known browser tries for its account is counted apart (`throttle.DEVICE`): strangers who guess do not
keep the owner out (OWASP, device cookies).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from parvis.people.city_secret import derive

MOST = 8
"""Accounts that one browser remembers; the oldest is forgotten."""

LASTS_S = 400 * 86_400
"""Seconds that the cookie lives from the last sign-in: the longest that browsers keep one."""

_MARK = re.compile(r"[A-Za-z0-9_-]{22}")


def known(secret: bytes, cookie: str, person: str) -> str:
    """The mark of a browser that this account was opened from; "" for any other."""
    mark, *seals = cookie.split(".")[: MOST + 1]
    right = _seal(secret, mark, person).encode()
    return mark if any(hmac.compare_digest(right, s.encode("utf-8", "surrogatepass")) for s in seals) else ""


def remember(secret: bytes, cookie: str, person: str) -> str:
    """The cookie of a browser that this account was just opened from. cookie: the one that it had, "" for
    none.
    """
    mark, *seals = cookie.split(".")[: MOST + 1]
    if not _MARK.fullmatch(mark):
        mark, seals = secrets.token_urlsafe(16), []
    right = _seal(secret, mark, person)
    others = [s for s in seals if s != right and re.fullmatch(r"[0-9a-f]{40}", s)][-(MOST - 1) :]
    return ".".join((mark, *others, right))


BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""What says a browser in its `User-Agent`, and its name: each but the last also says what it descends from,
further on.
"""
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def described(agent: str) -> str:
    """The kind of browser and of system that a `User-Agent` names, without versions: enough to know one's own again, too little to follow anybody.

    >>> described("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), described("curl/8")
    ('Firefox, Linux', '')
    """
    names = (next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(one for one in names if one)


def _seal(secret: bytes, mark: str, person: str) -> str:
    payload = f"{mark}\n{person}".encode("utf-8", "surrogatepass")
    return hmac.new(derive(secret, "device"), payload, hashlib.sha256).hexdigest()[:40]
