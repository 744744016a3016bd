"""What detectors found, weighed beside what was learnt of headers and values (`evidence`): columns that nothing
has told are held where the whole table says that they are somebody's, and weak signs are let go where it says
that rows are nobody.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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
PARTS = 0.25
"""The same of what parts people into groups, for that is what others know of somebody without this file: a town, a school, a
service, a class of age (decision 0079); an amount or a day of their file is known to nobody else.
"""
WHOLE, CLEARLY, BESIDE = 0.5, 1.0, 0.25
"""Mean log-odds that rows are people, and log-odds of the column that tells most of them and of the next one, from which rows
are people where no detector says so. Tables left out in turn: some three of 399 of nobody reach all, six in ten of people.
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


NUMBERS = frozenset({"person-number"})
NAMES_AND_NUMBERS = NUMBERS | {"person-name"}
"""Kinds that a row which is nobody has too, where all says so: cultivars bear names of people, cats and lamps have numbers."""
SURER = 1.0
"""How much surer it must be that rows are things where one is born: few things are."""
SURELY_NAMES = 0.5
"""Share of names beyond doubt from which a column names people, whatever the others say."""
MISTAKEN = -2.0
"""Log-odds that rows are people, by the other columns, under which it is so where the column itself is under `THINGS`."""


def mistaken(
    rows: Sequence[float], said: Sequence[float], told: Sequence[Told], marks: Collection[str]
) -> list[bool]:
    """Whether what names or numbers somebody in each column is of a thing: so say the other columns, and the column itself;
    of names, a column that names a thing as well.
    """
    kinds = NAMES_AND_NUMBERS if SUBJECT in marks else NUMBERS
    return [
        bool(t.held)
        and not t.sure
        and all(kind in kinds for kind, _ in t.held)
        and row < MISTAKEN
        and own < THINGS
        for row, own, t in zip(rows, said, told, strict=True)
    ]


def let_go(
    rows: Sequence[float], said: Sequence[float], told: Sequence[Told], marks: Collection[str]
) -> list[bool]:
    """Whether signs of each column are let go: rows are things, by all that was learnt, and nobody is named or numbered, or
    things alone are.
    """
    wrong = mistaken(rows, said, told, marks)
    strong = [any(kind not in WEAK for kind, _ in t.held) for t in told]
    if any(s and not w for s, w in zip(strong, wrong, strict=True)) or ("named" in marks and not any(wrong)):
        return [False] * len(told)
    least = NAMED_THINGS if SUBJECT in marks else THINGS
    return [
        w
        or (row < least - (SURER if any(kind == "birth-date" for kind, _ in t.held) else 0) and own < NOTHING)
        for row, own, w, t in zip(rows, said, wrong, told, strict=True)
    ]


def parts_people(aspects: Collection[str]) -> bool:
    """Whether a column puts the rows of people into groups, by what `evidence` sees of it: yes or no, kinds and numbers that
    come again.
    """
    if "n:0" in aspects:  # the same for all
        return False
    again = "d:4" not in aspects and not {"d:0", "d:1", "d:2"}.isdisjoint(aspects)
    return "t:boolean" in aspects or (again and not {"t:text", "t:integer", "t:year"}.isdisjoint(aspects))


def numbers_files(aspects: Collection[str]) -> bool:
    """Whether a column gives each row a number or a code of its own, that its header does not call somebody's: whose number
    it is, `bearers` tells.
    """
    if "d:4" not in aspects or BORNE in aspects:
        return False
    codes = {"t:text", "dg:3"}.issubset(aspects) and not {"sp:0", "sp:1", "sp:2"}.isdisjoint(aspects)
    return codes or ("t:integer" in aspects and not {"run:True", *_LONG}.isdisjoint(aspects))


_LONG = ("lo:8", "lo:9")
"""Of whole numbers of five figures and more."""


BORNE = "a number that somebody bears"
ELSEWHERE = "where something happened"


def elsewhere(look: Look, told: Sequence[Told]) -> list[bool]:
    """Whether each column may be where something happened, rather than where somebody lives: it says so, or is a place beside
    a day that is nobody's birth.
    """
    columns = look.schema.columns
    dated = any(c.type in ("date", "datetime") and not t.held for c, t in zip(columns, told, strict=True))
    return [
        _HAPPENED.search(header) is not None or (dated and _PLACE.search(header) is not None)
        for header in (spoken(c.name) for c in columns)
    ]


_HAPPENED = re.compile(
    r"\binterven|\baccident|\bincident|\bfaits?\b|\bcontrole|\bdepart\b|\barrivee\b|\bchantier|\btravaux\b"
)
_PLACE = re.compile(
    r"^(?:nom |code )?(?:communes?|villes?|village|localite|cp|code postal|rue|voie|lieu|adresse|quartiers?|hameau|lieu dit"
    r"|secteurs?|zones?|arrets?|stop|station)$"
)


def added(
    rows: Sequence[float],
    said: Sequence[float],
    last: Sequence[float],
    told: Sequence[Told],
    marks: Collection[str],
    aspects: Sequence[Collection[str]],
) -> list[bool]:
    """Whether each column is held that no detector has told: rows are people, and it is theirs. aspects: features of each."""
    if not marks_hold(marks):
        return [False] * len(told)
    persons = "persons" in marks
    least = PEOPLE if persons else SURELY
    holds = HOLDS_BESIDE_NAMES if persons and "named" in marks else HOLDS
    if persons and "named" not in marks and sum(bool(t.held) for t in told) > 1:
        holds = HOLDS_WITHOUT_NAMES
    tells = persons and not {"bodies", "apart"}.issubset(marks)
    bars = [(PARTS if parts_people(look) else HOLDS_BESIDE_NAMES) if tells else TELLS for look in aspects]
    return [
        not (t.held or t.ground)
        and row >= least
        and not numbers_files(look)
        and ELSEWHERE not in look
        and (end >= holds or (persons and own >= bar))
        for row, own, end, t, look, bar in zip(rows, said, last, told, aspects, bars, strict=True)
    ]


FEWEST = 3
"""Columns, and rows, from which a table says by all of them what its rows are."""
SAID_ELSE = frozenset({"unit incident", "unit body"})
"""Rows of which detectors know that each is an event or a body: an agenda has days, places and titles as people have."""


def people_by_all(
    rows: Sequence[float],
    said: Sequence[float],
    told: Sequence[Told],
    marks: Collection[str],
    aspects: Sequence[Collection[str]],
    *,
    known: bool,
) -> bool:
    """Whether all columns together say that rows are people, where no detector does: a few rows hold too few numbers or names
    for one. What numbers files and what may go out says nothing of that, nor do columns of rows that are known to be
    something else, nor headers that nobody has taught: those of an agenda (« dtstart ») are like a person's to whoever does
    not know them. known: whether the headers are (`understood`).
    """
    if not (rows and known) or "persons" in marks or not SAID_ELSE.isdisjoint(marks) or not marks_hold(marks):
        return False
    free = [
        own for own, t, look in zip(said, told, aspects, strict=True) if not (t.ground or numbers_files(look))
    ]
    if sum(rows) < WHOLE * len(rows) or len(free) < FEWEST:
        return False
    *_, second, first = sorted(free)
    return first >= CLEARLY and second >= BESIDE


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
    aspects: Sequence[Collection[str]],
) -> list[bool]:
    """Whether each column is held in the end."""
    go, more = let_go(rows, said, told, marks), added(rows, said, last, told, marks, aspects)
    return [m or (bool(t.held) and not g) for t, g, m in zip(told, go, more, strict=True)]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found and holds, what was found and may go out, and what the whole table says beside. people: whether
    it alone says that rows are people.
    """

    found: tuple[Detection, ...]
    people: bool


def weigh(
    look: Look, shares: Mapping[str, Shares], about: About, found: Sequence[Detection], rows: int
) -> Weighed:
    """What detectors found, beside what was learnt of headers and values. rows: of the table."""
    learnt = weights()
    every = [features(s) for s in seen_of(look, shares, rows)]
    others, said = judge(every, learnt)
    names = [c.name for c in look.schema.columns]
    told = [
        replace(told_of(name, found), sure=name in shares and shares[name].strong >= SURELY_NAMES)
        for name in names
    ]
    marks = marks_of(about, names)
    last = [odds(learnt.last, weighed(i, others, said, told, marks)) for i in range(len(names))]
    nobody = {n for n, go in zip(names, let_go(others, said, told, marks), strict=True) if go}
    left = tuple(
        one.allowed(NOBODY)
        if one.column in nobody
        and one.kind in WEAK | NAMES_AND_NUMBERS
        and one.personal is not Sensitivity.NONE
        else one
        for one in found
    )
    if len(names) > WIDE:
        return Weighed(left, people=False)
    happened = elsewhere(look, told)
    aspects = [
        [
            *own,
            *_many(look.samples.get(name, ()), rows),
            *([ELSEWHERE] if there else []),
            *([BORNE] if says_number_of(name) else []),
        ]
        for name, own, there in zip(names, every, happened, strict=True)
    ]
    known = understood(names)
    many = rows >= FEWEST and not about.grounds
    if people := many and people_by_all(others, said, told, marks, aspects, known=known):
        marks.append("persons")
    if not (about.persons or known or people):
        return Weighed(left, people=False)
    more = [
        one
        for at, held in enumerate(added(others, said, last, told, marks, aspects))
        if held and not _unsaid(names[at]) and not _links(look.samples.get(names[at], ()))
        for one in _held(
            look, names[at], 1 / (1 + math.exp(-max(last[at], said[at]))), _because(at, every, names)
        )
    ]
    return Weighed((*left, *more), people)


def _many(values: Sequence[str], rows: int) -> Iterator[str]:
    """What `evidence` says of texts of which it saw `WORDS` alone: that each row has its own."""
    if len(values) > WORDS and len(values) >= EACH * min(rows, SAMPLE):
        yield "d:4"


EACH = 0.95


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
