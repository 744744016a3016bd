"""What the pure-Python GTFS validator says of our small feeds, and of the sample feeds beside the project
when they are there: codes, counts, rows.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.gtfs_feeds import TODAY, feeds
from bench.peers import ROOT, environment

VERSION = "0.1.2"
RECORD = ROOT / "tests" / "data" / "oracles" / "gtfs.json"
SAMPLES = ROOT.parent / "shared"
FOLDERS = ("standards/gtfs", "data/mobility/gtfs")
ROWS = (
    "csvRowNumber",
    "csvRowNumber2",
    "tripCsvRowNumber",
    "stopTimeCsvRowNumber",
    "stopCsvRowNumber",
    "routeCsvRowNumber",
    "currCsvRowNumber",
)


def samples() -> Iterator[Path]:
    """The sample feeds beside the project."""
    for folder in FOLDERS:
        yield from sorted((SAMPLES / folder).glob("*.zip"))


def main() -> None:
    """Ask and record."""
    tool = environment("gtfs", f"gtfs-validator=={VERSION}").with_name("gtfs-validator")
    asked = feeds()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        said = {
            name: _answer(tool, _zipped(folder / "feed.zip", feed), folder) for name, feed in asked.items()
        }
        beside = {path.name: _answer(tool, path, folder) for path in samples()}
    record = {
        "tool": f"gtfs-validator {VERSION}",
        "command": "python -m bench.oracles gtfs",
        "date": TODAY.isoformat(),
        "note": "code: [severity, count, rows of the first 1,000 in order]; row: line of the file that is blamed, 0 for the feed as a whole",
        "feeds": said,
        "samples": beside,
    }
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    RECORD.write_text(json.dumps(record, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    print(f"{len(said)} feeds and {len(beside)} samples in {RECORD.relative_to(ROOT)}")


def _zipped(path: Path, feed: object) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in dict(feed).items():  # type: ignore[call-overload]
            archive.writestr(name, text)
    return path


def _answer(tool: Path, feed: Path, folder: Path) -> dict[str, list[object]]:
    subprocess.run(
        [str(tool), "-i", str(feed), "-o", str(folder / "out"), "-d", TODAY.isoformat()],
        check=False,
        capture_output=True,
    )
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    return {
        n["code"]: [n["severity"], n["totalNotices"], sorted(_row(s) for s in n["sampleNotices"])]
        for n in report["notices"]
    }


def _row(notice: dict[str, object]) -> int:
    return next((int(str(notice[k])) for k in ROWS if notice.get(k) is not None), 0)
