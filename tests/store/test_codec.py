"""The codec: what goes in comes out, equal values have equal texts, and nothing else passes."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core import types
from parvis.core.types import (
    Column,
    ColumnProfile,
    Contact,
    File,
    Finding,
    Json,
    Report,
    Row,
    Run,
    Schema,
    Sensitivity,
    Version,
)
from parvis.store import codec
from parvis.store.codec import CodecError

anything = st.text(st.characters(exclude_categories=()), max_size=8)
"""Any text, NUL and lone surrogates among them: cells and column names come from anybody's files."""
numbers = st.floats(allow_nan=False)
json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(anything, json_values, max_size=3)
column_types = st.sampled_from(get_args(types.ColumnType))
moments = st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=5, minutes=30))))

columns = st.builds(
    Column,
    name=anything,
    type=column_types,
    title=anything,
    unit=anything,
    constraints=objects,
    options=objects,
    meaning=anything,
    sensitivity=st.sampled_from(Sensitivity),
)
keys = st.builds(
    types.ForeignKey, columns=st.tuples(anything), resource=anything, references=st.tuples(anything, anything)
)
schemas = st.builds(
    Schema,
    name=anything,
    columns=st.lists(columns, max_size=3).map(tuple),
    primary_key=st.tuples(anything),
    foreign_keys=st.lists(keys, max_size=2).map(tuple),
    missing_values=st.lists(anything, max_size=2).map(tuple),
    custom_checks=st.lists(objects, max_size=2).map(tuple),
    geometry=st.sampled_from(["", "point", "shape"]),
    raw=st.tuples(anything),
)
rows = st.builds(Row, table=anything, line=st.integers(), record=st.integers(), value=st.none() | anything)
findings = st.builds(
    Finding,
    check=anything,
    message=anything,
    severity=st.sampled_from(get_args(types.Severity)),
    dimension=st.sampled_from(get_args(types.Dimension)),
    count=st.integers(),
    rows=st.lists(rows, max_size=2).map(tuple),
)
tops = st.lists(st.tuples(anything, st.integers()), max_size=2).map(tuple)
profiles = st.builds(
    ColumnProfile,
    name=anything,
    type=column_types,
    rows=st.integers(),
    nulls=st.integers(),
    distinct=st.integers(),
    min=st.none() | anything,
    mean=st.none() | numbers,
    top=tops,
    examples=st.tuples(anything),
)
reports = st.builds(
    Report,
    findings=st.lists(findings, max_size=2).map(tuple),
    profile=st.lists(profiles, max_size=2).map(tuple),
    not_checked=st.tuples(anything),
)
versions = st.builds(
    Version,
    digest=anything,
    resource=anything,
    at=moments,
    rows=st.integers(),
    bytes=st.integers(),
    files=st.lists(st.builds(File, anything, st.integers(), st.integers()), max_size=2).map(tuple),
    schema=schemas,
    report=reports,
    run=anything,
)
runs = st.builds(
    Run,
    id=anything,
    what=anything,
    at=moments,
    parameters=objects,
    inputs=st.tuples(anything),
    outcome=st.just("held"),
)


@given(st.one_of(schemas, reports, versions, runs))
@settings(max_examples=150, deadline=None)
def test_every_value_comes_back_equal_and_through_ascii_only(value: Any) -> None:
    """Round trip over the values that the store keeps, with hostile texts in every place that a file can
    fill.
    """
    said = codec.dumps(type(value), value)
    assert said.isascii()
    assert "\x00" not in said
    assert codec.loads(type(value), said) == value
    assert codec.dumps(type(value), codec.loads(type(value), said)) == said


@given(objects)
@settings(max_examples=50, deadline=None)
def test_the_order_of_keys_does_not_change_the_text(said: dict[str, Json]) -> None:
    """A digest is over the text: equal values must have one text."""
    turned = dict(reversed(list(said.items())))
    assert codec.dumps(Schema, Schema(custom_checks=(said,))) == codec.dumps(
        Schema, Schema(custom_checks=(turned,))
    )


def test_what_is_not_finite_in_a_profile_comes_back() -> None:
    """The mean of a column that holds infinities is one: JSON has no word for it, the codec has."""
    kept = codec.loads(
        ColumnProfile, codec.dumps(ColumnProfile, ColumnProfile("a", "number", 2, 0, 2, mean=math.inf))
    )
    assert kept.mean == math.inf
    lost = codec.loads(
        ColumnProfile, codec.dumps(ColumnProfile, ColumnProfile("a", "number", 2, 0, 2, mean=math.nan))
    )
    assert lost.mean is not None
    assert math.isnan(lost.mean)


REFUSED: tuple[tuple[str, Any, str, str], ...] = (
    ("unknown field", Schema, '{"colour":"red"}', ""),
    ("unknown field deep", Schema, '{"columns":[{"name":"a","colour":"red"}]}', ".columns[0]"),
    ("missing field", Column, "{}", ".name"),
    ("number as text", Column, '{"name":1}', ".name"),
    ("unknown type of column", Column, '{"name":"a","type":"varchar"}', ".type"),
    ("unknown sensitivity", Column, '{"name":"a","sensitivity":"huge"}', ".sensitivity"),
    ("truth as number", File, '{"digest":"a","bytes":true,"rows":1}', ".bytes"),
    ("fraction as number", File, '{"digest":"a","bytes":1.5,"rows":1}', ".bytes"),
    ("no list", Schema, '{"columns":{}}', ".columns"),
    (
        "pair of three",
        ColumnProfile,
        '{"name":"a","type":"text","rows":1,"nulls":0,"distinct":1,"top":[["a",1,2]]}',
        ".top[0]",
    ),
    ("no date", types.Audience, '{"until":"demain"}', ".until"),
    ("no object", Column, "[]", ""),
    ("no JSON", Column, "{", ""),
    ("NaN in free JSON", Column, '{"name":"a","constraints":{"minimum":NaN}}', ".constraints.minimum"),
)


@pytest.mark.parametrize(("kind", "text", "path"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_not_of_the_type_is_refused_where_it_stands(kind: type[object], text: str, path: str) -> None:
    """A damaged or foreign row is loud, and says where."""
    with pytest.raises(CodecError) as wrong:
        codec.loads(kind, text)
    assert wrong.value.path == path


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (Column(name=3), ".name"),  # pyright: ignore[reportArgumentType]
        (Column("a", type="varchar"), ".type"),  # pyright: ignore[reportArgumentType]
        (Column("a", constraints={"x": object()}), ".constraints.x"),  # pyright: ignore[reportArgumentType]
        (Column("a", constraints={"x": math.nan}), ".constraints.x"),
        (File("a", True, 1), ".bytes"),
        (Run("r", "what", datetime(2026, 1, 1)), ".at"),  # noqa: DTZ001
        (Schema(columns=["a"]), ".columns"),  # pyright: ignore[reportArgumentType]
    ],
)
def test_a_value_that_lies_about_its_type_is_not_written(value: object, path: str) -> None:
    """Types are hints: the codec is where they are held, before a wrong value reaches the disk."""
    with pytest.raises(CodecError) as wrong:
        codec.encode(value)
    assert wrong.value.path == path


def test_a_row_written_before_a_field_was_added_still_reads() -> None:
    """What holds its default is left out, so a new field with a default changes neither old rows nor their
    digests.
    """
    assert codec.dumps(Column, Column("a")) == '{"name":"a"}'
    assert codec.loads(Column, '{"name":"a"}') == Column("a")


def test_the_defaults_of_stored_fields_are_those_of_the_format() -> None:
    """A default that is left out is part of the format: changing one here would change what old rows say. Add
    fields; don't change these.
    """
    stored = (Column, types.ForeignKey, Schema, Row, Finding, ColumnProfile, Report, Contact, types.Audience)
    pinned: Mapping[str, Mapping[str, Any]] = {
        "Column": {
            "type": "text",
            "title": "",
            "description": "",
            "unit": "",
            "format": "default",
            "constraints": {},
            "options": {},
            "meaning": "",
            "sensitivity": "none",
        },
        "ForeignKey": {},
        "Schema": {
            "name": "",
            "version": "",
            "columns": [],
            "primary_key": [],
            "foreign_keys": [],
            "missing_values": [""],
            "custom_checks": [],
            "geometry": "",
            "raw": [],
            "source": "",
        },
        "Row": {},
        "Finding": {
            "severity": "error",
            "dimension": "validity",
            "column": "",
            "count": 0,
            "rows": [],
            "fix": "",
            "said": {},
        },
        "ColumnProfile": {
            "misfits": 0,
            "min": None,
            "max": None,
            "mean": None,
            "top": [],
            "histogram": [],
            "examples": [],
        },
        "Report": {"findings": [], "profile": [], "rows": 0, "not_checked": [], "schema": "", "checked": []},
        "Contact": {"email": "", "url": ""},
        "Audience": {"name": "public", "purpose": "", "until": None},
    }
    for kind in stored:
        defaults = {
            f.name: json.loads(
                json.dumps(f.default if f.default is not dataclasses.MISSING else f.default_factory())
            )  # pyright: ignore[reportCallIssue]
            for f in dataclasses.fields(kind)
            if f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
        }
        assert {k: v for k, v in defaults.items() if k in pinned[kind.__name__]} == pinned[kind.__name__]


def test_tuples_go_out_and_come_back_as_bytes() -> None:
    """What a job keeps between two steps: several values at once."""
    several = (Column("a"), Column("é", "date"))
    assert codec.load(codec.dump(several), tuple[Column, ...]) == several
    with pytest.raises(CodecError):
        codec.load(b"\xff", tuple[Column, ...])


def test_dates_and_moments_keep_their_meaning() -> None:
    """A moment in another zone is the same moment; it is written in UTC."""
    paris = datetime(2026, 7, 1, 2, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    said = codec.dumps(Run, Run("r", "w", paris))
    assert "2026-07-01T00:00:00.123456+00:00" in said
    assert codec.loads(Run, said).at == paris
    assert codec.loads(types.Audience, '{"until":"2026-03-01"}').until == date(2026, 3, 1)


def test_a_type_without_json_form_is_refused_when_the_coder_is_made() -> None:
    """A new field of an odd type fails at once, not when the first row holds it."""
    with pytest.raises(TypeError, match="no JSON form"):
        codec.coder(types.Table)
