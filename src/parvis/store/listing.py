"""What everybody may see, kept beside the rows that it is made from: pages ask for twenty datasets, and not
for all of them to find those twenty.

The database itself marks each dataset of which something was written (triggers, whatever wrote it), and the
transaction that wrote it brings its listing up to date before it commits (`Database.begin`): a reader never
sees the one without the other, and a dataset that is withdrawn leaves every count in the same breath. It is
all made from other rows: marking every dataset makes it again.

Listed is a dataset that is published, open to the public, and has at least one version with a public release
in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from parvis.core.marks import Mark, worse
from parvis.core.text import fold, tokens
from parvis.core.types import PUBLIC, Schema
from parvis.store import codec, versions
from parvis.store.tables import (
    changed,
    comparisons,
    datasets,
    delisted,
    description_scores,
    listed,
    listed_keywords,
    listed_sources,
    listed_tables,
    listed_words,
    listing,
    organisations,
    releases,
    resources,
)
from parvis.store.tables import versions as versions_

BATCH = 200
"""Datasets whose listing is written at once."""

DEPTH = 24
"""Versions of a table that are compared with the one before."""

TABLES = frozenset(
    table.name
    for table in (
        changed,
        comparisons,
        delisted,
        description_scores,
        listed,
        listed_keywords,
        listed_sources,
        listed_tables,
        listed_words,
        listing,
    )
)
"""All that is made from other tables."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seq(conn: Connection) -> int:
    """A number that grows whenever what everybody may see has changed."""
    return conn.execute(select(listing.c.seq)).scalar_one()


def microseconds(at: datetime) -> int:
    """A moment as `listed` keeps it."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(us: int) -> datetime:
    """And back.

    >>> moment(microseconds(datetime(2026, 11, 1, 8, 0, 0, 5, UTC)))
    datetime.datetime(2026, 11, 1, 8, 0, 0, 5, tzinfo=datetime.timezone.utc)
    """
    return EPOCH + timedelta(microseconds=us)


def touched(conn: Connection, since: int) -> set[str]:
    """Datasets whose listing changed after that number, those that left it too."""
    return {
        name
        for table in (listed, delisted)
        for name in conn.execute(select(table.c.dataset).where(table.c.seq > since)).scalars()
    }


def gone(conn: Connection, since: int) -> list[str]:
    """Datasets that left the listing after that number."""
    return [*conn.execute(select(delisted.c.dataset).where(delisted.c.seq > since)).scalars()]


def derived(conn: Connection, source: str) -> list[str]:
    """Listed datasets that are computed from that one, by id."""
    query = (
        select(listed_sources.c.dataset)
        .where(listed_sources.c.source == source)
        .order_by(listed_sources.c.dataset)
    )
    return [*conn.execute(query).scalars()]


def update_listing(conn: Connection) -> None:
    """Bring the listing up to what this transaction wrote. Nothing is done when it wrote nothing that counts."""
    if conn.execute(select(changed.c.dataset).limit(1)).first() is None:
        return
    number = conn.execute(update(listing).values(seq=listing.c.seq + 1).returning(listing.c.seq)).scalar_one()
    while (
        names := conn.execute(select(changed.c.dataset).order_by(changed.c.dataset).limit(BATCH))
        .scalars()
        .all()
    ):
        _write(conn, names, number)
        conn.execute(delete(changed).where(changed.c.dataset.in_(names)))


def _write(conn: Connection, names: Sequence[str], number: int) -> None:
    was = {*conn.execute(select(listed.c.dataset).where(listed.c.dataset.in_(names))).scalars()}
    of = _resources(conn, names)
    lines = list(_lines(conn, names, of))
    now = {one.dataset for one in lines}
    for table in (listed, listed_tables, listed_words, listed_sources, listed_keywords):
        conn.execute(delete(table).where(table.c.dataset.in_(names)))
    conn.execute(delete(delisted).where(delisted.c.dataset.in_(was | now)))
    if lines:
        conn.execute(insert(listed), [one.row | {"seq": number} for one in lines])
        conn.execute(insert(listed_tables), [table for one in lines for table in one.tables])
        conn.execute(insert(listed_words), [words for one in lines for words in one.words])
    if sources := [{"source": source, "dataset": one.dataset} for one in lines for source in one.sources]:
        conn.execute(insert(listed_sources), sources)
    if keywords := [
        {"keyword": keyword, "dataset": one.dataset} for one in lines for keyword in one.keywords
    ]:
        conn.execute(insert(listed_keywords), keywords)
    if left := sorted(was - now):
        conn.execute(insert(delisted), [{"dataset": name, "seq": number} for name in left])
        conn.execute(
            delete(comparisons).where(
                comparisons.c.resource.in_([r["id"] for name in left for r in of.get(name, ())])
            )
        )


@dataclass(frozen=True, slots=True)
class _Listed:
    """The rows of one dataset."""

    dataset: str
    row: dict[str, object]
    tables: Sequence[Mapping[str, object]]
    words: Sequence[Mapping[str, object]]
    sources: frozenset[str]
    keywords: frozenset[str]


def _resources(conn: Connection, names: Sequence[str]) -> Mapping[str, Sequence[RowMapping]]:
    """Resources by dataset, by id."""
    by_dataset: dict[str, list[RowMapping]] = {}
    r = resources.c
    for row in conn.execute(
        select(r.id, r.dataset, r.title, r.source, r.every_s).where(r.dataset.in_(names)).order_by(r.id)
    ).mappings():
        by_dataset.setdefault(row["dataset"], []).append(row)
    return by_dataset


def _lines(
    conn: Connection, names: Sequence[str], of: Mapping[str, Sequence[RowMapping]]
) -> Iterator[_Listed]:
    """Those of these datasets that everybody may see."""
    query = select(datasets).where(
        datasets.c.id.in_(names), datasets.c.state == "published", datasets.c.access == "public"
    )
    open_ = conn.execute(query).mappings().all()
    eldest, since = _eldest(conn, [d["id"] for d in open_])
    o = organisations.c
    publishers = {
        row.id: row.name
        for row in conn.execute(select(o.id, o.name).where(o.id.in_({d["publisher"] for d in open_})))
    }
    for d in open_:
        name, every = d["id"], of.get(d["id"], ())
        first = eldest.get(name, "")
        tables: list[dict[str, object]] = []
        newest: list[_Compared] = []
        for resource in sorted(every, key=lambda r: r["id"] != first):
            compared = _compared(conn, resource["id"])
            if compared is not None:
                newest.append(compared)
                tables.append(
                    {
                        "resource": resource["id"],
                        "dataset": name,
                        "position": len(tables),
                        "first": resource["id"] == first,
                        "version": compared.version,
                        "at": compared.since,
                        "geo": compared.schema.geometry != "" or bool(compared.types & {"point", "shape"}),
                        "dated": bool(compared.types & {"date", "datetime"}),
                    }
                )
        if not tables:
            continue
        serving = {t["resource"] for t in tables}
        mine = [r for r in every if r["id"] in serving]
        yield _Listed(
            name,
            {
                "dataset": name,
                "publisher": d["publisher"],
                "title": fold(d["title"]),
                "frequency": d["frequency"],
                "themes": d["themes"],
                "issued": d["issued"] or since.get(name) or min(c.since for c in newest),
                "modified_us": microseconds(max(c.since for c in newest)),
                "rows": sum(c.rows for c in newest),
                "live": any(r["every_s"] for r in mine),
                "computed": all(r["source"].startswith("service:") for r in mine),
                "score": min((c.score for c in newest if c.score is not None), default=None),
                "change": min((c.change for c in newest if c.change is not None), default=None),
                "errors": sum(c.errors for c in newest),
            },
            tables,
            _words(d, mine, first, publishers[d["publisher"]]),
            *(frozenset(codec.loads(tuple[str, ...], d[name])) for name in ("derived_from", "keywords")),
        )


def _words(
    dataset: RowMapping, served: Sequence[RowMapping], first: str, publisher: str
) -> Sequence[Mapping[str, object]]:
    """The rows of `listed_words` of a dataset. served: its resources that everybody reads; first: the one that
    bears the name of the dataset.
    """
    keywords = codec.loads(tuple[str, ...], dataset["keywords"])
    texts = {
        "dataset": dataset["id"],
        "description": _spaced(dataset["description"]),
        "keywords": _spaced(" ".join(keywords)),
        "publisher": _spaced(publisher),
    }
    themes = codec.loads(tuple[str, ...], dataset["themes"])
    codes = (
        "".join(f"{code_word('theme', t)} " for t in themes) + code_word("licence", dataset["licence"]) + " "
    )
    others = f"{dataset['spatial']} {dataset['language']} {dataset['frequency']}"
    rows: list[Mapping[str, object]] = []
    for resource in served:
        named = len(served) > 1 and resource["id"] not in (first, dataset["id"])
        title = f"{dataset['title']} {resource['title']}" if named else dataset["title"]
        name = resource["id"] if named else dataset["id"]
        rows.append(
            texts
            | {
                "resource": resource["id"],
                "title": _spaced(title),
                "others": _spaced(f"{name} {others}") + codes,
            }
        )
    return rows


def code_word(kind: str, code: str) -> str:
    """A code of a vocabulary as it is kept among the words: no token holds a colon, so that no word of a text
    is taken for it, nor for its beginning.

    >>> code_word("theme", "TRAN")
    ':theme:tran'
    """
    return f":{kind}:{'_'.join(code.casefold().split())}"


def _spaced(text: str) -> str:
    """The tokens of a text, each once, each between two spaces."""
    return " ".join(["", *dict.fromkeys(tokens(text)), ""])


def _eldest(conn: Connection, names: Sequence[str]) -> tuple[Mapping[str, str], Mapping[str, datetime]]:
    """The resource of each dataset that was public first, withdrawn since or not, and when that was: a name
    never passes from one table to another, and one that was never public leaves no trace in the names of the
    others.
    """
    v, r, s = versions_, resources, releases
    query = (
        select(r.c.dataset, r.c.id, func.min(s.c.at).label("at"))
        .join(v, v.c.resource == r.c.id)
        .join(s, s.c.version == v.c.digest)
        .where(s.c.audience == PUBLIC.name, r.c.dataset.in_(names))
        .group_by(r.c.dataset, r.c.id)
    )
    eldest: dict[str, str] = {}
    since: dict[str, datetime] = {}
    for row in sorted(conn.execute(query), key=lambda row: (row.at, row.id)):
        eldest.setdefault(row.dataset, row.id)
        since.setdefault(row.dataset, row.at)
    return eldest, since


@dataclass(frozen=True, slots=True)
class _Compared:
    """The version of a table that everybody reads, beside the one before."""

    version: str
    since: datetime
    rows: int
    score: float | None
    change: float | None
    errors: int
    schema: Schema

    @property
    def types(self) -> frozenset[str]:
        return frozenset(c.type for c in self.schema.columns)


def _compared(conn: Connection, resource: str) -> _Compared | None:
    """The newest readable version of a resource, None when there is none. The last ones are compared, those
    that are not yet: most often one.
    """
    v, c = versions_.c, comparisons.c
    query = (
        select(v.digest, v.current_since, v.rows)
        .where(v.resource == resource, versions.in_force(PUBLIC))
        .order_by(v.number.desc())
    )
    last = conn.execute(query.limit(DEPTH + 1)).all()
    befores = {
        row.digest: last[i + 1].digest if i + 1 < len(last) else "" for i, row in enumerate(last[:DEPTH])
    }
    known = {
        row.version: row for row in conn.execute(select(c.version, c.before).where(c.resource == resource))
    }
    stale = [name for name, row in known.items() if befores.get(name) != row.before]
    if stale:
        conn.execute(delete(comparisons).where(c.version.in_(stale)))
    if new := [name for name in befores if name not in known or name in stale]:
        marks = versions.marks(conn, {*new, *(befores[name] for name in new)})
        conn.execute(insert(comparisons), [_compare(marks[name], marks.get(befores[name])) for name in new])
    if not last:
        return None
    one = conn.execute(select(c.score, c.change, c.errors).where(c.version == last[0].digest)).one()
    schema = codec.loads(
        Schema, conn.execute(select(v.schema).where(v.digest == last[0].digest)).scalar_one()
    )
    return _Compared(
        last[0].digest, last[0].current_since, last[0].rows, one.score, one.change, one.errors, schema
    )


def _compare(after: Mark, before: Mark | None) -> Mapping[str, object]:
    change = (
        after.score - before.score
        if before is not None and after.score is not None and before.score is not None
        else None
    )
    return {
        "version": after.version,
        "resource": after.resource,
        "before": before.version if before else "",
        "at": after.at,
        "score": after.score,
        "change": change,
        "errors": after.errors,
        "worse": before is not None and worse(before, after) != "",
    }
