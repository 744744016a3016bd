"""JSON that a web page was meant to run: `var lieux = […];`, `retour({…})`. What stands within is read as the
JSON that it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, Reader, Reading, Workspace
from parvis.readers.archive import DEPTH
from parvis.readers.limits import MB

WHOLE_MB = 100
"""Held in memory: up to this size."""
_BEFORE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:/\*.{0,2000}?\*/\s*)?(?:export default|(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.]{0,80}\s*[=(])\s*(?=[\[{])",
    re.DOTALL,
)
_AFTER = re.compile(rb"\s*\)?\s*;?\s*$")


def sniff(head: bytes, path: Path) -> float:
    """A name, then « = » or a bracket, then an object or a list of texts, numbers or objects."""
    match = _BEFORE.match(head)
    return (
        0.9 if match is not None and re.match(rb"[\[{]\s*(?:[\[{\"\d-]|\]|\})", head[match.end() :]) else 0.0
    )


def read(path: Path, workspace: Workspace) -> Reading:
    """The reading of the JSON within. Raises Unreadable when it is none, or too large."""
    if path.stat().st_size > WHOLE_MB * MB or workspace.depth >= DEPTH:
        raise Unreadable(
            "Le fichier est un programme JavaScript, trop gros pour y chercher du JSON.",
            mend="Exportez les données seules, en JSON ou en CSV.",
        )
    content = path.read_bytes()
    begun = _BEFORE.match(content)
    bare = _AFTER.sub(b"", content[begun.end() if begun else 0 :])
    workspace.spool.mkdir(parents=True, exist_ok=True)
    inner = workspace.spool / "contenu.json"
    inner.write_bytes(bare)
    reading = readers.read(
        inner, replace(workspace, spool=workspace.spool / "lecture", depth=workspace.depth + 1)
    )
    issue = Issue("script", "Le JSON est dans un programme JavaScript : ce qui l’entoure a été ôté.")
    return replace(reading, issues=(issue, *reading.issues))


SCRIPT = Reader(
    name="script",
    title="JSON dans un programme JavaScript",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "une variable",
            b'var lieux = [{"nom": "Foch", "n": 1}, {"nom": "Paix", "n": 2}];\n',
            ("nom", "n"),
            2,
            "utf-8",
        ),
        Example(
            "un appel",
            b'retour([{"nom": "Foch", "n": 1}, {"nom": "Paix", "n": 2}]);',
            ("nom", "n"),
            2,
            "utf-8",
        ),
    ),
)
