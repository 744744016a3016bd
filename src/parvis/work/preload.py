"""Imported once, by the process that the worker's own are forked from (`limited_process`): the program, and what its
first file would have loaded. Opens nothing that stays open, and leaves no thread behind.
"""

from __future__ import annotations

import gc

from parvis.inspection import warm
from parvis.work import limited_drafting

warm.load()
WORK = (limited_drafting.apart,)
"""What is forked, with all that it imports."""

gc.collect()
gc.freeze()  # a child never looks through what it was born with
