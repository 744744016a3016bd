"""From metres on a map of France to degrees, in closed form, as SQL over columns `x` and `y`.

Lambert conformal conic with two parallels (Lambert-93, the nine CC zones) and transverse Mercator (the UTM
zones overseas), on the GRS 80 ellipsoid; RGF93 and its overseas kin are WGS 84 to within a metre, as EPSG
says. Latitude comes from the conformal latitude by a series in sines (Snyder, USGS 1395, 3-5), the inverse
Mercator by Krüger's series to the fourth order (Karney 2011): both far below a millimetre inside their zones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot.expressions.core import Expr

from parvis.columns.form import expression

_A = 6378137.0
_F = 1 / 298.257222101
_E2 = _F * (2 - _F)
_E = math.sqrt(_E2)
_N = _F / (2 - _F)

Step = tuple[tuple[str, str], ...]
"""Names computed together, each with its SQL over names of the step before (all of which stay visible)."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A map projection of a territory.

    bounds: boxes of what its coordinates can be, x min, y min, x max, y max, in metres. steps: SQL that ends
    in `lon` and `lat`, in degrees.
    """

    name: str
    title: str
    epsg: int
    bounds: tuple[tuple[float, float, float, float], ...]
    territory: tuple[float, float, float, float]
    """Box where it is used: lon min, lat min, lon max, lat max."""
    steps: Sequence[Step]

    def holds(self, x: float, y: float) -> bool:
        """True when metres may be of this projection."""
        return any(west <= x <= east and south <= y <= north for west, south, east, north in self.bounds)


def layers(projection: Projection) -> tuple[dict[str, Expr], ...]:
    """The steps as expressions, to be put in nested projections: each value is computed once."""
    return tuple({name: expression(sql, {}) for name, sql in step} for step in projection.steps)


def _conformal(chi: str) -> str:
    """SQL of the latitude, in radians, whose conformal latitude is `chi`."""
    e2, e4, e6, e8 = _E2, _E2**2, _E2**3, _E2**4
    terms = (
        e2 / 2 + 5 * e4 / 24 + e6 / 12 + 13 * e8 / 360,
        7 * e4 / 48 + 29 * e6 / 240 + 811 * e8 / 11520,
        7 * e6 / 120 + 81 * e8 / 1120,
        4279 * e8 / 161280,
    )
    return f"{chi} + " + " + ".join(f"{term!r} * sin({2 * (k + 1)} * {chi})" for k, term in enumerate(terms))


def _conic(
    parallels: tuple[float, float], origin: tuple[float, float], false: tuple[float, float]
) -> tuple[Step, ...]:
    """Inverse Lambert conformal conic. Degrees and metres in; Snyder, USGS 1395, 15."""
    phi1, phi2, phi0 = math.radians(parallels[0]), math.radians(parallels[1]), math.radians(origin[1])

    def t(phi: float) -> float:
        return math.tan(math.pi / 4 - phi / 2) / ((1 - _E * math.sin(phi)) / (1 + _E * math.sin(phi))) ** (
            _E / 2
        )

    def m(phi: float) -> float:
        return math.cos(phi) / math.sqrt(1 - _E2 * math.sin(phi) ** 2)

    n = (math.log(m(phi1)) - math.log(m(phi2))) / (math.log(t(phi1)) - math.log(t(phi2)))
    big_f = m(phi1) / (n * t(phi1) ** n)
    rho0 = _A * big_f * t(phi0) ** n
    return (
        (("dx", f"x - {false[0]!r}"), ("dy", f"{rho0 + false[1]!r} - y")),
        (("theta", "atan2(dx, dy)"), ("rho", "nullif(sqrt(dx * dx + dy * dy), 0)")),
        (("chi", f"{math.pi / 2!r} - 2 * atan(pow(rho / {_A * big_f!r}, {1 / n!r}))"),),
        (("lon", f"degrees(theta / {n!r}) + {origin[0]!r}"), ("lat", f"degrees({_conformal('chi')})")),
    )


def _mercator(meridian: float, *, south: bool) -> tuple[Step, ...]:
    """Inverse UTM: Krüger's series to the fourth order in the third flattening (Karney 2011, eq. 14 and 36)."""
    n = _N
    radius = 0.9996 * _A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )

    def cosh(k: int) -> str:
        return f"((exp({k} * eta) + exp(-{k} * eta)) / 2)"

    def sinh(k: int) -> str:
        return f"((exp({k} * eta) - exp(-{k} * eta)) / 2)"

    xi = "xi - " + " - ".join(
        f"{b!r} * sin({2 * (j + 1)} * xi) * {cosh(2 * (j + 1))}" for j, b in enumerate(beta)
    )
    eta = "eta - " + " - ".join(
        f"{b!r} * cos({2 * (j + 1)} * xi) * {sinh(2 * (j + 1))}" for j, b in enumerate(beta)
    )
    return (
        (
            ("xi", f"(y - {10_000_000.0 if south else 0.0!r}) / {radius!r}"),
            ("eta", f"(x - 500000.0) / {radius!r}"),
        ),
        (("xi1", xi), ("eta1", eta)),
        (("chi", "asin(greatest(-1.0, least(1.0, sin(xi1) / ((exp(eta1) + exp(-eta1)) / 2))))"),),
        (
            ("lon", f"degrees(atan2((exp(eta1) - exp(-eta1)) / 2, cos(xi1))) + {meridian!r}"),
            ("lat", f"degrees({_conformal('chi')})"),
        ),
    )


_METROPOLIS = (-5.6, 41.2, 9.8, 51.3)
LAMBERT_93 = Projection(
    "lambert93",
    "Lambert-93",
    2154,
    ((90_000, 6_000_000, 1_100_000, 7_200_000), (1_150_000, 6_030_000, 1_260_000, 6_260_000)),
    _METROPOLIS,
    _conic((44.0, 49.0), (3.0, 46.5), (700_000.0, 6_600_000.0)),
)
CONICS = tuple(
    Projection(
        f"cc{zone}",
        f"Conique conforme CC{zone}",
        3900 + zone,
        ((1_100_000, (zone - 41) * 1e6 + 10_000, 2_400_000, (zone - 41) * 1e6 + 390_000),),
        (-5.6, zone - 1.6, 9.8, zone + 1.6),
        _conic((zone - 0.75, zone + 0.75), (3.0, float(zone)), (1_700_000.0, (zone - 41) * 1e6 + 200_000.0)),
    )
    for zone in range(42, 51)
)
OVERSEAS = (
    Projection(
        "utm20n",
        "UTM 20 Nord (Antilles)",
        5490,
        ((400_000, 1_500_000, 800_000, 2_050_000),),
        (-63.3, 14.2, -60.6, 18.3),
        _mercator(-63.0, south=False),
    ),
    Projection(
        "utm22n",
        "UTM 22 Nord (Guyane)",
        2972,
        ((50_000, 200_000, 500_000, 680_000),),
        (-54.8, 2.0, -51.4, 6.0),
        _mercator(-51.0, south=False),
    ),
    Projection(
        "utm40s",
        "UTM 40 Sud (La Réunion)",
        2975,
        ((300_000, 7_600_000, 400_000, 7_720_000),),
        (55.1, -21.5, 56.0, -20.7),
        _mercator(57.0, south=True),
    ),
    Projection(
        "utm38s",
        "UTM 38 Sud (Mayotte)",
        4471,
        ((480_000, 8_520_000, 560_000, 8_640_000),),
        (44.9, -13.2, 45.4, -12.4),
        _mercator(45.0, south=True),
    ),
)
PROJECTIONS = (LAMBERT_93, *CONICS, *OVERSEAS)
