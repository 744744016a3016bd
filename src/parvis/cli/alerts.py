"""`parvis alerts list|approve|refuse|write|end`: what was told, what waits for a person, and messages that a
person writes.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from parvis.alerts.message import Area, Words, read
from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, show, table
from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.publication.city import SYSTEM, open_city
from parvis.store import alerts, subscribers
from parvis.work import alerting

Step = Annotated[str, Argument(metavar="MESSAGE", help="Identifiant du message.")]


def register(app: Commands) -> None:
    """Add the commands."""
    group = app.group_of("alerts")

    @group.declare("list", "Les messages d’alerte, le plus récent d’abord : données, émission, envois.")
    def list_alerts(city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        with opened.db.read() as conn:
            known = [(s, alerts.tally(conn, s.id)) for s in alerts.every(conn)]
            people = subscribers.count(conn)
        if as_json:
            print_json(
                {
                    "subscribers": people,
                    "alerts": [
                        {
                            "id": s.id,
                            "topic": s.topic,
                            "kind": s.kind,
                            "state": s.state,
                            "data_at": s.data_at,
                            "made_at": s.made_at,
                            "issued_at": s.issued_at,
                            "sendings": [
                                {
                                    "channel": t.channel,
                                    "state": t.state,
                                    "messages": t.messages,
                                    "first": t.first,
                                    "last": t.last,
                                }
                                for t in sent
                            ],
                        }
                        for s, sent in known
                    ],
                }
            )
        else:
            table(
                "",
                ("message", "étape", "état", "titre", "envois"),
                [
                    (
                        s.id,
                        s.kind,
                        s.state,
                        alerting.subject(read(s.said), "fr"),
                        ", ".join(f"{t.channel} {t.state} {t.messages}" for t in sent),
                    )
                    for s, sent in known
                ],
            )

    @group.declare("approve", "Laisse partir un message qui attend.")
    def approve(step: Step, city: Folder = HERE, as_json: AsJson = False) -> None:
        done = alerting.approve(open_city(settings(city)), step, SYSTEM)
        if as_json:
            print_json({"ok": True, "id": done.id, "state": done.state})
        else:
            show(f"{done.id} est émis ; les envois suivent.")

    @group.declare("refuse", "Ne laisse pas partir un message qui attend.")
    def refuse(step: Step, city: Folder = HERE, as_json: AsJson = False) -> None:
        done = alerting.refuse(open_city(settings(city)), step, SYSTEM)
        if as_json:
            print_json({"ok": True, "id": done.id, "state": done.state})
        else:
            show(f"{done.id} ne partira pas.")

    @group.declare("write", "Propose un message écrit par la ville : coupure d’eau, travaux, chaleur, santé.")
    def write(
        alert: Annotated[str, Argument(metavar="ALERTE", help="sante, chaleur, eau ou travaux.")],
        title: Annotated[str, Option(help="Titre, en français.")],
        text: Annotated[str, Option(help="Texte, en français.")],
        until: Annotated[str, Option(help="Fin : 2026-11-27T18:00.")],
        since: Annotated[str, Option(help="Début ; tout de suite s’il n’est pas dit.")] = "",
        title_en: Annotated[str, Option(help="Titre en anglais ; sinon, celui en français.")] = "",
        text_en: Annotated[str, Option(help="Texte en anglais ; sinon, celui en français.")] = "",
        advice: Annotated[str, Option(help="Conseil, en français.")] = "",
        zone: Annotated[str, Option(help="Code INSEE ; toute la ville s’il n’est pas dit.")] = "",
        severe: Annotated[bool, Option("--severe", help="Une alerte, non une information.")] = False,
        test: Annotated[bool, Option("--exercise", help="Un exercice : il ne part vers personne.")] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        known = alerting.declared()
        if alert not in known:
            raise NotFound(
                Sentence("Aucune alerte ne s’appelle « {alert} ».", alert=alert),
                mend=Sentence("Alertes : {list}.", list=", ".join(known)),
            )
        now, clock = opened.now(), ZoneInfo(opened.settings.city.timezone)
        begin, end = _moment(since, clock) if since else now, _moment(until, clock)
        if end <= max(begin, now):
            raise UsageError("--until doit venir après le début, et après maintenant.")
        words = Words(title, title_en or title), Words(text, text_en or text), Words(advice, advice)
        name = f"{now.astimezone(clock):%Y-%m-%d}.{secrets.token_hex(4)}"
        message = alerting.written(
            known[alert],
            episode=name,
            number=1,
            area=Area(zone or opened.settings.city.name, zone),
            words=words,
            severe=severe,
            since=begin,
            until=end,
            now=now,
            test=test,
        )
        with opened.db.begin() as conn:
            posted = alerting.post(conn, opened, message)
        if as_json:
            print_json({"ok": True, "id": posted.id, "episode": posted.episode, "state": posted.state})
        else:
            show(
                f"{posted.id} : "
                + (
                    "il attend qu’une personne le laisse partir (parvis alerts approve)."
                    if posted.state == "proposed"
                    else "émis."
                )
            )

    @group.declare("end", "Met fin à ce qu’un message écrit par la ville annonce.")
    def end_episode(
        episode: Annotated[
            str, Argument(metavar="EPISODE", help="Identifiant de l’épisode, que write donne.")
        ],
        why: Annotated[str, Option(help="Pourquoi c’est fini, en français.")],
        why_en: Annotated[str, Option(help="Le même en anglais.")] = "",
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        with opened.db.begin() as conn:
            ending = alerting.end(conn, opened, episode, Words(why, why_en or why), actor=SYSTEM)
        if as_json:
            print_json({"ok": True, "id": ending.id, "state": ending.state})
        else:
            show(
                f"{ending.id} : {'il attend qu’une personne le laisse partir.' if ending.state == 'proposed' else 'émis.'}"
            )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise UsageError(
            Sentence("« {text} » n’est pas un moment.", text=text), mend="Écrivez-le 2026-11-27T18:00."
        ) from wrong
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
