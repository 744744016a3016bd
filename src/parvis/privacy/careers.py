"""What the row of one agent tells of their career: grade, step, status, category, share of full time, service.

None of it names anybody, and together few agents share it: « an ATSEM of step 7, at 80 %, of this school ». One such column
alone is of a post, or of a service; several of them in the row of a person are that person's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from parvis.core.text import fold
from parvis.core.types import Column, Sensitivity
from parvis.privacy.detection import Detection
from parvis.privacy.headers import spoken
from parvis.privacy.looking import Look, integers, message_of
from parvis.privacy.people import Named
from parvis.privacy.rows import About

_GRADE = re.compile(r"\bgrad\w*\b|\bgrd\b|\bcadre d emplois?\b|\bemploi\b|\bposte occupe\b|\bfonction\b")
_STEP = re.compile(r"^ech\w{0,6}\b|\bechelons?\b|\bech\b")
_STATUS = re.compile(r"^stat(?:ut)?s?\b|\btyp(?:e)? (?:de )?contrat\b|\bcontrat\b|\bposition\b|^posit\b")
_CATEGORY = re.compile(r"^cat(?:eg\w*)?\b")
_QUOTA = re.compile(r"^quot\w*\b|\bquotite\b|\btemps (?:de )?travail\b|\btx (?:emp\w*|tps|activ\w*)\b|^etp$")
_SERVICE = re.compile(
    r"^services?\b|^serv\b|^directions?\b|^dir\b|^aff(?:ect\w*)?\b|\bunite d affectation\b|^pole$"
)
_CATEGORIES = frozenset("abc")
_STATUSES = re.compile(
    r"tit(?:ulaire|ul)?\.?|sta?ge?(?:iaire)?\.?|c(?:on)?tr(?:actuel(?:le)?)?\.?|cd[di]|vac(?:ataire)?\.?|app(?:renti(?:e)?)?\.?|activite|act|dispo\w*|detach\w*"
    r"|non tit\w*|fonctionnaire|auxiliaire"
)
FEWEST = 2
"""Parts of a career from which a row tells it."""
CLIMBED = frozenset({"step", "status", "quota"})
"""What somebody has and a post has not, nor a service: one of them is among the parts."""
STEPS = 13
"""Steps of a grade, at most."""

_FIX = "Grade, échelon, statut, quotité et service, ensemble, désignent un agent : gardez-en un seul, ou des totaux."


def careers(
    look: Look, names: Mapping[str, Named], about: About, known: Collection[str]
) -> Iterator[Detection]:
    """The columns of a career, in rows that are people. known: columns of which something was told already, which speak
    for a career all the same.
    """
    if about.past or about.counts or about.ground or about.candidacies or about.rules:
        return
    parts = {c.name: kind for c in look.schema.columns if c.name not in names and (kind := _kind(look, c))}
    kinds = set(parts.values())
    if len(kinds) < FEWEST or kinds.isdisjoint(CLIMBED):
        return
    for name in parts:
        count, first = look.filled(name)
        if name in known or not count:
            continue
        yield Detection(
            "person-trait",
            name,
            Sensitivity.INDIRECT,
            Sensitivity.INDIRECT,
            "error",
            count,
            count,
            SURE,
            message_of("traits d’une personne", name, count, count),
            _FIX,
            first,
        )


SURE = 0.7
"""How sure a column of a career is, beside others."""


def _kind(look: Look, column: Column) -> str:
    """Which part of a career a column tells, by its header and its values; "" for none."""
    header = spoken(column.name)
    if column.type in ("integer", "number"):
        numbers: Sequence[str] = integers(look, column.name) if column.type == "integer" else ()
        if _STEP.search(header) and numbers and all(0 < int(n) <= STEPS for n in numbers):
            return "step"
        if _QUOTA.search(header):
            return "quota"
        return ""
    values = [fold(v).strip() for v in look.samples.get(column.name, ())]
    if column.type != "text" or len(values) < 2:
        return ""
    if _CATEGORY.search(header) and _CATEGORIES.issuperset(values):
        return "category"
    if _STATUS.search(header) and sum(_STATUSES.fullmatch(v) is not None for v in values) >= 0.6 * len(
        values
    ):
        return "status"
    if _GRADE.search(header):
        return "grade"
    if _QUOTA.search(header):
        return "quota"
    if _SERVICE.search(header):
        return "service"
    return ""
