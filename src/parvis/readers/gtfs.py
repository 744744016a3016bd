"""GTFS: a zip of text files, one table each, all cells text. Source: gtfs.org schedule reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.readers import archive, csv, zips
from parvis.readers.archive import Member
from parvis.readers.minimal_files import zipped

ORDER = (
    "stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt", "calendar_dates.txt", "shapes.txt", "agency.txt", "frequencies.txt",
    "transfers.txt", "fare_attributes.txt", "fare_rules.txt", "pathways.txt", "levels.txt", "translations.txt", "feed_info.txt", "attributions.txt",
)  # fmt: skip
"""Tables in the order people look for them; any other follows."""
_NEEDED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "agency.txt")


def sniff(head: bytes, path: Path) -> float:
    """Stops with routes, trips or stop times in one folder of a zip."""
    folders: dict[str, set[str]] = {}
    for name in zips.members(head, path):
        place = PurePosixPath(name.replace("\\", "/"))
        folders.setdefault(str(place.parent), set()).add(place.name.lower())
    is_feed = any(
        "stops.txt" in names and names & {"routes.txt", "trips.txt", "stop_times.txt"}
        for names in folders.values()
    )
    return 0.97 if is_feed else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each text file, `stops.txt` first. Raises Unreadable when the archive is unsafe or nothing
    in it can be read.
    """
    entries = archive.members(path, workspace.limits)
    folder = next(
        str(PurePosixPath(m.name).parent)
        for m in entries
        if PurePosixPath(m.name).name.lower() == "stops.txt"
    )
    feed = [
        m
        for m in entries
        if str(PurePosixPath(m.name).parent) == folder and m.name.lower().endswith(".txt") and not m.noise
    ]
    feed.sort(key=lambda m: (ORDER.index(_name(m)) if _name(m) in ORDER else len(ORDER), _name(m)))
    wanted = [
        m for m in feed if not workspace.sheet or workspace.sheet in (_name(m), _name(m).removesuffix(".txt"))
    ]
    if not wanted:
        raise Unreadable(
            Sentence("Le GTFS n’a pas de table « {sheet} ».", sheet=workspace.sheet),
            mend=Sentence("Tables : {list}.", list=", ".join(_name(m) for m in feed)),
        )
    placed = archive.extract(path, wanted, workspace.spool / "gtfs", workspace.limits)
    tables: list[RawTable] = []
    issues = [
        *_missing(feed),
        *(
            Issue("member-skipped", "Fichier étranger au GTFS : ignoré.", m.name)
            for m in entries
            if m not in feed and not m.noise
        ),
    ]
    for number, member in enumerate(wanted):
        name = _name(member)
        if not placed[member.name].stat().st_size:
            issues.append(Issue("empty-member", "Le fichier est vide.", name))
            continue
        try:
            # The header is the first line: the standard leaves no choice.
            table = csv.table(
                placed[member.name],
                replace(workspace, spool=workspace.spool / f"table-{number}", header_row=1, sheet=""),
            )
        except Unreadable as wrong:
            issues.append(Issue("member-skipped", wrong.told, name))
            continue
        tables.append(replace(table, name=name))
    if not tables:
        raise Unreadable("Aucun fichier du GTFS n’a pu être lu.", mend=issues[0].message if issues else "")
    return Reading("gtfs", tuple(tables), tuple(issues))


def _name(member: Member) -> str:
    return PurePosixPath(member.name).name.lower()


def _missing(feed: Sequence[Member]) -> list[Issue]:
    names = {_name(m) for m in feed}
    lacking = [n for n in _NEEDED if n not in names]
    if not names & {"calendar.txt", "calendar_dates.txt"}:
        lacking.append("calendar.txt ou calendar_dates.txt")
    return [Issue("missing-file", f"« {n} » manque au GTFS.", n) for n in lacking]


FEED: dict[str, str | bytes] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Ville,https://example.org,Europe/Paris\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Comédie,43.61,3.87\nB,Foch,43.60,3.86\n",
    "routes.txt": "route_id,route_short_name,route_type\n1,1,0\n",
    "trips.txt": "route_id,service_id,trip_id\n1,s,t\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt,25:00:00,25:00:00,A,1\nt,25:05:00,25:05:00,B,2\n",
    "calendar_dates.txt": "service_id,date,exception_type\ns,20260101,1\n",
}

GTFS = Reader(
    name="gtfs",
    title="GTFS (horaires de transport)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "deux arrêts", zipped(FEED), ("stop_id", "stop_name", "stop_lat", "stop_lon"), 2, "utf-8", ","
        ),
    ),
)
