"""Elected offices, as clerks write them: « Maire », « 2e adj. », « cons. mun. dél. », « 3e VP », « CM ».

Whom voters gave an office goes out with their name, for their mandate is public; a grade of staff that is called alike («
adjoint technique », « adj. au chef de service ») is no office, and who sits beside elected people holds none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from parvis.core.text import fold
from parvis.privacy.cells import cell_of, rows_of
from parvis.privacy.headers import about_outsiders, says_elected_rows, spoken
from parvis.privacy.looking import Look

_RANK = (
    r"(?:n ?[0-9]{1,2}|[0-9]{1,2} ?(?:ers?|eres?|res?|emes?|es?|nde?|o)?|premiere?|deuxieme|seconde?|troisieme|quatrieme|cinquieme|sixieme|septieme"
    r"|huitieme|neuvieme|dixieme)"
)
"""« 1er », « 2ème », « troisième », « n° 4 », folded."""
_STAFF = (
    r"(?:tech|adm|anim|d anim|patr|pat\b|du patr|terr|d ens|de dir|de secu|secu|princ|pal\b"
    r"|(?:au|a la|du|de la|de l|aux|des) ?(?:chef|direct|dir\b|dg|drh|resp|command|gestion|encadr))"
)
"""How go on the grades and posts of staff that are called « adjoint »."""
_BODY = {
    "municipal": r"mun(?:ic(?:ip)?)?",
    "communautaire": r"com(?:m(?:un(?:aut)?)?)?|intercom(?:m(?:un)?)?",
    "departemental": r"dep(?:art)?|dpt|dept",
    "regional": r"reg",
    "metropolitain": r"met(?:ro(?:p(?:ol)?)?)?",
    "territorial": r"ter(?:r(?:it)?)?",
    "delegue": r"del(?:eg)?",
}
_CUT: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\b(?:cons(?:eill)?|cllr)(?= )"), "conseiller"),
    *((re.compile(rf"(?<=conseiller )(?:{cut})\b"), whole) for whole, cut in _BODY.items()),
    *((re.compile(rf"(?<=conseillere )(?:{cut})\b"), whole) for whole, cut in _BODY.items()),
    (re.compile(rf"(?<=municipal )(?:{_BODY['delegue']})\b"), "delegue"),
    (re.compile(r"\bdel(?:eg)?(?= (?:com|intercom|met))"), "delegue"),
    (re.compile(rf"(?<=delegue )(?:{_BODY['communautaire']})\b"), "communautaire"),
    (re.compile(rf"(?<=delegue )(?:{_BODY['metropolitain']})\b"), "metropolitain"),
    (re.compile(rf"(?<![^ (,]){_RANK} adj\b(?! {_STAFF})"), "1er adjoint"),
    (re.compile(r"\bmaires? adj\b"), "maire adjoint"),
    (
        re.compile(
            rf"\badj(?:te)?(?= (?:au maire|a la|a l|aux?|del(?:eg(?:uee?)?)?|chargee?|en charge)\b)(?! {_STAFF})"
        ),
        "adjoint",
    ),
    (re.compile(r"\b(?:v ?p|vice pres(?:id)?|v pres(?:id)?)\b(?=$|[ ),])"), "vice president"),
)
"""What is cut short of an office, in the order in which it is put right. « adj. » alone may be a warrant officer, or staff."""
_SURE = (
    r"maires?\b(?! de quartier)|adjointe?s?\b|conseill(?:er|ere)s? (?:munic|comm|metrop|depart|region|territ|general|d arr|deleg|d oppos|de paris\b)"
    r"|deleguee?s? (?:communaut|metropol)|deputee?s?\b|senat(?:eur|rice)"
)
_ALONE = (
    r"adj(?:te)?|c[mc]d?|conseill(?:er|ere)s?|cons|(?:(?:vice )?president|rapporteur|questeur).*|pres|pdte?"
)
_OFFICE = re.compile(
    rf"(?:(?:m|mme|le|la|{_RANK}) )*(?:(?P<sure>(?:{_SURE}).*)|(?:{_ALONE}))(?: (?:deleguee?|chargee?|en charge|a la|a l|aux?)\b.*)?"
)
"""What an elected office is called in a cell, put right."""
_GRADE = re.compile(
    rf"\badj(?:ointe?s?|te)? {_STAFF}"
    r"|\bconseill(?:er|ere)s? (?:numerique|principal|en\b|d insertion|technique|deleguee? (?:syndic|du personnel))|\bmembre"
    r"|\bdeleguee? (?:syndic|du personnel|de classe|de parents)"
)
_HOLDING = re.compile(
    rf"^(?:le |la |m le |mme la )?maire\b(?! de quartier)|(?<![^ (,]){_RANK} adjointe?\b(?! {_STAFF})"
    rf"|[,(] ?(?:maire|adjointe?)\b(?! {_STAFF})"
    rf"|\badjointe? (?!{_STAFF})(?:au maire|a la|a l|aux?)\b"
    r"|\bconseill(?:er|ere) (?:municip|deleg|departement|region|communaut|metropol|territ)|\bdeleguee? (?:communaut|metropol)"
    r"|\b(?:depute|senat(?:eur|rice))"
)
_SIGNS = re.compile(r"[^a-z0-9(),]+")

MANDATES = 60
"""Distinct values of a column that are read first."""
HELD = 0.6
"""Share of them from which the column may tell offices."""
NEARLY_ALL = 0.9
"""Share of the rows that tell an office from which those of a table hold one: the others sit beside them."""


def put_right(text: str) -> str:
    """A text folded, with the offices that are cut short in it written out.

    >>> put_right("2e adj."), put_right("Cons. mun. dél."), put_right("3ème VP"), put_right("Adj. tech. pal")
    ('1er adjoint', 'conseiller municipal delegue', '3eme vice president', 'adj tech pal')
    """
    plain = _SIGNS.sub(" ", fold(text)).strip()
    for cut, whole in _CUT:
        plain = cut.sub(whole, plain)
    return plain


def office(text: str) -> str:
    """Whether a cell tells an elected office: "sure", "likely" (« président », « CM »: in a table of them), or "".

    >>> [office(t) for t in ("1er adj.", "cons. com.", "VP", "Adj. tech.", "Adjointe au chef de service", "habitante")]
    ['sure', 'sure', 'likely', '', '', '']
    """
    plain = re.sub(r"[(),]+", " ", put_right(text))
    match = _OFFICE.fullmatch(" ".join(plain.split()))
    if match is None or _GRADE.search(match[0]):
        return ""
    return "sure" if match["sure"] else "likely"


def in_office(values: Sequence[str]) -> bool:
    """Whether most of those who are named are named with the elected office that they hold."""
    return bool(values) and sum(_HOLDING.search(put_right(v)) is not None for v in values) >= HELD * len(
        values
    )


def elected_rows(look: Look) -> bool:
    """Whether the rows are elected people, whose names and mandates are public: a header says it of every row, or a column
    tells the office of nearly every row. A « mandat » is also what somebody was given to act or to pay.
    """
    outside = about_outsiders(look.schema)
    for column in look.schema.columns:
        values = look.samples.get(column.name, ())
        first = list(map(office, values[:MANDATES]))
        held = sum(map(bool, first))
        if held and held >= HELD * len(first) and "sure" in first:
            if _nearly_all(look, column.name, values):
                return True
        elif (
            says_elected_rows(column.name)
            and column.type not in ("number", "integer")
            and (
                "elu" in spoken(column.name)
                or (column.type != "text" and _TERM.search(spoken(column.name)) and not outside)
                or (held > 0 and not all(map(_presides, values)) and _nearly_all(look, column.name, values))
            )
        ):
            return True
    return False


def _presides(text: str) -> bool:
    """Whether a cell says that somebody presides and no more: associations have presidents too."""
    return _PRESIDENT.fullmatch(put_right(text)) is not None


_TERM = re.compile(
    r"\b(?:debut|fin|duree|depuis|prise|echeance|depart)\b|\bmandat (?:dep|deb|du|au|depuis)\b"
)
"""What a day is of a mandate that voters gave: « date du mandat » is of one that is paid."""
_PRESIDENT = re.compile(r"(?:co )?president(?:e|s|es)?|pres|pdte?")


def _nearly_all(look: Look, name: str, values: Sequence[str]) -> bool:
    """Whether nearly all rows that say something in a column tell an office there."""
    cell = cell_of(name)
    offices = [exp.Literal.string(v) for v in values if office(v)]
    within = exp.Sum(this=exp.cast(exp.In(this=cell, expressions=offices), "INTEGER"))
    row = look.con.execute(
        exp.select(within, exp.Count(this=cell)).from_(rows_of(look.paths)).sql("duckdb")
    ).fetchone()
    return row is not None and (row[0] or 0) >= NEARLY_ALL * row[1]
