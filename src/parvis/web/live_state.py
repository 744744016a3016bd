"""The present state of a live resource: the moment it speaks of, how old that is, and how its feed goes, each
in words.

What is shown is never said to be fresher than it is: a feed that stopped, went silent or is no longer asked
makes the last known state a past one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from babel.dates import format_date, format_time, format_timedelta
from sqlalchemy import Connection

from parvis.core.language import Language, mark
from parvis.services.declaration import Service, Tone
from parvis.store import datasets, live
from parvis.store.live import Feed
from parvis.work import polling

Health = Literal["up", "stale", "down", "malformed", "held", "unasked", "unknown"]
"""The states of a feed, and three of ours: its last batch was held, we stopped asking it, we never asked it.
"""

PATIENCE_MIN = 10
"""Age of what is shown after which it is past, where no feed says otherwise."""

MISSED = 4
"""After so many polls that did not take place, it is we who no longer ask."""

OVER_AN_HOUR = (
    mark("il y a une heure"),
    mark("il y a une heure et quart"),
    mark("il y a une heure et demie"),
    mark("il y a une heure trois quarts"),
)
"""Ages from an hour to two, by the nearest quarter."""

TITLES: dict[Health, str] = {
    "up": mark("à jour"),
    "stale": mark("n’avance plus"),
    "down": mark("ne répond plus"),
    "malformed": mark("illisible"),
    "held": mark("retenu"),
    "unasked": mark("n’est plus interrogé"),
    "unknown": mark("pas encore interrogé"),
}
"""To follow « Flux »."""

TONES: dict[Health, Tone] = {
    "up": "ok",
    "stale": "warn",
    "down": "bad",
    "malformed": "bad",
    "held": "warn",
    "unasked": "bad",
    "unknown": "warn",
}


@dataclass(frozen=True, slots=True)
class FeedView:
    """How a feed goes."""

    resource: Annotated[str, "Ressource que le flux alimente."]
    dataset: Annotated[str, "Identifiant du jeu de cette ressource."]
    title: Annotated[str, "Titre de ce jeu."]
    health: Annotated[
        Health,
        "up : à jour ; stale : n’avance plus ; down : ne répond plus ; malformed : illisible ; held : dernier relevé retenu par les contrôles ; "
        "unasked : le portail ne l’interroge plus ; unknown : jamais interrogé.",
    ]
    label: Annotated[str, "Cet état en quelques mots."]
    tone: Annotated[Tone, "ok : rien à signaler ; warn : à savoir ; bad : ce qui est montré peut être faux."]
    sentence: Annotated[str, "Cet état en une phrase, dans la langue de la page."]
    since: Annotated[datetime | None, "Depuis quand le flux est dans cet état."]
    polled_at: Annotated[datetime | None, "Dernière fois que le portail l’a interrogé."]
    failures: Annotated[int, "Interrogations manquées d’affilée."]
    patience_min: Annotated[int, "Minutes après lesquelles un relevé de ce flux est dit ancien."]
    reason: Annotated[str, "Ce que le portail a reçu à la place ; vide quand le flux va bien."]


@dataclass(frozen=True, slots=True)
class Moment:
    """When what is shown was true."""

    at: Annotated[datetime, "Moment dont parlent les données."]
    age_min: Annotated[int, "Âge en minutes entières à l’instant de la réponse."]
    words: Annotated[str, "Ce moment et son âge en toutes lettres : « à 8 h 42, il y a 1 minute »."]
    fresh: Annotated[
        bool,
        "Faux si un flux est en panne, retenu ou en retard, ou si un jeu lu n’a pas été mis à jour comme promis : c’est alors le dernier état connu.",
    ]
    of_data: Annotated[
        bool, "Vrai si c’est le moment dont parlent les données, faux si c’est celui du dernier calcul."
    ] = True


def moment(
    language: Language, at: datetime, now: datetime, feeds: Iterable[FeedView] = (), *, live: bool = True
) -> Moment:
    """The moment in words. live: it is told to the minute and grows old; else by the day alone."""
    age = minutes(at, now)
    if not live:
        return Moment(at, age, language.say("le %(day)s", day=language.day(at)), True, of_data=False)
    asked = list(feeds)
    patience = timedelta(minutes=max((f.patience_min for f in asked), default=PATIENCE_MIN))
    fresh = now - at <= patience and all(f.health == "up" for f in asked)
    return Moment(at, age, f"{clock(language, at, now)}, {ago(language, age)}", fresh)


def dated(language: Language, day: date, now: datetime, *, fresh: bool) -> Moment:
    """The day, or the moment, that an answer says its data are of."""
    if isinstance(day, datetime):
        age = minutes(day, now)
        return Moment(day, age, f"{clock(language, day, now)}, {ago(language, age)}", fresh)
    at = datetime.combine(day, time(), language.zone)
    return Moment(at, minutes(at, now), language.say("du %(day)s", day=language.day(day)), fresh)


def minutes(at: datetime, now: datetime) -> int:
    """Whole minutes from one to the other, 0 when the feed's clock is ahead of ours."""
    return max(0, int((now - at) / timedelta(minutes=1)))


def ago(language: Language, age_min: int) -> str:
    """How long ago, in words: minutes up to an hour, quarters of an hour up to two, hours up to two days."""
    if age_min == 0:
        return language.say("il y a moins d’une minute")
    quarters = (age_min + 7) // 15
    if age_min >= 60 and quarters - 4 < len(OVER_AN_HOUR):
        return language.say(OVER_AN_HOUR[quarters - 4])
    return format_timedelta(
        timedelta(minutes=-(max(age_min, 120) if age_min >= 60 else age_min)),
        granularity="minute",
        add_direction=True,
        threshold=2,
        locale=language.locale,
    )


def clock(language: Language, at: datetime, now: datetime) -> str:
    """« à 8 h 42 » today, « le 24 novembre à 8 h 42 » on another day."""
    day = _day(language, at, now)
    hour = _hour(language, at)
    return (
        language.say("le %(day)s à %(hour)s", day=day, hour=hour)
        if day
        else language.say("à %(hour)s", hour=hour)
    )


def since(language: Language, at: datetime, now: datetime) -> str:
    """« depuis 8 h 42 », « depuis le 24 novembre à 8 h 42 »."""
    day = _day(language, at, now)
    hour = _hour(language, at)
    return (
        language.say("depuis le %(day)s à %(hour)s", day=day, hour=hour)
        if day
        else language.say("depuis %(hour)s", hour=hour)
    )


def _hour(language: Language, at: datetime) -> str:
    pattern = "H'\u00a0h\u00a0'mm" if language.code == "fr" else "HH:mm"
    return format_time(at, pattern, tzinfo=language.zone, locale=language.locale)


def _day(language: Language, at: datetime, now: datetime) -> str:
    """Nothing for today."""
    then, today = at.astimezone(language.zone), now.astimezone(language.zone)
    if then.date() == today.date():
        return ""
    return format_date(
        then.date(), "d MMMM" if then.year == today.year else "d MMMM y", locale=language.locale
    )


def feeds(
    conn: Connection, language: Language, resources: Iterable[str], shown: datetime | None, now: datetime
) -> tuple[FeedView, ...]:
    """How the feeds behind these resources go; those that are not polled say nothing. shown: the moment of
    what is shown, None when there is nothing yet.
    """
    found: list[FeedView] = []
    for identity in resources:
        resource, said = datasets.resource(conn, identity), live.feed(conn, identity)
        if resource is None or (said is None and not resource.every_s):
            continue
        last = live.newest(conn, identity, held=True)
        owner = datasets.dataset(conn, resource.dataset)
        state = health(said, resource.every_s, now, held=last is not None and last.held)
        patience = (
            int(polling.kind(resource).stale / timedelta(minutes=1)) if resource.every_s else PATIENCE_MIN
        )
        found.append(
            feed_view(
                language,
                identity,
                (resource.dataset, owner.title if owner else resource.title),
                state,
                said,
                shown,
                now,
                patience,
            )
        )
    return tuple(found)


def health(said: Feed | None, every_s: int, now: datetime, *, held: bool = False) -> Health:
    """The state of a feed as a visitor must know it."""
    if said is None:
        return "unknown"
    if said.state in ("down", "malformed"):
        return said.state
    if now - said.polled_at > max(timedelta(seconds=MISSED * every_s), timedelta(minutes=3)):
        return "unasked"
    return "held" if held else said.state


def feed_view(
    language: Language,
    resource: str,
    dataset: tuple[str, str],
    state: Health,
    said: Feed | None,
    shown: datetime | None,
    now: datetime,
    patience: int = PATIENCE_MIN,
) -> FeedView:
    whole = " ".join(s for s in (_news(language, state, said, now), _shown(language, state, shown, now)) if s)
    return FeedView(
        resource,
        *dataset,
        state,
        language.say(TITLES[state]),
        TONES[state],
        whole,
        said.since if said else None,
        said.polled_at if said else None,
        said.failures if said else 0,
        patience,
        said.message if said and state == said.state and state in ("down", "malformed", "held") else "",
    )


def _news(language: Language, state: Health, said: Feed | None, now: datetime) -> str:
    """What happens at the far end."""
    if said is None:
        return language.say("Le portail n’a pas encore interrogé ce flux.")
    begun, asked = since(language, said.since, now), clock(language, said.polled_at, now)
    match state:
        case "up":
            return language.say("Le flux répond normalement.")
        case "stale":
            return language.say(
                "Le flux répond, mais il n’avance plus : c’est constaté %(since)s.", since=begun
            )
        case "down":
            return language.say(
                "Le flux ne répond plus %(since)s ; dernier essai %(asked)s.", since=begun, asked=asked
            )
        case "malformed":
            return language.say(
                "Le flux répond, mais ce qu’il envoie est illisible %(since)s ; dernier essai %(asked)s.",
                since=begun,
                asked=asked,
            )
        case "held":
            return language.say(
                "Le flux répond, mais son dernier relevé n’a pas passé les contrôles : il est retenu."
            )
        case _:
            return language.say(
                "Le portail n’a plus interrogé le flux %(since)s : la panne est de notre côté.",
                since=since(language, said.polled_at, now),
            )


def _shown(language: Language, state: Health, shown: datetime | None, now: datetime) -> str:
    """What the page shows meanwhile."""
    if shown is None:
        return language.say("Aucun relevé n’a encore été reçu.")
    words = f"{clock(language, shown, now)}, {ago(language, minutes(shown, now))}"
    if state == "up":
        return language.say("Dernier relevé %(words)s.", words=words)
    return language.say(
        "L’état montré est le dernier connu, %(words)s : il a pu changer depuis.", words=words
    )


def pulse(conn: Connection, shown: Sequence[str], inputs: Sequence[str], now: datetime) -> str:
    """What a page about these live resources changes with, read in a few rows: their last batch, its age in
    minutes, and how their feeds go.
    """
    said: list[object] = []
    for identity in dict.fromkeys((*shown, *inputs)):
        last, feed = live.newest(conn, identity), live.feed(conn, identity)
        held = live.newest(conn, identity, held=True)
        if last is None and feed is None:
            continue
        resource = datasets.resource(conn, identity)
        said.append(
            (
                last and (last.file.digest, minutes(last.at, now)),
                held and held.held,
                feed,
                health(feed, resource.every_s if resource else 0, now),
            )
        )
    return repr(said) if said else ""


def service_of(resource: str, known: Iterable[Service]) -> Service | None:
    """The service that makes a resource, or else one that reads it."""
    services = list(known)
    made = next((s for s in services if resource in s.resources), None)
    return made or next((s for s in services if resource in s.sources), None)
