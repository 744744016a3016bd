"""What the row of one person tells of them in numbers and codes of a letter: an age, a sex, how many live in
the household, an index of pay, a quotient that no header names.

Such a column is personal because of the row, not of its header: a share or a total of the same is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlglot import exp

from parvis.core.text import fold
from parvis.core.types import Column, Sensitivity
from parvis.privacy.cells import call, cell_of, rows_of
from parvis.privacy.detection import Detection
from parvis.privacy.headers import says_nothing, spoken
from parvis.privacy.looking import Look, integers, message_of
from parvis.privacy.people import Named
from parvis.privacy.rows import About, says_household, within

_AGE = re.compile(r"^ages?$|\bage (?:de |du |de l |d )?(?!min|max|debut|fin|limite|requis|moyen)\w+|^ans$")
_YEARS = re.compile(r"(?:1[01]|[0-9])?[0-9](?: ?(?:ans?|mois|a))?(?: ?(?:1/2|et demi))?|nc|n\.?c\.?|\?")
_SEXES = (
    frozenset("mf"),
    frozenset("hf"),
    frozenset("gf"),
    frozenset({"homme", "femme"}),
    frozenset({"hommes", "femmes"}),
    frozenset({"garcon", "fille"}),
    frozenset({"masculin", "feminin"}),
    frozenset({"masc", "fem"}),
    frozenset({"mr", "mme"}),
)
_UNSAID_SEX = frozenset(
    {"x", "nb", "a", "autre", "n", "nc", "nr", "-", "?", "u", "i", "non binaire", "inconnu"}
)
_SEX = re.compile(r"^sexe?s?\b|\bsexe\b|^sx$|^genre$|^gender$|^sex$")
_PAY = re.compile(r"^(?:ind|indice)\b(?! (?:de|du|des|prix|insee|qualite))|^i[bm]$|\bindices? (?:maj|brut)")
LOWEST, HIGHEST = 200, 1600
"""Indices of pay of the civil service."""
_FIX = "Dans la ligne d’une personne, ce qui la décrit aide à la reconnaître : gardez une tranche, ou des totaux."


def traits(
    look: Look, names: Mapping[str, Named], about: About, known: Collection[str], rows: int
) -> Iterator[Detection]:
    """Traits of whoever a row is of. known: columns of which something was told already; rows: sampled."""
    if about.past or about.counts or about.ground or about.candidacies or (about.bodies and about.apart):
        return
    taught = _schooling(look) if about.persons else frozenset[str]()
    told = [
        column
        for column in look.schema.columns
        if not (column.name in names or column.name in known or column.name in about.grounds)
        and (
            _age(look, column)
            or _sex(look, column)
            or (says_household(column.name) and within(look, column, 0, HOUSEHOLD))
            or _members(look, column, rows)
            or (_PAY.search(spoken(column.name)) and within(look, column, LOWEST, HIGHEST))
            or (about.named and _means(look, column, rows))
            or _nationality(look, column)
            or _year_of_birth(look, column)
            or column.name in taught
        )
    ]
    if not told or _in_classes(look):
        return
    for column in told:
        count, first = look.filled(column.name)
        yield Detection(
            "person-trait",
            column.name,
            Sensitivity.INDIRECT,
            Sensitivity.INDIRECT,
            "error",
            count,
            count,
            TOLD,
            message_of("traits d’une personne", column.name, count, count),
            _FIX,
            first,
        )


TOLD = 0.8
"""How sure a trait is that header and values tell together."""
HOUSEHOLD = 15
"""More than live in a household."""


CLASS = 11
"""People of one class from whom none stands out, as the statistical secret of public statistics counts."""


def _in_classes(look: Look) -> bool:
    """Whether every row is there at least `CLASS` times, word for word: a table that was protected, whose rows
    are classes and not somebody's.
    """
    classes = (
        exp.select(exp.alias_(call("count"), "n"))
        .from_(rows_of(look.paths))
        .group_by(*(cell_of(c.name) for c in look.schema.columns))
    )
    least = exp.select(call("min", exp.column("n"))).from_(classes.subquery())
    found = look.con.execute(least.sql("duckdb")).fetchone()
    return found is not None and found[0] is not None and int(found[0]) >= CLASS


def _age(look: Look, column: Column) -> bool:
    if _AGE.search(spoken(column.name)) is None:
        return False
    if column.type in ("integer", "number"):
        return within(look, column, 0, 120)
    values = look.samples.get(column.name, ())
    return len(values) > 2 and sum(
        _YEARS.fullmatch(fold(v).strip()) is not None for v in values
    ) >= 0.8 * len(values)


_COMPOSED = re.compile(r"^compos?(?:ition)?(?: (?:fam\w*|foyer|menage|du foyer|du menage|familiale))?$")


def _members(look: Look, column: Column, rows: int) -> bool:
    """Whether a column tells of whom households are made, in whatever shorthand: « 2A+1E »."""
    values = look.samples.get(column.name, ())
    return _COMPOSED.search(spoken(column.name)) is not None and 1 < len(values) <= 0.7 * rows


def _sex(look: Look, column: Column) -> bool:
    """Whether both sexes stand there and nothing else, or numbers for them under a header that says so."""
    header = _SEX.search(spoken(column.name)) is not None
    if column.type == "integer":
        return header and within(look, column, 0, 3)
    values = {fold(v).strip(" .") for v in look.samples.get(column.name, ())}
    told = values - _UNSAID_SEX
    return len(told) == 2 and frozenset(told) in _SEXES and (header or "femme" in told or "f" in told)


_NATIONALITY = re.compile(r"^nat(?:io)?s?$|\bnationalites?\b|\bnationality\b")
_NATIONS = frozenset(
    ("fr", "francais", "francaise", "france", "ue", "hue", "hors ue", "h ue", "cee", "eee", "etr", "etranger", "etrangere", "autre")
)  # fmt: skip


def _nationality(look: Look, column: Column) -> bool:
    """Whether a column tells who is French, of the Union, or of neither."""
    if _NATIONALITY.search(spoken(column.name)) is None:
        return False
    values = {fold(v).strip(" .").replace("-", " ") for v in look.samples.get(column.name, ())}
    return len(values & _NATIONS) > 1 and len(values & _NATIONS) >= 0.5 * len(values)


_YEAR = re.compile(r"^an(?:nee)?s?$|^ann$|^year$")
OLDEST, GROWN, GENERATION = 1905, 1995, 25
"""Years of birth of the oldest, at which most of a table of grown people are born, and which these span."""


def _year_of_birth(look: Look, column: Column) -> bool:
    """Whether years under a header that says no more are those of people's births: a generation apart, the early ones of
    people who are old now.
    """
    if column.type not in ("integer", "year") or _YEAR.search(spoken(column.name)) is None:
        return False
    ends = (call("quantile_cont", cell_of(column.name), exp.Literal.number(q)) for q in ("0.05", "0.95"))
    found = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    if found is None or found[0] is None:
        return False
    early, late = map(float, found)
    return OLDEST <= early <= GROWN and GENERATION <= late - early <= 100


_CLASS = re.compile(
    r"[tpmg]s|cp|ce[12]|cm[12]|ulis|[3-6] ?(?:e|eme)? ?[a-h]?\d?|2n?de? ?[a-h]?\d*|1(?:re|ere)? ?(?:[a-h]|stmg|sti2d|st2s|g)? ?\d*"
    r"|t(?:le|erm(?:inale)?)? ?(?:[a-h]|stmg|sti2d|st2s|g)? ?\d*"
)
_SURE_CLASS = re.compile(r"cp|ce[12]|cm[12]|2nde? ?[a-h]?\d*|[3-6] ?(?:e|eme) ?[a-h]?\d?|tle.*|tstmg|ulis")
_SCHOOL = re.compile(r"(?:clg|college|lycee|lyc|ec|ecole|groupe scolaire|gs|maternelle|elementaire)\b.*")


def _schooling(look: Look) -> frozenset[str]:
    """The columns of the class of a pupil, and of the school beside it. In the row of somebody both help to find who it is."""
    said = {
        n: [fold(v).strip(" .") for v in values]
        for n, values in look.samples.items()
        if 2 <= len(values) <= 40
    }
    classes = {
        n
        for n, values in said.items()
        if sum(_CLASS.fullmatch(v) is not None for v in values) >= 0.8 * len(values)
        and sum(_SURE_CLASS.fullmatch(v) is not None for v in values) >= 2
    }
    schools = {
        n
        for n, values in said.items()
        if sum(_SCHOOL.fullmatch(v) is not None for v in values) >= 0.8 * len(values)
    }
    return frozenset(classes | schools) if classes else frozenset()


MEANS = 5_000
"""Euros a month that few households have: quotients and incomes stay below."""


def _means(look: Look, column: Column, rows: int) -> bool:
    """Whether numbers under a header that says nothing are an income or a quotient: of three or four digits,
    different from row to row, neither in order nor of one length as numbers that are given out.
    """
    if column.type not in ("integer", "number") or column.meaning or not says_nothing(column.name):
        return False
    ends = (
        call("quantile_cont", cell_of(column.name), exp.Literal.number(q)) for q in ("0.1", "0.5", "0.95")
    )
    found = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    if found is None or found[0] is None:
        return False
    low, middle, high = map(float, found)
    values: Sequence[str] = integers(look, column.name)
    return (
        middle >= 300
        and high <= MEANS
        and high >= 2.5 * max(1.0, low)
        and len(values) >= 0.7 * rows
        and high - low > 3 * len(values)
    )
