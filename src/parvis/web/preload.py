"""Imported once, by the process that checks and trials are forked from (`limited_process`): the program, and what its
first file would have loaded. Opens nothing that stays open, and leaves no thread behind.
"""

from __future__ import annotations

import gc

from parvis.inspection import limited_process, warm
from parvis.web import checking, trying

warm.load()
WORK = (limited_process.run, checking.work, trying.recipe)
"""What is forked, with all that it imports."""

gc.collect()
gc.freeze()  # a child never looks through what it was born with
