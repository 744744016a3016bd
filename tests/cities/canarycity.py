"""A city with planted people: forty identifiers of all kinds that nobody else has, and a search that decodes
whatever may hold one.
"""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import subprocess
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import tantivy

from parvis.catalogue.search import Index
from parvis.catalogue.search.documents import SCHEMA
from parvis.core import settings
from parvis.core.released import Released
from parvis.core.types import PUBLIC, Audience, Dataset, Organisation, Resource
from parvis.decisions import deciding
from parvis.privacy import checklist
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets, deposits
from parvis.store.deposits import Deposit
from parvis.work import jobs

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

NAMES = (
    ("Quatresous", "Zéphyrine"), ("Aubépinet", "Hippolyte"), ("Vergnolasse", "Philiberte"), ("Tournebroche", "Eustachie"),
    ("Malapertuis", "Clodomir"), ("Croquembert", "Ysaline"), ("Brindacier", "Théodule"), ("Pimprenelier", "Guillemette"),
)  # fmt: skip


def nir(thirteen: str) -> str:
    """A French social security number with its key. thirteen: its digits but for the key."""
    return f"{thirteen}{97 - int(thirteen) % 97:02d}"


def iban(bban: str) -> str:
    """A French IBAN with its check digits. bban: 23 digits."""
    return f"FR{98 - int(bban + '152700') % 97:02d}{bban}"


NIRS = tuple(nir(f"{1 + i % 2}{71 + i}0{1 + i}34172{300 + 7 * i}") for i in range(8))
EMAILS = tuple(
    f"{first.lower()}.{last.lower()}@courrier-{i}.example" for i, (last, first) in enumerate(NAMES)
)
PHONES = tuple(f"06 {41 + i} 5{i} 7{i} 9{i}" for i in range(8))
IBANS = tuple(iban(f"2004101005{i}50013M02606".replace("M", "7")[:23].ljust(23, "4")) for i in range(4))
PLATES = tuple(f"G{'HJKL'[i]}-{731 + i}-Z{'HJKL'[i]}" for i in range(4))

CANARIES: tuple[str, ...] = (*(last for last, _ in NAMES), *NIRS, *EMAILS, *PHONES, *IBANS, *PLATES)
"""What must not be seen: 8 surnames, 8 NIR, 8 addresses of mail, 8 phones, 4 IBAN, 4 plates."""

HEADER = "nom;prenom;nir;courriel;telephone;iban;plaque;quartier;commentaire"


def table(extra: str = "") -> bytes:
    """The canary table as a CSV. extra: a further quarter, so that the bytes are others."""
    lines = [HEADER]
    for i, (last, first) in enumerate(NAMES):
        said = f"Rappeler {first} {last} au {PHONES[i]} (NIR {NIRS[i]})" if i % 2 else "RAS"
        lines.append(
            ";".join(
                (
                    last,
                    first,
                    NIRS[i],
                    EMAILS[i],
                    PHONES[i],
                    IBANS[i % 4],
                    PLATES[i % 4],
                    ("Gare", "Port", "Mairie", "Halles")[i % 4] + extra,
                    said,
                )
            )
        )
    return ("\n".join(lines) + "\n").encode()


INNOCENT = b"quartier;arbres\nGare;12\nPort;7\nMairie;31\nHalles;4\n"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


def build(folder: Path, clock: Callable[[], datetime], *, database: str = "", **storage: str) -> City:
    """An open city with an organisation and two datasets: trees, which anybody may read, and people."""
    city = again(folder, clock, database=database, **storage)
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("vivre", "Vie des quartiers"))
        datasets.save_dataset(
            conn,
            Dataset("arbres", "Arbres par quartier", "Comptés chaque hiver.", "vivre", keywords=("arbre",)),
        )
        datasets.save_resource(
            conn, Resource("arbres/arbres", "arbres", "Arbres", source="upload:arbres.csv")
        )
        datasets.save_dataset(
            conn,
            Dataset(
                "signalements",
                "Signalements des habitants",
                "Reçus au guichet.",
                "vivre",
                keywords=("guichet",),
            ),
        )
        datasets.save_resource(
            conn,
            Resource("signalements/table", "signalements", "Signalements", source="upload:signalements.csv"),
        )
    return city


def again(folder: Path, clock: Callable[[], datetime], *, database: str = "", **storage: str) -> City:
    """The same city, opened in this process. storage: of the settings."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "parvis.toml").exists():
        (folder / "parvis.toml").write_text('[city]\nname = "Canarville"\n', "utf-8")
    said = settings.load(folder, {})
    return open_city(
        replace(
            said,
            serve=settings.Serve(query_mb=256, hosts=("testserver",)),
            storage=replace(settings.Storage(database=database), **storage),
        ),
        clock=clock,
    )


def let_out(city: City, version: str, audience: Audience = PUBLIC) -> Released:
    """What holds people let out by the whole way: advised by one, signed, decided by another."""
    deciding.advise(
        city, version, audience.name, "favourable", "Pour l’essai : tout est inventé.", actor="officer"
    )
    deciding.sign(city, version, {q.name: "no" for q in checklist.QUESTIONS}, {}, actor="dpo")
    made = pipeline.release(city, version, audience, why="Pour l’essai : tout est inventé.", actor="dpo")
    assert isinstance(made, Released)
    return made


def hand_in(
    city: City, resource: str, content: bytes, name: str, *, actor: str = "system", folder: Path | None = None
) -> Deposit:
    """Hand in a file and have it worked on to its end, as the worker does."""
    with tempfile.TemporaryDirectory(dir=folder) as where:
        path = Path(where) / "sent"
        path.write_bytes(content)
        made = pipeline.receive(city, path, name=name, resource=resource, actor=actor)
    drafted = jobs.draft(city, made.id)
    if drafted:
        jobs.decide(city, made.id, drafted)
    pipeline.follow(city, Index.open(city.settings.path(city.settings.storage.index)))
    with city.db.read() as conn:
        done = deposits.get(conn, made.id)
    assert done is not None
    return done


# --- the search ---------------------------------------------------------------------------------------------


_ACCENTS = re.compile("[\u0300-\u036f]+")


def plain(text: str) -> str:
    """Without blanks, accents, dots, dashes and case: an identifier is found however it is written."""
    letters = text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return "".join(letters.split()).replace(".", "").replace("-", "").casefold()


_PLAIN = {one: plain(one) for one in CANARIES}


def canaries(text: str) -> set[str]:
    """The planted identifiers in a text."""
    bare = plain(text)
    return {one for one, said in _PLAIN.items() if said in bare}


def found(city: City, *more: Path) -> dict[str, set[str]]:
    """Where a planted identifier lies: in the files of the city, decoded, in what lies sealed and can be
    opened, and in more files. Place to identifiers.
    """
    seen: dict[str, set[str]] = {}
    for place, text in (*_sealed(city), *(t for root in (city.settings.folder, *more) for t in _below(root))):
        if here := canaries(text):
            seen.setdefault(place, set()).update(here)
    return seen


def _sealed(city: City) -> Iterator[tuple[str, str]]:
    for digest in city.inbox.digests():
        yield from decoded(f"sealed:{digest[:8]}", city.inbox.read(digest))


def _below(root: Path) -> Iterator[tuple[str, str]]:
    for name, data in sorted(_files(root).items()):
        path = root / name if root.is_dir() else root
        yield from decoded(name, data)
        if data.startswith(b"SQLite format 3"):
            yield from _database(name, path)
        if path.name == "meta.json":
            yield from _index(name, path.parent)


def _files(root: Path) -> Mapping[str, bytes]:
    """The bytes of every file below, or of the one. Read by another process: SQLite's locks of this one would go
    with the file that it closes, and a process beside us that leaves the database would take it for nobody's.
    """
    folder, what = (root, ".") if root.is_dir() else (root.parent, root.name)
    if not root.exists():
        return {}
    done = subprocess.run(
        ["tar", "--create", "--file=-", f"--directory={folder}", what], capture_output=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr  # 1: a file grew while it was read
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
        for one in packed:
            held = packed.extractfile(one) if one.isfile() or one.islnk() else None
            if held is not None:
                files[one.name.removeprefix("./")] = held.read()
    return files


def decoded(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """The texts of some bytes: as they are, and what they hold once unpacked."""
    try:
        yield name, data.decode("utf-8")
    except UnicodeDecodeError:
        yield name, data.decode("utf-8", "ignore")
        yield name, data.decode("utf-16-le", "ignore")
        yield name, data.decode("latin-1")
    if data[:4] == b"PAR1":
        whole = pq.ParquetFile(io.BytesIO(data))
        yield f"{name}!parquet", str(whole.metadata.metadata) + str(whole.read().to_pylist())
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for one in packed.namelist():
                yield from decoded(f"{name}!{one}", packed.read(one))
    elif data[:2] == b"\x1f\x8b":
        yield from decoded(f"{name}!gzip", gzip.decompress(data))
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            for one in packed:
                held = packed.extractfile(one)
                if held is not None:
                    yield from decoded(f"{name}!{one.name}", held.read())


def _database(name: str, path: Path) -> Iterator[tuple[str, str]]:
    """Every row of every table, the write-ahead log included."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        for (table_name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{table_name}"'):
                for cell in row:
                    yield (
                        f"{name}!{table_name}",
                        cell.decode("utf-8", "ignore") if isinstance(cell, bytes) else str(cell),
                    )
    db.close()


def _index(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    index = tantivy.Index(SCHEMA, str(folder), reuse=True)
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    searcher = index.searcher()
    for _, address in searcher.search(tantivy.Query.all_query(), 10_000).hits:
        yield f"{name}!index", str(searcher.doc(address).to_dict())
