"""Where the money goes: by function, to whom, for each inhabitant, voted against spent; every figure opens
its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from parvis.core.text import fold
from parvis.core.types import Column, Json
from parvis.methods.money.budget import FUNCTIONS, FUNCTIONS_M14, Line, overspent, shares
from parvis.services.answers import (
    COLOUR,
    COLOUR_2,
    Asked,
    Block,
    Blocks,
    Chart,
    Figure,
    Figures,
    Rows,
    Said,
    opens,
)
from parvis.services.finances.words import FAULTS, MONEY

SHOWN = 40
BUDGET, PAID, WRONG, DATES = (
    "budget-national",
    "beneficiaires-argent-public",
    "controles-finances",
    "echeances-publication",
)
"""The datasets that the service makes."""


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The budget, then who receives, then what is wrong and what is due."""
    lines = [_line(r) for r in tables["lignes"].to_pylist()] if "lignes" in tables else []
    paid = tables["beneficiaires"].to_pylist() if "beneficiaires" in tables else []
    years = sorted({x.year for x in lines if x.year})
    year = asked.text("annee") or (years[-1] if years else "")
    chosen = [x for x in lines if x.year == year] if year in years else lines
    people = asked.amount("habitants") or _population(tables)
    blocks: list[Block] = []
    if chosen:
        blocks += _budget(asked, chosen, year if year in years else "", people)
    else:
        blocks.append(
            Said(
                asked.say("Aucun budget n’est publié : voici ce qui l’est des subventions et des marchés."),
                "warn",
            )
        )
    blocks += _paid(asked, [r for r in paid if not asked.text("annee") or r["annee"] == asked.text("annee")])
    blocks += _decided(asked, tables)
    return (*blocks, *_watched(asked, tables))


def _line(r: Mapping[str, Any]) -> Line:
    def cents(name: str) -> int | None:
        return round(r[name] * 100) if r[name] is not None else None

    return Line(
        r["ligne"],
        r["BGT_NATDEC"] or "",
        r["BGT_ANNEE"] or "",
        r["BGT_SIRET"] or "",
        r["BGT_SECTION"] or "",
        r["BGT_CODRD"] or "",
        r["BGT_OPBUDG"] == "ordre",
        r["BGT_CONTNAT"] or "",
        r["BGT_CONTNAT_LABEL"] or "",
        r["BGT_NATURE"] or "",
        r["BGT_NATURE_LABEL"] or "",
        r["BGT_FONCTION"] or "",
        "",
        cents("BGT_MTPREV"),
        cents("BGT_MTREAL"),
        cents("BGT_CREDOUV"),
    )


def _population(tables: Mapping[str, pa.Table]) -> float | None:
    """Inhabitants, from a table that counts them under a usual name."""
    if "population" not in tables:
        return None
    table = tables["population"]
    name = next(
        (
            n
            for n in table.column_names
            if fold(n)
            in ("population", "pmun", "ptot", "habitants", "population_municipale", "population_totale")
        ),
        "",
    )
    values = [v for v in table[name].to_pylist() if isinstance(v, int | float)] if name else []
    return float(sum(values)) if values else None


def money(asked: Asked, cents: int) -> str:
    """Euros, to the cent where there are some."""
    sign = "-" if cents < 0 else ""
    rest = f"{'.' if asked.speech.code == 'en' else ','}{abs(cents) % 100:02d}" if cents % 100 else ""
    return f"{sign}{asked.number(abs(cents) // 100)}{rest}\u00a0€"


MILLION = 100_000_000
"""Cents of a million euros."""


def about(asked: Asked, cents: int) -> str:
    """Euros as one says them: « 30,1 millions d’euros » from a million on, else to the euro."""
    if abs(cents) < MILLION:
        return f"{asked.number(round(cents / 100))}\u00a0€"
    millions = round(cents / MILLION, 1)
    return asked.say(
        "%(n)s million d’euros" if abs(millions) < 2 else "%(n)s millions d’euros",
        n=asked.number(millions, 1),
    )


def short(asked: Asked, cents: int) -> str:
    """Euros where there is little room: « 30,1 M€ »."""
    if abs(cents) < MILLION:
        return about(asked, cents)
    return f"{asked.number(round(cents / MILLION, 1), 1)}\u00a0M€"


NAMED = frozenset({*FUNCTIONS.values(), *FUNCTIONS_M14.values()})
"""Names of functions that are ours to say, in either language; a file's own label stays as it is."""


def _budget(asked: Asked, lines: Sequence[Line], year: str, people: float | None) -> list[Block]:
    real = [x for x in lines if x.way == "dépense" and not x.order]
    voted, spent = sum(x.voted or 0 for x in real), sum(x.spent or 0 for x in real)
    income = sum(x.voted or 0 for x in lines if x.way == "recette" and not x.order)
    of = (f"equals:BGT_ANNEE:{year}",) if year else ()
    values = {"spent": about(asked, spent), "voted": about(asked, voted or spent), "year": year}
    if spent and voted:
        values["part"] = asked.percent(spent / voted)
        first = (
            asked.say(
                "En %(year)s, la ville a dépensé %(spent)s sur %(voted)s votés, soit %(part)s.", **values
            )
            if year
            else asked.say("La ville a dépensé %(spent)s sur %(voted)s votés, soit %(part)s.", **values)
        )
    else:
        first = (
            asked.say("En %(year)s, la ville a voté %(voted)s de dépenses.", **values)
            if year
            else asked.say("La ville a voté %(voted)s de dépenses.", **values)
        )
    unsaid = "" if year else asked.say("Le fichier publié ne dit pas de quelle année.")
    figures = [
        Figure(short(asked, voted), asked.say("dépenses réelles votées"), year),
        Figure(short(asked, spent), asked.say("dépenses réelles réalisées"), year),
    ]
    figures.append(Figure(short(asked, income), asked.say("recettes réelles votées"), year))
    if people:
        figures.append(
            Figure(
                short(asked, round((spent or voted) / people)),
                asked.say("par habitant"),
                asked.count("%(n)s habitant", "%(n)s habitants", round(people)),
            )
        )
    by = asked.text("par") or "fonction"
    key, field = {
        "fonction": ("function", "fonction_1"),
        "chapitre": ("chapter", "BGT_CONTNAT"),
        "section": ("section", "BGT_SECTION"),
    }[by]
    parts = shares(lines, key)
    if key == "function" and not any(s.key for s in parts):
        key, field = "chapter", "BGT_CONTNAT"
        parts = shares(lines, key)
    rows: list[dict[str, object]] = []
    for s in parts:
        name = asked.say(s.label) if key == "function" and s.label in NAMED else s.label
        label = f"{s.key} – {name}" if name and name != s.key else s.key or asked.say("non précisé")
        used = s.spent or s.voted
        row: dict[str, object] = {
            "poste": label,
            "vote": s.voted / 100,
            "realise": s.spent / 100,
        }
        row["part"] = round(used / max(1, spent or voted) * 100, 1)
        if people:
            row["habitant"] = round(used / 100 / people, 2)
        filters = (
            f"equals:{field}:{s.key}" if s.key else f"empty:{field}",
            "equals:BGT_CODRD:dépense",
            "equals:BGT_OPBUDG:réel",
        )
        row["page"] = opens(BUDGET, *filters, *of)
        rows.append(row)
    each = [Column("habitant", "number", title=asked.say("Par habitant"), unit="€")] if people else []
    columns = (
        Column("poste", title=asked.say("Poste")),
        Column("vote", "number", title=asked.say("Voté"), unit="€"),
        Column("realise", "number", title=asked.say("Réalisé"), unit="€"),
        Column("part", "number", title=asked.say("Part"), unit="%"),
        *each,
    )
    note = asked.say("Chaque poste ouvre ses lignes, au centime. Les opérations d’ordre n’y sont pas.")
    blocks: list[Block] = [
        Said(first, "", unsaid),
        Figures(tuple(figures)),
        Rows(asked.say("Où va l’argent"), columns, tuple(rows), note, "page"),
    ]
    blocks.append(_bars(asked, columns, rows[:12]))
    over = overspent(lines)
    if over:
        said = ", ".join(
            asked.say(
                "chapitre %(chapter)s (%(spent)s pour %(voted)s)",
                chapter=c,
                spent=money(asked, paid),
                voted=money(asked, allowed),
            )
            for _, c, allowed, paid in over[:5]
        )
        blocks.append(Said(asked.say("Dépensé au-delà du voté : %(list)s.", list=said), "warn"))
    return blocks


def _bars(asked: Asked, columns: tuple[Column, ...], rows: Sequence[Mapping[str, object]]) -> Chart:
    """Voted as a wide bar, spent as a narrow one upon it."""
    values: list[Json] = [
        {"poste": str(r["poste"]), "vote": float(str(r["vote"])), "realise": float(str(r["realise"]))}
        for r in rows
    ]
    place: Json = {"field": "poste", "type": "nominal", "sort": None, "title": None}

    def layer(field: str, mark: Json) -> Json:
        return {
            "mark": mark,
            "encoding": {"y": place, "x": {"field": field, "type": "quantitative", "title": "€"}},
        }

    layers: list[Json] = [
        layer("vote", {"type": "bar", "color": COLOUR}),
        layer("realise", {"type": "bar", "color": COLOUR_2, "height": {"band": 0.4}}),
    ]
    spec: Mapping[str, Json] = {"data": {"values": values}, "layer": layers}
    shown = tuple({k: v for k, v in r.items() if k != "page"} for r in rows)
    return Chart(
        asked.say("Voté et réalisé"),
        asked.say("Barre large : voté ; barre étroite : réalisé."),
        spec,
        columns,
        shown,
    )


def _paid(asked: Asked, paid: Sequence[Mapping[str, Any]]) -> list[Block]:
    words = fold(asked.text("beneficiaire"))
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for r in paid:
        if not words or words in fold(f"{r['beneficiaire'] or ''} {r['siret'] or ''} {r['objet'] or ''}"):
            groups[r["beneficiaire"] or asked.say("non précisé"), r["source"]].append(r)
    if not groups:
        return [Said(asked.say("Aucun bénéficiaire ne répond à cette recherche."), "warn")] if words else []
    rows: list[Mapping[str, object]] = []
    for (name, source), some in groups.items():
        total = sum(round((r["montant"] or 0) * 100) for r in some)
        page = opens(PAID, f"equals:beneficiaire:{name}", f"equals:source:{source}")
        rows.append(
            {
                "beneficiaire": _called(asked, name),
                "source": asked.say(source),
                "nombre": len(some),
                "montant": total / 100,
                "page": page,
            }
        )
    rows.sort(key=lambda r: (-float(str(r["montant"])), str(r["beneficiaire"])))
    columns = (
        Column("beneficiaire", title=asked.say("Bénéficiaire")),
        Column("source", title=asked.say("Source")),
        Column("nombre", "integer", title=asked.say("Nombre")),
        Column("montant", "number", title=asked.say("Montant"), unit="€"),
    )
    total = sum(round((r["montant"] or 0) * 100) for some in groups.values() for r in some)
    note = asked.count(
        "%(n)s bénéficiaire, %(total)s en tout ; les personnes physiques n’y sont pas nommées.",
        "%(n)s bénéficiaires, %(total)s en tout ; les personnes physiques n’y sont pas nommées.",
        len(rows),
        total=about(asked, total),
    )
    return [Rows(asked.say("À qui"), columns, tuple(rows[:SHOWN]), note, "page")]


def _called(asked: Asked, name: str) -> str:
    """A name; a bare number is told to be a SIRET, in the groups in which it is read."""
    if len(name) != 14 or not name.isdigit():
        return name
    groups = "\u202f".join((name[:3], name[3:6], name[6:9], name[9:]))
    return asked.say("SIRET %(number)s, sans nom dans les fichiers", number=groups)


def _decided(asked: Asked, tables: Mapping[str, pa.Table]) -> list[Block]:
    if "deliberations" not in tables:
        return []
    some = [r for r in tables["deliberations"].to_pylist() if r.get("DELIB_DATE")]
    some.sort(key=lambda r: str(r["DELIB_DATE"]), reverse=True)
    rows = tuple(
        {
            "jour": r["DELIB_DATE"],
            "objet": " ".join(str(r.get("DELIB_OBJET") or "").split()),
            "matiere": r.get("DELIB_MATIERE_NOM"),
            "pour": r.get("VOTE_POUR"),
            "contre": r.get("VOTE_CONTRE"),
            "abstention": r.get("VOTE_ABSTENTION"),
        }
        for r in some[:10]
    )
    columns = (
        Column("objet", title=asked.say("Objet")),
        Column("jour", "date", title=asked.say("Jour")),
        Column("matiere", title=asked.say("Matière")),
        Column("pour", "integer", title=asked.say("Pour")),
        Column("contre", "integer", title=asked.say("Contre")),
        Column("abstention", "integer", title=asked.say("Abstentions")),
    )
    return [Rows(asked.say("Dernières décisions du conseil"), columns, rows)] if rows else []


def _watched(asked: Asked, tables: Mapping[str, pa.Table]) -> list[Block]:
    """What is wrong in the files, and what the law waits for."""
    blocks: list[Block] = []
    wrong = tables["controles"].to_pylist() if "controles" in tables else []
    if wrong:
        columns = (
            Column("phrase", title=asked.say("En clair")),
            Column("fichier", title=asked.say("Fichier")),
            Column("ligne", "integer", title=asked.say("Ligne")),
        )
        rows = tuple(
            {
                "phrase": _clear(asked, r),
                "fichier": asked.say(r["fichier"]),
                "ligne": r["ligne"] or None,
                "page": opens(WRONG, f"equals:controle:{r['controle']}"),
            }
            for r in wrong[:SHOWN]
        )
        note = asked.say("%(n)s en tout.", n=asked.number(len(wrong)))
        blocks.append(Rows(asked.say("Ce qui ne va pas dans les fichiers"), columns, rows, note, "page"))
    dates = tables["echeances"].to_pylist() if "echeances" in tables else []
    if dates:
        late = [r for r in dates if r["retard"]]
        soon = [r for r in dates if r["etat"] == "à publier"]
        said = asked.count(
            "%(n)s publication est en retard sur la date légale.",
            "%(n)s publications sont en retard sur la date légale.",
            len(late),
        )
        waiting = asked.count(
            "%(n)s autre est encore dans les délais.", "%(n)s autres sont encore dans les délais.", len(soon)
        )
        blocks.append(Said(said, "bad" if late else "ok", waiting if soon else ""))
        columns = (
            Column("obligation", title=asked.say("Obligation")),
            Column("reference", title=asked.say("Référence")),
            Column("limite", "date", title=asked.say("Date limite")),
            Column("etat", title=asked.say("État")),
            Column("source", title=asked.say("Texte")),
        )
        shown = (*late, *soon, *[r for r in dates if r not in late and r not in soon])[:20]
        rows = tuple(
            {
                **{c.name: r[c.name] for c in columns},
                "etat": asked.say(r["etat"]),
                "obligation": asked.say(r["obligation"]),
                "page": opens(DATES),
            }
            for r in shown
        )
        blocks.append(Rows(asked.say("Ce que la loi attend"), columns, rows, link="page"))
    return blocks


def _clear(asked: Asked, r: Mapping[str, Any]) -> str:
    """A fault in the language of the page; in French with the reason that the data have."""
    if asked.speech.code == "fr":
        return r["phrase"]

    def worded(value: str) -> str:
        return (
            money(asked, int(value))
            if r["controle"] in MONEY and value.lstrip("-").isdigit()
            else asked.say(value)
            if value
            else ""
        )

    return asked.say(
        FAULTS[r["controle"]],
        said=worded(r["dit"] or ""),
        expected=worded(r["attendu"] or ""),
        column=asked.say(r["colonne"] or ""),
    )
