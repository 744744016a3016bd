"""A new database of SQLite is a copy of one that was migrated once a run: hundreds of cities are made by the
tests, and each would run every migration again, 0.2 CPU seconds.

A file that is there already, if only an empty one, is migrated for real, and so is what another Python than
those of the tests starts (`python -m parvis`).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from parvis.store.database import Database

VARIABLE = "TESTS_MIGRATED"
"""In the environment, the file to copy, made by whoever needs it first. Absent: everything is migrated."""

_for_real = Database.migrate


def install() -> None:
    """From here on, in this process and in those forked from it."""
    if said := os.environ.get(VARIABLE):
        kept = Path(said)

        def migrate(self: Database, revision: str = "head") -> None:
            if self.sqlite and revision == "head" and self.url.database:
                new = Path(self.url.database)
                if not new.exists():
                    _copy(_made(kept), new)
            _for_real(self, revision)

        Database.migrate = migrate


def _made(kept: Path) -> Path:
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # freed when the file is closed
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
                made = Database(f"sqlite:///{folder}/parvis.db")
                _for_real(made)
                made.scrub()
                made.close()
                Path(folder, "parvis.db").rename(kept)
    return kept


def _copy(kept: Path, new: Path) -> None:
    """Whole or not there; of two that copy at once, the first is right."""
    new.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=new.parent) as folder:
        copied = shutil.copyfile(kept, Path(folder, new.name))
        if not new.exists():
            os.link(copied, new)
