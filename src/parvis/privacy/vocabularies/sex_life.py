"""Sex life and orientation of people: article 9 of the GDPR."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

sex_life = Vocabulary(
    name="sex-life",
    title="données sur la vie ou l’orientation sexuelle",
    sensitivity=Sensitivity.SPECIAL,
    of="people",
    headers=r"\borientation sexuelle|\bvie sexuelle|\bsexualite|\bidentite de genre|\bcontracepti|\bivg\b",
    words=r"\bhomosexuel|\bbisexuel|\bheterosexuel|\blesbienne\b|\bgay\b|\btransgenre",
    article="La vie sexuelle relève de l’article 9 du RGPD : supprimez la colonne.",
    right=(
        ("orientation_sexuelle", ("A", "B", "A")),
        ("profil", ("hétérosexuel", "homosexuelle", "bisexuel")),
    ),
    bad=(("sexe", ("F", "M", "F")),),
)
