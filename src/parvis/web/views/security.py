"""What protects one's own account beside the password: the codes of a second factor, recovery codes, passkeys. Every change asks for the password again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import segno

from parvis.core.errors import ParvisError, Refused
from parvis.people import passkeys, second, throttle
from parvis.people.rights import Person, require
from parvis.people.secret import derive
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views.again import confirm
from parvis.web.views.desk import Wrong
from parvis.web.views.session import place_of

PATH = "/mon-compte/securite"


@dataclass(frozen=True, slots=True)
class Key:
    """One passkey."""

    id: Annotated[str, "Identifiant de la clé, sans valeur pour qui le lit."]
    label: Annotated[str, "Nom donné à la clé."]
    made_at: Annotated[datetime, "Depuis quand."]
    last_used_at: Annotated[datetime | None, "Dernière connexion par cette clé."]


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """The second factor and the passkeys of one's own account."""

    second: Annotated[bool, "Vrai si la connexion demande un code."]
    recovery: Annotated[int, "Codes de secours qui n’ont pas servi."]
    keys: Annotated[tuple[Key, ...], "Clés d’accès."]
    able: Annotated[bool, "Vrai si ce portail peut avoir des clés d’accès : un nom, et HTTPS."]
    secret: Annotated[str, "Secret à donner à l’application, montré une seule fois ; vide sinon."] = ""
    otpauth: Annotated[str, "Le même, comme adresse otpauth ; vide sinon."] = ""
    qr: Annotated[str, "La même, comme image (code QR, adresse data:) ; vide sinon."] = ""
    codes: Annotated[tuple[str, ...], "Codes de secours, montrés une seule fois."] = ()
    offer: Annotated[str, "Ce qu’il faut au navigateur pour faire une clé d’accès, en JSON ; vide sinon."] = ""
    label: Annotated[str, "Nom déjà saisi de la clé d’accès."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def security(visit: Visit) -> SecurityPage:
    """GET /mon-compte/securite: what protects the account; no secret is in it."""
    person = visit.person or require(None, "read-shared")
    with visit.city.db.read() as conn:
        keys = tuple(Key(k.id, k.label, k.made_at, k.last_used_at) for k in passkeys.of(conn, person.id))
        return SecurityPage(second.active(conn, person.id), second.left(conn, person.id), keys, place_of(visit).name != "")


def begin(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/commencer: draw the secret of the codes, shown once; nothing changes before a code shows that the application has it."""
    person = _me(visit)
    if refused := confirm(visit, sent, "actuel-code"):
        return _again(visit, (refused,))
    with visit.city.db.begin() as conn:
        drawn = second.begin(conn, visit.secret, person.id, at=visit.city.now())
    return _shown(visit, person, drawn)


def finish(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/confirmer: ask for codes from now on; recovery codes are shown once."""
    person, now = _me(visit), visit.city.now()
    tries = throttle.code_key(derive(visit.secret, "throttle"), person.id)
    try:
        with visit.city.db.begin() as conn:
            if waiting := throttle.enter(conn, ((tries, second.TRIES),), now):
                raise throttle.refuse(waiting)
        with visit.city.db.begin() as conn:
            codes = second.confirm(conn, visit.secret, person.id, sent.text("code"), at=now)
            throttle.forget(conn, tries)
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        with visit.city.db.read() as conn:
            drawn = second.begun(conn, visit.secret, person.id)
        return _shown(visit, person, drawn, (Wrong("code", str(refused)),))
    return Again(PATH, "security.html", replace(security(visit), codes=codes), 200)


def renew(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/codes: other recovery codes, shown once; those before are worth nothing."""
    person = _me(visit)
    if refused := confirm(visit, sent, "actuel-secours"):
        return _again(visit, (refused,))
    if not security(visit).second:
        raise Refused("Ce compte n’a pas de second facteur.", mend="Ajoutez-en un d’abord.")
    with visit.city.db.begin() as conn:
        codes = second.new_codes(conn, visit.secret, person.id, at=visit.city.now())
    return Again(PATH, "security.html", replace(security(visit), codes=codes), 200)


def drop(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/retirer: signing in asks for no code any more."""
    person = _me(visit)
    if refused := confirm(visit, sent, "actuel-retrait"):
        return _again(visit, (refused,))
    with visit.city.db.begin() as conn:
        second.remove(conn, person.id, actor=person.id, at=visit.city.now())
    return Moved(PATH, {"fait": "sans-code"})


def offer(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/cles/nouvelle: once the password was shown, what the browser needs to make a passkey."""
    person, label = _me(visit), sent.text("nom")[:100]
    if refused := confirm(visit, sent, "actuel-cle"):
        return Again(PATH, "security.html", replace(security(visit), label=label, wrong=(refused,)))
    with visit.city.db.read() as conn:
        said = passkeys.offer(conn, place_of(visit), person, visit.city.settings.city.name, now=visit.city.now())
    return Again(PATH, "security.html", replace(security(visit), label=label, offer=said), 200)


def keep(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/cles: keep the passkey that the browser made on our question."""
    person = _me(visit)
    try:
        with visit.city.db.begin() as conn:
            passkeys.keep(conn, place_of(visit), person, sent.raw("reponse"), sent.text("nom"), now=visit.city.now())
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        return _again(visit, (Wrong("cles", str(refused)),))
    return Moved(PATH, {"fait": "cle"})


def forget(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/cles/retirer: a passkey opens nothing any more."""
    person = _me(visit)
    if refused := confirm(visit, sent, "actuel-sans-cle"):
        return _again(visit, (refused,))
    with visit.city.db.begin() as conn:
        passkeys.remove(conn, person.id, sent.text("cle"), actor=person.id, at=visit.city.now())
    return Moved(PATH, {"fait": "sans-cle"})


def _me(visit: Visit) -> Person:
    person = visit.person or require(None, "read-shared")
    if visit.keyed:
        raise Refused("Une clé d’API ne change rien à la connexion.", mend="Connectez-vous dans un navigateur.")
    return person


def _again(visit: Visit, wrong: tuple[Wrong, ...]) -> Again:
    return Again(PATH, "security.html", replace(security(visit), wrong=wrong))


def _shown(visit: Visit, person: Person, drawn: str, wrong: tuple[Wrong, ...] = ()) -> Again:
    """The page with a secret that was drawn and not confirmed yet: as text, as an address, as a picture for the telephone's camera."""
    if not drawn:
        return _again(visit, wrong)
    address = second.address(drawn, person.email, visit.city.settings.city.name)
    picture = segno.make_qr(address, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    found = replace(security(visit), secret=" ".join(drawn[i : i + 4] for i in range(0, len(drawn), 4)), otpauth=address, qr=picture, wrong=wrong)
    return Again(PATH, "security.html", found, 422 if wrong else 200)


PAGES: tuple[Page, ...] = (page(PATH, security, "security.html", steady=False),)

ROUTES = (
    *form(f"{PATH}/commencer", begin), *form(f"{PATH}/confirmer", finish), *form(f"{PATH}/codes", renew), *form(f"{PATH}/retirer", drop),
    *form(f"{PATH}/cles/nouvelle", offer), *form(f"{PATH}/cles/retirer", forget), *form(f"{PATH}/cles", keep),
)  # fmt: skip
