"""What may be done to a column on its own, before classes are made: each a declaration with its keys, its
sentence and what it leaves behind.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.types import Column
from parvis.methods.anonymity.microaggregation import mdav, means
from parvis.privacy.anonymising.declaration import Key, Params, Value

if TYPE_CHECKING:
    Cells = pa.ChunkedArray[pa.Scalar[pa.DataType]]
else:
    Cells = pa.ChunkedArray  # not generic when it runs
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Means:
    """What a treatment works with. key: secret of the city, or of this run; random: chance, from a seed
    nobody knows afterwards; day: of the release.
    """

    key: bytes
    random: np.random.Generator
    day: date
    k: int


@dataclass(frozen=True, slots=True)
class Treatment:
    """One way to treat a column. apply: its cells to what is shown. numeric: for numbers only. personal: what
    comes out still is personal data.
    """

    name: str
    title: str
    """French: what it does, in one sentence."""
    keys: tuple[Key, ...]
    apply: Callable[[Cells, Column, Params, Means], Cells]
    numeric: bool = False
    personal: bool = False


def _keep(cells: Cells, column: Column, params: Params, means_: Means) -> Cells:
    return cells


def _mask(cells: Cells, column: Column, params: Params, means_: Means) -> Cells:
    """Stars, but for the first and last characters that the policy leaves."""
    first, last = int(params.number("first", 0)), int(params.number("last", 0))

    def masked(text: str) -> str:
        hidden = len(text) - first - last
        return text[:first] + "*" * hidden + text[len(text) - last :] if hidden > 0 else "*" * len(text)

    return _each(cells, masked)


def _pseudonymise(cells: Cells, column: Column, params: Params, means_: Means) -> Cells:
    """A code of 16 hexadecimal digits, the same for the same value as long as the key is; the key of each
    period is drawn from the city's.
    """
    periods = {"never": "", "year": f"{means_.day:%Y}", "month": f"{means_.day:%Y-%m}"}
    rotate = params.text("rotate", "year")
    if rotate not in periods:
        raise params.wrong(f"« rotate » vaut {', '.join(periods)}, pas « {rotate} ».")
    purpose = f"pseudonyms\n{params.text('scope', column.name)}\n{periods[rotate]}"
    key = hmac.new(means_.key, purpose.encode(), hashlib.sha256).digest()
    return _each(cells, lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16])


def _each(cells: Cells, of: Callable[[str], str]) -> Cells:
    """Each distinct text looked at once."""
    codes, values = coded(cells.cast(pa.string()))
    texts = np.array([None if v is None else of(str(v)) for v in values], dtype=object)
    return chunked(pa.array(texts[codes] if len(texts) else [], pa.string()))


def coded(cells: Cells) -> tuple[npt.NDArray[np.int32], list[Value]]:
    """A number for each cell, and the values that the numbers stand for: each distinct value once, None among
    them where a cell is empty.
    """
    encoded = pc.dictionary_encode(cells.combine_chunks(), null_encoding="encode")
    if not isinstance(encoded, pa.DictionaryArray):
        raise TypeError("one chunk is encoded as one array")
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False)).astype(np.int32), cast(
        "list[Value]", encoded.dictionary.to_pylist()
    )


def chunked(cells: pa.Array[pa.Scalar[pa.DataType]]) -> Cells:
    """One chunk."""
    return pa.chunked_array([cells])


def numbers(cells: Cells) -> Reals:
    """Cells as floats, NaN where they are empty."""
    return np.asarray(cells.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _written(values: Reals, column: Column) -> Cells:
    """Floats as cells of the column's own type: whole where it is whole, empty where NaN."""
    missing = np.isnan(values)
    if column.type == "integer":
        return chunked(pa.array(np.where(missing, 0, np.rint(values)).astype(np.int64), mask=missing))
    return chunked(pa.array(values, mask=missing))


def _round(cells: Cells, column: Column, params: Params, means_: Means) -> Cells:
    step = params.number("step", 0)
    if step <= 0:
        raise params.wrong("« step » est un nombre positif.", "Par exemple : step = 100.")
    return _written(np.rint(numbers(cells) / step) * step, column)


def _top_bottom(cells: Cells, column: Column, params: Params, means_: Means) -> Cells:
    """What lies beyond a bound shows the bound. share: bounds at the quantiles that leave so much on each
    side.
    """
    values = numbers(cells)
    share = params.number("share", 0)
    if not 0 <= share < 0.5:
        raise params.wrong("« share » est une part entre 0 et 0,5.")
    low, high = params.number("bottom", -np.inf), params.number("top", np.inf)
    if share and not np.isnan(values).all():
        low, high = (
            max(low, float(np.nanquantile(values, share))),
            min(high, float(np.nanquantile(values, 1 - share))),
        )
    if low > high or (np.isinf(low) and np.isinf(high)):
        raise params.wrong("donnez « bottom », « top » ou « share », et bottom sous top.")
    return _written(np.clip(values, low, high), column)


def _microaggregate(cells: Cells, column: Column, params: Params, means_: Means) -> Cells:
    """Each number becomes the mean of k near ones: sums stay as they are."""
    values = numbers(cells).copy()
    there = ~np.isnan(values)
    size = int(params.number("k", means_.k))
    if size < 2:
        raise params.wrong(
            "un groupe de microagrégation a deux valeurs au moins.",
            "Donnez k dans la colonne, ou dans [models].",
        )
    if there.any():
        values[there] = means(values[there], mdav(values[there][:, None], size))
    return chunked(pa.array(values, mask=np.isnan(values)))


def _perturb(cells: Cells, column: Column, params: Params, means_: Means) -> Cells:
    """Each number moved by chance: a normal law with the deviation `scale`, or a share of the column's own
    deviation.
    """
    values = numbers(cells).copy()
    there = ~np.isnan(values)
    scale = params.number("scale", 0) or params.number("share", 0) * (
        float(values[there].std()) if there.any() else 0
    )
    if scale <= 0 and there.any() and not (params.number("share", 0) > 0):
        raise params.wrong(
            "« scale » (dans l’unité de la colonne) ou « share » (part de l’écart type) est positif."
        )
    return _written(values + means_.random.normal(0, scale or 1, len(values)) * (scale > 0), column)


TREATMENTS: Mapping[str, Treatment] = {
    t.name: t
    for t in (
        Treatment("keep", "Garde la colonne telle quelle", (), _keep),
        Treatment("drop", "Retire la colonne", (), _keep),
        Treatment(
            "mask",
            "Cache les caractères, sauf les premiers et les derniers",
            (
                Key("first", "number", "Nombre de premiers caractères laissés."),
                Key("last", "number", "Nombre de derniers caractères laissés."),
            ),
            _mask,
            personal=True,
        ),
        Treatment(
            "pseudonymise",
            "Remplace chaque valeur par un code, toujours le même tant que la clé dure : cela reste une donnée personnelle",
            (
                Key("rotate", "text", "Quand la clé change : never, year (par défaut) ou month."),
                Key(
                    "scope",
                    "text",
                    "Nom commun aux colonnes qui doivent recevoir les mêmes codes ; par défaut le nom de la colonne.",
                ),
            ),
            _pseudonymise,
            personal=True,
        ),
        Treatment(
            "generalise",
            "Montre un groupe plutôt que la valeur, selon une hiérarchie et les modèles",
            (),
            _keep,
        ),
        Treatment(
            "round",
            "Arrondit au multiple le plus proche",
            (Key("step", "number", "Pas de l’arrondi, dans l’unité de la colonne."),),
            _round,
            numeric=True,
        ),
        Treatment(
            "top-bottom",
            "Ramène ce qui dépasse une borne à cette borne",
            (
                Key("bottom", "number", "Borne basse."),
                Key("top", "number", "Borne haute."),
                Key(
                    "share",
                    "number",
                    "Part des valeurs ramenée de chaque côté, à la place des bornes ou avec elles.",
                ),
            ),
            _top_bottom,
            numeric=True,
        ),
        Treatment(
            "microaggregate",
            "Remplace chaque nombre par la moyenne de k nombres proches (MDAV)",
            (Key("k", "number", "Taille des groupes ; par défaut celle des modèles."),),
            _microaggregate,
            numeric=True,
        ),
        Treatment(
            "perturb",
            "Ajoute un bruit de loi normale, tiré à chaque diffusion",
            (
                Key("scale", "number", "Écart type du bruit, dans l’unité de la colonne."),
                Key("share", "number", "Ou : part de l’écart type de la colonne."),
            ),
            _perturb,
            numeric=True,
        ),
    )
}
"""Every treatment, by name."""
