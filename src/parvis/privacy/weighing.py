"""What detectors found, weighed beside what was learnt of headers and values (`evidence`): columns that nothing
has told are held where the whole table says that they are somebody's, and weak signs are let go where it says
that rows are nobody.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlglot import exp

from parvis.core.types import Sensitivity
from parvis.privacy.cells import cell_of, rows_of
from parvis.privacy.detection import Detection
from parvis.privacy.evidence import Seen, Told, features, judge, of_header, weighed, weights
from parvis.privacy.headers import says_count, says_nothing, says_subject, spoken
from parvis.privacy.identifiers import says_number_of
from parvis.privacy.looking import SAMPLE, WORDS, Look, message_of
from parvis.privacy.people import Shares
from parvis.privacy.rows import About

HOLDS, HOLDS_BESIDE_NAMES, HOLDS_WITHOUT_NAMES = 1.0, 0.5, -0.25
"""Log-odds from which a column that no detector holds is held; where a detector says that rows are people, and names
them; where it says so of rows in which two columns are somebody's and nobody is named: what stands there together is all that
can point at them.
"""
PEOPLE, SURELY, TELLS = 0.0, 4.0, 1.0
"""Log-odds that rows are people, and that they are so where no detector has said it; and that a column tells of them by its
header and values alone, where a detector says that rows are people: what is held of the other columns says little of
that one.
"""
THINGS, NAMED_THINGS, NOTHING = -2.5, -1.5, -1.5
"""Log-odds that rows are people, where no header and where one names a thing that a row is (a species, a vehicle),
and that a column tells of somebody, under which weak signs are let go where nothing strong stands beside them.
"""
WEAK = frozenset(
    {
        "person-trait",
        "birth-date",
        "home-point",
        "health",
        "social-condition",
        "appraisal",
        "offences",
        "origin",
        "religion",
        "trade-union",
        "sex-life",
        "politics",
        "postal-address",
    }
)
"""Kinds that a row which is nobody has too: the age of a tree, the health of a cat, where a bench stands."""
WIDE = 200
"""Columns of a table beyond which only detectors hold: each column is a question to the engine."""
CELLS = 200_000
"""Cells of columns of numbers and dates that are looked at, 2,000 rows at most."""

NOBODY = "chaque ligne décrit autre chose qu’une personne, et rien d’autre n’y désigne quelqu’un"
_FIX = "Dans la ligne d’une personne, ce qui la décrit aide à la reconnaître : gardez une tranche, ou des totaux."


def seen_of(look: Look, shares: Mapping[str, Shares], rows: int) -> list[Seen]:
    """The columns of a table as `evidence` looks at them."""
    others = [c.name for c in look.schema.columns if c.type != "text" and c.name not in look.samples]
    cells: dict[str, list[str]] = {}
    if others:
        most = max(50, min(2000, CELLS // len(others)))
        asked = exp.select(*(exp.cast(cell_of(n), "VARCHAR") for n in others)).from_(rows_of(look.paths))
        table = look.con.execute(asked.limit(most).sql("duckdb")).to_arrow_table()
        for position, name in enumerate(others):
            cells[name] = [str(v) for v in table.column(position).to_pylist() if v is not None]
    return [
        Seen(
            c.name,
            c.type,
            c.meaning,
            list(dict.fromkeys(cells[c.name])) if c.name in cells else look.samples.get(c.name, ())[:WORDS],
            len(cells[c.name]) if c.name in cells else min(rows, SAMPLE),
            shares.get(c.name),
        )
        for c in look.schema.columns
    ]


SUBJECT = "a thing is named"
RULES = "rows are rules"


def marks_of(about: About, names: Collection[str]) -> list[str]:
    """What detectors take a row for. names: of the columns."""
    said = {
        "persons": about.persons,
        "named": about.named,
        "bodies": about.bodies,
        "apart": about.apart,
        "counts": about.counts,
        "candidacies": about.candidacies,
        "allowed": about.past or bool(about.ground),
        RULES: about.rules,
        SUBJECT: any(map(says_subject, names)),
    }
    return [*(name for name, so in said.items() if so), f"unit {about.unit}"]


def told_of(name: str, found: Sequence[Detection]) -> Told:
    """What detectors say of one column."""
    mine = [s for s in found if s.column == name]
    held = tuple((s.kind, s.confidence) for s in mine if s.personal is not Sensitivity.NONE)
    return Told(held, "" if held else next((s.ground for s in mine if s.ground), ""))


def odds(learnt: Mapping[str, float], found: Mapping[str, float]) -> float:
    """Log-odds that a column is somebody's. found: of `evidence.weighed`."""
    return learnt["start"] + sum(learnt.get(f, 0.0) * v for f, v in found.items())


def let_go(
    rows: Sequence[float], said: Sequence[float], told: Sequence[Told], marks: Collection[str]
) -> list[bool]:
    """Whether weak signs of each column are let go: rows are things, by all that was learnt, and nobody is named
    or numbered.
    """
    if "named" in marks or any(kind not in WEAK for t in told for kind, _ in t.held):
        return [False] * len(told)
    least = NAMED_THINGS if SUBJECT in marks else THINGS
    return [row < least and own < NOTHING for row, own in zip(rows, said, strict=True)]


def added(
    rows: Sequence[float],
    said: Sequence[float],
    last: Sequence[float],
    told: Sequence[Told],
    marks: Collection[str],
) -> list[bool]:
    """Whether each column is held that no detector has told: rows are people, and it is theirs."""
    if not marks_hold(marks):
        return [False] * len(told)
    persons = "persons" in marks
    least = PEOPLE if persons else SURELY
    holds = HOLDS_BESIDE_NAMES if persons and "named" in marks else HOLDS
    if persons and "named" not in marks and sum(bool(t.held) for t in told) > 1:
        holds = HOLDS_WITHOUT_NAMES
    return [
        not (t.held or t.ground) and row >= least and (end >= holds or (persons and own >= TELLS))
        for row, own, end, t in zip(rows, said, last, told, strict=True)
    ]


def understood(names: Collection[str]) -> bool:
    """Whether what was learnt knows enough of some headers to say by itself what a row is: as a whole, by their last words
    or by two side by side. Letters of words of machines (« CI_Contact.address.CharacterString ») are like any word's.
    """
    learnt = weights().rows
    known = [any(f[:2] in _OF_WORDS and f in learnt for f in of_header(n)) for n in names]
    return sum(known) >= UNDERSTOOD * len(known)


UNDERSTOOD = 0.25
"""Share of the headers of a table."""
_OF_WORDS = frozenset({"h:", "l:", "b:"})


def marks_hold(marks: Collection[str]) -> bool:
    """Whether rows may be people of whom something more is to be held."""
    return not {"counts", "candidacies", "allowed", RULES} & set(marks)


def holds(
    rows: Sequence[float],
    said: Sequence[float],
    last: Sequence[float],
    told: Sequence[Told],
    marks: Collection[str],
) -> list[bool]:
    """Whether each column is held in the end."""
    go, more = let_go(rows, said, told, marks), added(rows, said, last, told, marks)
    return [m or (bool(t.held) and not g) for t, g, m in zip(told, go, more, strict=True)]


def weigh(
    look: Look, shares: Mapping[str, Shares], about: About, found: Sequence[Detection], rows: int
) -> Iterator[Detection]:
    """What was found and holds, what was found and may go out, and what the whole table says beside."""
    learnt = weights()
    every = [features(s) for s in seen_of(look, shares, rows)]
    others, said = judge(every, learnt)
    names = [c.name for c in look.schema.columns]
    told = [told_of(name, found) for name in names]
    marks = marks_of(about, names)
    last = [odds(learnt.last, weighed(i, others, said, told, marks)) for i in range(len(names))]
    nobody = {n for n, go in zip(names, let_go(others, said, told, marks), strict=True) if go}
    for one in found:
        weak = one.kind in WEAK and one.personal is not Sensitivity.NONE
        yield one.allowed(NOBODY) if weak and one.column in nobody else one
    if len(names) > WIDE or not (about.persons or understood(names)):
        return
    for at, more in enumerate(added(others, said, last, told, marks)):
        if more and not _unsaid(names[at]) and not _links(look.samples.get(names[at], ())):
            yield from _held(look, names[at], 1 / (1 + math.exp(-last[at])), _because(at, every, names))


def _unsaid(name: str) -> bool:
    """Whether a header says nothing, how many there are, or that something is numbered: whose numbers are is
    told by `bearers`.
    """
    return (
        says_nothing(name)
        or says_count(name)
        or (_NUMBERED.match(spoken(name)) is not None and not says_number_of(name))
    )


def _links(values: Sequence[str]) -> bool:
    """Whether all distinct values lead to pages, files or parts of a document: who is behind them is said there."""
    return bool(values) and all(map(_LINK.match, values))


_LINK = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:/|#/|\$defs/|www\.)")
_NUMBERED = re.compile(r"(?:n|no|num|numero|id|ident|identifiant|code|ref|reference|rang|ordre|cle)\b")


def _because(at: int, every: Sequence[Sequence[str]], names: Sequence[str]) -> list[str]:
    """The columns that say most clearly that rows are people."""
    learnt = weights()
    each = [(sum(learnt.rows.get(f, 0.0) for f in own), n) for own, n in zip(every, names, strict=True)]
    return [n for s, n in sorted((e for i, e in enumerate(each) if i != at), reverse=True)[:2] if s > 0]


def _held(look: Look, name: str, sure: float, because: Sequence[str]) -> Iterator[Detection]:
    count, first = look.filled(name)
    if not count:
        return
    names = ", ".join(f"« {n} »" for n in because)
    told = f" Chaque ligne décrit une personne : {names}." if names else ""
    yield Detection(
        "person-trait",
        name,
        Sensitivity.INDIRECT,
        Sensitivity.INDIRECT,
        "error",
        count,
        count,
        sure,
        message_of("traits d’une personne", name, count, count, told),
        _FIX,
        first,
    )
