"""Numbers of passports, identity cards, residence and driving permits, and of pupils. Orders and files have
numbers like them: only a header tells.
"""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_PASSPORT = "[0-9]{2}[A-Z]{2}[0-9]{5}"
_CARD = "[0-9]{12}|[A-Z0-9]{9}"
_PUPIL = "[0-9]{9}[A-Z]{2}|[0-9]{10}[A-Z]"

identity_document = Detector(
    name="identity-document",
    title="numéros de pièces d’identité",
    sensitivity=Sensitivity.SECRET,
    within=f"(?:^|[^0-9A-Za-z])({_PASSPORT}|{_CARD}|{_PUPIL})(?:$|[^0-9A-Za-z])",
    chance=1,
    headers=(
        r"passeport|passport|\bcni\b|\bpiece (?:d )?id\b|\bid ?card|\bidentite (?:numero|nationale)"
        r"|(?:carte|piece|titre)(?: nationale)?(?: d)? identite|titres? (?:de )?sejour|permis de conduire"
        r"|\bnumero etranger\b|\bagdref\b|\bine\b"
    ),
    alone=False,
    hint="[0-9A-Z]{9}",
    shortest=9,
    mask=lambda value: stars(value),
    article="Le numéro d’une pièce d’identité suffit à usurper une identité : supprimez la colonne.",
    right=("19AB12345", "880692310285", "1234567890A"),
    bad=("19AB1234", "12345678", "AB12"),
)
