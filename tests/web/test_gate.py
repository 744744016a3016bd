"""Places for long work, and the share of one caller."""

from __future__ import annotations

import pytest

from parvis.core.errors import Busy
from parvis.web.gate import Gate


def test_the_gate_lets_so_many_in() -> None:
    """Who finds no place in time is told what the work says; one caller does not take the last place."""
    gate, busy = Gate(2, 1), Busy("plus tard")
    with gate.enter("a", 0.01, busy):
        with pytest.raises(Busy, match="plus tard"), gate.enter("a", 0.01, busy):
            pass
        with gate.enter("b", 0.01, busy), pytest.raises(Busy), gate.enter("c", 0.01, busy):
            pass
        with gate.enter("c", 0.01, busy):
            pass
    with gate.enter("a", 0.01, busy):
        pass
