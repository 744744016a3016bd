"""Political opinions of people: article 9 of the GDPR. Those of elected people are public."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

politics = Vocabulary(
    name="politics",
    title="opinions politiques",
    sensitivity=Sensitivity.SPECIAL,
    of="people",
    headers=r"\bparti\b|\bopinion|\bappartenance politique|\betiquette politique|\bnuance\b|\bvote exprime|\bintention de vote|\bsympathis|\bmilitant",
    words=r"\bparti socialiste|\bles republicains|\brenaissance\b|\brassemblement national|\bla france insoumise|\bparti communiste|\beurope ecologie"
    r"|\bles ecologistes|\bmodem\b|\breconquete",
    alone=False,
    article="Une opinion politique relève de l’article 9 du RGPD ; seules celles des élus, rendues publiques par leur mandat, se publient.",
    right=(
        ("parti", ("Parti A", "Parti B", "Parti A")),
        ("adhesion", ("Parti socialiste", "Les Républicains", "Europe Écologie")),
    ),
    bad=(("partie", ("A", "B", "A")), ("quartier", ("Renaissance Sud", "Centre", "Gare"))),
)
