"""What is personal or secret in a table, and who may read it: detection, the release record, and the only way to a `Released`."""

from parvis.privacy.releasing import holding, release, reopen, withdraw

__all__ = ["holding", "release", "reopen", "withdraw"]
