"""Verdicts on what a study found, given on the ground: kept as versions of a restricted dataset that the group of the study
reads, each with its release row, its lineage and its event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection

from parvis.core.arrow import arrow_table
from parvis.core.errors import Gone, NotFound
from parvis.core.types import Audience
from parvis.publication.city import City
from parvis.services.study import VERDICTS, VERDICTS_NAME, Study, Verdicts
from parvis.store import versions
from parvis.store.study_runs import StudyRun
from parvis.work import live_hours, service_inputs, service_runs, studies

KEPT_DAYS = 365
"""Days after the last verdict for which the group reads them."""

PURPOSE = "constats sur place"
NOTHING_TO_JUDGE = "Cette étude n’attend pas de constat."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen. amount: None where it was not said."""

    key: str
    verdict: str
    place: str
    amount: float | None
    at: datetime


class _Overtaken(Exception):
    """Somebody else gave a verdict in between."""


def questions_of(study: Study) -> Verdicts:
    """What the study asks of the ground. Raises NotFound where it asks nothing."""
    if study.verdicts is None:
        raise NotFound(NOTHING_TO_JUDGE)
    return study.verdicts


def rows(city: City, study: Study, one: StudyRun) -> Sequence[Mapping[str, Any]]:
    """The rows of a run that are to be looked at. Raises Gone when the run may not be read any more."""
    return studies.result(city, one).tables[questions_of(study).table].to_pylist()


def given(city: City, study: Study) -> Mapping[str, Verdict]:
    """The last verdict on each row that has one, by its key."""
    _, table = _known(city, study)
    verdicts = sorted(
        (
            Verdict(r["cle"], r["verdict"], r["lieu"] or "", r["quantite"], r["moment"])
            for r in table.to_pylist()
        ),
        key=lambda v: v.at,
    )
    return {v.key: v for v in verdicts}


def give(city: City, study: Study, verdict: Verdict, *, actor: str) -> None:
    """Keep a verdict, after those that are there. Two given at once are both kept."""
    wanted = questions_of(study)
    resource = service_runs.described(
        city, wanted.dataset, VERDICTS_NAME, study.method, f"study:{study.name}", study.reads
    )
    row = {"cle": verdict.key, "verdict": verdict.verdict, "lieu": verdict.place, "quantite": verdict.amount, "moment": verdict.at}  # fmt: skip
    until = (city.now() + timedelta(days=KEPT_DAYS)).date()
    while True:
        before, table = _known(city, study)

        def still(conn: Connection, before: str = before) -> None:
            latest = versions.latest(conn, resource.id)
            if (latest.digest if latest is not None else "") != before:
                raise _Overtaken

        file = live_hours.put(city, pa.concat_tables([table, arrow_table(VERDICTS, [row])]))
        try:
            live_hours.publish(
                city,
                resource,
                VERDICTS,
                (file,),
                (before,) if before else (),
                what="verdict",
                more=still,
                actor=actor,
                audience=Audience(study.group, PURPOSE, until),
            )
        except _Overtaken:
            continue
        return


def _known(city: City, study: Study) -> tuple[str, pa.Table]:
    """The newest version of the verdicts and its rows; "" and none before the first."""
    resource = questions_of(study).resource
    with city.db.read() as conn:
        latest = versions.latest(conn, resource)
        if latest is None:
            return "", arrow_table(VERDICTS, [])
        try:
            released = service_inputs.reopened(conn, latest.digest, study.group, city.now())
        except (Gone, NotFound):  # the group may not read them any more: they begin anew
            return latest.digest, arrow_table(VERDICTS, [])
    return latest.digest, studies.table(city, released).select([c.name for c in VERDICTS.columns])
