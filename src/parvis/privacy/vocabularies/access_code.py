"""Codes and passwords: whoever reads them gets in."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

access_code = Vocabulary(
    name="access-code",
    title="codes d’accès ou mots de passe",
    sensitivity=Sensitivity.SECRET,
    of="anything",
    headers=r"\bdigicode|\bcode (?:d )?(?:acces|entree|porte|alarme|boite a cles|portail)|\bmots? de passe|\bpassword|\bmdp\b|\bcode pin\b|\bcle (?:api|wifi"
    r"|wpa)|\bapi key|\btoken\b|\bsecret key",
    words=r"\bdigicode\s*:?\s*\d|\bmot de passe\s*:\s*\S|\bpassword\s*[:=]\s*\S|\bcode (?:d.entree|porte|alarme)\s*:?\s*\d",
    article="Un code ou un mot de passe publié est à changer : supprimez la colonne, et changez-les.",
    right=(
        ("digicode", ("12A45", "78B90", "1234")),
        ("acces", ("digicode 12A45", "digicode : 7890", "digicode 1234")),
    ),
    bad=(("acces", ("libre", "sur demande", "badge")), ("code_postal", ("34000", "34070", "34080"))),
)
