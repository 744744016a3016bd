"""Where drinking water can be cut or poisoned: public security (CRPA, L311-5, 2° d)."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

water_network = Vocabulary(
    name="water-network",
    title="ouvrages du réseau d’eau potable",
    sensitivity=Sensitivity.SECRET,
    of="sites",
    headers=r"\bvannes?\b|\bcaptages?\b|\bforages?\b|\bsurpress|\breservoirs? (?:d )?eau|\breseau (?:d )?eau|\beau potable|\baep\b|\bchambre de vanne"
    r"|\btroncons? (?:d )?(?:eau|aep)",
    words=r"\bvannes?\b(?!\w)|\bcaptage|\bforage d|\bchateau d.eau|\breservoir (?:d.eau|enterre|semi)|\bstation de pompage|\busine (?:d.eau"
    r"|de potabilisation)|\bsurpresseur|\bconduite (?:aep|d.eau)"
    r"|\bchloration|\bventouse\b|\bbache (?:d.eau|de reprise)",
    aside=r"\bqualite|\bconsommation|\bprix|\btarif|\bville de vannes|\bcommune|\brendement|\bvolume",
    article="Le plan d’un réseau d’eau touche à la sécurité publique (CRPA, L311-5) : publiez des zones, pas les ouvrages.",
    right=(("vanne", ("V12", "V13", "V14")), ("type_ouvrage", ("vanne", "réservoir d’eau", "surpresseur"))),
    bad=(("commune", ("Vannes", "Lorient", "Auray")), ("type", ("fontaine", "borne", "bassin"))),
)
