"""What business software exports of public money, under the names and values of the national schema; lines of
totals go, natural persons lose their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from parvis.core.reading import RawColumn
from parvis.core.types import Finding, Row
from parvis.engine import trees as t
from parvis.methods.money.amounts import cents
from parvis.methods.money.national import BUDGET, CONTRACTS, DECISIONS, GRANTS, day, national, renamed, worded
from parvis.methods.money.records import PERSON, person
from parvis.prepare.declaration import Bench, Choice, Example, Names, Parameter, Step, Values
from parvis.prepare.frame import GEOMETRIES, RECORD, TOLD, Frame, NoColumn, cell, keep
from parvis.prepare.python_steps import append, column_of, texts
from parvis.prepare.tracing import Cells, Flow

KINDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "budget": BUDGET,
    "subventions": GRANTS,
    "marches": CONTRACTS,
    "deliberations": DECISIONS,
}
_BODY = {
    "subventions": ("nomBeneficiaire", "idBeneficiaire", "rnaBeneficiaire"),
    "marches": ("titulaire.nom", "titulaire.id", ""),
}
"""Of a kind that names beneficiaries: who, by which SIRET, by which RNA number."""
_KEPT = {
    "subventions": frozenset(
        {
            "nomAttribuant",
            "idAttribuant",
            "dateConvention",
            "referenceDecision",
            "montant",
            "nature",
            "conditionsVersement",
            "datesPeriodeVersement",
            "notificationUE",
            "pourcentageSubvention",
            "categorieBeneficiaire",
        }
    ),
    "marches": frozenset(CONTRACTS) - {"titulaire.id", "titulaire.nom"},
}
"""What stays of a row about a person; the rest of it could say whom."""


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    kind = params.text("kind")
    below = keep(frame, bench.spool / "below.parquet", con=bench.con)
    plain = [i for i, c in enumerate(below.columns) if c.native not in GEOMETRIES]
    columns = {below.columns[i].name: texts(below, i, bench.con) for i in plain}
    given = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    columns_found = national(given, KINDS[kind])
    if not columns_found.by:
        raise NoColumn(next(iter(KINDS[kind])))
    rows = {record - 1: values for record, values in columns_found.rows}
    wanted = [n for n in KINDS[kind] if n in columns_found.by.values()]
    masked = {i for i, values in rows.items() if _masked(kind, values, strict=params.flag("unidentified"))}
    table_made = [
        [_national_cell(kind, n, rows[i], i in masked) if i in rows else None for i in range(len(given))]
        for n in wanted
    ]
    others = [[None if i in masked else given[i][n] for i in range(len(given))] for n in columns_found.left]
    flag: list[str | None] = ["1" if i in rows else "" for i in range(len(given))]
    grown = append(
        below,
        [f"_national_{i}" for i in range(len(wanted) + len(columns_found.left) + 1)],
        [*table_made, *others, flag],
        bench.spool / "national.parquet",
    )
    at = below.end()
    other_columns = grown.where(
        exp.EQ(this=cell(at + len(wanted) + len(columns_found.left)), expression=t.text("1"))
    )
    cells = [(RawColumn(n, n), cell(at + i)) for i, n in enumerate((*wanted, *columns_found.left))]
    geometry = [(c, cell(i)) for i, c in enumerate(grown.columns) if c.native in GEOMETRIES]
    done = other_columns.select([*cells, *geometry])
    return _tell(done, below, bench, masked, [r - 1 for r, _ in columns_found.totals])


def _masked(kind: str, row: Mapping[str, object], *, strict: bool) -> bool:
    """Whether a row is about a person: said so, titled so, or, strictly, not identified as a body."""
    if kind not in _BODY:
        return False
    name, siret, rna = (worded(row, n) for n in _BODY[kind])
    category = worded(row, "categorieBeneficiaire")
    if strict and kind == "subventions" and name and not siret and not rna and not category:
        return True
    return person(name, siret=siret, rna=rna, category=category, first_names=frozenset())


def _national_cell(kind: str, name: str, row: Mapping[str, object], masked: bool) -> str | None:
    """One value as the national schema writes it: amounts with a point, days year first; what can't be read
    stays as it is, to be found by the checks.
    """
    if masked and name not in _KEPT[kind]:
        return PERSON if name in (_BODY[kind][0], "objet") else None
    value = row.get(name)
    if value is None:
        return None
    if name.startswith(("BGT_MT", "BGT_CREDOUV")) or name in ("montant", "montant_modifie"):
        return _read(str(value), _amount)
    return (
        _read(str(value), _day)
        if "date" in name.casefold() and name != "datesPeriodeVersement"
        else str(value)
    )


def _read(value: str, reading: Callable[[str], str]) -> str:
    try:
        return reading(value)
    except ValueError:
        return value


def _amount(value: str) -> str:
    amount = cents(value)
    return (
        value
        if amount is None
        else f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"
    )


def _day(value: str) -> str:
    day_read = day(value)
    return day_read.isoformat() if day_read else value


def _tell(frame: Frame, below: Frame, bench: Bench, masked: set[int], totals: Sequence[int]) -> Frame:
    """The same table, with what was done to it; no name is told."""
    records = column_of(below, t.column(RECORD), bench.con)

    def rows(places: Sequence[int]) -> tuple[Row, ...]:
        return tuple(Row(frame.name, 0, int(records[i].as_py()), "") for i in places[:TOLD])

    if masked:
        message = "Des bénéficiaires sont, ou peuvent être, des personnes physiques : leur nom, leur numéro et l’objet sont remplacés."
        mend = "Donnez le SIRET ou le numéro RNA de ceux qui sont des organismes : ils seront nommés."
        frame = frame.tell(
            Finding(
                "recipe-national-persons",
                message,
                "info",
                "confidentiality",
                "",
                len(masked),
                rows(sorted(masked)),
                mend,
            )
        )
    if totals:
        message = "Des lignes de totaux ont été retirées : elles auraient compté deux fois."
        frame = frame.tell(
            Finding(
                "recipe-national-totals",
                message,
                "info",
                "consistency",
                "",
                len(totals),
                rows(totals),
                "Rien à faire : les totaux se recalculent.",
            )
        )
    return replace(frame)


_TITLES = {
    "budget": ("Budget (scdl/budget)", "Budget (scdl/budget)"),
    "subventions": ("Subventions (scdl/subventions)", "Grants (scdl/subventions)"),
    "marches": ("Marchés publics (DECP)", "Public contracts (DECP)"),
    "deliberations": ("Délibérations (scdl/deliberations)", "Council decisions (scdl/deliberations)"),
}

_CHOICES = tuple(Choice(k, *v) for k, v in _TITLES.items())


def _flow(params: Values, before: Names, after: Names) -> Flow:
    """Lines of totals go by words that nobody chooses: they count for no choice of rows."""
    kind = params.text("kind")
    old = {name: header for header, name in renamed(before, KINDS[kind]).items()}

    def cells(name: str) -> Cells:
        source = (old.get(name, name),)
        written = name in old and (
            name.startswith(("BGT_MT", "BGT_CREDOUV", "montant")) or "date" in name.casefold()
        )
        return (
            Cells(source)
            if written
            else Cells(source, same=True, emptied=kind in _BODY and name not in _KEPT[kind])
        )

    return Flow({name: cells(name) for name in after})


to_national = Step(
    name="national",
    title="Mettre au schéma national des finances",
    english="Bring to the national schema of public finance",
    parameters=(
        Parameter(
            "kind",
            "choice",
            "Ce que contient le fichier",
            english=("What the file holds", ""),
            choices=_CHOICES,
        ),
        Parameter(
            "unidentified",
            "flag",
            "Tenir pour des personnes les bénéficiaires de subventions sans SIRET ni numéro RNA",
            "Prudent : un organisme sans numéro perd son nom",
            (
                "Take beneficiaries of grants without SIRET or RNA number for people",
                "Careful: a body without a number loses its name",
            ),
            default=True,
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"kind": "subventions"},
            ("Association", "SIRET", "Date", "Objet", "Montant attribué", "Téléphone"),
            (
                ("Vélo Cité", "732 829 320 00074", "27/03/2026", "Ateliers", "1 234,50 €", "0400000000"),
                ("Durand Jeanne", "", "28/03/2026", "Prime vélo", "250", "0600000000"),
                ("TOTAL", "", "", "", "1 484,50 €", ""),
            ),
            ("dateConvention", "nomBeneficiaire", "idBeneficiaire", "objet", "montant", "Téléphone"),
            (
                ("2026-03-27", "Vélo Cité", "73282932000074", "Ateliers", "1234.50", "0400000000"),
                ("2026-03-28", PERSON, None, PERSON, "250.00", None),
            ),
            (1, 2),
            ("recipe-national-persons", "recipe-national-totals"),
        ),
        Example(
            {"kind": "budget"},
            ("Exercice", "Sens", "Section", "Chapitre", "Voté"),
            (("2026", "D", "F", "65", "(12,00)"), ("2026", "R", "I", "13", "douze")),
            ("BGT_ANNEE", "BGT_CONTNAT", "BGT_SECTION", "BGT_CODRD", "BGT_MTPREV"),
            (
                ("2026", "65", "fonctionnement", "dépense", "-12.00"),
                ("2026", "13", "investissement", "recette", "douze"),
            ),
        ),
    ),
)
