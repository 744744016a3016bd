"""What is asked of EPANET's own toolkit (`owa-epanet`, extra `water`): a network file opened, its points by name, places, demands.

A project of the toolkit is a handle without a type, hence `Any`; nothing outside this room holds one.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

Array = NDArray[np.float64]

M3H: Mapping[int, float] = {
    0: 101.94, 1: 0.22712, 2: 157.725, 3: 189.42, 4: 51.4, 5: 3.6, 6: 0.06, 7: 41.6667, 8: 1.0, 9: 0.0416667,
}  # fmt: skip
"""m³/h of a unit of flow, by EPANET's number of it: CFS, GPM, MGD, IMGD, AFD, LPS, LPM, MLD, CMH, CMD."""

NODE, LINK = "noeud:", "lien:"
"""What a column of readings begins with where a node and a link bear one name."""


@contextmanager
def project(network: bytes) -> Generator[tuple[ModuleType, Any]]:
    """(the toolkit, the handle of a network file opened in it), for as long as the `with` lasts.

    Raises UsageError for a file that EPANET refuses or that describes nothing, and where EPANET is not installed.
    """
    toolkit = _toolkit()
    with tempfile.TemporaryDirectory(prefix="parvis-eau-") as folder:
        (Path(folder) / "network.inp").write_bytes(network)
        handle = toolkit.createproject()
        try:
            _open(toolkit, handle, Path(folder))
            yield toolkit, handle
        finally:
            toolkit.deleteproject(handle)


def _toolkit() -> ModuleType:
    try:
        return import_module("epanet.toolkit")
    except ModuleNotFoundError:
        raise UsageError(
            Sentence("EPANET n’est pas installé ici."), mend="pip install 'parvis[water]'"
        ) from None


def _open(t: ModuleType, handle: Any, folder: Path) -> None:
    try:
        t.open(handle, *(str(folder / f"network.{end}") for end in ("inp", "rpt", "bin")))
    except Exception as error:
        if type(error) is not Exception:  # the toolkit knows no kind of its own
            raise
        raise UsageError(
            Sentence("EPANET refuse ce réseau : {why}.", why=str(error)),
            mend="Ouvrez-le dans EPANET, corrigez ce qu’il signale, et donnez-le à nouveau.",
        ) from None
    if not t.getcount(handle, t.NODECOUNT):
        raise UsageError(
            Sentence("Ce fichier ne décrit aucun nœud de réseau."),
            mend="Donnez le fichier .inp du modèle, tel qu’EPANET l’exporte.",
        )


def points(t: ModuleType, handle: Any, columns: Iterable[str]) -> tuple[dict[int, str], dict[int, str]]:
    """(columns of nodes, columns of links), by EPANET's number of the point; what names no point is left out.

    Raises UsageError for a column that names both a node and a link, and for a point that two columns name.
    """
    by_name = {
        NODE: {str(t.getnodeid(handle, i)): i for i in range(1, t.getcount(handle, t.NODECOUNT) + 1)},
        LINK: {str(t.getlinkid(handle, k)): k for k in range(1, t.getcount(handle, t.LINKCOUNT) + 1)},
    }
    columns_of: dict[str, dict[int, str]] = {NODE: {}, LINK: {}}
    for column in columns:
        kinds = [k for k in (NODE, LINK) if column.startswith(k) and column.removeprefix(k) in by_name[k]]
        kinds = kinds or [k for k in (NODE, LINK) if column in by_name[k]]
        if len(kinds) > 1:
            raise UsageError(
                Sentence("« {name} » est à la fois un nœud et un lien du réseau.", name=column),
                mend=Sentence(
                    "Nommez la colonne {node} pour le nœud ou {link} pour le lien.",
                    node=NODE + column,
                    link=LINK + column,
                ),
            )
        for kind in kinds:
            point = by_name[kind].get(column, by_name[kind].get(column.removeprefix(kind), 0))
            if other := columns_of[kind].get(point):
                raise UsageError(
                    Sentence("« {first} » et « {second} » sont le même point.", first=other, second=column),
                    mend="Gardez l’une des deux colonnes.",
                )
            columns_of[kind][point] = column
    return columns_of[NODE], columns_of[LINK]


def coordinates(t: ModuleType, handle: Any, node: int) -> tuple[float, float]:
    """The file's own, NaN where it gives none."""
    try:
        x, y = t.getcoord(handle, node)
    except Exception as error:
        if type(error) is not Exception:  # the toolkit knows no kind of its own
            raise
        return math.nan, math.nan
    return float(x), float(y)


def demands(t: ModuleType, handle: Any, nodes: Sequence[int]) -> Array:
    """m³/h of each node at each step of the patterns, shape (steps, nodes)."""
    patterns: dict[int, Array] = {0: np.ones(1)}
    for k in range(1, t.getcount(handle, t.PATCOUNT) + 1):
        steps = range(1, t.getpatternlen(handle, k) + 1)
        patterns[k] = np.array([t.getpatternvalue(handle, k, s) for s in steps])
    whole = math.lcm(*{len(p) for p in patterns.values()})
    tiled = {k: np.tile(p, whole // len(p)) for k, p in patterns.items()}
    out = np.zeros((whole, len(nodes)))
    for n, node in enumerate(nodes):
        for category in range(1, t.getnumdemands(handle, node) + 1):
            if base := float(t.getbasedemand(handle, node, category)):
                out[:, n] += base * tiled[t.getdemandpattern(handle, node, category)]
    return out * float(t.getoption(handle, t.DEMANDMULT)) * M3H[t.getflowunits(handle)]
