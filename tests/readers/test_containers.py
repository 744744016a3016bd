"""tar, bzip2 and xz, as programs write them: read like gzip and zip, and refused for the same reasons."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Reading, Workspace
from parvis.core.settings import Limits
from parvis.engine.scans import select_raw
from parvis.readers.minimal_files import LAMBERT_93, shapefile_parts

CSV = "id;nom\n1;Hélène\n2;Zoé\n".encode()
PACKERS = [
    pytest.param(bz2.compress, id="bzip2"),
    pytest.param(lambda content: lzma.compress(content, preset=0), id="xz"),
]


def read(content: bytes, folder: Path, limits: Limits | None = None, sheet: str = "") -> Reading:
    path = folder / "recu"
    path.write_bytes(content)
    return readers.read(path, Workspace(folder / "spool", limits or Limits(), sheet=sheet))


def refused(content: bytes, folder: Path, limits: Limits | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as wrong:
        read(content, folder, limits)
    return wrong.value


def tarred(*members: tuple[str, bytes], make: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=make) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def special(kind: bytes, target: str = "/etc/passwd") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("lien.csv")
        info.type, info.linkname = kind, target
        archive.addfile(info)
    return out.getvalue()


# ---- what is read


@pytest.mark.parametrize("make", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_gives_a_table_a_member(tmp_path: Path, make: int) -> None:
    """Names of more than 100 characters and with accents, in the three ways that programs write them."""
    long = "données/" + "dossier-" * 11 + "/" + "é" * 20 + ".csv"
    reading = read(
        tarred(
            ("a.csv", CSV),
            (long, b"x\ty\n1\t2\n"),
            ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(100)),
            make=make,
        ),
        tmp_path,
    )
    assert reading.format == "tar+csv"
    assert [(t.name, t.rows, t.separator) for t in reading.tables] == [("a.csv", 2, ";"), (long, 1, "\t")]
    assert [(i.code, i.where) for i in reading.issues] == [("member-skipped", "photo.jpg")]
    rows = duckdb.sql(select_raw(reading.tables[0].scan, 2).sql("duckdb")).fetchall()
    assert rows == [("1", "Hélène"), ("2", "Zoé")]


@pytest.mark.parametrize(
    ("pack", "name"), [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")]
)
def test_a_compressed_tar_and_the_member_that_is_chosen(
    tmp_path: Path, pack: Callable[[bytes], bytes], name: str
) -> None:
    reading = read(
        pack(tarred(("a.csv", CSV), ("dossier/b.csv", b"x,y\n1,2\n"))), tmp_path, sheet="dossier/b.csv"
    )
    assert (reading.format, [t.name for t in reading.tables]) == (f"{name}+tar+csv", ["dossier/b.csv"])


def test_a_tar_made_from_a_folder(tmp_path: Path) -> None:
    """`tar -C dossier .` names the folder itself, and each file with `./`."""
    (tmp_path / "source" / "sous").mkdir(parents=True)
    (tmp_path / "source" / "sous" / "a.csv").write_bytes(CSV)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.add(tmp_path / "source", arcname=".")
    assert [t.name for t in read(out.getvalue(), tmp_path).tables] == ["sous/a.csv"]


def test_a_shapefile_in_a_tar_is_one_layer(tmp_path: Path) -> None:
    parts = shapefile_parts([("Éole", 700_000.0, 6_600_000.0)])
    members = [
        *((f"parcs.{kind}", content) for kind, content in parts.items()),
        ("parcs.prj", LAMBERT_93.encode()),
    ]
    reading = read(tarred(*members), tmp_path)
    assert (reading.format, [c.name for c in reading.tables[0].columns]) == (
        "tar+shapefile",
        ["nom", "_point"],
    )


def test_two_states_of_one_file_are_both_read(tmp_path: Path) -> None:
    assert [t.name for t in read(tarred(("a.csv", CSV), ("a.csv", CSV)), tmp_path).tables] == [
        "a.csv",
        "a_2.csv",
    ]


@pytest.mark.parametrize("pack", PACKERS)
def test_several_streams_and_padding_are_one_file(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    reading = read(pack(b"id;nom\n1;a\n") + bytes(40) + pack(b"2;b\n") + bytes(8), tmp_path)
    assert (reading.tables[0].rows, reading.issues) == (2, ())
    assert [i.code for i in read(pack(CSV) + b"reste", tmp_path).issues] == ["trailing-bytes"]


# ---- what is hostile or damaged


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/../../b.csv", "/etc/passwd", "C:\\Windows\\a.csv", "..\\..\\a.csv"]
)
def test_paths_that_leave_the_folder(tmp_path: Path, name: str) -> None:
    assert "sort de son dossier" in refused(tarred((name, CSV)), tmp_path).message
    assert {p.name for p in tmp_path.rglob("*")} == {"recu", "spool", "contenu.zip"}


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    assert "est un lien" in refused(special(kind), tmp_path).message


def test_a_sparse_file_is_refused(tmp_path: Path) -> None:
    """GNU's sparse files say terabytes of nothing in a few bytes."""
    content = bytearray(tarred(("a.csv", CSV)))
    content[156:157] = b"S"
    content[148:156] = b"%06o\x00 " % (sum(content[:148]) + 8 * 32 + sum(content[156:512]))
    assert "à trous" in refused(bytes(content), tmp_path).message


def test_limits_hold_for_a_tar(tmp_path: Path) -> None:
    assert (
        refused(tarred(*((f"{i}.csv", CSV) for i in range(21))), tmp_path, Limits(members=20)).limit
        == "members"
    )
    assert (
        refused(
            tarred(("a.csv", random.Random(1).randbytes(3_000_000))), tmp_path, Limits(unpacked_mb=2)
        ).limit
        == "unpacked_mb"
    )
    nested = tarred(*((f"{i}.csv.bz2", bz2.compress(b"a;b\n" * 150_000)) for i in range(4)))
    assert refused(nested, tmp_path, Limits(unpacked_mb=2)).limit == "unpacked_mb"


def test_a_size_below_zero_or_beyond_the_file_is_refused(tmp_path: Path) -> None:
    """Forged sizes make other readers go round for ever."""
    for field in (b"\xff" * 12, b"\x80" + b"\x7f" * 11, b"77777777777\x00"):
        content = bytearray(tarred(("a.csv", CSV)))
        content[124:136] = field
        content[148:156] = b"%06o\x00 " % (sum(content[:148]) + 8 * 32 + sum(content[156:512]))
        assert "tronquée" in refused(bytes(content), tmp_path).message


@pytest.mark.parametrize("pack", PACKERS)
def test_bombs(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(120_000_000))
    assert refused(bomb, tmp_path).limit == "ratio"
    assert refused(bomb, tmp_path, Limits(unpacked_mb=5)).limit == "unpacked_mb"
    assert max(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()) < 102_000_000


@pytest.mark.parametrize("pack", PACKERS)
def test_nested_too_deep(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    assert read(pack(pack(pack(CSV))), tmp_path).tables[0].rows == 2
    assert "emboîtées" in refused(pack(pack(pack(pack(CSV)))), tmp_path).message


@pytest.mark.parametrize(
    "pack", [*PACKERS, pytest.param(lambda content: tarred(("a.csv", content), ("b.csv", content)), id="tar")]
)
def test_cut_short_is_told_and_damage_is_refused_or_read(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    whole = pack(CSV * 40)
    assert "tronqué" in str(refused(whole[: min(2500, len(whole) * 2 // 3)], tmp_path))
    draw = random.Random(7)
    for turn in range(60):
        content = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        folder = tmp_path / str(turn)
        folder.mkdir()
        try:
            reading = read(
                bytes(content[: draw.choice((len(content), draw.randrange(4, len(content))))]), folder
            )
        except Unreadable as wrong:
            assert wrong.message  # noqa: PT017
        else:
            assert reading.tables


def test_seven_zip_says_how_to_mend(tmp_path: Path) -> None:
    wrong = refused(b"7z\xbc\xaf\x27\x1c" + bytes(40), tmp_path)
    assert "7-Zip : ce format n’est pas lu" in wrong.message
    assert "Extrayez" in wrong.mend
