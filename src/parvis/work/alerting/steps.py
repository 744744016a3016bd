"""Steps of alerts: a look makes them, the policy or a person lets them out, people write some themselves.

One transaction each. A step bears an id of its own and is kept once: a look that was killed is made again,
and tells the same.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection

from parvis.alerts import quiet
from parvis.alerts.declaration import Alert, Approval
from parvis.alerts.message import ASKS, ENDS, Area, Kind, Message, Part, Words
from parvis.alerts.message import read as read_message
from parvis.alerts.message import write as write_message
from parvis.core.errors import HeldBack, NotFound
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC
from parvis.engine.read import read
from parvis.publication.city import SYSTEM, City
from parvis.store import alerts, journal, subscribers, versions
from parvis.store.alerts import Step
from parvis.work.alerting.city import declared, policy


def look(city: City, alert: Alert) -> tuple[Step, ...]:
    """Look at what an alert reads, if it has changed since the last look; returns the steps that came of it."""
    if alert.look is None:
        return ()
    with city.db.read() as conn:
        served = {name: versions.served(conn, resource, PUBLIC) for name, resource in alert.reads.items()}
        seen = alerts.memory(conn, f"seen:{alert.name}")
    mark = " ".join(v.digest if v is not None else "-" for v in served.values())
    if mark == seen or not any(served.values()):
        return ()
    tables: dict[str, pa.Table] = {}
    for name, version in served.items():
        if version is not None:
            with read(city.engine, city.reopen(version.digest)) as result:  # the very one that `mark` names
                tables[name] = result.table()
    return tell(city, alert, tables, mark)


def tell(city: City, alert: Alert, tables: Mapping[str, pa.Table], mark: str = "") -> tuple[Step, ...]:
    """Let an alert look at tables. mark: which they are.

    What is remembered and the steps are written together: a look that was killed is made again, and tells the
    same.
    """
    if alert.look is None:
        return ()
    now = city.now()
    with city.db.begin() as conn:
        remembered, messages = alert.look(tables, alerts.memory(conn, f"alert:{alert.name}") or "", now)
        alerts.remember(conn, f"alert:{alert.name}", remembered, now)
        alerts.remember(conn, f"seen:{alert.name}", mark, now)
        return tuple(post(conn, city, one) for one in messages)


def post(conn: Connection, city: City, message: Message, *, actor: str = SYSTEM) -> Step:
    """Keep a step and let it out, or let it wait for a person, as the policy says. A step that is known stays
    as it is.

    Raises NotFound for an alert that is not declared.
    """
    known = alerts.step(conn, message.id)
    if known is not None:
        return known
    alert = declared().get(message.alert)
    if alert is None:
        raise NotFound(
            Sentence("Aucune alerte ne s’appelle « {alert} ».", alert=message.alert),
            mend=Sentence("Alertes : {list}.", list=", ".join(declared())),
        )
    now = city.now()
    step = Step(
        message.id,
        message.episode,
        message.number,
        message.alert,
        message.topic,
        message.kind,
        "proposed",
        message.data_at,
        now,
        write_message(message),
    )
    before = alerts.of_episode(conn, message.episode)
    for one in before:
        if one.state == "proposed":
            alerts.save_step(conn, replace(one, state="replaced"))
    if message.kind in ENDS and not _standing(before):
        step = replace(step, state="void")
        alerts.add_step(conn, step)
        return step
    alerts.add_step(conn, step)
    if _asks(policy(city, alert), message, before):
        journal.append(conn, at=now, actor=actor, verb="alert-proposed", subject=step.id)
        return step
    return _issue(conn, city, step, message, SYSTEM)


def _asks(approval: Approval, message: Message, before: Sequence[Step]) -> bool:
    return approval == "each" or (approval == "first" and (message.kind in ASKS or not _standing(before)))


def _standing(before: Sequence[Step]) -> list[Step]:
    """The issued steps of an episode that no Cancel has taken back."""
    run: list[Step] = []
    for one in before:
        if one.state == "issued":
            run = [] if one.kind in ENDS else [*run, one]
    return run


def approve(city: City, step_id: str, actor: str) -> Step:
    """A person lets a message out. Raises NotFound, and HeldBack when it no longer waits."""
    with city.db.begin() as conn:
        one = _waiting(conn, step_id)
        message = read_message(one.said)
        if message.expires <= city.now():
            raise HeldBack("Ce message ne dit plus rien d’actuel : sa fin est passée.", mend="Refusez-le.")
        return _issue(conn, city, one, message, actor)


def refuse(city: City, step_id: str, actor: str) -> Step:
    """A person does not let a message out. Raises NotFound, and HeldBack when it no longer waits."""
    with city.db.begin() as conn:
        one = replace(_waiting(conn, step_id), state="refused", decided_by=actor, decided_at=city.now())
        alerts.save_step(conn, one)
        journal.append(conn, at=city.now(), actor=actor, verb="alert-refused", subject=one.id)
        return one


def _waiting(conn: Connection, step_id: str) -> Step:
    one = alerts.step(conn, step_id)
    if one is None:
        raise NotFound("Cette alerte n’existe pas.")
    if one.state != "proposed":
        raise HeldBack("Ce message n’attend plus de décision.", mend="Rechargez la page.")
    return one


def _issue(conn: Connection, city: City, one: Step, message: Message, actor: str) -> Step:
    """Let a step out: it is public from now on, and a message waits for each subscriber that it concerns."""
    now = city.now()
    before = [s for s in alerts.of_episode(conn, one.episode) if s.number < one.number]
    issued = replace(
        one,
        state="issued",
        decided_by=actor,
        decided_at=now,
        issued_at=now,
        refers=tuple(s.id for s in _standing(before)),
    )
    alerts.save_step(conn, issued)
    journal.append(conn, at=now, actor=actor, verb="alert-issued", subject=issued.id)
    alerts.overtake(conn, one.episode, one.number, now)
    if not message.test:
        alerts.queue(conn, issued.id, tuple(_queued(conn, city, message, now)), now)
    return issued


def _queued(
    conn: Connection, city: City, message: Message, now: datetime
) -> Generator[tuple[str, str, datetime, str]]:
    """Who is to be told, and when. The end of an episode is told to those who heard of it."""
    zone = ZoneInfo(city.settings.city.timezone)
    heard = alerts.reached(conn, message.episode) if message.kind in ENDS else None
    for who, channel, quiet_hours, urgent in subscribers.concerned(
        conn, message.topic, message.area.insee, "alert" if message.severe or heard else "information"
    ):
        if heard is not None and (who, channel) not in heard:
            continue
        due = now if message.severe and urgent else quiet.due(now, quiet_hours, zone)
        yield who, channel, due, "expired" if due >= message.expires and heard is None else ""


def written(
    alert: Alert,
    *,
    episode: str,
    number: int,
    area: Area,
    words: tuple[Words, Words, Words],
    severe: bool,
    since: datetime,
    until: datetime,
    now: datetime,
    kind: Kind = "open",
    test: bool = False,
) -> Message:
    """A message that a person wrote. words: headline, text, advice."""
    part = Part(
        *words,
        "Severe" if severe else "Moderate",
        "Immediate" if since <= now else "Expected",
        "Observed" if since <= now else "Likely",
        since,
        until,
    )
    return Message(
        alert.name, alert.topic, episode, number, kind, area, (part,), now, {"source": "ville"}, test
    )


def end(conn: Connection, city: City, episode: str, words: Words, *, actor: str) -> Step:
    """A person ends an episode that people wrote: what was sent is taken back, and why is said. Raises
    NotFound when nothing of it stands.
    """
    before = alerts.of_episode(conn, episode)
    standing = _standing(before)
    if not standing:
        raise NotFound("Rien n’est en cours sous ce nom.")
    last, now = read_message(standing[-1].said), city.now()
    until = max(last.expires, now + timedelta(hours=1))
    parts = (
        Part(
            Words(f"Fin : {last.parts[0].headline.fr}", f"Over: {last.parts[0].headline.en}"),
            words,
            Words("", ""),
            last.parts[0].severity,
            "Past",
            "Observed",
            min(last.parts[0].onset, now),
            until,
        ),
    )
    ending = Message(
        last.alert,
        last.topic,
        episode,
        before[-1].number + 1,
        "end",
        last.area,
        parts,
        now,
        last.parameters,
        last.test,
    )
    return post(conn, city, ending, actor=actor)
