"""What protects one's own account beside the password: the codes of a second factor, recovery codes,
passkeys. Every change asks for the password again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import segno

from parvis.core.errors import NotFound, ParvisError, Refused
from parvis.people import api_keys, demanded, passkeys, sessions, throttle
from parvis.people import second_factor as second
from parvis.people.city_secret import derive
from parvis.people.rights import Person, require
from parvis.store import journal
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import SECURITY, SESSION_COOKIE, Page, Visit, page
from parvis.web.views.desk import Wrong
from parvis.web.views.reauthentication import confirm
from parvis.web.views.session import place_of

PATH = SECURITY


@dataclass(frozen=True, slots=True)
class Key:
    """One passkey."""

    id: Annotated[str, "Identifiant de la clé, sans valeur pour qui le lit."]
    label: Annotated[str, "Nom donné à la clé."]
    made_at: Annotated[datetime, "Depuis quand."]
    last_used_at: Annotated[datetime | None, "Dernière connexion par cette clé."]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One open session of one's own account."""

    id: Annotated[str, "Identifiant de la session, sans valeur pour qui le lit."]
    device: Annotated[str, "Famille de navigateur et de système ; vide si inconnue."]
    opened_at: Annotated[datetime, "Début de la session."]
    seen_at: Annotated[datetime, "Dernière activité, à l’heure près."]
    here: Annotated[bool, "Vrai pour la session qui demande cette page."]


@dataclass(frozen=True, slots=True)
class Program:
    """One API key of one's own account, without its secret."""

    id: Annotated[str, "Identifiant de la clé : ce qui est entre les deux tirets bas."]
    label: Annotated[str, "À quoi elle sert."]
    scopes: Annotated[tuple[str, ...], "Ce qu’elle permet, au plus."]
    made_at: Annotated[datetime, "Depuis quand."]
    ends_at: Annotated[datetime | None, "Fin de validité ; rien si elle n’en a pas."]
    last_used_at: Annotated[datetime | None, "Dernier emploi, à l’heure près."]


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """The second factor, the passkeys and the open sessions of one's own account."""

    second: Annotated[bool, "Vrai si la connexion demande un code."]
    recovery: Annotated[int, "Codes de secours qui n’ont pas servi."]
    keys: Annotated[tuple[Key, ...], "Clés d’accès."]
    able: Annotated[bool, "Vrai si ce portail peut avoir des clés d’accès : un nom, et HTTPS."]
    secret: Annotated[str, "Secret à donner à l’application, montré une seule fois ; vide sinon."] = ""
    otpauth: Annotated[str, "Le même, comme adresse otpauth ; vide sinon."] = ""
    qr: Annotated[str, "La même, comme image (code QR, adresse data:) ; vide sinon."] = ""
    codes: Annotated[tuple[str, ...], "Codes de secours, montrés une seule fois."] = ()
    offer: Annotated[str, "Ce qu’il faut au navigateur pour faire une clé d’accès, en JSON ; vide sinon."] = (
        ""
    )
    label: Annotated[str, "Nom déjà saisi de la clé d’accès."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()
    vouched: Annotated[
        bool,
        "Vrai si un premier second facteur peut être ajouté : le mot de passe vient d’être choisi par un lien, ou aucun rôle n’en demande.",
    ] = True
    programs: Annotated[tuple[Program, ...], "Clés d’API en vigueur."] = ()
    lacking: Annotated[
        bool,
        "Vrai si un rôle demande un second facteur que cette session n’a pas montré : rien d’autre n’est ouvert.",
    ] = False
    sessions: Annotated[tuple[SessionLine, ...], "Sessions ouvertes, celle-ci d’abord."] = ()


def security(visit: Visit) -> SecurityPage:
    """GET /mon-compte/securite: what protects the account; no secret is in it."""
    person = visit.person or require(None, "read-shared")
    with visit.city.db.read() as conn:
        keys = tuple(Key(k.id, k.label, k.made_at, k.last_used_at) for k in passkeys.of(conn, person.id))
        opened = sessions.of(conn, person.id, visit.bound, now=visit.city.now())
        lines = tuple(SessionLine(s.id, s.device, s.opened_at, s.seen_at, s.here) for s in opened)
        coded, left = second.active(conn, person.id), second.left(conn, person.id)
        now = visit.city.now()
        programs = tuple(
            Program(k.id, k.label, k.scopes, k.made_at, k.ends_at, k.last_used_at)
            for k in api_keys.of(conn, person.id)
            if k.revoked_at is None and (k.ends_at is None or now < k.ends_at)
        )
        vouched = not visit.lacking or demanded.vouched(conn, person.id, now=now)
    return SecurityPage(
        coded,
        left,
        keys,
        place_of(visit).name != "",
        vouched=vouched,
        programs=programs,
        lacking=visit.lacking,
        sessions=lines,
    )


def begin(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/commencer: draw the secret of the codes, shown once; nothing changes before a code shows that
    the application has it.
    """
    person = _adds(visit)
    if refused := confirm(visit, sent, "actuel-code"):
        return _again(visit, (refused,))
    with visit.city.db.begin() as conn:
        drawn = second.begin(conn, visit.secret, person.id, at=visit.city.now())
    return _shown(visit, person, drawn)


def finish(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/confirmer: ask for codes from now on; recovery codes are shown once."""
    person, now = _adds(visit), visit.city.now()
    tries = throttle.code_key(derive(visit.secret, "throttle"), person.id)
    try:
        with visit.city.db.begin() as conn:
            if waiting := throttle.enter(conn, ((tries, second.TRIES),), now, of="code"):
                raise throttle.refuse(waiting)
        with visit.city.db.begin() as conn:
            codes = second.confirm(conn, visit.secret, person.id, sent.text("code"), at=now)
            throttle.forget(conn, tries)
            sessions.note_way(conn, visit.bound, "password-and-code")
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        with visit.city.db.read() as conn:
            drawn = second.begun(conn, visit.secret, person.id)
        return _shown(visit, person, drawn, (Wrong("code", refused.told),))
    return Again(PATH, "security.html", replace(security(visit), codes=codes, lacking=False), 200)


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
    person, label = _adds(visit), sent.text("nom")[:100]
    if refused := confirm(visit, sent, "actuel-cle"):
        return Again(PATH, "security.html", replace(security(visit), label=label, wrong=(refused,)))
    with visit.city.db.read() as conn:
        said = passkeys.offer(
            conn, place_of(visit), person, visit.city.settings.city.name, now=visit.city.now()
        )
    return Again(PATH, "security.html", replace(security(visit), label=label, offer=said), 200)


def keep(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/cles: keep the passkey that the browser made on our question."""
    person = _adds(visit)
    try:
        with visit.city.db.begin() as conn:
            passkeys.keep(
                conn, place_of(visit), person, sent.raw("reponse"), sent.text("nom"), now=visit.city.now()
            )
            sessions.note_way(conn, visit.bound, "passkey")
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        return _again(visit, (Wrong("cles", refused.told),))
    return Moved(PATH, {"fait": "cle"})


def forget(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/cles/retirer: a passkey opens nothing any more."""
    person = _me(visit)
    if refused := confirm(visit, sent, "actuel-sans-cle"):
        return _again(visit, (refused,))
    with visit.city.db.begin() as conn:
        passkeys.remove(conn, person.id, sent.text("cle"), actor=person.id, at=visit.city.now())
    return Moved(PATH, {"fait": "sans-cle"})


def stop_program(visit: Visit, sent: Sent) -> Moved | Again:
    """POST …/programmes: an API key of one's own opens nothing any more."""
    person = _me(visit)
    if refused := confirm(visit, sent, "actuel-programme"):
        return _again(visit, (refused,))
    with visit.city.db.begin() as conn:
        if sent.text("cle") not in {k.id for k in api_keys.of(conn, person.id)}:
            raise NotFound("Cette clé n’existe pas.")
        api_keys.revoke(conn, sent.text("cle"), actor=person.id, at=visit.city.now())
    return Moved(PATH, {"fait": "sans-programme"})


def close(visit: Visit, sent: Sent) -> Moved:
    """POST …/sessions: a session of one's own ends, or all but this one."""
    person, which = _me(visit), sent.text("fin")
    with visit.city.db.begin() as conn:
        here = next(
            (s.id for s in sessions.of(conn, person.id, visit.bound, now=visit.city.now()) if s.here), ""
        )
        ended = (
            sessions.end_all(conn, person.id, but=visit.bound)
            if which == "autres"
            else int(sessions.end_one(conn, person.id, which))
        )
        if ended:
            journal.append(
                conn,
                at=visit.city.now(),
                actor=person.id,
                verb="sessions-ended",
                subject=person.id,
                ids={"count": str(ended)},
            )
    if which == here:
        return Moved("/", cookies={SESSION_COOKIE: ""}, headers={"Clear-Site-Data": '"cache"'})
    return Moved(PATH, {"fait": "fermees"})


def _adds(visit: Visit) -> Person:
    """Who adds a factor. A session that lacks the one that the account has already adds none, and the first
    one of an account that must have one is added just after a link was used: whoever knows the password alone
    would pass for its owner.
    """
    person = _me(visit)
    if visit.lacking:
        with visit.city.db.read() as conn:
            if demanded.had(conn, person.id):
                raise Refused(
                    "Ce compte a déjà un second facteur.",
                    mend="Fermez cette session, puis connectez-vous par votre clé d’accès ou votre code.",
                )
            if not demanded.vouched(conn, person.id, now=visit.city.now()):
                raise Refused(
                    "Le mot de passe seul n’ajoute pas de second facteur à ce compte.",
                    mend="Choisissez d’abord un autre mot de passe par un lien : « Mot de passe oublié », ou parvis people link sur la machine de la ville.",
                )
    return person


def _me(visit: Visit) -> Person:
    person = visit.person or require(None, "read-shared")
    if visit.keyed:
        raise Refused(
            "Une clé d’API ne change rien à la connexion.", mend="Connectez-vous dans un navigateur."
        )
    return person


def _again(visit: Visit, wrong: tuple[Wrong, ...]) -> Again:
    return Again(PATH, "security.html", replace(security(visit), wrong=wrong))


def _shown(visit: Visit, person: Person, drawn: str, wrong: tuple[Wrong, ...] = ()) -> Again:
    """The page with a secret that was drawn and not confirmed yet: as text, as an address, as a picture for
    the telephone's camera.
    """
    if not drawn:
        return _again(visit, wrong)
    address = second.address(drawn, person.email, visit.city.settings.city.name)
    picture = segno.make_qr(address, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    found = replace(
        security(visit),
        secret=" ".join(drawn[i : i + 4] for i in range(0, len(drawn), 4)),
        otpauth=address,
        qr=picture,
        wrong=wrong,
    )
    return Again(PATH, "security.html", found, 422 if wrong else 200)


PAGES: tuple[Page, ...] = (page(PATH, security, "security.html", steady=False),)

ROUTES = (
    *form(f"{PATH}/commencer", begin), *form(f"{PATH}/confirmer", finish), *form(f"{PATH}/codes", renew), *form(f"{PATH}/retirer", drop),
    *form(f"{PATH}/cles/nouvelle", offer), *form(f"{PATH}/cles/retirer", forget), *form(f"{PATH}/cles", keep),
    *form(f"{PATH}/sessions", close), *form(f"{PATH}/programmes", stop_program),
)  # fmt: skip
