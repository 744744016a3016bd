"""The study of posts and of the areas that each serves."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from parvis.services.answers import Ask, Asked, Blocks, Figure, Figures, Map, Mark, Rows, Said, Tone
from parvis.services.declaration import Input
from parvis.services.secours import posts
from parvis.services.study import Study


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """What is proposed beside today, how far from the best possible, one post less, and who waits longest."""
    first, *others = tables["bilan"].to_pylist()
    chosen, places = tables["postes"].to_pylist(), tables["secteurs"].to_pylist()
    said = asked.count(
        "Avec %(n)s poste, %(mean)s min en moyenne, et neuf demandes sur dix en moins de %(nine)s min.",
        "Avec %(n)s postes, %(mean)s min en moyenne, et neuf demandes sur dix en moins de %(nine)s min.",
        first["postes"],
        mean=asked.number(first["moyenne_min"], 1),
        nine=asked.number(first["neuf_sur_dix_min"], 1),
    )
    proof = (
        asked.say("Aucun choix n’est meilleur pour ce qui fut demandé : c’est démontré.")
        if first["ecart_pct"] <= 1e-4
        else asked.say(
            "Un meilleur choix pourrait gagner %(gap)s %% au plus.", gap=asked.number(first["ecart_pct"], 2)
        )
    )
    figures = [
        Figure(asked.percent(first["couvert_pct"] / 100), asked.say("de la demande à temps")),
        Figure(asked.percent(first["double_pct"] / 100), asked.say("à temps d’un deuxième poste"), asked.say("si le premier est pris")),
    ]  # fmt: skip
    figures += [
        Figure(f"{asked.number(r['moyenne_min'], 1)}\u00a0min", asked.say("en moyenne avec les postes d’aujourd’hui"),
            asked.say("postes : %(n)s", n=asked.number(r["postes"])),
        )
        for r in others
    ]  # fmt: skip
    title = asked.say("Temps de chaque lieu")
    late = max((r["minutes"] for r in places), default=0.0)
    key: dict[str, str] = {
        "ok": asked.say("à temps de deux postes"), "warn": asked.say("à temps d’un seul"), "bad": asked.say("trop loin de tous"), "": asked.say("poste"),
    }  # fmt: skip
    tones: tuple[Tone, ...] = ("bad", "warn", "ok")
    marks = tuple(
        Mark("point", ((r["longitude"], r["latitude"]),), r["lieu"], asked.say("%(n)s min", n=asked.number(r["minutes"], 1)), tones[min(2, r["couvert"])])
        for r in places
    ) + tuple(Mark("point", ((r["longitude"], r["latitude"]),), r["poste"], asked.say("poste")) for r in chosen)  # fmt: skip
    note = asked.say(
        "Le plus long trajet dure %(n)s min ; la moyenne seule le cacherait.", n=asked.number(late, 1)
    )
    bilan = tuple({**r, "choix": asked.say(r["choix"])} for r in (first, *others))
    return (
        Said(said), Said(proof), Figures(tuple(figures)),
        Rows(asked.say("Ce que vaut chaque choix"), asked.titled(posts.SUMMARY.columns), bilan),
        Rows(asked.say("Les postes, et ce que coûterait chacun de moins"), asked.titled(posts.POSTS.columns), tuple(chosen)),
        Rows(title, asked.titled(posts.PLACES.columns), tuple(places), note, folded=True),
        Map(asked.say("Qui est atteint à temps"), marks, title, key),
    )  # fmt: skip


POSTS = Study(
    name="postes-et-secteurs",
    title="Postes et secteurs",
    question="Où placer les postes, et qui attendrait avec une unité de moins ?",
    inputs={
        "demande": Input("demande-secours/demande-secours", schema="demande-secours"),
        "candidats": Input("postes-possibles/postes-possibles", schema="postes-possibles"),
        "routes": Input("reseau-routier/troncons-routiers", schema="reseau-routier", optional=True),
    },
    outputs={"bilan": posts.SUMMARY, "postes": posts.POSTS, "secteurs": posts.PLACES},
    method="Les temps de trajet suivent les rues, leurs sens et leurs vitesses. Les postes sont choisis par programmation en nombres entiers "
    "(p-médiane, p-centre, couverture maximale, "
    "couverture attendue quand des unités sont prises), avec une borne : l’écart dit ce qu’un meilleur choix pourrait encore gagner.",
    caveats=(
        "Les vitesses sont celles du réseau publié : ni l’heure de pointe, ni la priorité d’un véhicule de secours n’y sont.",
        "La demande est celle du passé ; elle change, et ce qui n’est pas signalé n’y est pas.",
        "Une moyenne plus courte peut laisser un quartier plus loin : regardez le plus long trajet et la charge de chaque poste.",
        "La demande est celle de lieux, sans rien de ceux qui y vivent ; aucune décision sur une personne n’en dépend. Un outil de planification, "
        "hors de l’annexe III du règlement européen sur l’IA "
        "(note du 1er décembre 2026) ; il ne trie aucun appel.",
    ),
    asks=(
        Ask(
            "objectif", "Chercher", "choice", default="moyenne",
            choices={
                "moyenne": "le temps moyen le plus court", "plus-long": "le plus long trajet le plus court", "couverture": "le plus de demande à temps",
                "attendue": "le plus de demande à temps, des unités étant prises",
            },
        ),
        Ask("postes", "Postes", "number", default="3", least=1, most=200),
        Ask("delai", "À temps veut dire, en minutes", "number", default="8", least=0.5, most=120),
        Ask("occupe", "Part du temps où une unité est prise", "number", hint="en pour cent", default="20", least=0, most=90, folded=True),
        Ask("droit", "En ligne droite, sans les rues", "tick", folded=True),
        Ask("vitesse", "Vitesse où elle n’est pas connue", "number", hint="en km/h", default="30", least=5, most=130, folded=True),
    ),
    run=posts.run,
    answer=answer,
    steps=(posts.TIMED, posts.CHOSEN),
)  # fmt: skip
