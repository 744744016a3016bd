"""From the city's files to one table of money in national names, its faults and its legal dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from parvis.core.arrow import arrow_table
from parvis.core.sentence import mark
from parvis.core.text import fold
from parvis.methods.money import budget, records
from parvis.methods.money.accounts import account_name, chapter_name
from parvis.methods.money.deadlines import due, rule, votes_due
from parvis.methods.money.faults import Fault
from parvis.privacy.names import FIRST
from parvis.services.declaration import Tables
from parvis.services.finances.schemas import BENEFICIAIRES, CONTROLES, ECHEANCES, LIGNES
from parvis.services.finances.words import sentence

PARIS = ZoneInfo("Europe/Paris")
STATES = {
    "fait": mark("à temps"),
    "tard": mark("publié en retard"),
    "inconnu": mark("publié, jour inconnu"),
    "retard": mark("délai passé"),
    "attente": mark("à publier"),
}
Row = Mapping[str, object]


def work(tables: Tables, now: datetime) -> Tables:
    """Lines, beneficiaries, faults and legal dates of what the city publishes."""
    today = now.astimezone(PARIS).date()
    lines, faults = _budget(tables)
    given, contracts, more = _paid(tables, today)
    faults += more
    names = _names(given, contracts)
    decided, wrong = records.decisions(_rows(tables, "deliberations"))
    faults += [("délibérations", f) for f in wrong]
    return {
        "lignes": arrow_table(LIGNES, [_line(x) for x in lines]),
        "beneficiaires": arrow_table(
            BENEFICIAIRES, [*map(_grant, given), *(_contract(c, names) for c in contracts)]
        ),
        "controles": arrow_table(CONTROLES, [_fault(kind, f) for kind, f in faults]),
        "echeances": arrow_table(
            ECHEANCES, [*_votes(lines, today), *_dates(given, contracts, decided, today)]
        ),
    }


def _rows(tables: Tables, name: str) -> Sequence[Row]:
    return tables[name].to_pylist() if name in tables else []


def _budget(tables: Tables) -> tuple[Sequence[budget.Line], list[tuple[str, Fault]]]:
    found = budget.read(_rows(tables, "budget"))
    return found.lines, [("budget", f) for f in found.faults]


def _paid(
    tables: Tables, today: date
) -> tuple[list[records.Grant], list[records.Contract], list[tuple[str, Fault]]]:
    given, wrong, _ = records.grants(_rows(tables, "subventions"), first_names=FIRST, now=today)
    contracts, odd, _ = records.contracts(_rows(tables, "marches"), first_names=FIRST)
    return given, contracts, [*(("subventions", f) for f in wrong), *(("marchés", f) for f in odd)]


def _line(x: budget.Line) -> Row:
    return {
        "ligne": x.row,
        "BGT_NATDEC": x.document,
        "BGT_ANNEE": x.year,
        "BGT_SIRET": x.siret,
        "BGT_SECTION": x.section,
        "BGT_OPBUDG": "ordre" if x.order else "réel",
        "BGT_CODRD": x.way,
        "BGT_CONTNAT": x.chapter,
        "BGT_CONTNAT_LABEL": x.chapter_label or chapter_name(x.chapter),
        "BGT_NATURE": x.nature,
        "BGT_NATURE_LABEL": x.nature_label or account_name(x.nature),
        "BGT_FONCTION": x.function,
        "fonction_1": x.function[:1],
        "BGT_MTPREV": _euros(x.voted),
        "BGT_CREDOUV": _euros(x.opened),
        "BGT_MTREAL": _euros(x.spent),
    }


def _grant(g: records.Grant) -> Row:
    return {
        "source": "subvention",
        "ligne": g.row,
        "annee": f"{g.day.year}" if g.day else "",
        "date": g.day,
        "beneficiaire": g.name,
        "siret": g.siret,
        "objet": g.purpose,
        "montant": _euros(g.amount),
        "reference": g.decision,
    }


def _names(given: Sequence[records.Grant], contracts: Sequence[records.Contract]) -> Mapping[str, str]:
    """What the city's files call each SIRET, where they agree on one name: a contract often says the number alone."""
    by_siret: dict[str, dict[str, str]] = {}
    pairs = [(g.siret, g.name) for g in given if not g.person] + [
        pair for c in contracts for pair in c.holders
    ]
    for siret, name in pairs:
        if siret and name and name != siret:
            by_siret.setdefault(siret, {}).setdefault(fold(name), name)
    return {siret: next(iter(names.values())) for siret, names in by_siret.items() if len(names) == 1}


def _contract(c: records.Contract, names: Mapping[str, str]) -> Row:
    """names: of the holders whose number alone is written, by SIRET."""
    siret, name = c.holders[0] if c.holders else ("", "")
    return {
        "source": "marché",
        "ligne": c.rows[0],
        "annee": f"{c.notified.year}" if c.notified else "",
        "date": c.notified,
        "beneficiaire": name or names.get(siret, siret),
        "siret": siret,
        "objet": c.object,
        "montant": _euros(c.amount),
        "reference": c.id,
    }


def _fault(kind: str, fault: Fault) -> Row:
    return {
        "fichier": kind,
        "ligne": fault.row,
        "controle": fault.code,
        "colonne": fault.column,
        "dit": fault.evidence,
        "attendu": fault.expected.partition("|")[0],
        "phrase": sentence(fault),
    }


def _dates(
    given: Sequence[records.Grant],
    contracts: Sequence[records.Contract],
    decided: Sequence[records.Decision],
    today: date,
) -> Iterator[Row]:
    """What the law wants published, latest first. Grants and decisions in a published file are published:
    when, the file doesn't say.
    """
    due_: list[tuple[str, str, date, date | None, int | None, bool]] = []
    due_ += [("subventions", g.decision or g.name, g.day, None, g.amount, True) for g in given if g.day]
    due_ += [
        ("marches", c.id, c.notified, c.published, c.first_amount, True) for c in contracts if c.notified
    ]
    due_ += [
        ("deliberations", d.isoformat(), d, None, None, True)
        for d in sorted({d.day for d in decided if d.day})
    ]
    for name, reference, start, published, amount, _ in sorted(
        due_, key=lambda x: (x[2], x[1]), reverse=True
    ):
        of = rule(name)
        stands = due(of, start, published, today, amount)
        if stands.by is None:
            continue
        state = stands.state
        if (
            published is None
        ):  # it stands in a published file: in time if the term still runs, else nobody knows
            state = "fait" if state == "attente" else "inconnu"
        yield {
            "obligation": of.what,
            "reference": reference,
            "depart": start,
            "limite": stands.by,
            "publie_le": published,
            "etat": STATES[state],
            "retard": stands.days if state == "tard" else 0,
            "source": of.source,
        }


def _votes(lines: Sequence[budget.Line], today: date) -> Iterator[Row]:
    """What the council must vote next, and what of it no published file shows."""
    for vote, year, by, state in votes_due({(x.document, x.year) for x in lines}, today):
        late = max(0, (today - by).days)
        yield {
            "obligation": vote.what,
            "reference": year,
            "limite": by,
            "etat": STATES[state],
            "retard": late,
            "source": vote.source,
        }


def _euros(cents: int | None) -> float | None:
    return cents / 100 if cents is not None else None
