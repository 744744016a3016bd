"""What is personal or secret in a table, and who may read it: detection, the release record, and the only way
to a `Released`.
"""

from parvis.privacy.deciding import holding
from parvis.privacy.declaration import Detector
from parvis.privacy.finding import detections, find, known_detectors, levels, search
from parvis.privacy.live_access import (
    reopen_part,
    reopen_shared,
    reopen_shared_tip,
    reopen_since,
    reopen_tip,
)
from parvis.privacy.releasing import release, reopen, withdraw

__all__ = [
    "Detector",
    "detections",
    "find",
    "holding",
    "known_detectors",
    "levels",
    "release",
    "reopen",
    "reopen_part",
    "reopen_shared",
    "reopen_shared_tip",
    "reopen_since",
    "reopen_tip",
    "search",
    "withdraw",
]  # fmt: skip
