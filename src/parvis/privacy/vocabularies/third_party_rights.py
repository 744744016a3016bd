"""What others hold rights on: photos, texts, plans, bought data (CRPA, L321-2)."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

# « Ã© » is an é that was encoded twice, folded to « a© »: no claim.
third_party_rights = Vocabulary(
    name="third-party-rights",
    title="mentions de droits de tiers",
    sensitivity=Sensitivity.SECRET,
    of="anything",
    headers=r"\bcopyright|\bcredits? (?:photo|image)|\bdroits? (?:d auteur|reserves|photo|de reproduction)|\blicence (?:photo|image)|\bphotographe\b",
    words=r"(?<!a)©|\btous droits reserves|\breproduction interdite|\bcopyright\b|\bgetty images|\bistock|\badobe ?stock|\bshutterstock|\bafp\b",
    severity="warning",
    article="D’autres ont des droits dessus (CRPA, L321-2) : demandez leur accord, ou supprimez la colonne et ce qu’elle désigne.",
    right=(("credit_photo", ("A", "B", "A")), ("legende", ("© Studio A", "tous droits réservés", "© B"))),
    bad=(("legende", ("La place", "Le marché", "La gare")), ("nom", ("CafÃ©", "MarchÃ©", "MusÃ©e"))),
)
