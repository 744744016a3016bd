"""What the page of black spots promises, and what it says."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import POINT, Dataset
from parvis.services.accidents.compute import COVER, SPOTS, work
from parvis.services.answers import Asked, Block, Blocks, Map, Mark, Rows, Said
from parvis.services.declaration import Input, Output, Service

KEYWORDS = ("accident", "sécurité routière", "point noir")


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The black spots, on a map and in a table, then what they rest on."""
    cover = tables["couverture"].to_pylist() if "couverture" in tables else []
    if not cover:
        return (
            Said(
                asked.say("Aucun accident corporel n’est publié, ou le réseau des rues ne l’est pas."), "warn"
            ),
        )
    spots = tables["points"].to_pylist() if "points" in tables else []
    first, last = min(c["debut"] for c in cover), max(c["fin"] for c in cover)
    count = sum(c["accidents"] for c in cover)
    said = (
        asked.count(
            "De %(first)s à %(last)s, %(n)s lieu a eu plus du double des accidents de ses pareils : %(place)s.",
            "De %(first)s à %(last)s, %(n)s lieux ont eu plus du double des accidents de leurs pareils, d’abord %(place)s.",
            len(spots), first=first, last=last, place=spots[0]["lieu"],
        )
        if spots
        else asked.count(
            "De %(first)s à %(last)s, aucun lieu n’a sûrement plus du double des accidents de ses pareils : %(n)s accident est compté.",
            "De %(first)s à %(last)s, aucun lieu n’a sûrement plus du double des accidents de ses pareils : %(n)s accidents sont comptés.",
            count, first=first, last=last,
        )
    )  # fmt: skip
    sure = (
        asked.say("De tous les lieux qui sont nommés ainsi, un sur vingt au plus l’est à tort.")
        if spots
        else ""
    )
    blocks: list[Block] = [Said(said, "warn" if spots else "ok", sure)]
    if spots:
        title = asked.say("Les points noirs")
        shown = tuple({**r, "genre": asked.say(r["genre"])} for r in spots)
        note = asked.say(
            "L’estimation rapproche ce qui fut compté de ce qu’ont les lieux de même trafic : une mauvaise année seule n’y suffit pas. École, rue "
            "scolaire et travaux "
            "disent ce qu’il y a autour, non la cause."
        )
        names = tuple(c.name for c in SPOTS.columns)
        marks = tuple(
            Mark(
                "point", ((r[POINT]["lon"], r[POINT]["lat"]),), r["lieu"],
                asked.count(
                    "%(n)s accident, %(expected)s en moyenne dans de tels lieux", "%(n)s accidents, %(expected)s en moyenne dans de tels lieux",
                    r["accidents"], expected=asked.number(r["attendus"], 1),
                ), "bad",
            )
            for r in spots
        )  # fmt: skip
        blocks.append(Rows(title, asked.columns_of(SPOTS, *names), shown, note))
        key = {"bad": asked.say("plus du double de ses pareils")}
        blocks.append(Map(asked.say("Où ils sont"), marks, title, key))
    if not all(c["trafic"] for c in cover):
        blocks.append(
            Said(asked.say("Le trafic des rues n’est pas publié en entier : une rue très passante paraît ici plus dangereuse qu’elle n’est."), "warn")
        )  # fmt: skip
    covers = tuple({**c, "genre": asked.say(c["genre"])} for c in cover)
    blocks.append(
        Rows(
            asked.say("Sur quoi ils reposent"),
            asked.columns_of(COVER, *(c.name for c in COVER.columns)),
            covers,
            folded=True,
        )
    )
    return tuple(blocks)


def _dataset(name: str, title: str, text: str) -> Dataset:
    return Dataset(
        name, title, text, "mobilites", frequency="annual", themes=("TRAN",), keywords=KEYWORDS, derived_from=("accidents-corporels", "reseau-routier"),
    )  # fmt: skip


SERVICE = Service(
    name="points-noirs",
    title="Points noirs des accidents",
    found_by={
        "fr": ("accident", "sécurité routière", "carrefour dangereux", "danger", "radar", "vitesse", "collision"),
        "en": ("accident", "crash", "road safety", "dangerous junction", "speed"),
    },
    question="Quels carrefours et quelles rues ont plus d’accidents que leurs pareils ?",
    inputs={
        "accidents": Input("accidents-corporels/caracteristiques", schema="accidents-corporels"),
        "routes": Input("reseau-routier/troncons-routiers", schema="reseau-routier"),
        "trafic": Input("trafic-troncons/trafic-troncons", schema="trafic-troncons", optional=True),
        "ecoles": Input("ecoles-effectifs/effectifs-ecoles", optional=True),
        "rues_scolaires": Input("rues-scolaires/rues-scolaires", schema="rues-scolaires", optional=True),
        "travaux": Input("travaux/travaux", schema="travaux", optional=True),
    },
    outputs={
        "points": Output(
            _dataset(
                "points-noirs", "Points noirs des accidents corporels",
                "Les carrefours et les rues dont l’estimation bayésienne empirique passe le double de ce qu’ont leurs pareils, avec l’intervalle, "
                "l’excès et le doute.",
            ),
            SPOTS, "point noir", "points noirs", label="lieu", brief=("accidents", "exces"),
        ),
        "couverture": Output(
            _dataset(
                "points-noirs-couverture", "Points noirs : ce sur quoi ils reposent",
                "Années, accidents placés ou perdus, lieux comparés, effet du trafic et dispersion de la loi, pour les carrefours et pour les rues.",
            ),
            COVER, "genre de lieux", "genres de lieux", label="genre", brief=("accidents", "listes"),
        ),
    },
    method="Chaque accident est mis au carrefour à moins de 25 m, sinon sur la rue la plus proche. Une loi binomiale négative dit ce qu’ont les lieux "
    "de même trafic et de même "
    "longueur ; l’estimation bayésienne empirique de Hauer en rapproche chaque lieu, et sont listés ceux qui en passent sûrement le double, un sur "
    "vingt à tort au plus.",
    caveats=(
        "Le fichier national ne tient que les accidents corporels relevés par la police et la gendarmerie : beaucoup de blessés légers, à vélo "
        "surtout, n’y sont pas.",
        "Sans comptage de piétons et de vélos, un lieu où ils sont nombreux paraît plus dangereux qu’il n’est pour chacun.",
        "Un lieu refait depuis peu garde ses anciens accidents pendant cinq ans.",
        "Des lieux et des années, jamais un jour ni une personne ; aucune décision sur une personne n’en dépend.",
        "Classé le 1er décembre 2026 (règlement européen sur l’IA) : des lieux et des nombres, aucune personne n’est évaluée ; hors de l’annexe III.",
    ),
    work=work,
    answer=answer,
    words=(mark("carrefour"), mark("rue")),
)  # fmt: skip
