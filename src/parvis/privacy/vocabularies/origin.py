"""Racial or ethnic origin of people: article 9 of the GDPR."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

origin = Vocabulary(
    name="origin",
    title="origines ethniques",
    sensitivity=Sensitivity.SPECIAL,
    of="people",
    headers=r"\borigines? (?:ethnique|raciale|geographique des parents)|\bethni|\bcouleur de peau|\bgens du voyage|\bnationalite des parents"
    r"|\bpays de naissance des parents|\btype ethnique",
    words=r"\bmaghrebin|\bafricaine?\b|\bantillaise?\b|\basiatique\b|\bcaucasien|\beuropeenne?\b|\brom\b|\btsigane|\bgitan|\btype (?:nord[- ]africain"
    r"|africain|europeen)|\bmetisse?\b",
    aside=r"\bchien|\bchat\b|\banimal|\bcuisine|\bgenre musical|\bproduit",
    article="Une origine ethnique ou raciale relève de l’article 9 du RGPD et du code pénal (226-19) : elle ne se collecte ni ne se publie.",
    right=(
        ("origine_ethnique", ("A", "B", "A")),
        ("signalement", ("type européen", "type nord-africain", "type africain")),
    ),
    bad=(("race_chien", ("berger", "caniche", "épagneul")), ("origine", ("Montpellier", "Sète", "Nîmes"))),
)
