"""Numbers of the town's library cards: BIB and eight digits."""

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

library_card = Detector(
    name="library-card",
    title="numéros de carte de bibliothèque",
    sensitivity=Sensitivity.SECRET,
    within="(?:^|[^0-9A-Za-z])(BIB[0-9]{8})(?:$|[^0-9A-Za-z])",
    hint="BIB[0-9]{8}",
    mask=lambda found: stars(found),
    article="Un numéro de carte de bibliothèque dit ce que lit une personne : supprimez la colonne.",
    right=("BIB19012345", "carte BIB07048213"),
    bad=("BIB1901234", "19012345", "XBIB19012345"),
)
