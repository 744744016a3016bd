"""The words that stand beside cells and go out with them: titles, descriptions, keywords, contacts, names of
sheets and members, headers.

They are searched like cells, by the same detectors: as they are written, and as they are spoken («
dupont_jean-2024 » is « Dupont Jean 2024 »).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.text import fold, slug
from parvis.core.types import Column, Finding, Schema, Sensitivity
from parvis.engine import connect
from parvis.privacy.finding import detections
from parvis.privacy.names import FIRST
from parvis.privacy.text import spans

LONGEST = 4_000
"""Characters of a text that are searched."""
_SEPARATORS = re.compile(r"[_./\\-]+")
_SMALL = re.compile(
    r"(?<![\w’'])(?!(?:a|au|aux|de|des|du|en|et|la|le|les|ou|par|pour|sous|sur|un|une)\b)([a-zà-ÿ])"
)
"""The first letter of a word that is small; the words that join others stay so, in names too (Marie de la
Tour).
"""
FIX = "Écrivez-le sans nommer personne ; ou faites décider de sa publication."
_MARK = "texte"
PERSON = "person-in-text"
CODES = frozenset({"insee", "iris", "siret", "siren", "uai", "finess", "code", "codes", "id"})
"""Words of identifiers: `code_iris_insee` is nobody."""
AMBIGUOUS = frozenset(
    {
        "iris",
        "avril",
        "mai",
        "juin",
        "aime",
        "ange",
        "prudence",
        "constance",
        "olive",
        "marine",
        "prune",
        "rose",
        "violette",
        "france",
    }
)
"""First names that are words of every day too: alone they do not make a name of what was written small."""


def spoken(text: str) -> str:
    """A text whose words are parted by signs, as names are written.

    >>> spoken("dupont_jean-2024.csv")
    'Dupont Jean 2024 Csv'
    """
    return _SMALL.sub(lambda m: m[1].upper(), _SEPARATORS.sub(" ", text))


def _named(words: str) -> bool:
    """Whether words that were given their capitals by us are somebody's: a first name is among them, and none
    of the words of codes.
    """
    folded = {fold(word) for word in re.findall(r"[^\W\d_]+", words)}
    return not folded & CODES and bool((folded - AMBIGUOUS) & FIRST)


def named_mailbox(address: str) -> str:
    """A contact's address where its mailbox has two words, as a person's own has, else "": an address to write to is given to be read. Whether the two words
    are somebody or a service is for the detectors to say.

    >>> named_mailbox("marie.lefevre@ville.fr"), named_mailbox("sig@ville.fr")
    ('marie.lefevre@ville.fr', '')
    """
    return address if len(re.findall(r"[^\W\d_]{2,}", address.partition("@")[0])) > 1 else ""


def personal(
    con: duckdb.DuckDBPyConnection, texts: Mapping[str, str], path: Path
) -> Mapping[str, tuple[str, ...]]:
    """Which of these texts say something personal or secret, and what kinds of it. texts: by place; path: a
    file that may be written and is gone afterwards.
    """
    places = [(place, text[:LONGEST]) for place, text in texts.items() if text.strip()]
    if not places:
        return {}
    kinds_by_place: dict[str, dict[str, None]] = {}
    for place, text in places:
        for span in spans(text):
            kinds_by_place.setdefault(place, {}).setdefault(span.kind)
        text_ = spoken(text)
        for span in spans(text_) if "@" not in text else ():
            if span.kind != PERSON or _named(text_[span.start : span.end]):
                kinds_by_place.setdefault(place, {}).setdefault(span.kind)
    pq.write_table(pa.table({_MARK: pa.array([text for _, text in places], pa.string())}), path)
    try:
        for seen in detections(con, path, Schema(columns=(Column(_MARK),)), len(places), known=None):
            if seen.severity != "error" or seen.personal is Sensitivity.NONE:
                continue
            for row in seen.rows:
                if 0 < row.record <= len(places):
                    kinds_by_place.setdefault(places[row.record - 1][0], {}).setdefault(seen.kind)
    finally:
        path.unlink(missing_ok=True)
    return {place: tuple(kinds) for place, kinds in kinds_by_place.items()}


def findings(
    con: duckdb.DuckDBPyConnection, texts: Mapping[str, str], path: Path, headers: Mapping[str, str] = {}
) -> tuple[Finding, ...]:
    """What the words beside the cells of a table say of people, without saying it again. headers: by column,
    as the file writes them.
    """
    every = {**texts, **{f"\x00{name}": label for name, label in headers.items()}}
    findings_: list[Finding] = []
    for place in personal(con, every, path):
        if place.startswith("\x00"):
            number = list(headers).index(place[1:]) + 1
            message = f"L’en-tête de la colonne {number} porte une donnée personnelle ou secrète."
        else:
            message = f"Un intitulé porte une donnée personnelle ou secrète : {place}."
        findings_.append(Finding("privacy-named", message, "error", "confidentiality", "", 1, (), FIX))
    return tuple(findings_)


def says(texts: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """`personal`, for whoever has no engine at hand."""
    if not any(text.strip() for text in texts.values()):
        return {}
    with _engine() as (con, path):
        return personal(con, texts, path)


def each(texts: Iterable[str]) -> Iterator[bool]:
    """Whether a text says something personal, for each by itself: in one table, what many of them are would
    weigh on what one of them is.
    """
    with _engine() as (con, path):
        for text in texts:
            yield bool(personal(con, {"": text}, path))


@contextmanager
def _engine() -> Generator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """An engine for a few words, and a file for them."""
    with tempfile.TemporaryDirectory() as name, closing(connect.processing(Path(name), threads=1)) as con:
        yield con, Path(name) / "words.parquet"


def identifier(text: str, otherwise: str) -> str:
    """A name for addresses, drawn from a text that says nothing of anybody; else another one: identifiers
    outlive what they name.
    """
    return otherwise if says({"": text}) else slug(text)
