"""The language model of the extra `text`, beside the rules: what it adds, what is never taken for somebody.
Without the extra: the same answers as without it.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis.core.types import Column, Schema
from parvis.engine import connect
from parvis.privacy import finding
from parvis.privacy.text import installed, model, people, spans
from parvis.privacy.text.spans import somebody

SEEN = (
    "Le dossier de Lilwenn Kervella est incomplet",
    "La clé a été rendue par Théobald Quermelec hier soir",
)
"""Names that no list of ours holds."""
NOBODY = (
    "Travaux rue Lilwenn Kervella jusqu’au 12",
    "École Théobald Quermelec fermée lundi",
    "Lilwenn Kervella",
    "RAS",
    "La Ville de Paris a répondu hier",
    "Fuite signalée place de la Comédie",
)
extra = pytest.mark.skipif(
    not installed(), reason="the extra « text » (spaCy and its French model) is not installed"
)


def test_without_the_extra_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "installed", lambda: False)
    assert people([*SEEN, *NOBODY]) == [()] * 8
    assert model.version() == ""


def test_what_may_be_somebody() -> None:
    """A piece that the model names is held to what the lists are held to."""
    for text in SEEN:
        start = text.index(next(w for w in ("Lilwenn", "Théobald") if w in text))
        assert somebody(text, start, start + text[start:].index(" ", text[start:].index(" ") + 1))
    for text in NOBODY[:3]:
        start = text.index(next(w for w in ("Lilwenn", "Théobald") if w in text))
        assert not somebody(text, start, start + len("Lilwenn Kervella"))


@extra
def test_names_that_no_list_holds_are_seen() -> None:
    assert [spans(t) for t in SEEN] == [(), ()], "otherwise this proves nothing"
    for text, found in zip(SEEN, people(SEEN), strict=True):
        assert any(text[s.start : s.end] in ("Lilwenn Kervella", "Théobald Quermelec") for s in found), text
    assert [t for t, found in zip(NOBODY, people(NOBODY), strict=True) if found] == []


@extra
def test_a_column_of_such_sentences_is_told(tmp_path: Path) -> None:
    texts = [
        f"Le dossier n° {i} de Lilwenn Kervella est incomplet" if i % 2 else "Rien à signaler sur ce point"
        for i in range(60)
    ]
    pq.write_table(pa.table({"observations": texts}), tmp_path / "t.parquet")
    with connect.processing(tmp_path) as con:
        found = finding.detections(
            con, tmp_path / "t.parquet", Schema("t", columns=(Column("observations"),)), 60
        )
    assert [s.kind for s in found if s.column == "observations"] == ["person-in-text"]
