"""What is personal or secret in a table, and who may read it: detection, the release record, and the only way to a `Released`."""

from parvis.privacy.releasing import holding, release, reopen, withdraw
from parvis.privacy.tips import reopen_part, reopen_tip

__all__ = ["holding", "release", "reopen", "reopen_part", "reopen_tip", "withdraw"]
