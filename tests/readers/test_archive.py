"""Archives and other containers: what is safe is read, what is hostile, damaged or no table is refused by a
reason in plain words.
"""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers import archive, gtfs

CSV = "id;nom\n1;Hélène\n2;Zoé\n".encode()


def read(
    content: bytes, folder: Path, limits: Limits | None = None, sheet: str = "", name: str = ""
) -> Reading:
    path = folder / "recu"
    path.write_bytes(content)
    return readers.read(path, Workspace(folder / "spool", limits or Limits(), sheet=sheet), name)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return out.getvalue()


def refused(content: bytes, folder: Path, limits: Limits | None = None, name: str = "") -> Unreadable:
    with pytest.raises(Unreadable) as wrong:
        read(content, folder, limits, name=name)
    return wrong.value


# ---- what is read


def test_gzip_of_a_csv(tmp_path: Path) -> None:
    reading = read(gzip.compress(CSV), tmp_path)
    assert (reading.format, reading.tables[0].rows, reading.tables[0].separator) == ("gzip+csv", 2, ";")


def test_gzip_of_several_members_is_one_file(tmp_path: Path) -> None:
    content = gzip.compress(b"id;nom\n1;a\n") + gzip.compress(b"2;b\n") + b"\x00" * 40
    assert read(content, tmp_path).tables[0].rows == 2


def test_gzip_with_a_tail_is_told(tmp_path: Path) -> None:
    reading = read(gzip.compress(CSV) + b"reste", tmp_path)
    assert [i.code for i in reading.issues] == ["trailing-bytes"]


def test_zip_of_csvs_gives_a_table_a_member(tmp_path: Path) -> None:
    """Noise of operating systems is passed over in silence, a picture is told, a « lisez-moi » is no table."""
    content = zipped(
        ("données/a.csv", CSV),
        ("b.txt", b"x\ty\tz\n1\t2\t3\n"),
        ("__MACOSX/._a.csv", b"\x00\x05\x16\x07"),
        (".DS_Store", b"\x00\x00\x00\x01Bud1"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(100)),
        (
            "LISEZMOI.txt",
            "Ces fichiers viennent de la direction de la voirie.\nIls sont mis à jour le lundi.\n".encode(),
        ),
    )
    reading = read(content, tmp_path)
    assert reading.format == "zip+csv"
    assert [(t.name, t.rows, t.separator) for t in reading.tables] == [
        ("données/a.csv", 2, ";"),
        ("b.txt", 1, "\t"),
    ]
    assert [(i.code, i.where) for i in reading.issues] == [
        ("member-skipped", "photo.jpg"),
        ("member-skipped", "LISEZMOI.txt"),
    ]
    assert "image JPEG" in reading.issues[0].message


def test_the_publisher_chooses_a_member(tmp_path: Path) -> None:
    reading = read(zipped(("a.csv", CSV), ("b.csv", b"x,y\n1,2\n")), tmp_path, sheet="b.csv")
    assert [t.name for t in reading.tables] == ["b.csv"]


def test_archives_within_archives_down_to_three(tmp_path: Path) -> None:
    once = zipped(("a.csv", CSV))
    assert read(zipped(("un.zip", once)), tmp_path).tables[0].name == "un.zip/a.csv"
    assert read(gzip.compress(gzip.compress(gzip.compress(CSV))), tmp_path).tables[0].rows == 2
    assert (
        "emboîtées"
        in refused(gzip.compress(gzip.compress(gzip.compress(gzip.compress(CSV)))), tmp_path).message
    )


def test_names_written_by_old_windows_and_macos(tmp_path: Path) -> None:
    """Without the UTF-8 flag a name is cp850 (Windows in French) or UTF-8 (macOS)."""
    for raw in ("été.csv".encode("cp850"), "été.csv".encode()):
        info = zipfile.ZipInfo("x" * len(raw))
        content = zipped((info, CSV)).replace(b"x" * len(raw), raw)
        assert read(content, tmp_path).tables[0].name == "été.csv"


# ---- what is hostile


def test_zip_bomb_by_ratio(tmp_path: Path) -> None:
    """200 MB of zeros in 200 kB: refused before anything is written."""
    bomb = zipped(*((f"{i}.csv", bytes(50_000_000)) for i in range(4)))
    wrong = refused(bomb, tmp_path)
    assert wrong.limit == "ratio"
    assert not (tmp_path / "spool").exists()


def test_zip_bomb_by_size_names_the_limit(tmp_path: Path) -> None:
    wrong = refused(zipped(("a.csv", random.Random(1).randbytes(3_000_000))), tmp_path, Limits(unpacked_mb=2))
    assert (wrong.limit, "« unpacked_mb »" in wrong.mend) == ("unpacked_mb", True)


def test_zip_that_lies_about_its_sizes_is_stopped_by_the_running_count(tmp_path: Path) -> None:
    """The directory says 10 bytes, the member holds 60 MB."""
    honest = zipped(("a.csv", bytes(60_000_000)))
    lying = honest.replace(struct.pack("<I", 60_000_000), struct.pack("<I", 10))
    assert lying != honest
    wrong = refused(lying, tmp_path, Limits(unpacked_mb=1))
    assert sum(f.stat().st_size for f in tmp_path.rglob("*") if f.is_file()) < 5_000_000
    assert wrong.limit == "unpacked_mb" or "endommagé" in str(wrong)


def test_nested_bomb_shares_one_budget(tmp_path: Path) -> None:
    """Each of ten inner archives is within the limit, all of them are not."""
    inner = zipped(("a.csv", random.Random(2).randbytes(500) * 2000))
    wrong = refused(zipped(*((f"{i}.zip", inner) for i in range(10))), tmp_path, Limits(unpacked_mb=4))
    assert wrong.limit == "unpacked_mb"


def test_gzip_bomb(tmp_path: Path) -> None:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as file:
        for _ in range(120):
            file.write(bytes(1_000_000))
    assert refused(out.getvalue(), tmp_path).limit == "ratio"
    assert refused(out.getvalue(), tmp_path, Limits(unpacked_mb=5)).limit == "unpacked_mb"


def test_too_many_members(tmp_path: Path) -> None:
    wrong = refused(zipped(*((f"{i}.csv", b"a;b\n1;2\n") for i in range(21))), tmp_path, Limits(members=20))
    assert wrong.limit == "members"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/../../b.csv",
        "/etc/passwd",
        "C:\\Windows\\a.csv",
        "..\\..\\a.csv",
        "a/..\\..\\b.csv",
    ],
)
def test_paths_that_leave_the_folder(tmp_path: Path, name: str) -> None:
    wrong = refused(zipped((zipfile.ZipInfo(name), CSV)), tmp_path)
    assert "sort de son dossier" in wrong.message
    assert [p.name for p in tmp_path.iterdir()] == ["recu"]


def test_links_are_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("lien.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "lien" in refused(zipped((info, b"/etc/passwd")), tmp_path).message


def test_encrypted_zip_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped(("a.csv", CSV)))
    content[6] |= 1  # the flag of the member's own header, then of the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "mot de passe" in refused(bytes(content), tmp_path).message


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    """One compressed block listed many times over: small in the archive, huge outside."""
    content = zipped(("a.csv", random.Random(3).randbytes(50_000)))
    entry = content[content.index(b"PK\x01\x02") : content.index(b"PK\x05\x06")]
    end = bytearray(content[content.index(b"PK\x05\x06") :])
    end[8:16] = struct.pack("<HHI", 10, 10, 10 * len(entry))
    assert (
        "recouvrent"
        in refused(content[: content.index(b"PK\x01\x02")] + entry * 10 + bytes(end), tmp_path).message
    )


def test_two_members_of_one_name_are_two_files(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(("a.csv", CSV), ("a.csv", b"x,y\n1,2\n"))
    path = tmp_path / "recu"
    path.write_bytes(content)
    first, second = archive.members(path, Limits())
    found = archive.extract(path, [first, second], tmp_path / "ici", Limits())
    assert found[second.name].read_bytes() == b"x,y\n1,2\n"
    assert (tmp_path / "ici" / "a.csv").read_bytes() == CSV


# ---- what is damaged, or no table


@pytest.mark.parametrize("keep", [3, 5, 12, 20, 30])
def test_truncated_gzip(tmp_path: Path, keep: int) -> None:
    content = gzip.compress(CSV * 20)[:keep]
    assert refused(content, tmp_path).limit == ""


def test_damaged_archives_end_in_a_reading_or_unreadable(tmp_path: Path) -> None:
    """300 zips and 300 gzips with a few bytes changed or a piece missing: never another exception."""
    draw = random.Random(4)
    whole = (
        zipped(("a.csv", CSV * 30), ("b/c.csv", b"x,y\n1,2\n" * 50), ("d.zip", zipped(("e.csv", CSV)))),
        gzip.compress(CSV * 30),
    )
    for turn in range(600):
        content = bytearray(whole[turn % 2])
        for _ in range(draw.randint(1, 6)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        cut = draw.choice((len(content), len(content), draw.randrange(4, len(content))))
        folder = tmp_path / str(turn)
        folder.mkdir()
        try:
            reading = read(bytes(content[:cut]), folder)
        except Unreadable as wrong:
            assert wrong.message  # noqa: PT017
        else:
            assert reading.tables


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "est vide"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "un document PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "une image PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "une image JPEG"),
        (b"GIF89a" + bytes(20), "une image GIF"),
        (b"Rar!\x1a\x07\x00" + bytes(20), "une archive RAR"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "une archive 7-Zip : ce format n’est pas lu"),
        (b"\x28\xb5\x2f\xfd\x04\x58" + bytes(20), "compressé par Zstandard : ce format n’est pas lu"),
        (b"<!DOCTYPE html><html><head><title>404</title></head></html>", "une page web"),
        (b"{\\rtf1\\ansi Bonjour}", "un document RTF"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "un programme"),
        (bytes(range(256)) * 20, "aucun format connu"),
        (random.Random(5).randbytes(5000), "aucun format connu"),
        (bytes(5000), "aucun format connu"),
        (b"   \n \r\n\t\n", "aucun texte"),
        (b"\xef\xbb\xbf", "aucun texte"),
        (b"\xff\xfe", "aucun texte"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    wrong = refused(content, tmp_path, name="dépôt.csv")
    assert words in wrong.message


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("word/document.xml", "un document Word"),
        ("ppt/presentation.xml", "une présentation PowerPoint"),
        ("META-INF/container.xml", "un livre EPUB"),
    ],
)
def test_a_zip_that_is_a_document_is_named(tmp_path: Path, part: str, words: str) -> None:
    assert words in refused(zipped(("[Content_Types].xml", b"<Types/>"), (part, b"<x/>")), tmp_path).message


def test_an_archive_without_tables_says_why(tmp_path: Path) -> None:
    wrong = refused(zipped(("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(20))), tmp_path)
    assert "photo.jpg" in wrong.message
    assert "une image JPEG" in wrong.message
    assert "est vide" in refused(zipped(), tmp_path).message


def test_a_file_heavier_than_allowed_is_refused_before_it_is_read(tmp_path: Path) -> None:
    wrong = refused(CSV * 100_000, tmp_path, Limits(upload_mb=1))
    assert (wrong.limit, "« upload_mb »" in wrong.mend) == ("upload_mb", True)


def test_a_folder_or_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(Unreadable, match="ne peut pas être ouvert"):
            readers.read(path, Workspace(tmp_path / "spool"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("é" * 128 + ".csv", "260 octets, 255 au plus"),
        ("d" * 256, "256 octets, 255 au plus"),
        ("/".join(["d" * 200] * 6) + "/a.csv", "1211 octets, 1000 au plus"),
    ],
)
@pytest.mark.parametrize("pack", ["zip", "tar", "zip in a zip"])
def test_names_that_no_disk_takes_are_refused(name: str, told: str, pack: str, tmp_path: Path) -> None:
    if pack == "tar":
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as file:
            info = tarfile.TarInfo(name)
            info.size = len(CSV)
            file.addfile(info, io.BytesIO(CSV))
        content = out.getvalue()
    else:
        content = zipped((name, CSV))
        content = zipped(("a.zip", content)) if pack == "zip in a zip" else content
    wrong = refused(content, tmp_path)
    assert "nom de fichier trop long" in wrong.message
    assert told in wrong.message


def test_names_that_a_disk_takes_are_read(tmp_path: Path) -> None:
    """The longest ones, also where another file has the same, and in three archives one in another."""
    longest = "/".join(["d" * 200] * 3) + "/" + "é" * 125 + ".csv"
    assert read(zipped((longest, CSV)), tmp_path).tables[0].name == longest
    assert read(zipped(("b.zip", zipped((longest, CSV)))), tmp_path).tables[0].name == f"b.zip/{longest}"


def test_two_members_of_one_long_name_are_both_put(tmp_path: Path) -> None:
    long = "a" * 251 + ".csv"
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped((long, CSV), (long, b"x,y\n1,2\n"))
    (tmp_path / "recu").write_bytes(content)
    members = archive.members(tmp_path / "recu", Limits())
    archive.extract(tmp_path / "recu", members, tmp_path / "out", Limits())
    assert sorted(p.read_bytes() for p in (tmp_path / "out").iterdir()) == sorted([CSV, b"x,y\n1,2\n"])


@pytest.mark.parametrize("name", ["...txt", "..txt", "İ" * 120 + ".txt", ".txt"])
def test_the_name_of_a_table_of_a_feed_names_no_folder(name: str, tmp_path: Path) -> None:
    """« ...txt » without its end is the folder above."""
    latin = "a,b\né,2\n".encode("cp1252")
    feed = [(n, c.encode() if isinstance(c, str) else c) for n, c in gtfs.FEED.items()]
    reading = read(zipped(*feed, (name, latin)), tmp_path)
    assert name.lower() in [t.name for t in reading.tables]
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["recu"]


def test_a_name_that_grows_in_small_letters_is_no_part_of_a_geodatabase(tmp_path: Path) -> None:
    sample = Path(readers.__file__).parent / "samples" / "parcs.gdb.zip"
    with zipfile.ZipFile(sample) as base:
        members = [(n, base.read(n)) for n in base.namelist()]
    folder = members[0][0].rpartition("/")[0]
    assert read(zipped(*members, (f"{folder}/{'İ' * 120}.txt".lstrip("/"), b"a")), tmp_path).format == "gdb"
