"""Alerts: what is under way, subscribing by one form, confirming, leaving by one click, what waits for a
person, and the account of every message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.alerts import addresses, cap, message, quiet
from parvis.alerts.addresses import Wish
from parvis.alerts.declaration import TOPICS, Alert
from parvis.core import atom
from parvis.core.errors import NotFound, UsageError
from parvis.core.language import mark
from parvis.core.sentence import Sentence
from parvis.people import csrf, throttle
from parvis.people.rights import Person, can, require
from parvis.people.throttle import Limit
from parvis.store import alerts, datasets, subscribers
from parvis.store.alerts import Step
from parvis.store.subscribers import Channel, Floor, Subscription
from parvis.web.form import Again, Moved, Sent, form, set_cookie
from parvis.web.page import FORM_COOKIE, Page, Visit, page, render, send, site_of, visit_of
from parvis.web.views.desk import Wrong
from parvis.work import alerting

SHOWN = 100
ASKS = Limit(free=5)
"""Confirmations to one address of a reader: the sixth in an hour waits."""
VISITOR = Limit(free=20)
"""Confirmations asked from one address of a visitor."""


@dataclass(frozen=True, slots=True)
class PartLine:
    """What holds over one stretch of time."""

    headline: Annotated[str, "Titre, dans la langue de la page."]
    text: Annotated[str, "Texte."]
    advice: Annotated[str, "Conseils, une ligne par public."]
    severity: Annotated[str, "Gravité, aux mots de CAP."]
    certainty: Annotated[str, "Observed ou Likely."]
    onset: Annotated[datetime, "Début."]
    expires: Annotated[datetime, "Fin."]


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One step of an episode."""

    id: Annotated[str, "Identifiant du message, le même en CAP."]
    topic: Annotated[str, "air, health, heat, water ou works."]
    kind: Annotated[str, "open, raise, keep, lower, extend, confirm, end ou withdraw."]
    headline: Annotated[str, "Titre."]
    severe: Annotated[bool, "Vrai pour une alerte, faux pour une information."]
    at: Annotated[datetime, "Date d’émission ; de proposition tant qu’elle n’est pas émise."]
    expires: Annotated[datetime, "Fin de ce qu’il annonce."]
    area: Annotated[str, "Zone."]
    test: Annotated[bool, "Vrai pour un exercice."]


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """What one can subscribe to."""

    topic: Annotated[str, "air, health, heat, water ou works."]
    title: Annotated[str, "Titre, dans la langue de la page."]
    about: Annotated[str, "Quand un message part, et ce qu’il n’est pas."]
    chosen: Annotated[bool, "Vrai s’il est déjà coché."]


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """What is under way, and the form to be told."""

    current: Annotated[tuple[AlertLine, ...], "Ce qui est en cours, le plus récent d’abord."]
    topics: Annotated[tuple[TopicChoice, ...], "Sujets."]
    channels: Annotated[tuple[str, ...], "Par où la ville peut écrire : mail, webhook, sms."]
    zones: Annotated[tuple[str, ...], "Codes INSEE pour lesquels un message est déjà parti."]
    may_decide: Annotated[bool, "Vrai si la personne peut laisser partir un message."]
    channel: Annotated[str, "Canal déjà choisi."] = "mail"
    level: Annotated[str, "information ou alert."] = "information"
    zone: Annotated[str, "Zone déjà choisie, vide pour toute la ville."] = ""
    quiet: Annotated[str, "Heures calmes déjà choisies."] = "22-7"
    urgent: Annotated[bool, "Vrai si une alerte passe outre les heures calmes."] = True
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class AskedPage:
    """After the form: a message is on its way. It says the same whatever was typed."""

    channel: Annotated[str, "Canal."]


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """What is about to be confirmed, or has been."""

    channel: Annotated[str, "Canal."]
    topics: Annotated[tuple[str, ...], "Sujets."]
    done: Annotated[bool, "Vrai une fois confirmé."]
    token: Annotated[str, "Ce que le bouton renvoie."]
    secret: Annotated[str, "Secret de signature d’un webhook, montré une seule fois ; vide sinon."] = ""


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Leaving: everything is erased."""

    done: Annotated[bool, "Vrai une fois effacé."]
    token: Annotated[str, "Ce que le bouton renvoie."]


@dataclass(frozen=True, slots=True)
class TallyLine:
    """How the messages of one step and channel went."""

    channel: Annotated[str, "mail, webhook ou sms."]
    state: Annotated[str, "waiting, sent, failed ou dropped."]
    messages: Annotated[int, "Combien."]
    first: Annotated[datetime | None, "Premier envoi."]
    last: Annotated[datetime | None, "Dernier envoi."]


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One step, whole: what it says, the others of its episode, and its account: when the data came, who let
    it out, when it went.
    """

    line: Annotated[AlertLine, "Le message."]
    parts: Annotated[tuple[PartLine, ...], "Ce qu’il dit, par période."]
    parameters: Annotated[
        dict[str, str], "Ce qu’une machine peut vouloir savoir : polluant, règle et sa date, source."
    ]
    episode: Annotated[tuple[AlertLine, ...], "Les messages du même épisode, dans l’ordre."]
    data_at: Annotated[datetime, "Moment des données dont il vient."]
    made_at: Annotated[datetime, "Moment où il a été écrit."]
    issued_at: Annotated[datetime | None, "Moment où il a été émis ; absent tant qu’il attend."]
    by_person: Annotated[bool, "Vrai si une personne l’a laissé partir."]
    tallies: Annotated[tuple[TallyLine, ...], "Ce que sont devenus les envois."]


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """What waits for a person."""

    waiting: Annotated[tuple[MessagePage, ...], "Messages proposés, le plus récent d’abord."]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One step in the account."""

    line: Annotated[AlertLine, "Le message."]
    state: Annotated[str, "proposed, issued, refused, replaced ou void."]
    data_at: Annotated[datetime, "Moment des données."]
    issued_at: Annotated[datetime | None, "Moment de l’émission."]
    delay_s: Annotated[int | None, "Secondes entre l’écriture du message et son émission."]
    tallies: Annotated[tuple[TallyLine, ...], "Ce que sont devenus les envois."]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Every alert: when its data came, when it was let out, what became of it. No address stands here."""

    lines: Annotated[tuple[AccountLine, ...], "Messages, le plus récent d’abord."]
    subscribers: Annotated[dict[str, int], "Abonnés, par canal."]


# --- pages --------------------------------------------------------------------------------------------------


def listing(visit: Visit) -> AlertsPage:
    """GET /alertes."""
    with visit.city.db.read() as conn:
        steps = alerts.in_state(conn, "issued", limit=SHOWN)
        may = _may_decide(conn, visit.person)
    current = _current(visit, steps)
    zones = tuple(sorted({message.read(s.said).area.insee for s in steps} - {""}))
    return AlertsPage(current, _topics(visit, ()), alerting.open_channels(visit.city), zones, may)


def _current(visit: Visit, steps: list[Step]) -> tuple[AlertLine, ...]:
    """The last step of each episode that still holds."""
    last: dict[str, Step] = {}
    for one in steps:
        if one.episode not in last or one.number > last[one.episode].number:
            last[one.episode] = one
    now = visit.city.now()
    lines = [_line(visit, s) for s in last.values() if s.kind not in message.ENDS]
    return tuple(sorted((one for one in lines if one.expires > now), key=lambda one: one.at, reverse=True))


def _topics(visit: Visit, chosen: tuple[str, ...]) -> tuple[TopicChoice, ...]:
    """One choice a topic; what its alerts say of themselves."""
    made: list[TopicChoice] = []
    for topic, title in TOPICS.items():
        mine = [a for a in alerting.declared().values() if a.topic == topic]
        about = " ".join(_say(visit, a, a.about) for a in mine)
        made.append(TopicChoice(topic, visit.language.say(title), about, topic in chosen))
    return tuple(made)


def _say(visit: Visit, alert: Alert, text: str) -> str:
    return visit.language.of(alert.name).say(text)


def _line(visit: Visit, one: Step) -> AlertLine:
    said = message.read(one.said)
    return AlertLine(
        one.id,
        one.topic,
        one.kind,
        alerting.subject(said, visit.language.code),
        said.severe,
        one.issued_at or one.made_at,
        said.expires,
        said.area.name,
        said.test,
    )


def one_message(visit: Visit) -> MessagePage:
    """GET /alertes/message/{id}: public once it is issued."""
    with visit.city.db.read() as conn:
        step = alerts.step(conn, visit.params["id"])
        if step is None or step.state != "issued":
            raise NotFound("Aucun message émis ne porte ce nom.", mend="La page des alertes les donne tous.")
        return _message(visit, conn, step)


def _message(visit: Visit, conn: Connection, step: Step) -> MessagePage:
    said, language = message.read(step.said), visit.language.code
    parts = tuple(
        PartLine(
            p.headline.of(language),
            p.text.of(language),
            p.advice.of(language),
            p.severity,
            p.certainty,
            p.onset,
            p.expires,
        )
        for p in said.parts
    )
    others = tuple(_line(visit, s) for s in alerts.of_episode(conn, step.episode) if s.state == "issued")
    return MessagePage(
        _line(visit, step),
        parts,
        dict(said.parameters),
        others,
        step.data_at,
        step.made_at,
        step.issued_at,
        step.decided_by not in ("", "system"),
        _tallies(conn, step),
    )


def _tallies(conn: Connection, step: Step) -> tuple[TallyLine, ...]:
    return tuple(
        TallyLine(t.channel, t.state, t.messages, t.first, t.last) for t in alerts.tally(conn, step.id)
    )


def account(visit: Visit) -> AccountPage:
    """GET /alertes/journal. What nobody let out is shown to who may decide."""
    with visit.city.db.read() as conn:
        may = _may_decide(conn, visit.person)
        steps = [s for s in alerts.every(conn, limit=SHOWN) if may or s.state == "issued"]
        lines = tuple(
            AccountLine(
                _line(visit, s),
                s.state,
                s.data_at,
                s.issued_at,
                int((s.issued_at - s.made_at).total_seconds()) if s.issued_at else None,
                _tallies(conn, s),
            )
            for s in steps
        )
        return AccountPage(lines, subscribers.count(conn))


def waiting(visit: Visit) -> WaitingPage:
    """GET /alertes/a-valider."""
    _decider(visit)
    with visit.city.db.read() as conn:
        return WaitingPage(tuple(_message(visit, conn, s) for s in alerts.in_state(conn, "proposed")))


def _may_decide(conn: Connection, person: Person | None) -> bool:
    return person is not None and any(can(person, "publish", o.id) for o in datasets.organisations(conn))


def _decider(visit: Visit) -> Person:
    """Who may let a message out: somebody who publishes for an organisation of the city."""
    if visit.person is None:
        return require(None, "publish")
    with visit.city.db.read() as conn:
        return visit.person if _may_decide(conn, visit.person) else require(visit.person, "publish")


# --- forms --------------------------------------------------------------------------------------------------


def ask(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /alertes: send the link that confirms. The answer is the same for an address that is known and for
    one that is not.
    """
    chosen = tuple(t for t in sent.all("sujet") if t in TOPICS)
    said = AlertsPage(
        (),
        _topics(visit, chosen),
        alerting.open_channels(visit.city),
        (),
        False,
        sent.text("canal"),
        sent.text("niveau"),
        sent.text("zone")[:20],
        sent.text("calme")[:10],
        sent.text("urgent") == "oui",
    )
    wrong: list[Wrong] = []
    channel = cast(Channel, said.channel) if said.channel in said.channels else None
    address = addresses.checked(channel, sent.text("adresse")) if channel is not None else None
    if channel is None:
        wrong.append(Wrong("canal", mark("Choisissez par où la ville peut vous écrire.")))
    elif address is None:
        wrong.append(Wrong("adresse", mark("Cette adresse n’est pas de la bonne forme pour ce canal.")))
    if not chosen:
        wrong.append(Wrong("sujet", mark("Choisissez au moins un sujet.")))
    if not quiet.valid(said.quiet):
        wrong.append(Wrong("calme", mark("Les heures calmes s’écrivent 22-7, ou restent vides.")))
    if said.zone and not (said.zone.isascii() and said.zone.isalnum()):
        wrong.append(Wrong("zone", mark("Un code INSEE ne porte que des chiffres et des lettres.")))
    if wrong or channel is None or address is None:
        return Again(
            "/alertes", "alerts.html", replace(said, current=listing(visit).current, wrong=tuple(wrong))
        )
    level: Floor = "alert" if said.level == "alert" else "information"
    _slow_down(visit, sent, channel, address)
    by = alerting.ways(visit.city)
    try:
        topics = tuple(Subscription(t, said.zone, level) for t in chosen)
        alerting.ask(
            visit.city, Wish(channel, address, topics, visit.language.code, said.quiet, said.urgent), by
        )
    finally:
        for way in by.values():
            way.close()
    return Moved("/alertes/envoye", {"canal": channel})


def _slow_down(visit: Visit, sent: Sent, channel: Channel, address: str) -> None:
    """Nobody floods somebody else's address with confirmations."""
    secret = visit.secret
    keys = (
        (throttle.visitor_key(secret, "alerts", sent.address), VISITOR),
        (throttle.visitor_key(secret, "alerts-to", addresses.mark(secret, channel, address)), ASKS),
    )
    with visit.city.db.begin() as conn:
        wait = throttle.enter(conn, keys, visit.city.now(), of="subscription")
    if wait.total_seconds() > 0:
        raise throttle.refuse(wait)


def asked(visit: Visit) -> AskedPage:
    """GET /alertes/envoye."""
    return AskedPage(visit.one_of("canal", addresses.CHANNELS, "mail"))


def confirming(visit: Visit) -> ConfirmPage:
    """GET /alertes/confirmer/{token}: opening the link does nothing yet, for mail servers open links too."""
    token = visit.params["token"]
    wish = addresses.wish(alerting.key(visit.city), token, visit.city.now())
    return ConfirmPage(wish.channel, tuple(dict.fromkeys(s.topic for s in wish.topics)), False, token)


def leaving(visit: Visit) -> LeavePage:
    """GET /alertes/quitter/{token}: the button does it, not the look."""
    token = visit.params["token"]
    addresses.leaving(alerting.key(visit.city), token)
    return LeavePage(False, token)


def _confirm(request: Request) -> Response:
    """POST /alertes/confirmer/{token}. The token is the proof: no session, no further one."""
    visit = visit_of(request)
    wish = addresses.wish(alerting.key(visit.city), visit.params["token"], visit.city.now())
    made = alerting.confirm(visit.city, wish)
    secret = addresses.webhook_secret(alerting.key(visit.city), made.id) if wish.channel == "webhook" else ""
    context = ConfirmPage(wish.channel, tuple(dict.fromkeys(s.topic for s in wish.topics)), True, "", secret)
    return _shown(request, visit, "alerts_confirm.html", context)


def _leave(request: Request) -> Response:
    """POST /alertes/quitter/{token}: also what a mail program sends by itself for its own button (RFC 8058)."""
    visit = visit_of(request)
    alerting.leave(visit.city, visit.params["token"])
    return _shown(request, visit, "alerts_leave.html", LeavePage(True, ""))


def _shown(request: Request, visit: Visit, template: str, context: object) -> Response:
    return send(
        request,
        render(site_of(request), visit, template, context),
        "text/html; charset=utf-8",
        private=True,
        headers={"Cache-Control": "no-store"},
    )


def show(request: Request) -> Response:
    """GET /alertes, bound to a cookie of its own when nobody is signed in."""
    visit = visit_of(request)
    bound = visit.bound or csrf.pre_session(visit.secret, now=visit.city.now())
    known = replace(visit, bound=bound)
    answer = _shown(request, known, "alerts.html", listing(known))
    if bound != visit.bound:
        set_cookie(answer, visit, FORM_COOKIE, bound)
    return answer


def decide(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /alertes/a-valider: a person lets a message out, or does not."""
    person = _decider(visit)
    verdict = sent.text("verdict")
    if verdict not in ("partir", "refuser"):
        raise UsageError("Dites si le message part ou non.")
    (alerting.approve if verdict == "partir" else alerting.refuse)(
        visit.city, sent.text("message")[:300], person.id
    )
    return Moved("/alertes/a-valider")


# --- feeds --------------------------------------------------------------------------------------------------


def feed(request: Request) -> Response:
    """GET /alertes.atom, with ?sujet=air for one topic."""
    visit = visit_of(request)
    topic = request.query_params.get("sujet", "")
    if topic and topic not in TOPICS:
        raise UsageError(
            Sentence("« sujet={topic} » n’est pas un choix connu.", topic=topic[:40]),
            mend=Sentence("Choix possibles : {list}.", list=", ".join(TOPICS)),
        )
    with visit.city.db.read() as conn:
        steps = alerts.in_state(conn, "issued", topic=topic, limit=SHOWN)
    zone, base = ZoneInfo(visit.city.settings.city.timezone), visit.base + visit.language.prefix
    host = visit.base.partition("://")[2].partition("/")[0].partition(":")[0]
    entries = [_entry(visit, s, base, host, zone) for s in steps if s.issued_at is not None]
    head = atom.Feed(
        f"tag:{host},2026:alertes{f'/{topic}' if topic else ''}",
        visit.language.say(mark("Alertes de %(city)s"), city=visit.city.settings.city.name),
        visit.city.settings.city.name,
        max(
            (e.at for e in entries),
            default=visit.city.now().replace(hour=0, minute=0, second=0, microsecond=0),
        ),
        atom.links(f"{base}/alertes.atom{f'?sujet={topic}' if topic else ''}", f"{base}/alertes"),
        visit.language.code,
    )
    return send(request, atom.write(head, entries), atom.MEDIA, headers={"Access-Control-Allow-Origin": "*"})


def _entry(visit: Visit, step: Step, base: str, host: str, zone: ZoneInfo) -> atom.Entry:
    said = message.read(step.said)
    assert step.issued_at is not None, "only issued steps are told"
    text = "\n\n".join(
        line for part in said.parts for line in alerting.paragraphs(part, said, visit.language)
    )
    at, page = step.issued_at.astimezone(zone), f"{base}/alertes/message/{step.id}"
    more = (atom.Link(page), atom.Link(f"{visit.base}/alertes/cap/{step.id}.xml", "related", cap.MEDIA))
    return atom.Entry(
        f"tag:{host},2026:alertes/{step.id}",
        alerting.subject(said, visit.language.code),
        text,
        at,
        more,
        at,
        step.topic,
    )


def cap_message(request: Request) -> Response:
    """GET /alertes/cap/{id}.xml."""
    visit = visit_of(request)
    with visit.city.db.read() as conn:
        step = alerts.step(conn, visit.params["id"])
        if step is None or step.state != "issued":
            raise NotFound("Aucun message émis ne porte ce nom.", mend="La page des alertes les donne tous.")
        body = alerting.as_cap(conn, visit.city, step)
    return send(request, body, cap.MEDIA, headers={"Access-Control-Allow-Origin": "*"})


PAGES: tuple[Page, ...] = (
    page("/alertes/journal", account, "alerts_account.html", steady=False),
    page("/alertes/a-valider", waiting, "alerts_waiting.html", steady=False),
    page("/alertes/envoye", asked, "alerts_asked.html", steady=False),
    page("/alertes/message/{id}", one_message, "alerts_message.html", steady=False),
    page("/alertes/confirmer/{token}", confirming, "alerts_confirm.html", steady=False),
    page("/alertes/quitter/{token}", leaving, "alerts_leave.html", steady=False),
    page("/alertes", listing, "alerts.html", steady=False),
)

ROUTES = (
    *(Route(prefix + "/alertes", show, methods=["GET"]) for prefix in ("", "/en")),
    *(Route(prefix + "/alertes.atom", feed, methods=["GET"]) for prefix in ("", "/en")),
    *(Route(prefix + "/alertes/cap/{id}.xml", cap_message, methods=["GET"]) for prefix in ("", "/en")),
    *(Route(prefix + "/alertes/confirmer/{token}", _confirm, methods=["POST"]) for prefix in ("", "/en")),
    *(Route(prefix + "/alertes/quitter/{token}", _leave, methods=["POST"]) for prefix in ("", "/en")),
    *form("/alertes", ask),
    *form("/alertes/a-valider", decide),
)
