"""What the town uses, what it saved, what is odd, what the law asks: each figure opens its rows."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from parvis.core.errors import NotFound
from parvis.core.text import fold
from parvis.core.types import Column, Json
from parvis.services.answers import (
    COLOUR,
    COLOUR_2,
    COLOUR_3,
    Asked,
    Block,
    Blocks,
    Chart,
    Figure,
    Figures,
    Rows,
    Said,
    Take,
    opens,
)
from parvis.services.energie.compute import PASSED, SEEN, WHOLE_YEAR
from parvis.services.energie.schemas import ANOMALIES, ECONOMIES, MODELES, OBJECTIFS

SHOWN = 40
YEARS, MODELS, ODD, GOALS, SAVED = (
    "energie-annees",
    "energie-modeles",
    "energie-anomalies",
    "energie-objectifs",
    "energie-economies",
)
"""The datasets that the service makes."""

Line = Mapping[str, Any]


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The last whole year, what was saved, what is odd, then the laws; of one building where one is asked for."""
    years = _of(asked, tables, "annees")
    if not years:
        said = (
            asked.say("Aucun relevé d’énergie ne porte ce nom de bâtiment.")
            if asked.text("batiment")
            else asked.say("Aucun relevé d’énergie n’est publié.")
        )
        return (Said(said, "warn"),)
    blocks: list[Block] = [*_used(asked, years, _of(asked, tables, "economies"))]
    blocks += _odd(asked, _of(asked, tables, "anomalies"))
    blocks += _saved(asked, _of(asked, tables, "economies"))
    blocks += _laws(asked, _of(asked, tables, "objectifs", whole=True))
    blocks += _models(asked, _of(asked, tables, "modeles"))
    blocks.append(Take(asked.say("Tableau de déclaration du décret tertiaire (CSV)"), "operat.csv"))
    blocks.append(Take(asked.say("Liste d’actions (CSV)"), "actions.csv"))
    return tuple(blocks)


def _of(asked: Asked, tables: Mapping[str, pa.Table], name: str, *, whole: bool = False) -> list[Line]:
    rows: Sequence[Line] = tables[name].to_pylist() if name in tables else []
    wanted = fold(asked.text("batiment"))
    return [
        r for r in rows if not wanted or wanted in fold(r["batiment"] or "") or (whole and not r["batiment"])
    ]


def _mwh(asked: Asked, kwh: float) -> str:
    return f"{asked.number(kwh / 1000, 0 if abs(kwh) >= 10_000 else 1)}\u00a0MWh"


def _tonnes(asked: Asked, kg: float) -> str:
    return f"{asked.number(kg / 1000, 0 if abs(kg) >= 10_000 else 1)}\u00a0t"


def _whole_years(rows: Sequence[Line]) -> dict[int, list[Line]]:
    """Years in which every meter that is known at all in the last of them is known whole."""
    by: dict[int, list[Line]] = defaultdict(list)
    for r in rows:
        by[r["annee"]].append(r)
    whole = {y: of for y, of in by.items() if all(r["jours_connus"] >= WHOLE_YEAR for r in of)}
    most = max((len(of) for of in whole.values()), default=0)
    return {y: of for y, of in sorted(whole.items()) if len(of) == most}


def _used(asked: Asked, rows: Sequence[Line], works: Sequence[Line]) -> list[Block]:
    whole = _whole_years(rows)
    if not whole:
        return [Said(asked.say("Aucune année n’est encore connue en entier."), "warn")]
    year = max(whole)
    kwh = sum(r["kwh"] for r in whole[year])
    co2 = [r["co2_kg"] for r in whole[year] if r["co2_kg"] is not None]
    without = sum(r["co2_kg"] is None for r in whole[year])
    values: dict[str, object] = {"kwh": _mwh(asked, kwh), "year": year}
    said = asked.say("En %(year)s, la ville a consommé %(kwh)s.", **values)
    if len(whole) > 1 and (before := sum(r["kwh"] for r in whole[min(whole)])):
        values |= {"first": min(whole), "part": asked.percent(abs(kwh - before) / before)}
        said = (
            asked.say(
                "En %(year)s, la ville a consommé %(kwh)s, %(part)s de moins qu’en %(first)s.", **values
            )
            if kwh < before
            else asked.say(
                "En %(year)s, la ville a consommé %(kwh)s, %(part)s de plus qu’en %(first)s.", **values
            )
        )
    raw = asked.say("Climat compris : un hiver doux fait baisser ce chiffre.") if len(whole) > 1 else ""
    estimated = sum(r["kwh"] * (r["estime_pct"] or 0) for r in whole[year]) / max(kwh, 1e-9) / 100
    figures = [
        Figure(_mwh(asked, kwh), asked.say("énergie finale"), str(year)),
        Figure(
            _tonnes(asked, sum(co2)),
            asked.say("de CO2"),
            asked.say("compteurs sans facteur, non comptés : %(n)s", n=asked.number(without))
            if without
            else str(year),
        ),
        Figure(asked.percent(estimated), asked.say("de relevés estimés"), str(year)),
    ]
    seen = [w for w in works if w["etat"] == SEEN]
    if seen:
        total = sum(w["economie_kwh"] for w in seen)
        half = sum(((w["haut_kwh"] - w["bas_kwh"]) / 2) ** 2 for w in seen) ** 0.5
        note = asked.say(
            "de %(low)s à %(high)s, à 90 %%", low=_mwh(asked, total - half), high=_mwh(asked, total + half)
        )
        figures.append(Figure(_mwh(asked, total), asked.say("économisés par les travaux vérifiés"), note))
    return [Said(said, "", raw), Figures(tuple(figures)), *_chart(asked, whole)]


def _chart(asked: Asked, whole: Mapping[int, Sequence[Line]]) -> list[Block]:
    energies = sorted({r["energie"] for of in whole.values() for r in of})
    rows: list[dict[str, object]] = []
    for year, of in whole.items():
        for energy in energies:
            these = [r for r in of if r["energie"] == energy]
            factors = {r["facteur"] for r in these}
            rows.append(
                {
                    "annee": str(year),
                    "energie": asked.say(energy),
                    "mwh": round(sum(r["kwh"] for r in these) / 1000, 1),
                    "co2": round(sum(r["co2_kg"] or 0 for r in these) / 1000, 2),
                    "facteur": next(iter(factors)) if len(factors) == 1 else None,
                    "page": opens(YEARS, f"equals:annee:{year}", f"equals:energie:{energy}"),
                }
            )
    title = asked.say("Énergie par année")
    text = asked.say(
        "De %(first)s à %(last)s, ce que chaque énergie a donné, en mégawattheures.",
        first=min(whole),
        last=max(whole),
    )
    values: list[Json] = [{k: v for k, v in r.items() if k in ("annee", "energie", "mwh")} for r in rows]  # pyright: ignore[reportAssignmentType]
    spec: Mapping[str, Json] = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "annee",
                "type": "nominal",
                "title": asked.say("Année"),
                "axis": {"labelAngle": 0},
            },
            "y": {"field": "mwh", "type": "quantitative", "title": "MWh"},
            "color": {
                "field": "energie",
                "type": "nominal",
                "title": asked.say("Énergie"),
                "scale": {"range": [COLOUR, COLOUR_2, COLOUR_3]},
            },
        },
    }
    columns = (
        Column("annee", title=asked.say("Année")),
        Column("energie", title=asked.say("Énergie")),
        Column("mwh", "number", title=asked.say("Consommé"), unit="MWh"),
        Column("co2", "number", title="CO2", unit="t"),
        Column("facteur", "number", title=asked.say("Facteur"), unit=asked.say("kg/kWh")),
    )
    note = asked.say("Le facteur de chaque ligne, sa date et sa source sont dans le jeu de données.")
    table = Rows(asked.say("Énergie et CO2 par année"), columns, tuple(rows), note, link="page")
    small = tuple({k: v for k, v in r.items() if k != "page"} for r in rows)
    return [Chart(title, text, spec, columns, small), table]


def _odd(asked: Asked, rows: Sequence[Line]) -> list[Block]:
    if not rows:
        return [Said(asked.say("Rien d’anormal n’est vu dans les relevés suivis jour par jour."), "ok")]
    said = asked.count(
        "%(n)s anomalie est à regarder ; elle vaudrait %(kwh)s par an.",
        "%(n)s anomalies sont à regarder ; la première vaudrait %(kwh)s par an.",
        len(rows),
        kwh=_mwh(asked, rows[0]["gain_kwh"]),
    )
    shown = tuple(
        {
            **r,
            "genre": asked.say(r["genre"]),
            "action": asked.say(r["action"]),
            "page": opens(ODD, f"equals:compteur:{r['compteur']}"),
        }
        for r in rows[:SHOWN]
    )
    names = ["batiment", "genre", "depuis", "gain_kwh", "gain_bas", "gain_haut"]
    names += [n for n in ("gain_euros", "gain_co2", "cout") if any(r[n] is not None for r in rows)]
    columns = asked.columns_of(ANOMALIES, *names, "action")
    note = asked.say(
        "Les gains sont des ordres de grandeur, entre leurs deux bornes ; les travaux les vérifient."
    )
    return [
        Said(said, "warn"),
        Rows(asked.say("Ce qui est anormal, et quoi faire"), columns, shown, note, link="page"),
    ]


def _saved(asked: Asked, rows: Sequence[Line]) -> list[Block]:
    if not rows:
        return []
    shown = tuple(
        {**r, "etat": asked.say(r["etat"]), "page": opens(SAVED, f"equals:batiment:{r['batiment']}")}
        for r in rows[:SHOWN]
    )
    names = ("batiment", "action", "jour", "attendu_pct", "economie_pct", "economie_kwh", "bas_kwh", "haut_kwh", "cout", "etat")  # fmt: skip
    note = asked.say(
        "L’économie compare l’année d’après à ce que le bâtiment aurait consommé par le même temps ; bornes à 90 %%."
    )
    return [
        Rows(asked.say("Travaux vérifiés"), asked.columns_of(ECONOMIES, *names), shown, note, link="page")
    ]


def _laws(asked: Asked, rows: Sequence[Line]) -> list[Block]:
    if not rows:
        return []
    last: dict[tuple[str, str], Line] = {}
    for r in rows:
        key = (r["loi"], r["batiment"] or "")
        if key not in last or r["annee"] > last[key]["annee"]:
            last[key] = r
    shown = tuple(
        {
            **r,
            "batiment": r["batiment"] or asked.say("toute la commune"),
            "etat": asked.say(r["etat"]),
            "page": opens(GOALS, f"equals:loi:{r['loi']}", f"equals:annee:{r['annee']}"),
        }
        for r in sorted(last.values(), key=lambda r: (r["loi"], -(r["ecart_kwh"] or 0)))
    )[: 2 * SHOWN]
    passed = sum(r["etat"] == PASSED for r in last.values())
    said = (
        asked.count(
            "%(n)s objectif de la loi est dépassé sur la dernière année connue.",
            "%(n)s objectifs de la loi sont dépassés sur la dernière année connue.",
            passed,
        )
        if passed
        else asked.say("Aucun objectif de la loi n’est dépassé sur la dernière année connue.")
    )
    areas = [r for r in last.values() if r.get("inventaire_m2") is not None]
    area_columns = ("inventaire_m2", "a_renover_m2", "renovee_m2") if areas else ()
    names = ("loi", "batiment", "annee", "reference_annee", "consomme_kwh", "permis_kwh", "ecart_kwh", *area_columns, "etat", "source")  # fmt: skip
    note = asked.say(
        "Les deux lois s’ajoutent. Entre deux échéances du décret tertiaire, la droite est une aide à la lecture : la loi n’en dit rien."
    )
    table = Rows(
        asked.say("Ce que la loi attend"), asked.columns_of(OBJECTIFS, *names), shown, note, link="page"
    )
    return [Said(said, "bad" if passed else "ok"), *(_area(asked, r) for r in areas), table]


def _area(asked: Asked, row: Line) -> Block:
    """What a law wants renovated each year, and what was."""
    late = row["renovee_m2"] < row["a_renover_m2"]
    text = asked.say(
        "%(law)s : %(done)s m² rénovés en %(year)s, pour %(wanted)s m² demandés sur %(all)s m² inventoriés.",
        law=row["loi"],
        done=asked.number(row["renovee_m2"], 0),
        year=row["annee"],
        wanted=asked.number(row["a_renover_m2"], 0),
        all=asked.number(row["inventaire_m2"], 0),
    )
    return Said(text, "warn" if late else "ok")


def _models(asked: Asked, rows: Sequence[Line]) -> list[Block]:
    if not rows:
        return []
    shown = tuple(
        {**r, "energie": asked.say(r["energie"]), "page": opens(MODELS, f"equals:compteur:{r['compteur']}")}
        for r in rows[:SHOWN]
    )
    names = (
        "batiment",
        "energie",
        "kwh_an",
        "chauffage_pct",
        "kwh_m2",
        "ecart_pairs",
        "cv_rmse_pct",
        "visible_pct",
    )
    note = asked.say(
        "Par ordre de consommation. L’écart aux pairs compare les kWh par m² des bâtiments de même usage ; au-delà de 2, il surprend."
    )
    return [
        Rows(asked.say("Bâtiment par bâtiment"), asked.columns_of(MODELES, *names), shown, note, link="page")
    ]


def operat(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """What the declaration of the tertiary decree asks of each building: a line a building, energy and year. Raises
    NotFound when no building is held to it.
    """
    goals = [r for r in _of(asked, tables, "objectifs") if r["batiment"]]
    if not goals:
        raise NotFound("Aucun bâtiment n’est soumis au décret tertiaire dans les données publiées.")
    held = {r["batiment"] for r in goals}
    reference = {r["batiment"]: r for r in goals}
    rows: list[Sequence[object]] = []
    for r in _of(asked, tables, "annees"):
        if r["batiment"] in held and r["poste"] == "batiment" and r["jours_connus"] >= WHOLE_YEAR:
            of = reference[r["batiment"]]
            about = (r["batiment"], r["usage"] or "", r["surface_m2"] or "")
            before = (of["reference_annee"] or "", of["reference_kwh"] or "")
            rows.append((*about, *before, r["annee"], r["energie"], round(r["kwh"])))
    head = (
        "entite_fonctionnelle",
        "activite",
        "surface_m2",
        "annee_reference",
        "consommation_reference_kwh_ef",
        "annee",
        "energie",
        "consommation_kwh_ef",
    )
    return _csv(head, rows)


def actions(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """The list of actions, as the page shows it, whole. Raises NotFound when there is none."""
    rows = _of(asked, tables, "anomalies")
    if not rows:
        raise NotFound("Aucune anomalie n’est à regarder.")
    names = [c.name for c in ANOMALIES.columns]
    return _csv(names, [["" if r[n] is None else r[n] for n in names] for r in rows])


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        # a cell that a spreadsheet would compute is written as text
        writer.writerow([f"'{c}" if isinstance(c, str) and c[:1] in "=+-@\t\r" and c else c for c in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
