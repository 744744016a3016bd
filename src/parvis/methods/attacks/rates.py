"""From successes to a risk: what the attack gains over the same attack on people who are not in the data, and
over guessing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from parvis.methods.proportions import Z95


@dataclass(frozen=True, slots=True)
class Rate:
    """Wilson's centre and half-width at 95 %: sane at 0 and at all. Source: E. B. Wilson, JASA 22 (1927),
    209-212.
    """

    value: float
    error: float

    @classmethod
    def of(cls, successes: float, attempts: int) -> Rate:
        """Raises ValueError unless 0 <= successes <= attempts and there is one attempt.

        >>> r = Rate.of(0, 100); (round(r.value, 4), round(r.error, 4))
        (0.0185, 0.0185)
        """
        if not 0 <= successes <= attempts or not attempts:
            raise ValueError(f"{successes} of {attempts}")
        z2 = Z95**2
        spread = math.sqrt(successes * (attempts - successes) / attempts + z2 / 4)
        return cls((successes + z2 / 2) / (attempts + z2), Z95 / (attempts + z2) * spread)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attack. guessed: successes of a guess at random, on as many; controlled: successes on
    people who are not in the data, None without.
    """

    attempts: int
    successes: int
    guessed: int
    controlled: float | None = None
    control_attempts: int = 0
    predicates: int = 0
    """Predicates that the attacker could make (singling out); attempts elsewhere."""

    @property
    def conclusive(self) -> bool:
        """Whether the attack does better than guessing; else it was too weak to say anything of the release."""
        return Rate.of(self.successes, self.attempts).value > Rate.of(self.guessed, self.attempts).value

    @property
    def risk(self) -> Risk:
        """The success of the attack, or what is left of it once that on the control is taken off, (a - c) /
        (1 - c), errors propagated.
        """
        attack = Rate.of(self.successes, self.attempts)
        if self.controlled is None:
            return _cut(attack.value, attack.error)
        control = Rate.of(min(self.controlled, self.control_attempts), self.control_attempts)
        rest = 1 - control.value
        by_attack, by_control = attack.error / rest, control.error * (1 - attack.value) / rest**2
        return _cut((attack.value - control.value) / rest, math.hypot(by_attack, by_control))


@dataclass(frozen=True, slots=True)
class Risk:
    """A part of the attacks, from 0 to 1, with its 95 % interval."""

    value: float
    low: float
    high: float


def _cut(value: float, error: float) -> Risk:
    low, middle, high = (min(1.0, max(0.0, v)) for v in (value - error, value, value + error))
    return Risk(middle, low, high)
