"""The same 20,000 datasets as documents, asked as udata's API would ask: `python -m bench.catalogue_documents`.

udata keeps a dataset as one document of MongoDB, its organisation as a reference; `GET /api/2/datasets/` counts
those that match, sorts, takes a page of twenty, follows the references and writes JSON. No MongoDB is at hand
here: the documents lie in SQLite as JSON, a row each, with the indexes that udata declares (deleted, private,
organisation, tags, created, title) as columns, and its words in FTS5. What is timed is the query and the
JSON in a process that is warm; udata's own Flask, permissions and marshalling would come on top, so this is less
than it takes. The same figures of Parvis are of whole pages over HTTP (`bench.catalogue`).
"""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

from bench import large_city, report
from bench.catalogue import CACHE, MANY
from parvis.core import settings
from parvis.core.types import Dataset
from parvis.publication.city import open_city
from parvis.store import codec, datasets

PAGE = 20
TURNS = 20


def main() -> None:
    """Make the documents if they are not there, ask, print and keep."""
    file = CACHE / f"documents-{MANY}.db"
    if not file.exists():
        _write(file)
    db = sqlite3.connect(file)
    asked = {
        "list, newest first": lambda n: ("deleted IS NULL AND private = 0", (), PAGE * n),
        "list of an organisation": lambda n: (
            "deleted IS NULL AND private = 0 AND organization = ?",
            (f"direction-{n}",),
            PAGE,
        ),
        "list with a keyword": lambda n: (
            "deleted IS NULL AND private = 0 AND id IN (SELECT id FROM tags WHERE tag = ?)",
            (f"lot {n}",),
            0,
        ),
        "list with words": lambda n: (
            "deleted IS NULL AND private = 0 AND rowid IN (SELECT rowid FROM words WHERE words MATCH ?)",
            (f'"{("piscines", "budget", "arbres", "toilettes", "fontaines")[n % 5]}"',),
            PAGE * n,
        ),
    }
    rows: list[dict[str, object]] = []
    for name, ask in asked.items():
        before = time.process_time()
        sizes = [len(page(db, *ask(n))) for n in range(TURNS)]
        rows.append(
            {
                "what": name,
                "cpu_s": (time.process_time() - before) / TURNS,
                "bytes": sum(sizes) // TURNS,
            }
        )
    report.write("catalogue_documents", rows, notes=(f"{MANY} documents in SQLite, {TURNS} pages of {PAGE}",))


def page(db: sqlite3.Connection, where: str, values: tuple[str, ...], offset: int) -> bytes:
    """One page of the answer, as JSON: how many match, and twenty of them with their organisation."""
    (total,) = db.execute(f"SELECT count(*) FROM documents WHERE {where}", values).fetchone()
    found = db.execute(
        f"SELECT body, organization FROM documents WHERE {where} ORDER BY created DESC LIMIT ? OFFSET ?",
        (*values, PAGE, offset),
    ).fetchall()
    bodies = {one: json.loads(_body(db, one)) for _, one in found}
    data = [json.loads(body) | {"organization": bodies[one]} for body, one in found]
    return json.dumps({"data": data, "page_size": PAGE, "total": total}, ensure_ascii=False).encode()


def _body(db: sqlite3.Connection, organisation: str) -> str:
    (body,) = db.execute("SELECT body FROM organizations WHERE id = ?", (organisation,)).fetchone()
    return str(body)


def _write(file: Path) -> None:
    folder = CACHE / f"large-{MANY}"
    if not folder.exists():
        large_city.build(folder, MANY).db.close()
    city = open_city(settings.load(folder, {}))
    with city.db.read() as conn:
        bodies = datasets.organisations(conn)
        every = datasets.datasets(conn)
    city.db.close()
    db = sqlite3.connect(file)
    db.executescript(
        """CREATE TABLE documents (id TEXT, deleted TEXT, private INTEGER, organization TEXT, title TEXT, created TEXT, body TEXT);
        CREATE TABLE organizations (id TEXT PRIMARY KEY, body TEXT);
        CREATE TABLE tags (id TEXT, tag TEXT);
        CREATE VIRTUAL TABLE words USING fts5(title, description, tags, content='', tokenize='unicode61');"""
    )
    for body in bodies:
        db.execute("INSERT INTO organizations VALUES (?, ?)", (body.id, codec.dump(body).decode()))
    for number, one in enumerate(every, 1):
        db.execute("INSERT INTO documents VALUES (?, NULL, 0, ?, ?, ?, ?)", _row(one))
        db.executemany("INSERT INTO tags VALUES (?, ?)", [(one.id, tag) for tag in one.keywords])
        db.execute(
            "INSERT INTO words (rowid, title, description, tags) VALUES (?, ?, ?, ?)",
            (number, one.title, one.description, " ".join(one.keywords)),
        )
    db.executescript(
        """CREATE INDEX by_created ON documents (deleted, private, created);
        CREATE INDEX by_organization ON documents (deleted, private, organization, created);
        CREATE INDEX by_id ON documents (id); CREATE INDEX by_tag ON tags (tag, id); ANALYZE;"""
    )
    db.commit()
    db.close()


def _row(one: Dataset) -> tuple[str, str, str, str, str]:
    made = one.issued or one.modified
    at = made.isoformat() if made else ""
    return one.id, one.publisher, one.title, at, codec.dump(one).decode()


if __name__ == "__main__":
    main()
