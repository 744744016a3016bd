"""Number plates since 2009 (AA-123-AA); older ones (123 ABC 34) under a header that says so."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

plate = Detector(
    name="plate",
    title="plaques d’immatriculation",
    sensitivity=Sensitivity.INDIRECT,
    within="(?:^|[^0-9A-Za-z-])((?:[A-HJ-NP-RTV-Z][A-HJ-NP-TV-Z]|S[A-HJ-NP-RTV-Z])[ -]?[0-9]{3}[ -]?[A-HJ-NP-TV-Z]{2})(?:$|[^0-9A-Za-z-])",
    chance=0.61,
    named="(?i)[0-9]{1,4}[ -]?[A-Z]{2,3}[ -]?(?:[0-9]{2}|2[AB])|[A-HJ-NP-TV-Z]{2}[ -]?[0-9]{3}[ -]?[A-HJ-NP-TV-Z]{2}",
    headers=r"immatric|\bimmat\b|\bplaque|plate\b",
    alone=False,
    hint="[A-Z]{2}[ -]?[0-9]{3}[ -]?[A-Z]{2}",
    shortest=7,
    mask=lambda value: stars(value),
    article="Une plaque désigne le titulaire du véhicule : supprimez-la, ou gardez la seule catégorie du véhicule.",
    right=("AB-123-CD", "AB123CD", "FG 456 HJ"),
    bad=("SS-123-AB", "AB-12-CD", "IO-123-AB", "AB-123-CDE"),
)
