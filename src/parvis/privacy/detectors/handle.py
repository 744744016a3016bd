"""Names of accounts on social networks: they lead to a person, unless a body speaks by them."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector

_SITES = "(?:twitter|x|instagram|facebook|linkedin|tiktok|snapchat|youtube|mastodon|bsky)"

handle = Detector(
    name="handle",
    title="comptes de réseaux sociaux",
    sensitivity=Sensitivity.INDIRECT,
    within=f"(?i)(?:^|[^0-9A-Za-z._%+-])(@[A-Za-z][A-Za-z0-9_.]{{2,29}}|{_SITES}[.](?:com|app|social)/(?:in/|@)?[A-Za-z0-9_.-]{{3,50}})(?:$|[^0-9A-Za-z@_.-])",
    chance=1,
    headers=r"\btwitter|\binstagram|\bfacebook|\blinkedin|\btiktok|\bsnapchat|\bpseudo\b|\breseaux? socia|\bcompte (?:social|x\b)",
    alone=False,
    harmless="TRUE",
    hint="@[A-Za-z][A-Za-z0-9_.]{2}|[.](?:com|app|social)/",
    shortest=4,
    severity="warning",
    mask=lambda value: "•••",
    article="Un compte personnel mène à quelqu’un : gardez celui de l’organisme, supprimez les autres.",
    right=("@jdupont34", "https://twitter.com/jdupont34", "https://linkedin.com/in/jean-dupont-1234"),
    bad=("@jd", "jean.ville.fr", "https://ville.fr/jdupont34"),
)
