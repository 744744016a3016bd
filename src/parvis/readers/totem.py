"""TotEM: the budget documents that accounting software hands to the prefecture, laid out under the names of
the national schema scdl/budget.

Source: XML schema « DocumentBudgetaire » of the Actes budgétaires programme (DGCL, DGFiP). Labels are not in
the document: chapters get theirs, and accounts that of the two digits that they begin with. A line of totals
(OpBudg T) is no line of the budget, and stands in a table of its own, as do the grants of the annexes; what
these give to natural persons is written without their names, whose category (P3) the document itself says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.methods.money.accounts import account_name, chapter_name
from parvis.methods.money.budget import section_of
from parvis.methods.money.records import PERSON
from parvis.readers import flatten, xml_text
from parvis.readers.raw import Cell
from parvis.readers.xml_stream import Element, forget, local, walk

LINES, TOTALS, GRANTS = "budget", "totaux", "subventions"

_DOCUMENTS = {
    "01": "budget primitif",
    "02": "décision modificative",
    "03": "budget supplémentaire",
    "09": "compte administratif",
    "10": "compte financier unique",
}
_AMOUNTS = {
    "MtReal": "BGT_MTREAL",
    "MtBudgPrec": "BGT_MTBUDGPREC",
    "MtRARPrec": "BGT_MTRARPREC",
    "MtPropNouv": "BGT_MTPROPNOUV",
    "MtPrev": "BGT_MTPREV",
    "CredOuv": "BGT_CREDOUV",
    "MtRAR3112": "BGT_MTRAR3112",
}
_BODIES = {
    "P1": "association", "P2": "entreprise", "P3": PERSON, "P4": "autre personne de droit privé", "U1": "région", "U2": "département", "U3": "commune",
    "U4": "établissement public", "U5": "État", "U6": "autre personne de droit public",
}  # fmt: skip


def sniff(head: bytes, path: Path) -> float:
    """The root element `DocumentBudgetaire`."""
    return 0.96 if xml_text.root(head) == "documentbudgetaire" else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """The lines of the budget; totals and grants after them, where the document has some. Raises Unreadable:
    not well-formed, no line in it.
    """
    tables = xml_text.walked(path, workspace, lambda text: _tables(text, workspace))
    if not tables:
        raise Unreadable(
            "Le document budgétaire ne contient aucune ligne.",
            mend="Déposez le flux XML complet que produit TotEM, et non son accusé de réception.",
        )
    if workspace.sheet:
        names = ", ".join(t.name for t in tables)
        tables = tuple(t for t in tables if t.name == workspace.sheet)
        if not tables:
            raise Unreadable(
                Sentence("Le document budgétaire n’a pas de table « {sheet} ».", sheet=workspace.sheet),
                mend=Sentence("Tables possibles : {names}.", names=names),
            )
    return Reading("totem", tables)


def _tables(text: xml_text.Text, workspace: Workspace) -> tuple[RawTable, ...]:
    about: dict[str, str] = {}
    rows_by_table: dict[str, list[tuple[int, dict[str, Cell]]]] = {LINES: [], TOTALS: [], GRANTS: []}
    with text.open() as source:
        for event, element in walk(source, workspace.limits):
            tag = local(element)
            if event == "start":
                continue
            line = _line(element)
            if tag in ("EnTeteDocBudgetaire", "EnTeteBudget", "BlocBudget"):
                about |= {local(child): child.get("V") or "" for child in element}
                forget(element)
            elif tag == "LigneBudget":
                attributes = {
                    local(child): (child.get("V") or "").strip()
                    for child in element
                    if local(child) not in ("MtSup", "CaracSup")
                }
                kind = TOTALS if attributes.get("OpBudg", "").upper() == "T" else LINES
                rows_by_table[kind].append((line, _laid(attributes, about)))
                forget(element)
            elif tag == "CONCOURS":
                rows_by_table[GRANTS].append(
                    (line, _grant({local(child): (child.get("V") or "").strip() for child in element}, about))
                )
                forget(element)
    tables: list[RawTable] = []
    for name, rows in rows_by_table.items():
        if rows:
            columns, scan, count = flatten.write(
                _ordered(rows), workspace.spool, f"totem-{name}", workspace.limits, lines=True
            )
            issues = (*text.issues, *_issues(rows_by_table)) if name == LINES else ()
            tables.append(
                replace(RawTable(name, columns, scan, count, encoding=text.encoding), issues=issues)
            )
    return tuple(tables) if rows_by_table[LINES] else ()


def _ordered(rows: list[tuple[int, dict[str, Cell]]]) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """Physical lines that rise, one a row: a document without line breaks has all its elements on one line."""
    last = 0
    for line, row in rows:
        last = max(last + 1, line)
        yield last, row


def _line(element: Element) -> int:
    line = getattr(element, "sourceline", 0)
    return line if isinstance(line, int) else 0


def _issues(rows_by_table: Mapping[str, list[tuple[int, dict[str, Cell]]]]) -> Iterator[Issue]:
    if rows_by_table[TOTALS]:
        yield Issue(
            "totem-totals",
            "Les lignes de totaux du document sont à part, dans la table « totaux » : elles n’entrent pas dans les sommes.",
        )
    people = sum(1 for _, row in rows_by_table[GRANTS] if row.get("nomBeneficiaire") == PERSON)
    if people:
        yield Issue(
            "totem-persons",
            "Les bénéficiaires que le document dit personnes physiques sont écrits sans leur nom.",
        )


def _laid(attributes: Mapping[str, str], about: Mapping[str, str]) -> dict[str, Cell]:
    """A line under national names, in their order; amounts stay as they are written."""
    chapter, nature = attributes.get("ContNat", ""), attributes.get("Nature", "")
    way = {"D": "dépense", "1": "dépense", "R": "recette", "0": "recette"}.get(
        attributes.get("CodRD", "").upper(), attributes.get("CodRD", "")
    )
    order = {"0": "réel", "1": "ordre"}.get(attributes.get("OpBudg", "0"), attributes.get("OpBudg", ""))
    document = _DOCUMENTS.get(about.get("NatDec", "").zfill(2), about.get("NatDec"))
    row: dict[str, Cell] = {
        "BGT_NATDEC": document,
        "BGT_ANNEE": about.get("Exer"),
        "BGT_SIRET": about.get("IdEtab") or about.get("IdColl"),
    }
    row |= {"BGT_NOM": about.get("LibelleColl"), "BGT_BUDGET": about.get("LibelleEtab")}
    row |= {
        "BGT_CONTNAT": chapter or None,
        "BGT_CONTNAT_LABEL": chapter_name(chapter) or None,
        "BGT_NATURE": nature or None,
    }
    row |= {
        "BGT_NATURE_LABEL": account_name(nature) or None,
        "BGT_FONCTION": attributes.get("Fonction") or None,
        "BGT_OPERATION": attributes.get("Operation") or None,
    }
    row |= {"BGT_SECTION": section_of(nature, chapter) or None, "BGT_OPBUDG": order, "BGT_CODRD": way}
    row |= {name: attributes.get(tag) or None for tag, name in _AMOUNTS.items()}
    row["BGT_ARTSPE"] = {"true": "spécialisé", "false": "non spécialisé"}.get(
        attributes.get("ArtSpe", "").casefold()
    )
    return _filled(row)


def _filled(row: Mapping[str, Cell]) -> dict[str, Cell]:
    return {k: v for k, v in row.items() if v is not None}


def _grant(attributes: Mapping[str, str], about: Mapping[str, str]) -> dict[str, Cell]:
    kind = _BODIES.get(
        attributes.get("CodNatJurBenefCA", "").upper(), attributes.get("CodNatJurBenefCA") or None
    )
    masked = kind == PERSON
    row: dict[str, Cell] = {
        "nomAttribuant": about.get("LibelleColl"),
        "idAttribuant": about.get("IdColl"),
        "exercice": about.get("Exer"),
    }
    row["nomBeneficiaire"] = PERSON if masked else attributes.get("LibOrgaBenef") or None
    if not masked:
        row |= {
            "idBeneficiaire": attributes.get("Siret") or attributes.get("NumSiret") or None,
            "objet": attributes.get("ObjSubv") or attributes.get("Objet") or None,
        }
        row["prestationsEnNature"] = attributes.get("LibPrestaNat") or None
    return _filled(row | {"montant": attributes.get("MtSubv") or None, "categorieBeneficiaire": kind})


_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire">
<EnTeteDocBudgetaire><DteStr V="2027-03-20"/><LibelleColl V="Rivemont"/><IdColl V="21340172201787"/><NatCEPL V="Commune"/></EnTeteDocBudgetaire>
<Budget>
<EnTeteBudget><LibelleEtab V="BUDGET PRINCIPAL"/><IdEtab V="21340172201787"/><Nomenclature V="M57-M57"/></EnTeteBudget>
<BlocBudget><NatDec V="09"/><Exer V="2026"/></BlocBudget>
<LigneBudget><Nature V="65748"/><Fonction V="30"/><ContNat V="65"/><ArtSpe V="false"/><CodRD V="D"/>
<MtPrev V="1000.00"/><MtReal V="950.50"/><OpBudg V="0"/></LigneBudget>
<LigneBudget><Nature V="7588"/><Fonction V="01"/><ContNat V="75"/><CodRD V="R"/><MtPrev V="1000.00"/><MtReal V="1001.00"/><OpBudg V="0"/>
<MtSup Code="ProdChaRat" V="0.00"/></LigneBudget>
<Annexes><DATA_CONCOURS><CONCOURS><CodNatJurBenefCA V="P1"/><LibOrgaBenef V="Vélo Cité"/><MtSubv V="500.0"/></CONCOURS></DATA_CONCOURS></Annexes>
</Budget>
</DocumentBudgetaire>
"""

TOTEM = Reader(
    name="totem",
    title="Document budgétaire (TotEM)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "deux lignes et une subvention",
            _DOCUMENT.encode(),
            (
                "BGT_NATDEC",
                "BGT_ANNEE",
                "BGT_SIRET",
                "BGT_NOM",
                "BGT_BUDGET",
                "BGT_CONTNAT",
                "BGT_CONTNAT_LABEL",
                "BGT_NATURE",
                "BGT_NATURE_LABEL",
                "BGT_FONCTION",
                "BGT_SECTION",
                "BGT_OPBUDG",
                "BGT_CODRD",
                "BGT_MTREAL",
                "BGT_MTPREV",
                "BGT_ARTSPE",
            ),
            2,
            "utf-8",
        ),
    ),
)
