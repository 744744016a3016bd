"""What the row of one person tells of them in numbers and codes of a letter: an age, a sex, how many live in
the household, an index of pay, a quotient that no header names.

Such a column is personal because of the row, not of its header: a share or a total of the same is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from sqlglot import exp

from parvis.core.text import fold
from parvis.core.types import Column, Sensitivity
from parvis.privacy.cells import call, cell_of, rows_of
from parvis.privacy.detection import Detection
from parvis.privacy.headers import says_nothing, spoken
from parvis.privacy.identifiers import numbered
from parvis.privacy.looking import Look, integers, message_of
from parvis.privacy.people import Named
from parvis.privacy.row_cells import says_household, within
from parvis.privacy.rows import About

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
    frozenset({"m", "mme"}),
)
_UNSAID_SEX = frozenset(
    {"x", "nb", "a", "autre", "n", "nc", "nr", "nsp", "-", "?", "u", "i", "non binaire", "inconnu"}
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
    columns = [
        column
        for column in look.schema.columns
        if not (column.name in names or column.name in known or column.name in about.grounds)
        and (
            _age(look, column)
            or _sex(look, column)
            or (says_household(column.name) and within(look, column, 0, HOUSEHOLD))
            or _members(look, column, rows)
            or (_PAY.search(spoken(column.name)) and within(look, column, LOWEST, HIGHEST))
            or (about.named and (_means(look, column, rows) or _ages_unsaid(look, column, rows)))
            or _nationality(look, column)
            or _year_of_birth(look, column)
            or _age_bands(look, column)
            or _home_town(column)
            or column.name in taught
        )
    ]
    if not columns or _in_classes(look):
        return
    yield from (trait(look, column, TOLD, _FIX) for column in columns)


def trait(look: Look, column: Column, sure: float, fix: str) -> Detection:
    """That a column tells something of whoever the row is of. sure: from 0 to 1; fix: what to do with it."""
    count, first = look.filled(column.name)
    return Detection(
        "person-trait",
        column.name,
        Sensitivity.INDIRECT,
        Sensitivity.INDIRECT,
        "error",
        count,
        count,
        sure,
        message_of("traits d’une personne", column.name, count, count),
        fix,
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
    row = look.con.execute(least.sql("duckdb")).fetchone()
    return row is not None and row[0] is not None and int(row[0]) >= CLASS


def _age(look: Look, column: Column) -> bool:
    if _AGE.search(spoken(column.name)) is None:
        return False
    if column.type in ("integer", "number"):
        return within(look, column, 0, 120)
    values = look.samples.get(column.name, ())
    return len(values) > 2 and sum(
        _YEARS.fullmatch(fold(v).strip()) is not None for v in values
    ) >= 0.8 * len(values)


def _ages_unsaid(look: Look, column: Column, rows: int) -> bool:
    """Whether numbers of named people, under a header that says nothing, spread as ages of grown people do: most of two
    figures, few below twenty, one past retirement.
    """
    if column.type != "integer" or column.meaning or not says_nothing(column.name):
        return False
    years = sorted(map(int, integers(look, column.name)))
    return (
        FEWEST_AGES <= len(years) <= rows
        and years[0] >= YOUNGEST
        and RETIRED <= years[-1] <= OLDEST_AGE
        and not numbered([str(y) for y in years])
    )


FEWEST_AGES, YOUNGEST, RETIRED, OLDEST_AGE = 6, 15, 65, 110
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
    sexes = values - _UNSAID_SEX
    return (
        len(sexes) == 2
        and frozenset(sexes) in _SEXES
        and (header or not sexes.isdisjoint(("femme", "f", "mme")))
    )


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


_BANDED = re.compile(
    r"^(?:tr|tranches?|classes?|groupes?)(?: d)?(?: ?ages?)?$|\bages?\b(?!.*\b(?:min|max|moyen))"
)
_BAND = re.compile(r"(?:de )?(\d{1,3}) ?(?:-|/|a|et|_) ?(\d{1,3})(?: ?ans)?")
_OPEN = re.compile(
    r"(?:\+|>=?|≥|plus de|(?:moins de|avant|<=?|≤)) ?\d{1,3}(?: ?ans)?|\d{1,3} ?(?:ans )?(?:\+|et (?:plus|moins)|ou plus)"
)
GROWN_UP = 30
"""Beginning of the last band from which bands are of ages of people."""


def _age_bands(look: Look, column: Column) -> bool:
    """Whether values sort people by age: bands of which each begins where another ends, under a header that says no other
    measure.
    """
    if column.type != "text" or _BANDED.search(spoken(column.name)) is None:
        return False
    values = [fold(v).strip() for v in look.samples.get(column.name, ())]
    bands = sorted((int(m[1]), int(m[2])) for v in values if (m := _BAND.fullmatch(v)) is not None)
    known = len(bands) + sum(_OPEN.fullmatch(v) is not None for v in values)
    return (
        2 <= len(bands) <= 20
        and known >= 0.8 * len(values)
        and all(low < high <= 120 for low, high in bands)
        and all(one[1] <= other[0] for one, other in pairwise(bands))
        and bands[-1][0] >= GROWN_UP
    )


_LIVED = re.compile(r"\bdom(?:icile|iciliation)?\b|\bresid(?:ence)?\b|\bhabitation\b|\bhome\b")


def _home_town(column: Column) -> bool:
    """Whether a column is the town that somebody lives in."""
    return (
        column.meaning in ("commune", "commune_insee", "code_postal")
        and _LIVED.search(spoken(column.name)) is not None
    )


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
    row = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    if row is None or row[0] is None:
        return False
    early, late = map(float, row)
    return OLDEST <= early <= GROWN and GENERATION <= late - early <= 100


_CLASS = re.compile(
    r"[tpmg]s|cp|ce[12]|cm[12]|ulis|[3-6] ?(?:e|eme)? ?[a-h]?\d?|2n?de? ?[a-h]?\d*|1(?:re|ere)? ?(?:[a-h]|stmg|sti2d|st2s|g)? ?\d*"
    r"|t(?:le|erm(?:inale)?)? ?(?:[a-h]|stmg|sti2d|st2s|g)? ?\d*"
)
_SURE_CLASS = re.compile(r"cp|ce[12]|cm[12]|2nde? ?[a-h]?\d*|[3-6] ?(?:e|eme) ?[a-h]?\d?|tle.*|tstmg|ulis")
_SCHOOL = re.compile(
    r"(?:clg|college|lycee|lyc|lp|cfa|ec|ep|ecole|groupe scolaire|gs|mat|maternelle|elem|elementaire|prim|primaire)\b.*"
)
_SCHOOLED = re.compile(
    r"^etab\w*(?: (?:scol\w*|frequente))?$|^(?:ecole|college|lycee|school)(?: (?:de )?(?:rattachement|frequentee?|secteur|actuelle|d origine|demandee?))?$"
)
"""Headers of a school that say of whoever the row is where they learn."""


def _schooling(look: Look) -> frozenset[str]:
    """The columns of the class of a pupil, and of the school beside it. In the row of somebody both help to find who it is."""
    values_of = {
        n: [fold(v).strip(" .") for v in values]
        for n, values in look.samples.items()
        if 2 <= len(values) <= 40
    }
    classes = {
        n
        for n, values in values_of.items()
        if sum(_CLASS.fullmatch(v) is not None for v in values) >= 0.8 * len(values)
        and sum(_SURE_CLASS.fullmatch(v) is not None for v in values) >= 2
    }
    schools = {
        n
        for n, values in values_of.items()
        if sum(_SCHOOL.fullmatch(v) is not None for v in values) >= 0.8 * len(values)
    }
    if classes:
        return frozenset(classes | schools)
    return frozenset(n for n in schools if len(values_of[n]) >= SEVERAL and _SCHOOLED.search(spoken(n)))


SEVERAL = 3
"""Schools from which the one of somebody tells them apart: of two, each is that of half of them."""


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
    row = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    if row is None or row[0] is None:
        return False
    low, middle, high = map(float, row)
    values: Sequence[str] = integers(look, column.name)
    return (
        middle >= 300
        and high <= MEANS
        and high >= 2.5 * max(1.0, low)
        and len(values) >= 0.7 * rows
        and high - low > 3 * len(values)
    )
