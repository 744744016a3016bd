"""Passwords: judged when chosen, kept as Argon2id hashes, verified with the same work whether the account
exists or not.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from base64 import b64encode
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.text import fold

SHORTEST = 12
"""Characters. With the throttle of `throttle`, well above the 50 bits that CNIL asks for (recommendation of
21 July 2022); length, not composition rules.
"""

LONGEST = 256
"""Characters: what is longer is refused before any work is spent on it."""

FEWEST = 5
"""Different characters in a password."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """Hashes and verifies. One per process: at most `at_once` hashes are computed at a time, since each takes
    the memory that its parameters say (64 MiB).
    """

    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    at_once: int = 2
    _gate: threading.Semaphore = field(init=False, repr=False, compare=False)
    _nobody: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_gate", threading.BoundedSemaphore(self.at_once))
        object.__setattr__(self, "_nobody", _drawn(self.hasher))

    def hash(self, password: str) -> str:
        """The hash to keep, with its salt and parameters in it."""
        with self._gate:
            return self.hasher.hash(_normal(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is that of the hash. stored None (no such account): False after the same work."""
        tried = _normal(password) if len(password) <= LONGEST else b""
        with self._gate:
            try:
                self.hasher.verify(self._nobody if stored is None else stored, tried)
            except (VerificationError, InvalidHashError):
                return False
        return stored is not None and tried != b""

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's: hash again at the next sign-in."""
        return self.hasher.check_needs_rehash(stored)


GUESSES = 1e10
"""A password found in fewer guesses, by somebody who tries common ones and their variations first, is refused
(NIST SP 800-63B-4, 3.1.1.2).
"""

OURS = (
    "parvis", "bienvenue", "administrateur", "administration", "admin", "mairie", "ville", "commune", "collectivite", "metropole", "agglomeration",
    "motdepasse", "azerty", "azertyuiop", "qsdfghjklm", "wxcvbn", "bonjour", "soleil", "jetaime", "doudou", "loulou", "chouchou", "donnees", "opendata",
    "publication", "printemps", "automne", "vacances", "secret",
)  # fmt: skip
"""Words that people here try first, beside the thirty thousand of the library (English ones, mostly)."""


def judge(password: str, email: str, name: str = "", place: str = "") -> None:
    """Accept a password that somebody chose. place: the city's name. Raises UsageError that says what to
    change.
    """
    if len(password) < SHORTEST:
        raise UsageError(
            Sentence("Mot de passe trop court : {shortest} caractères au moins.", shortest=SHORTEST),
            mend="Une phrase de quelques mots convient très bien.",
        )
    if len(password) > LONGEST:
        raise UsageError(Sentence("Mot de passe trop long : {longest} caractères au plus.", longest=LONGEST))
    if len(set(password)) < FEWEST:
        raise UsageError(
            "Mot de passe trop répétitif.",
            mend=Sentence("Employez au moins {fewest} caractères différents.", fewest=FEWEST),
        )
    folded = fold(password)
    for own in (email.partition("@")[0], *name.split()):
        if len(own) >= 4 and fold(own) in folded and len(folded) - len(fold(own)) < SHORTEST - 4:
            raise UsageError(
                "Le mot de passe reprend votre nom ou votre adresse.", mend="Choisissez autre chose."
            )
    known = {
        fold(w)
        for text in (email.replace("@", " ").replace(".", " "), name, place)
        for w in text.split()
        if len(w) >= 3
    }
    if max(_guesses(part, (*OURS, *known)) for part in (folded[:LOOKED_AT], folded[-LOOKED_AT:])) < GUESSES:
        raise UsageError(
            "Ce mot de passe est trop courant : il serait parmi les premiers essayés.",
            mend="Une phrase de quelques mots convient très bien.",
        )


LOOKED_AT = 72
"""Characters that the estimate looks at, from either end: its time grows faster than the text."""


def _guesses(password: str, known: tuple[str, ...]) -> float:
    """How many guesses a patient attacker needs (zxcvbn: Wheeler, USENIX Security 2016)."""
    from zxcvbn import zxcvbn  # its lists take time and memory: only who chooses a password needs them

    guesses = zxcvbn(password, user_inputs=list(known))["guesses"]
    return float(guesses)


def _drawn(hasher: PasswordHasher) -> str:
    """The hash of no password, drawn instead of computed: to verify it is the same work as for any other, and
    to make it is none.
    """
    salt, hashed = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${hashed}"


def _normal(password: str) -> bytes:
    """One form for characters that keyboards write in several ways (é as one or two code points)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
