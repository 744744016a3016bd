"""IP addresses, version 4 and 6: they lead to a subscriber. Version numbers look like the first."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

_GROUP = "[0-9A-Fa-f]{1,4}"
_SIX = f"(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}:){{1,6}}(?::{_GROUP}){{1,6}}|(?:{_GROUP}:){{2,7}}:"

ip = Detector(
    name="ip",
    title="adresses IP",
    sensitivity=Sensitivity.INDIRECT,
    within=f"(?:^|[^0-9A-Za-z.:])((?:{_BYTE}[.]){{3}}{_BYTE}|{_SIX})(?:$|[^0-9A-Za-z.:])",
    headers=r"\bip\b|adresse ip|\bip address",
    aside=r"\bversion|\brelease|\bbuild\b|\bfirmware|\blogiciel",
    alone=False,
    hint="[0-9][.][0-9]{1,3}[.][0-9]|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){4}|[0-9A-Fa-f]::",
    shortest=7,
    mask=lambda value: stars(value),
    article="Une adresse IP est une donnée personnelle : supprimez-la ou agrégez par jour et par lieu.",
    right=(
        "192.168.10.25",
        "8.8.8.8",
        "2001:db8:85a3:0:0:8a2e:370:7334",
        "fe80::1ff:fe23:4567:890a",
        "2001:db8::",
    ),
    bad=("256.1.1.1", "1.2.3", "1.2.3.4.5", "v1.2.3.4", "12:30:45", "std::vector", "2001:db8"),
)
