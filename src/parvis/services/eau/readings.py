"""What meters and sensors of a network read, from the file that a utility's telemetry writes."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read at each point. moments: the clock of the city, shape (steps,), seconds, ascending; values: by the point's name in
    the network, metres of pressure (a junction), metres of water (a tank) or m³/h (a link), shape (steps,), NaN where silent.
    """

    moments: NDArray[np.datetime64]
    values: Mapping[str, Array]

    @property
    def nights(self) -> int:
        """Whole days from the first one."""
        return int((self.moments[-1] - self.moments[0].astype("datetime64[D]")) // np.timedelta64(1, "D"))

    @property
    def first(self) -> np.datetime64:
        """The first day."""
        return self.moments[0].astype("datetime64[D]")


def read_readings(data: bytes) -> Readings:
    """A table of CSV: a moment, then a column for each point, headed by its name in the network; decimal comma or point, UTF-8 or
    Windows-1252.

    Raises UsageError for what is no such table, with the line that is not.
    """
    text = _decoded(data)
    separator = max(";\t,", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    if len(lines) < 3 or len(lines[0][1]) < 2:
        raise UsageError(
            Sentence("Ce fichier de mesures n’a pas de colonnes à lire."),
            mend="Donnez un CSV : le moment, puis une colonne par point, nommée comme dans le réseau.",
        )
    names = [name.strip() for name in lines[0][1][1:]]
    twice = next((name for n, name in enumerate(names) if name and name in names[:n]), None)
    if twice is not None:
        raise UsageError(
            Sentence("Deux colonnes de mesures s’appellent « {name} ».", name=twice),
            mend="Gardez-en une, ou nommez chacune comme son point du réseau.",
        )
    rows = [_row(line, cells, len(names)) for line, cells in lines[1:]]
    moments = np.array([moment for moment, _ in rows], dtype="datetime64[s]")
    values = np.array([row for _, row in rows])
    order = np.argsort(moments, kind="stable")
    return Readings(moments[order], {name: values[order, i] for i, name in enumerate(names) if name})


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _row(line: int, cells: Sequence[str], width: int) -> tuple[datetime, list[float]]:
    """(moment, a value for each column, NaN where none is written)."""
    try:
        moment = datetime.fromisoformat(cells[0].strip()).replace(tzinfo=None)
        values = [
            float(cell.replace(",", ".")) if cell.strip() else math.nan for cell in cells[1 : width + 1]
        ]
    except ValueError:
        raise UsageError(
            Sentence("Mesures, ligne {line} : un moment et des nombres sont attendus.", line=line),
            mend="Écrivez les moments comme 2026-01-31 02:00 et laissez vide ce qui n’a pas été mesuré.",
        ) from None
    return moment, values + [math.nan] * (width - len(values))
