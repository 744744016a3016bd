"""What a company may keep to itself: processes, accounts, commercial strategy (CRPA, L311-6, 1°)."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

business_secrecy = Vocabulary(
    name="business-secrecy",
    title="éléments couverts par le secret des affaires",
    sensitivity=Sensitivity.SECRET,
    of="bodies",
    headers=r"\bchiffres? d affaires|\bmarges?\b|\bprix unitaire|\bbordereau(?: de| des)? prix|\boffre (?:financiere|non retenue|technique)"
    r"|\bmontant (?:de l )?offre|\bsecret|\bsavoir faire|\bcout de revient"
    r"|\bresultat net|\btaux de remise|\bmemoire technique|\bsous detail",
    words=r"\bconfidentiel\b|\bsecret des affaires|\bne pas diffuser|\bdiffusion restreinte",
    severity="warning",
    article="Prix détaillés, marges et offres perdantes relèvent du secret des affaires (CRPA, L311-6) ; le nom du titulaire et le montant global du marché "
    "se publient.",
    right=(
        ("prix_unitaire", ("12,5", "13", "9")),
        ("mention", ("confidentiel", "secret des affaires", "confidentiel")),
    ),
    bad=(("montant", ("1000", "2000", "3000")), ("objet", ("travaux", "voirie", "entretien"))),
)
