"""A budget added up: by section, function, chapter, way; voted beside spent; and what is wrong in it.

Balance: CGCT, art. L. 1612-4 (each section is voted in balance). Operations of order are equal in spending
and in income over the two sections together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from parvis.core.sentence import mark
from parvis.methods.money.amounts import cents, explanation
from parvis.methods.money.faults import Fault, luhn_right
from parvis.methods.money.national import BUDGET, Row, national, worded

SPENT, INCOME = "dépense", "recette"
FUNCTIONS = {
    "0": mark("Services généraux"), "1": mark("Sécurité"), "2": mark("Enseignement, formation"), "3": mark("Culture, vie sociale, jeunesse, sports, loisirs"),
    "4": mark("Santé et action sociale"), "5": mark("Aménagement des territoires et habitat"), "6": mark("Action économique"),
    "7": mark("Environnement"), "8": mark("Transports"),
    "9": mark("Fonction en réserve"),
}  # fmt: skip
"""Of the functional nomenclature M57, which every commune uses since 2024 (first digit)."""
FUNCTIONS_M14 = {
    "0": mark("Services généraux des administrations publiques locales"), "1": mark("Sécurité et salubrité publiques"),
    "2": mark("Enseignement, formation"), "3": mark("Culture"),
    "4": mark("Sport et jeunesse"), "5": mark("Interventions sociales et santé"), "6": mark("Famille"), "7": mark("Logement"),
    "8": mark("Aménagement et services urbains, environnement"), "9": mark("Action économique"),
}  # fmt: skip
"""Of the one before, M14: the same digits mean other things."""
_SINCE_M57 = "2024"
_ONLY_M57 = ("65748", "65311", "65313", "65315", "731")
"""Accounts, and a chapter, that M57 alone has; the four-digit ones below are closed in it."""
_ONLY_M14 = frozenset({"6574", "6531", "6532", "6533", "6535"})
_AMOUNTS = (
    "BGT_MTREAL",
    "BGT_MTPREV",
    "BGT_CREDOUV",
    "BGT_MTPROPNOUV",
    "BGT_MTRARPREC",
    "BGT_MTBUDGPREC",
    "BGT_MTRAR3112",
)
_INVESTMENT_CHAPTERS = ("001", "010", "020", "021", "024", "040", "041")
_VOTED_DOCUMENTS = ("budget primitif", "budget supplémentaire")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. row: record of the file from 1; order: it moves no money; amounts in cents, None where the
    file says nothing.
    """

    row: int
    document: str
    year: str
    siret: str
    section: str
    way: str
    order: bool
    chapter: str
    chapter_label: str
    nature: str
    nature_label: str
    function: str
    function_label: str
    voted: int | None
    spent: int | None
    opened: int | None


@dataclass(frozen=True, slots=True)
class Declared:
    """A total that the file itself states. scope: what it is the total of, by field of Line; column: which
    amount.
    """

    row: int
    scope: tuple[tuple[str, str], ...]
    column: str
    amount: int
    words: str


@dataclass(frozen=True, slots=True)
class Budget:
    lines: tuple[Line, ...]
    declared: tuple[Declared, ...]
    faults: tuple[Fault, ...]

    def total(self, column: str, **scope: str) -> int:
        """Sum in cents of the lines whose fields are these. column: `voted`, `spent` or `opened`."""
        return sum(
            v
            for x in self.lines
            if (v := getattr(x, column)) is not None and all(getattr(x, k) == w for k, w in scope.items())
        )


def read(rows: Iterable[Row]) -> Budget:
    """The lines of a file under national or business names, its own totals apart, and every fault of it."""
    renamed = national(rows, BUDGET)
    faults: list[Fault] = []
    lines = [_line(record, row, faults) for record, row in renamed.rows]
    declared = [d for record, row in renamed.totals for d in _declared(record, row, faults)]
    faults += _checked(lines, {f.row for f in faults if f.code.startswith("amount-")})
    faults += totals_wrong(lines, declared)
    return Budget(
        tuple(lines), tuple(declared), tuple(sorted(faults, key=lambda f: (f.row, f.code, f.column)))
    )


def _amount(record: int, row: Row, name: str, faults: list[Fault]) -> int | None:
    try:
        return cents(row.get(name))
    except ValueError as error:
        faults.append(Fault("amount-unreadable", record, name, str(error)))
        return None


def _line(record: int, row: Row, faults: list[Fault]) -> Line:
    amounts = {name: _amount(record, row, name, faults) for name in _AMOUNTS if name in row}
    unreadable = any(f.row == record for f in faults)
    voted = amounts.get("BGT_MTPREV")
    if voted is None:
        voted = amounts.get("BGT_CREDOUV")
    if voted is None:
        voted = amounts.get("BGT_MTPROPNOUV")
    if not unreadable and all(v is None for v in amounts.values()):
        faults.append(Fault("amount-missing", record, "BGT_MTPREV"))
    nature, chapter = worded(row, "BGT_NATURE"), worded(row, "BGT_CONTNAT")
    section = worded(row, "BGT_SECTION") or section_of(nature, chapter)
    if section not in ("fonctionnement", "investissement"):
        faults.append(Fault("section-unknown", record, "BGT_SECTION", section))
    way = worded(row, "BGT_CODRD")
    if way not in (SPENT, INCOME):
        faults.append(Fault("way-unknown", record, "BGT_CODRD", way))
    return Line(
        record,
        worded(row, "BGT_NATDEC"),
        worded(row, "BGT_ANNEE"),
        worded(row, "BGT_SIRET"),
        section,
        way,
        worded(row, "BGT_OPBUDG") == "ordre",
        chapter,
        worded(row, "BGT_CONTNAT_LABEL"),
        nature,
        worded(row, "BGT_NATURE_LABEL"),
        worded(row, "BGT_FONCTION"),
        worded(row, "BGT_FONCTION_LABEL"),
        voted,
        amounts.get("BGT_MTREAL"),
        amounts.get("BGT_CREDOUV"),
    )


def section_of(nature: str, chapter: str) -> str:
    """The section that an account belongs to, from its class (M57, M14, M4): 1 and 2 investment, 6 and 7 running; else from its chapter. "" when neither says.

    >>> section_of("65748", "65"), section_of("2313", "23"), section_of("", "021"), section_of("", "011")
    ('fonctionnement', 'investissement', 'investissement', 'fonctionnement')
    """
    if nature[:1] in ("6", "7"):
        return "fonctionnement"
    if nature[:1] in ("1", "2"):
        return "investissement"
    if chapter in _INVESTMENT_CHAPTERS or chapter[:2] in ("45", "48"):
        return "investissement"
    if len(chapter) == 3 and chapter[0] == "9":  # votes by function
        return (
            "investissement"
            if chapter[1] in ("0", "1")
            else "fonctionnement"
            if chapter[1] in ("3", "4")
            else ""
        )
    if chapter[:1] in ("1", "2"):
        return "investissement"
    return "fonctionnement" if chapter[:1] in ("0", "6", "7") else ""


def _declared(record: int, row: Row, faults: list[Fault]) -> list[Declared]:
    words = worded(row, "")
    scope: dict[str, str] = {}
    for field, name in (
        ("section", "BGT_SECTION"),
        ("way", "BGT_CODRD"),
        ("chapter", "BGT_CONTNAT"),
        ("nature", "BGT_NATURE"),
        ("function", "BGT_FONCTION"),
    ):
        label = worded(row, name)
        if label and not label.casefold().startswith(("total", "sous", "ensemble", "somme")):
            scope[field] = label
    for field, values in (("section", ("fonctionnement", "investissement")), ("way", (SPENT, INCOME))):
        for value in values:
            if value.replace("é", "e") in words:
                scope[field] = value
    for field, word in (("chapter", "chapitre"), ("function", "fonction"), ("nature", "article")):
        tail = words.partition(f"{word} ")[2].split()
        if tail and tail[0][:1].isdigit():
            scope[field] = tail[0].rstrip(":")
    if worded(row, "BGT_OPBUDG") in ("réel", "ordre"):
        scope["order"] = worded(row, "BGT_OPBUDG")
    totals: list[Declared] = []
    for column, name in (("voted", "BGT_MTPREV"), ("spent", "BGT_MTREAL"), ("opened", "BGT_CREDOUV")):
        amount = _amount(record, row, name, faults)
        if amount is not None:
            totals.append(Declared(record, tuple(sorted(scope.items())), column, amount, words))
    return totals


def totals_wrong(lines: Sequence[Line], declared: Iterable[Declared]) -> list[Fault]:
    """Stated totals that are not the sum of their lines, each with why that may be."""
    wrong: list[Fault] = []
    for total in declared:
        inside = [
            x
            for x in lines
            if all(
                ("ordre" if x.order else "réel") == w if k == "order" else getattr(x, k) == w
                for k, w in total.scope
            )
        ]
        amounts = [(x.row, v) for x in inside if (v := getattr(x, total.column)) is not None]
        computed = sum(v for _, v in amounts)
        if computed != total.amount:
            reason, row = explanation(total.amount - computed, amounts)
            wrong.append(
                Fault("total-wrong", total.row, total.column, str(total.amount), f"{computed}|{reason}|{row}")
            )
    return wrong


def _checked(lines: Sequence[Line], unread: Set[int]) -> list[Fault]:
    """unread: rows whose amounts are known to be wrong already."""
    faults: list[Fault] = []
    first: dict[tuple[object, ...], int] = {}
    for x in lines:
        key = (
            x.document,
            x.year,
            x.siret,
            x.section,
            x.way,
            x.order,
            x.chapter,
            x.nature,
            x.function,
            x.voted,
            x.spent,
        )
        if key in first and (x.voted or x.spent) and (x.nature or x.function):
            faults.append(Fault("line-twice", x.row, "", str(first[key])))
        first.setdefault(key, x.row)
        expected = section_of(x.nature, "") if x.nature else ""
        if expected and x.section in ("fonctionnement", "investissement") and x.section != expected:
            faults.append(Fault("wrong-section", x.row, "BGT_SECTION", x.section, expected))
        if not x.order and x.way == INCOME and x.nature[:1] == "6" and x.chapter != "013":
            faults.append(Fault("wrong-way", x.row, "BGT_CODRD", x.way, SPENT))
        if not x.order and x.way == SPENT and x.nature[:1] == "7" and x.chapter != "014":
            faults.append(Fault("wrong-way", x.row, "BGT_CODRD", x.way, INCOME))
        if x.document in _VOTED_DOCUMENTS and x.voted is not None and x.voted < 0:
            faults.append(Fault("amount-negative", x.row, "BGT_MTPREV", str(x.voted)))
        if x.siret and not luhn_right(x.siret):
            faults.append(Fault("siret-key", x.row, "BGT_SIRET", x.siret))
    functions = sum(1 for x in lines if x.function)
    if functions > len(lines) / 2:  # a vote by function: a line without one is a hole
        faults += [
            Fault("function-missing", x.row, "BGT_FONCTION") for x in lines if not x.function and not x.order
        ]
    for code, of, column in (
        ("year-missing", "year", "BGT_ANNEE"),
        ("amount-missing", "spent", "BGT_MTREAL"),
    ):
        if sum(1 for x in lines if getattr(x, of) not in ("", None)) > 0.8 * len(
            lines
        ):  # the file says it of nearly all: the others are holes
            holes = [x for x in lines if getattr(x, of) in ("", None)]
            faults += [
                Fault(code, x.row, column)
                for x in holes
                if of != "spent" or (x.document == "compte administratif" and x.row not in unread)
            ]
    for column, of in (("year-differs", "year"), ("document-differs", "document")):
        counts = Counter(v for x in lines if (v := getattr(x, of)))
        if len(counts) > 1:
            usual, often = counts.most_common(1)[0]
            if often > 0.8 * sum(
                counts.values()
            ):  # several years in one file is a choice; one line of another year is a slip
                faults += [
                    Fault(column, x.row, {"year": "BGT_ANNEE", "document": "BGT_NATDEC"}[of], v, usual)
                    for x in lines
                    if (v := getattr(x, of)) and v != usual
                ]
    return faults + balance(lines)


def balance(lines: Sequence[Line]) -> list[Fault]:
    """Budgets that are voted out of balance, of each establishment, document and year; said once for each
    section.
    """
    faults: list[Fault] = []
    groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for x in lines:
        groups[x.siret, x.document, x.year].append(x)
    for (_, document, _), some in groups.items():
        if document == "budget primitif":
            for section in ("fonctionnement", "investissement"):
                inside = [x for x in some if x.section == section]
                spent = sum(x.voted or 0 for x in inside if x.way == SPENT)
                income = sum(x.voted or 0 for x in inside if x.way == INCOME)
                if inside and spent != income:
                    faults.append(Fault("unbalanced", 0, section, str(spent), str(income)))
        orders = [x for x in some if x.order]
        spent, income = (sum(x.voted or 0 for x in orders if x.way == w) for w in (SPENT, INCOME))
        if orders and spent != income:
            faults.append(Fault("orders-unbalanced", 0, "BGT_OPBUDG", str(spent), str(income)))
    return faults


def function_names(lines: Iterable[Line]) -> Mapping[str, str]:
    """What the first digit of a function means in a budget: by its year, else by accounts that one
    nomenclature alone has.

    A budget of a year before 2024 may be of either: where no account tells, nothing, as a wrong name is worse
    than a digit. Without a year, M57.
    """
    all_lines = list(lines)
    years = {x.year for x in all_lines if x.year}
    if years and min(years) >= _SINCE_M57:
        return FUNCTIONS
    if any(x.nature.startswith(_ONLY_M57[:-1]) or x.chapter == _ONLY_M57[-1] for x in all_lines):
        return FUNCTIONS
    return FUNCTIONS_M14 if any(x.nature in _ONLY_M14 for x in all_lines) else {} if years else FUNCTIONS


@dataclass(frozen=True, slots=True)
class Share:
    """What goes to one thing, cents. key: code; rows: how many lines of the file it is made of."""

    key: str
    label: str
    voted: int
    spent: int
    rows: int


def shares(lines: Iterable[Line], by: str, *, way: str = SPENT, orders: bool = False) -> list[Share]:
    """What goes where, greatest first. by: `function` (first digit), `chapter` or `section`. Operations of
    order move no money and are left out.
    """
    groups: dict[str, list[Line]] = defaultdict(list)
    lines = list(lines)
    names = function_names(lines) if by == "function" else {}
    for x in lines:
        if x.way == way and (orders or not x.order):
            groups[(x.function[:1] if by == "function" else getattr(x, by)) or ""].append(x)
    share_list: list[Share] = []
    for key, some in groups.items():
        label = _label(by, key, some, names)
        share_list.append(
            Share(key, label, sum(x.voted or 0 for x in some), sum(x.spent or 0 for x in some), len(some))
        )
    return sorted(share_list, key=lambda s: (-max(s.voted, s.spent), s.key))


def _label(by: str, key: str, some: Sequence[Line], names: Mapping[str, str]) -> str:
    if by == "section":
        return key
    own = Counter(v for x in some if (v := x.function_label if by == "function" else x.chapter_label))
    if by == "function":
        return (
            own.most_common(1)[0][0]
            if len(own) == 1
            else names.get(key, "") or (own.most_common(1)[0][0] if own else "")
        )
    return own.most_common(1)[0][0] if own else ""


def overspent(lines: Iterable[Line]) -> list[tuple[str, str, int, int]]:
    """Chapters whose spending goes past what was opened or voted: (section, chapter, voted, spent), cents,
    real operations only.
    """
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for x in lines:
        if x.way == SPENT and not x.order and x.chapter:
            groups[x.section, x.chapter].append(x)
    chapters: list[tuple[str, str, int, int]] = []
    for (section, chapter), some in sorted(groups.items()):
        allowed = sum(x.opened if x.opened is not None else x.voted or 0 for x in some)
        spent = sum(x.spent or 0 for x in some)
        if spent > allowed and any(x.voted is not None or x.opened is not None for x in some):
            chapters.append((section, chapter, allowed, spent))
    return chapters
