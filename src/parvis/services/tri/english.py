"""What the service of sorting says, in English."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "Tri et recyclage": "Sorting and recycling",
    "Mon quartier trie-t-il bien, et où faut-il agir ?": "Does my district sort well, and where should we act?",
    "Les taux sont ceux des rapports nationaux, refus non déduits puis déduits, sur tous les mois entiers ; leurs intervalles viennent de mois tirés au sort "
    "par blocs de trois. L’effet d’une mesure est la différence des différences avec les quartiers qui n’en ont pas eu, jugée par permutation des quartiers.": (
        "Rates are those of the national reports, rejects not taken off and then taken off, over all whole months; their intervals come from months drawn "
        "in blocks of "
        "three. The effect of a measure is the difference in differences with the districts that had none, judged by permuting the districts."
    ),
    "Un quartier sans pesée d’ordures ménagères plus de la moitié des mois n’est pas compté.": (
        "A district whose residual waste was not weighed in more than half of the months is not counted."
    ),
    "Une pesée attribuée au mauvais quartier change les deux taux.": "A weighing booked to the wrong district changes both rates.",
    "La part triable des ordures ménagères est celle de la France entière (40 %, MODECOM 2017), non celle du quartier.": (
        "The sortable share of residual waste is that of the whole of France (40%, MODECOM 2017), not that of the district."
    ),
    "Un quartier de bureaux ou de touristes jette ce que ses habitants ne jettent pas.": (
        "A district of offices or tourists throws away what its residents do not."
    ),
    "Une mesure prise là où l’on triait déjà mieux semble plus utile qu’elle n’est.": (
        "A measure taken where people already sorted better looks more useful than it is."
    ),
    "Avec peu de quartiers, le hasard ne peut être écarté qu’à moitié : l’intervalle compte plus que le verdict.": (
        "With few districts chance can only half be ruled out: the interval counts for more than the verdict."
    ),
    "Mon quartier": "My district",
    "Son nom, comme dans la table.": "Its name, as in the table.",
    "quartier": "district",
    "quartiers": "districts",
    "mesure": "measure",
    "mesures": "measures",
    "Taux de tri et de refus par quartier": "Sorting and reject rates by district",
    "Effet des mesures pour le tri": "Effect of sorting measures",
    "le taux de tri a plus augmenté qu’ailleurs": "the sorting rate rose more than elsewhere",
    "il a moins augmenté qu’ailleurs, ou baissé": "it rose less than elsewhere, or fell",
    "le hasard suffit à l’expliquer": "chance is enough to explain it",
    "Quartier": "District",
    "Habitants": "Inhabitants",
    "Mois": "Months",
    "Taux de tri": "Sorting rate",
    "Au moins": "At least",
    "Au plus": "At most",
    "Taux net": "Net rate",
    "Refus": "Rejects",
    "Refus au moins": "Rejects at least",
    "Refus au plus": "Rejects at most",
    "Captage": "Capture",
    "Gain d’une campagne": "Gain of a campaign",
    "Gain au moins": "Gain at least",
    "Gain au plus": "Gain at most",
    "%": "%",
    "t/an": "t/year",
    "points": "points",
    "Mesure": "Measure",
    "Quartiers": "Districts",
    "Début": "Start",
    "Effet": "Effect",
    "Hasard": "Chance",
    "Verdict": "Verdict",
    # the answer
    "Aucun mois entier n’est encore publié : rien ne peut être calculé.": "No whole month has been published yet: nothing can be computed.",
    "%(name)s trie %(rate)s %% de ses déchets (de %(low)s à %(high)s %%) ; le centre en refuse %(refused)s %% (de %(refused_low)s à %(refused_high)s %%).": (
        "%(name)s sorts %(rate)s%% of its waste (%(low)s to %(high)s%%); the centre rejects %(refused)s%% of it (%(refused_low)s to %(refused_high)s%%)."
    ),
    "Aucun quartier ne s’appelle « %(name)s » dans les tonnages publiés.": "No district is called “%(name)s” in the published tonnages.",
    "Une campagne gagnerait le plus à %(name)s : environ %(tonnes)s t par an (de %(low)s à %(high)s).": (
        "A campaign would gain most in %(name)s: about %(tonnes)s t a year (%(low)s to %(high)s)."
    ),
    "Taux de tri, en %": "Sorting rate, in %",
    "De %(low)s à %(high)s %% selon le quartier.": "From %(low)s to %(high)s%% depending on the district.",
    "Taux de tri par quartier": "Sorting rate by district",
    "Où une campagne gagnerait le plus": "Where a campaign would gain most",
    "Si le quartier faisait la moitié du chemin vers le meilleur quart des quartiers.": (
        "If the district went half of the way to the best quarter of districts."
    ),
    "%(measure)s (%(where)s, depuis %(start)s) : %(effect)s points (de %(low)s à %(high)s) de plus que dans les autres quartiers ; %(verdict)s.": (
        "%(measure)s (%(where)s, since %(start)s): %(effect)s points (%(low)s to %(high)s) more than in the other districts; %(verdict)s."
    ),
    "mieux": "better",
    "moins bien": "worse",
    "pas de différence établie": "no difference established",
    "Ce que les mesures ont changé": "What the measures changed",
}
"""By French text."""
