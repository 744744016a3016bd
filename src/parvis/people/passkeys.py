"""Passkeys (WebAuthn level 3): a key pair that the owner's device keeps and unlocks by itself, bound to the
name of the portal, so that no other site gets it.

The device verifies its owner (a PIN, a finger), so a passkey is both factors. A challenge is made of the
city's secret and the browser's own cookie, lasts ten minutes and serves once; nothing is kept of those that
nobody answers.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel
from sqlalchemy import Connection, delete, select, update

from parvis.core import origin
from parvis.core.errors import NotFound, NotSignedIn, UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence
from parvis.people.city_secret import derive
from parvis.people.rights import Person
from parvis.store import journal
from parvis.store.rows import add as add_row
from parvis.store.tables import passkeys, spent

if TYPE_CHECKING:
    import webauthn
    from webauthn import helpers
    from webauthn.helpers import exceptions, structs
else:  # 7 MB of every web process, for a page that few open
    webauthn = late("webauthn")
    helpers = late("webauthn.helpers")
    exceptions = late("webauthn.helpers.exceptions")
    structs = late("webauthn.helpers.structs")

LASTS = timedelta(minutes=10)
"""How long a challenge may be answered."""
MOST = 20
"""Passkeys of one account."""
LONGEST = 20_000
"""Characters of an answer: what is longer is refused unread."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey without its key."""

    id: str
    label: str
    made_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys are of. base: public address of the portal; bound: the cookie of the browser that asks;
    secret: the city's.
    """

    base: str
    bound: str
    secret: bytes

    @property
    def name(self) -> str:
        """The relying party's id: the name of the portal; "" where browsers have no passkeys (an address
        instead of a name, or no HTTPS).
        """
        address = urlsplit(self.base)
        host = address.hostname or ""
        secure = address.scheme == "https" or host == "localhost" or host.endswith(".localhost")
        return host if secure and origin.address(host) is None else ""

    @property
    def origin(self) -> str:
        """As the browser says it: scheme, name and port."""
        address = urlsplit(self.base)
        return f"{address.scheme}://{address.netloc}"


def of(conn: Connection, person: str) -> Sequence[Passkey]:
    """Somebody's passkeys, oldest first."""
    rows = conn.execute(
        select(passkeys).where(passkeys.c.person == person).order_by(passkeys.c.made_at, passkeys.c.id)
    )
    return tuple(Passkey(r.id, r.label, r.made_at, r.last_used_at) for r in rows)


def offer(conn: Connection, place: Place, person: Person, city: str, *, now: datetime) -> str:
    """What the browser needs to make a passkey for an account, as JSON; "" where there are none."""
    if not place.name:
        return ""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=place.name,
            rp_name=city or place.name,
            user_name=person.email,
            user_id=person.id.encode(),
            user_display_name=person.name or person.email,
            challenge=_challenge(place, "make", now),
            timeout=int(LASTS.total_seconds() * 1000),
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                structs.PublicKeyCredentialDescriptor(id=helpers.base64url_to_bytes(k.id))
                for k in of(conn, person.id)
            ],
        )
    )


def ask(place: Place, *, now: datetime) -> str:
    """What the browser needs to sign in by a passkey, as JSON; "" where there are none."""
    if not place.name:
        return ""
    challenge = _challenge(place, "use", now)
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=place.name,
            challenge=challenge,
            timeout=int(LASTS.total_seconds() * 1000),
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )


def keep(
    conn: Connection, place: Place, person: Person, answer: str, label: str, *, now: datetime
) -> Passkey:
    """Keep the passkey that a device made for this account. Raises UsageError for an answer that is none,
    forged, late, or given twice.
    """
    if len(of(conn, person.id)) >= MOST:
        raise UsageError(
            Sentence("Un compte a {most} clés d’accès au plus.", most=MOST), mend="Retirez-en une d’abord."
        )
    try:
        credential = helpers.parse_registration_credential_json(_read(answer, "attestationObject"))
        challenge = _answered(
            conn,
            place,
            "make",
            helpers.parse_client_data_json(credential.response.client_data_json).challenge,
            now,
        )
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except exceptions.WebAuthnException as wrong:
        raise UsageError(
            "La clé d’accès n’a pas pu être vérifiée.", mend="Rechargez la page et recommencez."
        ) from wrong
    passkey = Passkey(helpers.bytes_to_base64url(verified.credential_id), label.strip()[:100], now, None)
    row = {
        "id": passkey.id,
        "person": person.id,
        "public_key": helpers.bytes_to_base64url(verified.credential_public_key),
        "sign_count": verified.sign_count,
        "label": passkey.label,
    }
    if not add_row(conn, passkeys, row | {"made_at": now, "last_used_at": None}):
        raise UsageError("Cette clé d’accès est déjà enregistrée.")
    journal.append(
        conn,
        at=now,
        actor=person.id,
        verb="passkey-added",
        subject=person.id,
        ids={"passkey": _short_id(passkey.id)},
    )
    return passkey


def verify(conn: Connection, place: Place, answer: str, *, now: datetime) -> str:
    """Id of the account whose passkey answered. Raises NotSignedIn for any other answer, without saying why."""
    try:
        credential = helpers.parse_authentication_credential_json(
            _read(answer, "authenticatorData", "signature")
        )
        row = conn.execute(
            select(passkeys).where(passkeys.c.id == helpers.bytes_to_base64url(credential.raw_id))
        ).first()
        challenge = _answered(
            conn,
            place,
            "use",
            helpers.parse_client_data_json(credential.response.client_data_json).challenge,
            now,
        )
        if row is None:
            raise _refused()
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            credential_public_key=helpers.base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, UsageError) as wrong:
        raise _refused() from wrong
    conn.execute(
        update(passkeys)
        .where(passkeys.c.id == row.id)
        .values(sign_count=verified.new_sign_count, last_used_at=now)
    )
    return row.person


def remove(conn: Connection, person: str, passkey: str, *, actor: str, at: datetime) -> None:
    """Take one passkey of an account away. Raises NotFound."""
    if (
        conn.execute(delete(passkeys).where(passkeys.c.person == person, passkeys.c.id == passkey)).rowcount
        == 0
    ):
        raise NotFound("Cette clé d’accès n’existe pas.")
    journal.append(
        conn, at=at, actor=actor, verb="passkey-removed", subject=person, ids={"passkey": _short_id(passkey)}
    )


def remove_by_short_id(conn: Connection, person: str, short_id: str, *, actor: str, at: datetime) -> None:
    """Take away the passkey that the journal calls so. Raises NotFound."""
    one = next((known for known in of(conn, person) if _short_id(known.id) == short_id), None)
    remove(conn, person, one.id if one is not None else "", actor=actor, at=at)


def remove_all(conn: Connection, person: str, *, actor: str, at: datetime) -> int:
    """Take every passkey of an account away; say how many."""
    known = of(conn, person)
    for one in known:
        remove(conn, person, one.id, actor=actor, at=at)
    return len(known)


def purge(conn: Connection, *, now: datetime) -> int:
    """Forget the challenges that served and would be too old anyhow."""
    return conn.execute(delete(spent).where(spent.c.ends_at <= now)).rowcount


def _challenge(place: Place, purpose: str, now: datetime) -> bytes:
    """16 random bytes, the end, and their seal with the browser's cookie: nothing is stored before it is
    answered.
    """
    payload = secrets.token_bytes(16) + int((now + LASTS).timestamp()).to_bytes(8, "big")
    return payload + _sign(place, purpose, payload)


def _answered(conn: Connection, place: Place, purpose: str, challenge: bytes, now: datetime) -> bytes:
    """The challenge, when it is of ours, of this browser, in time, and answered for the first time. Raises
    UsageError otherwise.
    """
    payload, sign = challenge[:24], challenge[24:]
    ends = int.from_bytes(payload[16:], "big")
    if (
        not place.bound
        or not place.name
        or len(challenge) != 56
        or not hmac.compare_digest(_sign(place, purpose, payload), sign)
    ):
        raise UsageError(
            "Cette réponse n’est pas à notre question.", mend="Rechargez la page et recommencez."
        )
    ends_at = datetime.fromtimestamp(ends, UTC)
    if now >= ends_at or not add_row(conn, spent, {"key": payload[:16].hex(), "ends_at": ends_at}):
        raise UsageError(
            "La question est trop ancienne, ou a déjà reçu sa réponse.",
            mend="Rechargez la page et recommencez.",
        )
    return challenge


def _sign(place: Place, purpose: str, payload: bytes) -> bytes:
    message = f"{purpose}\n{place.bound}\n".encode("utf-8", "surrogatepass") + payload
    return hmac.new(derive(place.secret, "passkey-challenge"), message, hashlib.sha256).digest()


def _read(answer: str, *wanted: str) -> str:
    """An answer of a browser with the fields that are used, each known to be base64url, so that the library
    meets nothing else. Raises UsageError.
    """
    if len(answer) > LONGEST:
        raise _unreadable()
    try:
        sent = _Answer.model_validate_json(answer.encode("utf-8", "replace"))
        client_data = _ClientData.model_validate_json(
            helpers.base64url_to_bytes(sent.response.get("clientDataJSON", ""))
        )
    except ValueError as wrong:
        raise _unreadable() from wrong
    fields = (
        sent.id,
        sent.rawId,
        client_data.challenge,
        *(sent.response.get(name, "") for name in ("clientDataJSON", *wanted)),
    )
    if not all(_BASE64URL.fullmatch(one) and len(one) % 4 != 1 for one in fields):
        raise _unreadable()
    response = {name: sent.response[name] for name in ("clientDataJSON", *wanted)}
    return _Answer(id=sent.id, rawId=sent.rawId, type=sent.type, response=response).model_dump_json()


_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


class _Answer(BaseModel):
    """What `navigator.credentials` answers, as JSON."""

    id: str
    rawId: str
    type: Literal["public-key"]
    response: dict[str, str]


class _ClientData(BaseModel):
    """What the browser says in `clientDataJSON`."""

    type: str
    challenge: str
    origin: str


def _unreadable() -> UsageError:
    return UsageError("Ce n’est pas la réponse d’un appareil.", mend="Rechargez la page et recommencez.")


def _short_id(passkey: str) -> str:
    """For the journal: enough to tell two apart, too little to be used."""
    return hashlib.sha256(passkey.encode()).hexdigest()[:16]


def _refused() -> NotSignedIn:
    return NotSignedIn(
        "Cette clé d’accès n’ouvre aucun compte.", mend="Connectez-vous par votre mot de passe."
    )
