"""Hardware (MAC) addresses: they follow a telephone or a computer, thus its bearer."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

mac = Detector(
    name="mac",
    title="adresses MAC",
    sensitivity=Sensitivity.INDIRECT,
    within="(?:^|[^0-9A-Za-z:-])([0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5})(?:$|[^0-9A-Za-z:-])",
    headers=r"\bmac\b|adresse mac|\bbssid\b",
    hint="[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}",
    shortest=17,
    mask=lambda value: stars(value),
    article="Une adresse MAC suit un appareil et qui le porte : supprimez-la, ou comptez par heure et par lieu.",
    right=("00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e"),
    bad=("00:1A:2B:3C:4D", "00:1A:2B:3C:4D:5E:6F", "2026-03-01-12-00", "00:1G:2B:3C:4D:5E"),
)
