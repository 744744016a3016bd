"""The study of clusters of cases in space and time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.services.answers import Ask, Asked, Block, Blocks, Map, Mark, Point, Points, Rows, Said
from parvis.services.declaration import Input
from parvis.services.epidemies import clusters
from parvis.services.study import Study

BEFORE = (
    mark(
        "Un foyer n’est pas une cause : regardez d’abord si un laboratoire, une école ou un médecin a changé sa façon de compter."
    ),
    mark("L’agence régionale de santé décide d’une alerte ; cette étude ne la remplace pas."),
    mark(
        "Les cas des lieux voisins qui ne comptent pas ici manquent : un foyer au bord peut être plus grand."
    ),
)


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The most likely cluster in a sentence, all that chance does not explain on a map, and what they rest on."""
    found: list[dict[str, Any]] = tables["foyers"].to_pylist()
    (cover,) = tables["couverture"].to_pylist()
    blocks: list[Block] = [_first(asked, found, cover)]
    if found:
        title = asked.say("Les foyers")
        blocks.append(
            Rows(title, asked.titled(clusters.CLUSTERS.columns), tuple(found), note=_rest(asked, cover))
        )
        marks = tuple(
            Mark(
                "point",
                ((r["longitude"], r["latitude"]),),
                asked.say(
                    "Foyer %(n)s, autour du lieu « %(place)s »", n=asked.number(r["rang"]), place=r["centre"]
                ),
                asked.say(
                    "%(cases)s cas, pour une attente de %(expected)s",
                    cases=asked.number(r["cas"]),
                    expected=asked.number(r["attendus"], 1),
                ),
                "bad" if r["p"] <= 0.01 else "warn",
            )
            for r in found
        )
        key = {
            "bad": asked.say("le hasard en fait autant moins d’une fois sur cent"),
            "warn": asked.say("le hasard en fait autant moins d’une fois sur vingt"),
        }
        blocks.append(Map(asked.say("Où ils sont"), marks, title, key))
        blocks.append(
            Rows(
                asked.say("Leurs lieux"),
                asked.titled(clusters.MEMBERS.columns),
                tuple(tables["lieux"].to_pylist()),
                folded=True,
            )
        )
    blocks += [*_rates(asked, tables["taux"].to_pylist()), *_power(asked, tables["puissance"].to_pylist())]
    blocks.append(Points(asked.say("Avant d’en parler"), tuple(Point(asked.say(text)) for text in BEFORE)))
    blocks.append(
        Rows(asked.say("Sur quoi elle repose"), asked.titled(clusters.COVER.columns), (cover,), folded=True)
    )
    return blocks


def _rates(asked: Asked, rows: list[dict[str, Any]]) -> list[Block]:
    if not rows:
        return []
    high = [r for r in rows if r["haut"]]
    said = (
        asked.say(
            "Lieux hauts avec leurs voisins, que le hasard n’explique pas : %(n)s sur %(all)s.",
            n=asked.number(len(high)),
            all=asked.number(len(rows)),
        )
        if high
        else asked.say(
            "Aucun lieu n’est haut avec ses voisins au-delà du hasard, sur %(all)s.",
            all=asked.number(len(rows)),
        )
    )
    title = asked.say("Taux par lieu, bruts et lissés")
    names = tuple(n for n in clusters.RATES.names if n not in ("latitude", "longitude"))
    note = asked.say(
        "Un taux lissé tire les lieux peu peuplés vers l’ensemble, ou vers leurs voisins (Bayes empirique). "
        "Gi* additionne un lieu et ses six plus proches ; "
        "« haut » et « semblable » sont choisis à 5 % pour tous les lieux ensemble (Benjamini et Hochberg, niveau réglé par tirages)."
    )
    blocks: list[Block] = [
        Said(said, "warn" if high else "ok"),
        Rows(title, asked.columns_of(clusters.RATES, *names), tuple(rows), note, folded=True),
    ]
    if high:
        marks = tuple(
            Mark(
                "point",
                ((r["longitude"], r["latitude"]),),
                r["nom"] or r["lieu"],
                asked.say("%(rate)s pour 10 000, lissé", rate=asked.number(r["lisse"], 1)),
                "warn",
            )
            for r in high
        )
        blocks.append(
            Map(
                asked.say("Lieux hauts avec leurs voisins"),
                marks,
                title,
                {"warn": asked.say("haut, avec ses voisins")},
            )
        )
    return blocks


def _power(asked: Asked, rows: list[dict[str, Any]]) -> list[Block]:
    if not rows:
        return []
    note = asked.say(
        "Des foyers sont plantés au hasard autour d’un lieu médian, les dernières semaines, et balayés de même : la part qui est vue, "
        "et son doute (95 %). "
        "Un foyer que le balayage ne voit pas souvent peut être là."
    )
    return [
        Rows(
            asked.say("Ce que ce balayage verrait"),
            asked.columns_of(clusters.POWER, *clusters.POWER.names),
            tuple(rows),
            note,
        )
    ]


def _first(asked: Asked, found: list[dict[str, Any]], cover: dict[str, Any]) -> Said:
    period = {"since": asked.day(cover["debut"]), "until": asked.day(cover["fin"])}
    if not found:
        return Said(
            asked.say(
                "Rien que le hasard n’explique, de la semaine du %(since)s à celle du %(until)s ; lieux : %(n)s, cas : %(cases)s.",
                n=asked.number(cover["lieux"]), cases=asked.number(cover["cas"]), **period,
            ),
            "ok",
        )  # fmt: skip
    one = found[0]
    return Said(
        asked.say(
            "Autour du lieu « %(place)s », %(cases)s cas, pour une attente de %(expected)s, de la semaine du %(since)s à celle du %(until)s ; "
            "le hasard en fait autant quelque part %(p)s fois sur cent au plus (tirages : %(draws)s).",
            place=one["centre"], cases=asked.number(one["cas"]), expected=asked.number(one["attendus"], 1),
            since=asked.day(one["debut"]), until=asked.day(one["fin"]), p=asked.number(100 * one["p"], 1), draws=asked.number(cover["tirages"]),
        ),
        "bad" if one["p"] <= 0.01 else "warn",
    )  # fmt: skip


def _rest(asked: Asked, cover: dict[str, Any]) -> str:
    return asked.say(
        "Les autres groupes de lieux, que le hasard explique, ne sont pas montrés : il y en a %(n)s.",
        n=asked.number(cover["non_montres"]),
    )


CLUSTERS = Study(
    name="foyers-de-cas",
    title="Foyers de cas, dans l’espace et le temps",
    question="Où, et depuis quand, y a-t-il plus de cas que le hasard n’en mettrait ?",
    inputs={
        "cas": Input("epidemies/cas", schema="cas-par-lieu"),
        "lieux": Input("epidemies/lieux", schema="lieux-peuples"),
    },
    outputs={"foyers": clusters.CLUSTERS, "lieux": clusters.MEMBERS, "taux": clusters.RATES, "puissance": clusters.POWER, "couverture": clusters.COVER},
    method="Des cercles autour de chaque lieu sont balayés, semaine après semaine (statistique de balayage de Kulldorff) : "
    "les cas y sont comparés à ce que la population et la saison, ou les lieux et les dates pris à part, laissent attendre. "
    "Les mêmes cas sont redistribués au hasard autant de fois qu’il est dit ; p est la part des tirages qui font autant, n’importe où. "
    "Les taux de chaque lieu sont lissés (Bayes empirique), et comparés à ceux de leurs voisins (Gi*, Moran local).",
    caveats=(
        "Les cercles ne suivent ni les rues ni les réseaux : un foyer étiré se voit moins bien.",
        "Les habitants sont un mauvais dénominateur où l’on travaille ou passe plus qu’on n’habite.",
        "Relancée chaque semaine, l’étude trouvera un foyer par hasard une fois sur vingt.",
        "Un lieu sans comptage une semaine n’y compte pour rien, ni dedans ni dehors.",
        "Des lieux, jamais des personnes : l’étude ne lit que des nombres, et aucune décision sur une personne n’en dépend.",
        "Classé le 1er décembre 2026 (règlement européen sur l’IA) : des lieux et des nombres, aucune personne n’est évaluée ; hors de l’annexe III.",
    ),
    asks=(
        Ask(
            "modele", "Comparer les cas", "choice", default="population",
            choices={"population": "à la population de chaque lieu", "dates": "aux lieux et aux dates pris à part (appels, passages)"},
        ),
        Ask("semaines", "Dernières semaines à regarder", "number", default="26", least=2, most=520),
        Ask("duree", "Durée d’un foyer, au plus", "number", hint="en semaines", default="8", least=1, most=104),
        Ask("part", "Un foyer tient au plus", "number", hint="en pour cent de ce qui est attendu", default="25", least=1, most=50, folded=True),
        Ask("actuels", "Seulement les foyers qui durent encore", "tick", folded=True),
        Ask("tirages", "Tirages au hasard", "number", default="999", least=99, most=9999, folded=True),
    ),
    run=clusters.run,
    answer=answer,
    steps=(clusters.SCANNED,),
)  # fmt: skip
