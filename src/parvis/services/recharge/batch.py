"""The national file of charging points' states (IRVE dynamique), as its operators publish it: CSV, asked again and
again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import httpx

from parvis.core.arrow import arrow_table
from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.harvest import asking
from parvis.services.declaration import Batch, Feed
from parvis.services.recharge.schemas import STATES

ID = re.compile(r"[A-Z]{2}[A-Z0-9]{4,33}")
WORDS: Mapping[str, tuple[str, ...]] = {
    "etat_pdc": ("en_service", "hors_service"),
    "occupation_pdc": ("libre", "occupe", "reserve"),
}
"""Values of the schema that say something; any other is « inconnu »."""
PLUGS = ("etat_prise_type_2", "etat_prise_type_combo_ccs", "etat_prise_type_chademo", "etat_prise_type_ef")
AHEAD = timedelta(minutes=10)
"""A state dated so far ahead of us is dated by nobody."""
STALE = timedelta(minutes=60)
"""Stamps are those of the last change at most operators: in a small town, at night, none changes for a while."""


def fetch(client: httpx.Client, url: str, pause: Callable[[float], None]) -> Batch:
    """One poll. Raises SourceDown, Unreadable."""
    return batch(asking.get(client, url, pause), datetime.now(UTC))


IRVE = Feed("irve-dynamique", "État des points de charge, au schéma national", fetch, stale=STALE)


def batch(document: bytes, now: datetime) -> Batch:
    """The points of a document that the schema would let pass, one a point: the latest. The moment is that of the
    latest state that is not dated after now. Raises Unreadable where a column lacks, or no point is left.
    """
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable("Le fichier des points de charge n’est pas en UTF-8.") from wrong
    head = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    lacking = [n for n in ("id_pdc_itinerance", *WORDS, "horodatage") if n not in (reader.fieldnames or ())]
    if lacking:
        raise Unreadable(
            Sentence("Il manque au fichier des points de charge : {columns}.", columns=", ".join(lacking)),
            mend="Le schéma national est etalab/schema-irve-dynamique.",
        )
    rows = dict[str, dict[str, object]]()
    try:
        for record in reader:
            row = _row(record, now)
            before = rows.get(str(row["id_pdc_itinerance"])) if row else None
            if row and (before is None or _at(row) >= _at(before)):
                rows[str(row["id_pdc_itinerance"])] = row
    except csv.Error as wrong:
        raise Unreadable("Le fichier des points de charge n’est pas du CSV bien formé.") from wrong
    if not rows:
        raise Unreadable(
            "Le fichier des points de charge n’en donne aucun avec un identifiant d’itinérance et une date d’aujourd’hui ou d’avant.",
            mend="Le schéma national est etalab/schema-irve-dynamique.",
        )
    return Batch(max(map(_at, rows.values())), arrow_table(STATES, [rows[n] for n in sorted(rows)]), STATES)


def _at(row: Mapping[str, object]) -> datetime:
    at = row["horodatage"]
    assert isinstance(at, datetime)
    return at


def _row(record: Mapping[str, str | None], now: datetime) -> dict[str, object] | None:
    """A point; None where its identifier is none, or its date."""
    number = (record.get("id_pdc_itinerance") or "").strip().replace("*", "").upper()
    at = _moment(record.get("horodatage") or "")
    if not ID.fullmatch(number) or at is None or at > now + AHEAD:
        return None
    values = {
        n: v if (v := (record.get(n) or "").strip().lower()) in words else "inconnu"
        for n, words in WORDS.items()
    }
    plugs = {n: (record.get(n) or "").strip() or None for n in PLUGS}
    return {"id_pdc_itinerance": number, **values, "horodatage": at, **plugs}


def _moment(text: str) -> datetime | None:
    """A stamp with its zone: without one nobody knows which hour it is."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None
