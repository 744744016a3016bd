"""What a publishing process has loaded after its first file; imported once, before the processes that are killed are forked from it. Opens nothing."""

from __future__ import annotations

import pyarrow.dataset  # noqa: F401

from parvis import readers
from parvis.checks import domains, looks, rules  # noqa: F401
from tests import kill_child  # noqa: F401

readers.readers()
domains.domains()
