"""The yearly indicators of a water service, by their national codes, and the balance they come from.

Sources: services.eaufrance.fr (P104.3, P105.3, P106.3); décret 2012-97 of 27 January 2012 (threshold); IWA, Performance
Indicators for Water Supply Services (UARL, ILI).
"""

from __future__ import annotations

from dataclasses import dataclass

DAYS = 365


@dataclass(frozen=True, slots=True)
class Year:
    """Volumes of a year, m³. unmetered: authorised without a meter (fire, fountains); service: flushing and washing of the
    utility's own. mains: km without service pipes.
    """

    year: int
    produced: float
    bought: float
    sold: float
    domestic: float
    other: float
    unmetered: float
    service: float
    mains: float
    subscribers: int = 0
    connections: int = 0
    private_km: float = 0.0
    pressure_m: float = 0.0
    stressed: bool = False

    @property
    def distributed(self) -> float:
        """Put into distribution: produced + bought - sold in bulk."""
        return self.produced + self.bought - self.sold

    @property
    def metered(self) -> float:
        """Consumed and metered."""
        return self.domestic + self.other

    @property
    def authorised(self) -> float:
        """Consumed as allowed, metered or not."""
        return self.metered + self.unmetered + self.service

    @property
    def losses(self) -> float:
        """What no authorised use explains."""
        return self.distributed - self.authorised


def network_yield(y: Year) -> float | None:
    """P104.3, a part of 1: authorised use and sales over produced and bought.

    >>> round(network_yield(Year(2025, 1_000_000, 0, 0, 780_000, 60_000, 4_000, 6_000, 120)), 4)
    0.85
    """
    entered = y.produced + y.bought
    return (y.authorised + y.sold) / entered if entered > 0 else None


def not_metered_index(y: Year) -> float | None:
    """P105.3, m³ a km and day: put into distribution and not metered."""
    return (y.distributed - y.metered) / (DAYS * y.mains) if y.mains > 0 else None


def loss_index(y: Year) -> float | None:
    """P106.3, m³ a km and day: losses."""
    return y.losses / (DAYS * y.mains) if y.mains > 0 else None


def consumption_index(y: Year) -> float | None:
    """ILC, m³ a km and day: authorised use and bulk sales; the decree's threshold goes by it."""
    return (y.authorised + y.sold) / (DAYS * y.mains) if y.mains > 0 else None


def threshold(
    y: Year, flat: float = 0.85, base: float = 0.65, stressed_base: float = 0.70, large: float = 2_000_000
) -> float | None:
    """The yield that the decree asks for, a part of 1: 85 %, or if that is not reached 65 % and a fifth of the ILC (70 % in a
    stressed zone where more than 2 Mm³ a year are taken).

    >>> round(threshold(Year(2025, 1_000_000, 0, 0, 600_000, 0, 0, 0, 100)), 4)
    0.6829
    """
    index = consumption_index(y)
    if index is None:
        return None
    start = stressed_base if y.stressed and y.produced > large else base
    return min(flat, start + index / 5 / 100)


def good_loss_index(y: Year) -> float | None:
    """P106.3 of a network in good state, by subscribers a km: 2.5 below 25, 5 to 50, 10 beyond."""
    if y.mains <= 0 or not y.subscribers:
        return None
    density = y.subscribers / y.mains
    return 2.5 if density < 25 else 5.0 if density <= 50 else 10.0


def unavoidable_losses(y: Year) -> float | None:
    """UARL, m³ a year: (18 Lm + 0.8 Nc + 25 Lp) P litres a day."""
    if not (y.mains and y.connections and y.pressure_m):
        return None
    litres = (18 * y.mains + 0.8 * y.connections + 25 * y.private_km) * y.pressure_m
    return litres * DAYS / 1000


def infrastructure_index(y: Year, apparent: float = 0.0) -> float | None:
    """ILI: real losses over what cannot be avoided. apparent: m³ of theft and meters that count too little."""
    least = unavoidable_losses(y)
    return (y.losses - apparent) / least if least else None
