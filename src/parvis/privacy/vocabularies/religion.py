"""Religious or philosophical beliefs of people: article 9 of the GDPR."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

religion = Vocabulary(
    name="religion",
    title="convictions religieuses",
    sensitivity=Sensitivity.SPECIAL,
    of="people",
    headers=r"\breligion|\bconfession\b|\bcroyance|\bculte pratique|\bconviction|\bbapt(?:eme|ise)|\bcarre confessionnel|\bmenu confessionnel",
    words=r"\bcatholique\b|\bmusulman|\bjuif\b|\bjuive\b|\bprotestant|\bbouddhiste|\borthodoxe\b|\bathee?\b|\btemoin de jehovah|\bevangelique\b|\bhalal\b"
    r"|\bcasher\b|\bsans porc\b",
    article="Une conviction religieuse relève de l’article 9 du RGPD, et se lit aussi dans un menu de cantine : supprimez la colonne.",
    right=(("confession", ("A", "B", "A")), ("menu", ("sans porc", "halal", "standard"))),
    bad=(("menu", ("végétarien", "standard", "sans gluten")),),
)
