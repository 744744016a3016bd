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

from parvis.alerts import message, quiet
from parvis.alerts.declaration import Alert, Approval
from parvis.alerts.message import ASKS, ENDS, Message, Part, Words
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
        kept, told = alert.look(tables, alerts.memory(conn, f"alert:{alert.name}") or "", now)
        alerts.remember(conn, f"alert:{alert.name}", kept, now)
        alerts.remember(conn, f"seen:{alert.name}", mark, now)
        return tuple(post(conn, city, one) for one in told)


def post(conn: Connection, city: City, said: Message, *, actor: str = SYSTEM) -> Step:
    """Keep a step and let it out, or let it wait for a person, as the policy says. A step that is known stays
    as it is.

    Raises NotFound for an alert that is not declared.
    """
    known = alerts.step(conn, said.id)
    if known is not None:
        return known
    alert = declared().get(said.alert)
    if alert is None:
        raise NotFound(
            Sentence("Aucune alerte ne s’appelle « {alert} ».", alert=said.alert),
            mend=Sentence("Alertes : {list}.", list=", ".join(declared())),
        )
    now = city.now()
    made = Step(
        said.id,
        said.episode,
        said.number,
        said.alert,
        said.topic,
        said.kind,
        "proposed",
        said.data_at,
        now,
        message.write(said),
    )
    before = alerts.of_episode(conn, said.episode)
    for one in before:
        if one.state == "proposed":
            alerts.save_step(conn, replace(one, state="replaced"))
    if said.kind in ENDS and not _standing(before):
        made = replace(made, state="void")
        alerts.add_step(conn, made)
        return made
    alerts.add_step(conn, made)
    if _asks(policy(city, alert), said, before):
        journal.append(conn, at=now, actor=actor, verb="alert-proposed", subject=made.id)
        return made
    return _issue(conn, city, made, said, SYSTEM)


def _asks(approval: Approval, said: Message, before: Sequence[Step]) -> bool:
    return approval == "each" or (approval == "first" and (said.kind in ASKS or not _standing(before)))


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
        said = message.read(one.said)
        if said.expires <= city.now():
            raise HeldBack("Ce message ne dit plus rien d’actuel : sa fin est passée.", mend="Refusez-le.")
        return _issue(conn, city, one, said, actor)


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


def _issue(conn: Connection, city: City, one: Step, said: Message, actor: str) -> Step:
    """Let a step out: it is public from now on, and a message waits for each subscriber that it concerns."""
    now = city.now()
    before = [s for s in alerts.of_episode(conn, one.episode) if s.number < one.number]
    made = replace(
        one,
        state="issued",
        decided_by=actor,
        decided_at=now,
        issued_at=now,
        refers=tuple(s.id for s in _standing(before)),
    )
    alerts.save_step(conn, made)
    journal.append(conn, at=now, actor=actor, verb="alert-issued", subject=made.id)
    alerts.overtake(conn, one.episode, one.number, now)
    if not said.test:
        alerts.queue(conn, made.id, tuple(_queued(conn, city, said, now)), now)
    return made


def _queued(
    conn: Connection, city: City, said: Message, now: datetime
) -> Generator[tuple[str, str, datetime, str]]:
    """Who is to be told, and when. The end of an episode is told to those who heard of it."""
    zone = ZoneInfo(city.settings.city.timezone)
    heard = alerts.reached(conn, said.episode) if said.kind in ENDS else None
    for who, channel, quiet_hours, urgent in subscribers.concerned(
        conn, said.topic, said.area.insee, "alert" if said.severe or heard else "information"
    ):
        if heard is not None and (who, channel) not in heard:
            continue
        due = now if said.severe and urgent else quiet.due(now, quiet_hours, zone)
        yield who, channel, due, "expired" if due >= said.expires and heard is None else ""


def written(
    alert: Alert,
    *,
    episode: str,
    number: int,
    area: message.Area,
    words: tuple[Words, Words, Words],
    severe: bool,
    since: datetime,
    until: datetime,
    now: datetime,
    kind: message.Kind = "open",
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
    last, now = message.read(standing[-1].said), city.now()
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
    made = Message(
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
    return post(conn, city, made, actor=actor)
