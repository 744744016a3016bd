"""The tax number of a household (NIF, SPI): 13 digits, the last three the remainder of the first ten by 511."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

tax_number = Detector(
    name="tax-number",
    title="numéros fiscaux",
    sensitivity=Sensitivity.SECRET,
    within="(?:^|[^0-9A-Za-z])([0-3][0-9](?: ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}|[0-9]{11}))(?:$|[^0-9A-Za-z])",
    sure="TRY_CAST(left(d, 10) AS BIGINT) % 511 = TRY_CAST(right(d, 3) AS BIGINT)",
    like="regexp_full_match(v, '[0-9]{13}')",
    chance=0.002,
    numbers=True,
    headers=r"\bn(?:um|umero|o)? ?fisc|\btax ?(?:id|number)|\bid ?fisc|\bnif\b|\bspi\b|\breference fiscale|\bidentifiant fiscal",
    hint="[0-3][0-9] ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
    shortest=13,
    mask=lambda value: stars(value, 1),
    article="Un numéro fiscal ouvre le dossier d’un foyer : supprimez la colonne.",
    right=("0467123456471", "30 12 345 678 167"),
    bad=("0467123456001", "4100000000000", "04679", "123456789012"),
)
