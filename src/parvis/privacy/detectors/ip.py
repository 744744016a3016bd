"""IP addresses of version 4: they lead to a subscriber. Version numbers look like them."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

ip = Detector(
    name="ip",
    title="adresses IP",
    sensitivity=Sensitivity.INDIRECT,
    within=f"(?:^|[^0-9A-Za-z.])((?:{_BYTE}[.]){{3}}{_BYTE})(?:$|[^0-9A-Za-z.])",
    headers=r"\bip\b|adresse ip|\bip address",
    alone=False,
    hint="[0-9][.][0-9]{1,3}[.][0-9]",
    shortest=7,
    severity="warning",
    mask=lambda found: stars(found),
    article="Une adresse IP est une donnée personnelle : supprimez-la ou agrégez par jour et par lieu.",
    right=("192.168.10.25", "8.8.8.8"),
    bad=("256.1.1.1", "1.2.3", "1.2.3.4.5", "v1.2.3.4"),
)
