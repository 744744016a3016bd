"""Numbers of French passports: two digits, two letters, five digits."""

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

passport = Detector(
    name="passport",
    title="numéros de passeport",
    sensitivity=Sensitivity.SECRET,
    within="(?:^|[^0-9A-Za-z])([0-9]{2}[A-Z]{2}[0-9]{5})(?:$|[^0-9A-Za-z])",
    hint="[0-9]{2}[A-Z]{2}[0-9]{5}",
    mask=lambda found: stars(found),
    article="Un numéro de passeport n’a pas sa place dans des données ouvertes : supprimez la colonne.",
    right=("19AB12345", "passeport 07CK48213"),
    bad=("19AB1234", "19A123456", "119AB12345"),
)
