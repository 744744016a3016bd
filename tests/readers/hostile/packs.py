"""Archives and feeds: folders, what a Mac adds, timetables that lack a file, what must not be opened."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from parvis.readers.minimal_files import small_xlsx, zipped
from tests.readers.hostile import text
from tests.readers.hostile.case import Case

TABLE = text.lines([text.HEAD, *text.ROWS]).encode("cp1252")
TRUTH: dict[str, Any] = {
    "header": 1,
    "rows": 24,
    "names": text.NAMES,
    "types": text.TYPES,
    "first": text.FIRST,
    "last": text.LAST,
    "separator": ";",
}
LATIN = ("cp1252", "iso-8859-1", "iso-8859-15")


def _zip(members: Mapping[str, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def _tar(members: Mapping[str, bytes], mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as made:  # pyright: ignore[reportCallIssue, reportArgumentType]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return out.getvalue()


def archives() -> Iterator[Case]:
    """Packed files."""
    yield Case("gzip", gzip.compress(TABLE), "gzip+csv", encoding=LATIN, **TRUTH)
    yield Case("gzip twice", gzip.compress(gzip.compress(TABLE)), "gzip+gzip+csv", rows=24)
    yield Case(
        "gzip of two parts", gzip.compress(TABLE[:400]) + gzip.compress(TABLE[400:]), "gzip+csv", **TRUTH
    )
    yield Case("gzip cut", gzip.compress(TABLE)[:-30], refused=("gzip",))
    yield Case("gzip of an empty file", gzip.compress(b""), refused=("vide",))
    yield Case("bzip2", bz2.compress(TABLE), "bzip2+csv", **TRUTH)
    yield Case("xz", lzma.compress(TABLE), "xz+csv", **TRUTH)
    yield Case("zip of one table", _zip({"marches.csv": TABLE}), "zip+csv", **TRUTH)
    yield Case(
        "zip deflated, in a folder",
        _zip({"export 2025/": b"", "export 2025/marchés.csv": TABLE}, compression=zipfile.ZIP_DEFLATED),
        "zip+csv",
        **TRUTH,
    )
    two = {
        "a/marches.csv": TABLE,
        "b/marches.csv": TABLE,
        "LISEZMOI.txt": "Ces fichiers sont publiés par la ville, sous licence ouverte.\nContact : données".encode(),
    }
    yield Case(
        "zip of two tables of one name",
        _zip(two),
        "zip+csv",
        tables=(("a/marches.csv", 24, 5), ("b/marches.csv", 24, 5)),
    )
    mac = {
        "marches.csv": TABLE,
        "__MACOSX/._marches.csv": b"\x00\x05\x16\x07\x00\x02" + bytes(90),
        ".DS_Store": b"\x00\x00\x00\x01Bud1" + bytes(90),
        "Thumbs.db": bytes(60),
    }
    yield Case("zip of a Mac", _zip(mac), "zip+csv", **TRUTH, tables=(("marches.csv", 24, 5),))
    yield Case(
        "zip of a workbook",
        _zip({"marches.xlsx": small_xlsx([("code", "n"), *((f"{n:05d}", float(n)) for n in range(1, 9))])}),
        "zip+xlsx",
        rows=8,
        names=("code", "n"),
    )
    yield Case("zip in a zip", _zip({"dedans.zip": _zip({"marches.csv": TABLE})}), "zip+zip+csv", rows=24)
    yield Case("zip of a gzip", _zip({"marches.csv.gz": gzip.compress(TABLE)}), "zip+gzip+csv", rows=24)
    yield Case(
        "zip of a table and its PDF",
        _zip({"marches.csv": TABLE, "notice.pdf": b"%PDF-1.7\n" + bytes(300)}),
        "zip+csv",
        rows=24,
        codes=("member-skipped",),
    )
    yield Case("zip of nothing", _zip({}), refused=("vide",))
    yield Case("zip of pictures", _zip({"a.png": b"\x89PNG\r\n\x1a\n" + bytes(99)}), refused=("table",))
    yield Case("zip that climbs", _zip({"../../marches.csv": TABLE}), refused=("chemin",))
    yield Case(
        "zip of a bomb",
        _zip({"a.csv": bytes(150_000_000)}, compression=zipfile.ZIP_DEFLATED),
        refused=("compress",),
    )
    yield Case("zip cut", _zip({"marches.csv": TABLE})[:-60], refused=("zip",))
    names = zipped({"marches.csv": TABLE}).replace(b"marches.csv", b"march\x82s.csv")
    yield Case("zip with a name of DOS", names, "zip+csv", rows=24, tables=(("marchés.csv", 24, 5),))
    yield Case("tar.gz", _tar({"export/marches.csv": TABLE}, "w:gz"), "gzip+tar+csv", rows=24)
    yield Case("zip with a password", _locked(), refused=("passe",))


def _locked() -> bytes:
    made = bytearray(_zip({"marches.csv": TABLE}))
    made[6] |= 1
    at = made.index(b"PK\x01\x02")
    made[at + 8] |= 1
    return bytes(made)


FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Ville,https://exemple.fr,Europe/Paris\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n"
    + "".join(f"{n:04d},Halte {n},43.6{n},3.8{n}\n" for n in range(1, 9)),
    "routes.txt": "route_id,route_short_name,route_type\n1,1,3\n",
    "trips.txt": "route_id,service_id,trip_id\n1,s,t\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    + "".join(f"t,25:{n:02d}:00,25:{n:02d}:00,{n:04d},{n}\n" for n in range(1, 9)),
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\ns,1,1,1,1,1,0,0,20250101,20251231\n",
}


def feeds() -> Iterator[Case]:
    """Timetables and shared bikes."""
    base: dict[str, Any] = {
        "format": "gtfs",
        "rows": 8,
        "geometry": "point",
        "place": (3.81, 43.61),
        "names": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    }
    yield Case("gtfs", zipped(dict(FEED)), **base, types=("text", "text", "number", "number"))
    yield Case("gtfs in a folder", zipped({f"reseau/gtfs/{n}": c for n, c in FEED.items()}), **base)
    yield Case(
        "gtfs with marks and CRLF",
        zipped({n: b"\xef\xbb\xbf" + c.replace("\n", "\r\n").encode() for n, c in FEED.items()}),
        **base,
        encoding=("utf-8-sig",),
    )
    yield Case(
        "gtfs without calendar",
        zipped({n: c for n, c in FEED.items() if n != "calendar.txt"}),
        **base,
        codes=("missing-file",),
    )
    yield Case(
        "gtfs of a Mac",
        zipped({**FEED, **{f"__MACOSX/._{n}": b"\x00\x05\x16\x07" + bytes(40) for n in FEED}}),
        **base,
    )
    yield Case(
        "gtfs with quotes and blanks",
        zipped(
            {**FEED, "stops.txt": FEED["stops.txt"].replace("Halte 1", '"Halte, 1"').replace(",43", ", 43")}
        ),
        **base,
    )
    yield Case("gtfs with an empty file", zipped({**FEED, "shapes.txt": ""}), **base)
    yield Case(
        "gtfs with labels only",
        zipped({**FEED, "frequencies.txt": "trip_id,start_time,end_time,headway_secs\n"}),
        **base,
    )
    yield Case(
        "gtfs in cp1252",
        zipped({**FEED, "stops.txt": FEED["stops.txt"].replace("Halte", "Église").encode("cp1252")}),
        **base,
        encoding=LATIN,
    )
    stations = [
        {"station_id": str(n), "name": f"Place {n}", "lat": 43.6 + n / 1000, "lon": 3.87, "capacity": 20}
        for n in range(1, 9)
    ]
    places: dict[str, Any] = {"format": "gbfs", "rows": 8, "geometry": "point", "place": (3.87, 43.601)}
    yield Case(
        "gbfs 1.0 stations",
        json.dumps({"last_updated": 1711360800, "ttl": 30, "data": {"stations": stations}}).encode(),
        **places,
    )
    three = [{**s, "name": [{"text": s["name"], "language": "fr"}]} for s in stations]
    yield Case(
        "gbfs 3.0 stations",
        json.dumps(
            {"last_updated": "2024-03-25T10:00:00Z", "ttl": 30, "version": "3.0", "data": {"stations": three}}
        ).encode(),
        **places,
    )
    status = [
        {
            "station_id": str(n),
            "num_bikes_available": 4,
            "num_docks_available": 9,
            "is_installed": 1,
            "is_renting": True,
            "is_returning": 1,
            "last_reported": 1711360700,
        }
        for n in range(1, 9)
    ]
    yield Case(
        "gbfs 2.3 status",
        json.dumps(
            {"last_updated": 1711360800, "ttl": 30, "version": "2.3", "data": {"stations": status}}
        ).encode(),
        "gbfs",
        rows=8,
    )
    bikes = [
        {"bike_id": str(n), "lat": 43.6, "lon": 3.87, "is_reserved": False, "is_disabled": False}
        for n in range(1, 9)
    ]
    yield Case(
        "gbfs 2.2 free bikes",
        json.dumps(
            {"last_updated": 1711360800, "ttl": 30, "version": "2.2", "data": {"bikes": bikes}}
        ).encode(),
        "gbfs",
        rows=8,
        geometry="point",
        place=(3.87, 43.6),
    )


FAMILIES = {"archives": archives, "feeds": feeds}
