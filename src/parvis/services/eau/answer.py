"""What the network loses, what the tap gives, where it is cut: each figure with its period, and each opens its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from parvis.core.errors import NotFound
from parvis.core.sentence import mark
from parvis.core.text import fold
from parvis.core.types import Column, Json
from parvis.methods.water import tap
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
    Take,
    opens,
)
from parvis.services.eau import cuts
from parvis.services.eau.compute import REACHED, UNKNOWN, local_day, state_of
from parvis.services.eau.schemas import INDICATEURS, QUALITE, SECTEURS

CUTS = "coupures"
"""What is asked: whether the water will be cut."""
YEARS, LOST, TAP = "eau-indicateurs", "eau-secteurs", "eau-robinet"
"""The datasets that the service makes."""

HARDNESS = "1345"
FIRST = (HARDNESS, "1340", "1302", "1399", "1398", "1295", "1449", "6455", "1382")
"""Parameters shown first, by their code: hardness, nitrates, pH, chlorine, turbidity, bacteria, lead."""

SHOWN = 30
OLD_SAMPLE = timedelta(days=62)
"""A sample so old says how the water was, not how it is: the smallest networks are sampled every other month."""
COMING, NOW, CALLED_OFF = mark("à venir"), mark("en cours"), mark("annulé")
KINDS = {
    "coupure": mark("coupure d’eau"),
    "travaux": mark("travaux sans coupure"),
    "non potable": mark("eau à ne pas boire"),
}

Line = Mapping[str, Any]


def answer(request: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """Whether the water is good, cuts and works, the tap, the yield and the years, then the districts."""
    years, losses = _rows(tables, "indicateurs"), _rows(tables, "secteurs")
    tap_, works = _rows(tables, "qualite"), _rows(tables, "travaux")
    if not (years or losses or tap_ or works):
        return (Said(request.say("La ville ne publie encore rien de son eau."), "warn"),)
    samples = _rows(tables, "controle")
    good = _good(request, tap_, samples, works)
    blocks: list[Block] = [good]
    if works and (request.text("quoi") == CUTS or request.text("rue")):
        cut = cuts.lead(request, works, request.text("rue"))
        blocks = [good, cut] if unsafe(request, works) else [cut, good]
    blocks += _works(request, works)
    blocks += _tap(request, tap_, samples)
    blocks += _year(request, years, tap_)
    blocks += _years(request, years)
    blocks += _districts(request, losses)
    blocks += _zones(request, _rows(tables, "zones"))
    blocks += _verified(request, _rows(tables, "constats"))
    return tuple(blocks)


def _good(request: Asked, tap_: Sequence[Line], samples: Sequence[Line], works: Sequence[Line]) -> Said:
    """Whether the water is good to drink: what the authorities forbid now, else the conclusion of the last
    sample, with its day; of an old one, that the water was good.
    """
    forbidden = unsafe(request, works)
    cut = [r for r in works if r["genre"] == "coupure" and state_of(r, request.now) == NOW]
    notes: list[str] = []
    if cut:
        notes.append(request.say("Coupée en ce moment : %(place)s.", place=", ".join(r["lieu"] for r in cut)))
    passed, done = sum(r["hors_limite"] for r in tap_), sum(r["analyses"] for r in tap_)
    if done:
        notes.append(
            request.count(
                "Sur douze mois, %(n)s résultat est hors d’une limite de qualité (analyses : %(all)s).",
                "Sur douze mois, %(n)s résultats sont hors d’une limite de qualité (analyses : %(all)s).",
                passed,
                all=request.number(done),
            )
        )
    past = [r for r in samples if r["date_prelevement"] <= request.now]
    last = max(past, key=lambda r: (r["date_prelevement"], str(r["code_prelevement"])), default=None)
    day = local_day(last["date_prelevement"]) if last is not None else None
    note = " ".join(notes)
    if forbidden:
        sentence = request.say(
            "Ne buvez pas l’eau du robinet : %(place)s.", place=", ".join(r["lieu"] for r in forbidden)
        )
        return Said(sentence, "bad", note, day)
    if last is None or day is None:
        return Said(request.say("La qualité de l’eau du robinet n’est pas publiée."), "warn", note)
    verdicts = {
        last.get("conformite_limites_bact_prelevement"),
        last.get("conformite_limites_pc_prelevement"),
    }
    words = {"day": request.day(day)}
    if "N" in verdicts:
        sentence = request.say(
            "L’eau prélevée le %(day)s n’était pas conforme aux limites de qualité.", **words
        )
        return Said(sentence, "bad", note, day)
    if "C" not in verdicts:
        sentence = request.say(
            "L’eau du robinet a été prélevée le %(day)s, sans conclusion publiée.", **words
        )
        return Said(sentence, "warn", note, day)
    if request.now - last["date_prelevement"] > OLD_SAMPLE:
        sentence = request.say("L’eau du robinet était bonne le %(day)s ; rien n’est publié depuis.", **words)
        return Said(sentence, "", note, day)
    sentence = request.say(
        "L’eau du robinet est bonne : conforme aux limites contrôlées le %(day)s.", **words
    )
    return Said(sentence, "ok", note, day)


def unsafe(request: Asked, works: Sequence[Line]) -> list[Line]:
    """The places where the water must not be drunk now: they go before any other answer."""
    return [r for r in works if r["genre"] == "non potable" and state_of(r, request.now) == NOW]


def _rows(tables: Mapping[str, pa.Table], name: str) -> list[Line]:
    return list(tables[name].to_pylist()) if name in tables else []


def _pct(request: Asked, value: float) -> str:
    return f"{request.number(value, 1)}\u00a0%"


def _year(request: Asked, years: Sequence[Line], tap_: Sequence[Line]) -> list[Block]:
    """The yield of the last year beside its legal threshold; loss index, ILI and hardness as figures."""
    known = [y for y in years if y["p104_3"] is not None]
    if not known:
        return [Said(request.say("Aucune année du réseau n’est publiée."), "warn")]
    y = max(known, key=lambda r: r["annee"])
    sentence = request.say(
        "En %(year)s, %(part)s de l’eau produite ou achetée a servi ; le reste a été perdu, surtout par des fuites.",
        year=y["annee"],
        part=_pct(request, y["p104_3"]),
    )
    tone = "ok" if y["etat"] == REACHED else "warn" if y["etat"] == UNKNOWN else "bad"
    if y["seuil"] is not None:
        more = (
            request.say("C’est plus que le seuil de la loi (%(limit)s).", limit=_pct(request, y["seuil"]))
            if y["etat"] == REACHED
            else request.say(
                "C’est moins que le seuil de la loi (%(limit)s) : un plan d’actions est dû.",
                limit=_pct(request, y["seuil"]),
            )
        )
        sentence = f"{sentence} {more}"
    figures = [
        Figure(_pct(request, y["p104_3"]), request.say("rendement du réseau (P104.3)"), str(y["annee"])),
    ]
    if y["p106_3"] is not None:
        figures.append(
            Figure(
                f"{request.number(y['p106_3'], 1)}\u00a0m³/km/j",
                request.say("perdus par kilomètre et par jour (P106.3)"),
                request.say("bon état : %(mark)s au plus", mark=request.number(y["p106_3_repere"]))
                if y["p106_3_repere"] is not None
                else str(y["annee"]),
            )
        )
    if y["ili"] is not None:
        figures.append(
            Figure(
                request.number(y["ili"], 1),
                request.say("fois les pertes inévitables (ILI)"),
                str(y["annee"])
                if y["apparentes_m3"] is not None
                else request.say("vols et compteurs lents non déduits"),
            )
        )
    hard = next((r for r in tap_ if r["code_parametre"] == HARDNESS and r["valeur"] is not None), None)
    if hard is not None:
        figures.append(
            Figure(
                f"{request.number(hard['valeur'], 1)}\u00a0°f",
                request.say("de dureté : une eau %(kind)s", kind=request.say(tap.hardness(hard["valeur"]))),
                request.say("prélevée le %(day)s", day=request.day(hard["jour"])),
            )
        )
    return [Said(sentence, tone), Figures(tuple(figures))]


def _works(request: Asked, rows: Sequence[Line]) -> list[Block]:
    """Cuts and works under way or within `cuts.AHEAD`, by their beginning."""
    states = [(r, state_of(r, request.now)) for r in rows]
    announced = sorted(
        (
            (r, s)
            for r, s in states
            if s in (NOW, COMING) and r["debut"] < request.now + cuts.AHEAD and r["genre"] in KINDS
        ),
        key=lambda x: x[0]["debut"],
    )
    if not rows:
        return []
    if not announced:
        return [Said(request.say("Rien n’est annoncé dans les trente jours : ni coupure, ni travaux."), "ok")]
    now = [r for r, s in announced if s == NOW]
    sentence = request.say(
        "Coupures et travaux annoncés : %(n)s, dont %(now)s en cours.",
        n=request.number(len(announced)),
        now=request.number(len(now)),
    )
    columns = (
        Column("lieu", title=request.say("Lieu")),
        Column("genre", title=request.say("Ce que c’est")),
        Column("debut", title=request.say("Début")),
        Column("fin", title=request.say("Fin")),
        Column("etat", title=request.say("État")),
        Column("conseil", title=request.say("Que faire")),
    )
    table = tuple(
        {
            "lieu": r["lieu"],
            "genre": request.say(KINDS[r["genre"]]),
            "debut": request.speech.moment(r["debut"]),
            "fin": request.speech.moment(r["fin"]),
            "etat": request.say(s),
            "conseil": r.get("conseil") or "",
        }
        for r, s in announced[:SHOWN]
    )
    note = request.say("Pour être prévenu : abonnez-vous aux messages « Eau » de la ville.")
    return [
        Said(sentence, "warn"),
        Rows(request.say("Coupures et travaux"), columns, table, note),
    ]


def _tap(request: Asked, rows: Sequence[Line], samples: Sequence[Line]) -> list[Block]:
    """The conclusion of the last sample, then a row a parameter: those past their limit first, then those of
    `FIRST`.
    """
    if not rows:
        return []
    past = [r for r in samples if r["date_prelevement"] <= request.now]
    blocks: list[Block] = []
    if past:
        last = max(past, key=lambda r: (r["date_prelevement"], str(r["code_prelevement"])))
        if last.get("conclusion_conformite_prelevement"):
            conclusion = request.say(
                "L’agence régionale de santé conclut : « %(said)s »",
                said=last["conclusion_conformite_prelevement"],
            )
            blocks.append(Said(conclusion))
    rank = {code: n for n, code in enumerate(FIRST)}
    order = sorted(
        rows,
        key=lambda r: (
            r["hors_limite"] == 0,
            rank.get(r["code_parametre"], len(rank)),
            fold(r["parametre"] or ""),
        ),
    )
    lines = tuple(
        {
            **r,
            "tenue": request.say(r["tenue"]),
            "page": opens(TAP, f"equals:code_parametre:{r['code_parametre']}"),
        }
        for r in order[:SHOWN]
    )
    names = (
        "parametre",
        "resultat",
        "unite",
        "jour",
        "limite",
        "reference",
        "tenue",
        "analyses",
        "hors_limite",
    )
    places = sorted({r["commune"] for r in rows if r["commune"]})
    note = request.say(
        "Source : contrôle sanitaire de l’eau distribuée, données nationales des agences régionales de santé (%(place)s). "
        "Un paramètre par ligne, son dernier résultat.",
        place=", ".join(places) or request.say("commune non précisée"),
    )
    blocks.append(
        Rows(request.say("L’eau du robinet"), request.columns_of(QUALITE, *names), lines, note, link="page")
    )
    return blocks


def _years(request: Asked, years: Sequence[Line]) -> list[Block]:
    """The yield drawn, the indicators of each year, the balance of the last, and the annual report to take."""
    if not years:
        return []
    order = sorted(years, key=lambda y: -y["annee"])
    lines = tuple(
        {
            **y,
            "etat": request.say(y["etat"]),
            "page": opens(YEARS, f"equals:annee:{y['annee']}"),
        }
        for y in order[:SHOWN]
    )
    names = ["annee", "p104_3", "seuil", "etat", "p105_3", "p106_3", "p106_3_repere", "ili", "pertes_m3"]
    names += ["valeur_pertes"] if any(y["valeur_pertes"] is not None for y in years) else []
    columns = request.columns_of(INDICATEURS, *names)
    note = request.say(
        "Le rendement monte quand on consomme plus : lisez les pertes par kilomètre à côté. L’ILI est l’indice de la directive 2020/2184."
    )
    blocks: list[Block] = []
    drawn = [y for y in reversed(order) if y["p104_3"] is not None]
    if len(drawn) > 1:
        blocks.append(_yield_chart(request, drawn))
    blocks.append(Rows(request.say("Indicateurs du rapport annuel"), columns, lines, note, link="page"))
    blocks.append(_balance(request, order[0]))
    blocks.append(Take(request.say("Tableau du rapport annuel (CSV)"), "rapport-annuel.csv"))
    return blocks


def _yield_chart(request: Asked, drawn: Sequence[Line]) -> Chart:
    """Yield and legal threshold, a point a year. drawn: years with a yield, ascending."""
    got, limit = request.say("rendement"), request.say("seuil du décret")
    points: list[tuple[str, str, float]] = [(str(y["annee"]), got, y["p104_3"]) for y in drawn]
    points += [(str(y["annee"]), limit, y["seuil"]) for y in drawn if y["seuil"] is not None]
    values: list[Json] = [{"annee": a, "serie": s, "pct": p} for a, s, p in points]
    spec: Mapping[str, Json] = {
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {
                "field": "annee",
                "type": "ordinal",
                "title": request.say("Année"),
                "axis": {"labelAngle": 0},
            },
            "y": {"field": "pct", "type": "quantitative", "title": "%", "scale": {"zero": False}},
            "color": {
                "field": "serie",
                "type": "nominal",
                "title": None,
                "sort": [got, limit],
                "scale": {"domain": [got, limit], "range": [COLOUR, COLOUR_2]},
            },
            "strokeDash": {
                "scale": {"domain": [got, limit]},
                "field": "serie",
                "type": "nominal",
                "title": None,
                "sort": [got, limit],
            },
        },
    }
    columns = (
        Column("annee", title=request.say("Année")),
        Column("serie", title=request.say("Série")),
        Column("pct", "number", title=request.say("Valeur"), unit="%"),
    )
    text = request.say(
        "De %(first)s à %(last)s, le rendement du réseau et le seuil que fixe le décret.",
        first=drawn[0]["annee"],
        last=drawn[-1]["annee"],
    )
    table = tuple({"annee": a, "serie": s, "pct": p} for a, s, p in points)
    return Chart(request.say("Rendement du réseau, année par année"), text, spec, columns, table)


def _balance(request: Asked, y: Line) -> Rows:
    """Where the water of a year went (IWA)."""
    whole = y["distribue_m3"]
    parts = (
        (request.say("Consommation autorisée, comptée ou non"), y["autorise_m3"]),
        (request.say("Pertes apparentes : vols, compteurs lents"), y["apparentes_m3"]),
        (request.say("Pertes réelles : fuites"), y["reelles_m3"]),
    )
    rows = tuple(
        {"part": title, "m3": value, "pct": round(100 * value / whole, 1) if whole > 0 else None}
        for title, value in parts
        if value is not None
    )
    columns = (
        Column("part", title=request.say("Où va l’eau")),
        Column("m3", "number", title=request.say("Volume"), unit="m³"),
        Column("pct", "number", title=request.say("Part"), unit="%"),
    )
    title = request.say("Bilan de l’eau mise en distribution en %(year)s", year=y["annee"])
    note = (
        ""
        if y["apparentes_m3"] is not None
        else request.say("Les pertes apparentes ne sont pas connues : elles sont comptées avec les fuites.")
    )
    return Rows(title, columns, rows, note)


def _districts(request: Asked, rows: Sequence[Line]) -> list[Block]:
    """What the districts lose in the last whole month, all or those of the name that was typed; then month by
    month.
    """
    if not rows:
        return []
    wanted = fold(request.text("secteur"))
    mine = [r for r in rows if not wanted or wanted in fold(r["secteur"])]
    if not mine:
        return [Said(request.say("Aucun secteur publié ne porte ce nom."), "warn")]
    months = sorted({r["mois"] for r in mine})
    whole = [m for m in months if any(r["mois"] == m and r["jours_du_mois"] >= 28 for r in mine)]
    month = whole[-1] if whole else months[-1]
    last = sorted((r for r in mine if r["mois"] == month), key=lambda r: -r["perdu_m3j"])
    lost, entered = sum(r["perdu_m3j"] for r in last), sum(r["entree_m3j"] for r in last)
    worth = [r["perdu_euros"] for r in last]
    sentence = request.say(
        "En %(month)s, les nuits disent une perte de %(m3)s m³ par jour, %(part)s de ce qui est entré dans les secteurs mesurés.",
        month=_month(request, month),
        m3=request.number(lost, 0),
        part=request.percent(lost / entered) if entered > 0 else "0 %",
    )
    if worth and all(w is not None for w in worth):
        sentence = f"{sentence} {request.say('Dans le mois, cela vaut %(euros)s €.', euros=request.number(sum(worth), 0))}"
    lines = tuple({**r, "page": opens(LOST, f"equals:secteur:{r['secteur']}")} for r in last[:SHOWN])
    names = [
        "secteur",
        "jours",
        "entree_m3j",
        "nuit_m3h",
        "legitime_m3h",
        "fuite_m3h",
        "perdu_m3j",
        "perdu_pct",
    ]
    names += ["perdu_m3kmj"] if any(r["perdu_m3kmj"] is not None for r in last) else []
    names += ["perdu_euros"] if any(w is not None for w in worth) else []
    note = request.say(
        "Le débit de nuit moins les usages légitimes, ramené à la journée selon la pression. Où chercher une fuite n’est dit qu’à ceux qui la cherchent."
    )
    blocks: list[Block] = [
        Said(sentence),
        Rows(
            request.say("Ce que perdent les secteurs, %(month)s", month=_month(request, month)),
            request.columns_of(SECTEURS, *names, "visible_m3h"),
            lines,
            note,
            link="page",
        ),
    ]
    if len(months) > 1:
        blocks.append(_lost_chart(request, mine, months))
    return blocks


def _lost_chart(request: Asked, rows: Sequence[Line], months: Sequence[date]) -> Chart:
    """What those districts lose together, m³ a day, a bar a month."""
    points = [
        {
            "mois": m.isoformat(),
            "fuite": round(sum(r["perdu_m3j"] for r in rows if r["mois"] == m), 1),
            "entree": round(sum(r["entree_m3j"] for r in rows if r["mois"] == m), 1),
        }
        for m in months
    ]
    values: list[Json] = [{"mois": str(p["mois"]), "fuite": float(p["fuite"])} for p in points]
    spec: Mapping[str, Json] = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "mois",
                "type": "ordinal",
                "timeUnit": "utcyearmonth",
                "title": request.say("Mois"),
                "axis": {"format": "%m/%Y", "labelAngle": -40},
            },
            "y": {"field": "fuite", "type": "quantitative", "title": request.say("m³ par jour")},
            "color": {"value": COLOUR},
        },
    }
    columns = (
        Column("mois", "date", title=request.say("Mois")),
        Column("fuite", "number", title=request.say("Perdu"), unit=request.say("m³/j")),
        Column("entree", "number", title=request.say("Entré"), unit=request.say("m³/j")),
    )
    text = request.say(
        "De %(first)s à %(last)s, ce que les secteurs mesurés ont perdu par jour ; le dernier mois peut être incomplet.",
        first=_month(request, months[0]),
        last=_month(request, months[-1]),
    )
    table = tuple({**p, "mois": date.fromisoformat(str(p["mois"]))} for p in points)
    return Chart(request.say("Pertes par mois"), text, spec, columns, table)


def _month(request: Asked, day: date) -> str:
    """A month in words: that of the first day, without it."""
    words = request.day(day).split()
    return " ".join(w for w in words if not w[0].isdigit() or len(w) == 4)


def _zones(request: Asked, rows: Sequence[Line]) -> list[Block]:
    """Use by zones of homes, as those who read the meters published it."""
    if not rows:
        return []
    last = max(r["mois"] for r in rows)
    now = sorted((r for r in rows if r["mois"] == last), key=lambda r: -(r["part_forte_pct"] or 0))
    columns = (
        Column("zone", title=request.say("Zone")),
        Column("logements", "integer", title=request.say("Logements")),
        Column("litres_jour", "number", title=request.say("Par logement et par jour"), unit="L"),
        Column(
            "part_forte_pct",
            "number",
            title=request.say("Logements à plus du double de la médiane"),
            unit="%",
        ),
    )
    note = request.say("Une zone de moins de dix logements n’est jamais montrée.")
    title = request.say("Consommation des zones, %(month)s", month=_month(request, last))
    return [Rows(title, columns, tuple(now[:SHOWN]), note)]


def _verified(request: Asked, rows: Sequence[Line]) -> list[Block]:
    """How many alerts were checked on the ground, how many were a leak, and the water that repairs spare."""
    judged = sum(r["constats"] for r in rows)
    if not judged:
        return []
    leaks, saved = sum(r["trouvees"] for r in rows), sum(r["m3_evites"] or 0 for r in rows)
    sentence = request.say(
        "Alertes vérifiées sur place : %(n)s, dont %(found)s où une fuite a été trouvée ; eau épargnée par an : %(m3)s m³.",
        n=request.number(judged),
        found=request.number(leaks),
        m3=request.number(saved, 0),
    )
    return [Said(sentence)]


def report(request: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """The table of the annual report: a line an indicator, a column a year. Raises NotFound where no year is published."""
    years = sorted(_rows(tables, "indicateurs"), key=lambda y: y["annee"])
    if not years:
        raise NotFound("Aucune année du réseau n’est publiée.")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([request.say("Indicateur"), request.say("Unité"), *(str(y["annee"]) for y in years)])
    for column in INDICATEURS.columns[1:]:
        cells = ["" if y[column.name] is None else y[column.name] for y in years]
        texts = [_cell(request, c) for c in cells]
        writer.writerow([request.say(column.title), column.unit or "", *texts])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(request: Asked, value: object) -> str:
    """A number as French spreadsheets read it; a text that one would compute is written as text."""
    if isinstance(value, float | int):
        text = f"{value:.10g}"
        return text.replace(".", ",") if request.speech.code == "fr" else text
    content = str(value)
    return f"'{content}" if content[:1] in "=+-@\t\r" and content else content
