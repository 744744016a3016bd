"""Text tables that a program spoilt on the way: each line put between quotes as if it were one cell, codes
made formulas, columns told by their width alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from parvis.core.reading import Issue
from parvis.readers.dialect import find
from parvis.readers.plain_utf8 import Plain

_ENOUGH = 5
"""Lines that must agree before columns of fixed width are believed."""


def wrapped(lines: Sequence[str]) -> bool:
    """Whether every line is one cell between quotes, with a table inside."""
    full = [line for line in lines if line.strip()]
    return (
        len(full) > 1
        and all(_within(line) is not None for line in full)
        and bool(find([_within(line) or "" for line in full]).separator)
    )


def _within(line: str) -> str | None:
    """The text between the quotes of a line, with its line end; None when it has none."""
    bare = line.lstrip("\ufeff").rstrip("\r\n")
    if len(bare) < 2 or bare[0] != '"' or bare[-1] != '"':
        return None
    return bare[1:-1].replace('""', '"') + line[len(line.rstrip("\r\n")) :]


def unwrap(text: Plain, spool: Path) -> Plain:
    """A copy in the spool, line for line, without the outer quotes."""
    issue = Issue(
        "wrapped-lines",
        "Chaque ligne était entre guillemets, comme une seule cellule : ils ont été ôtés. Vérifiez les cellules.",
    )

    def bare(line: str) -> str:
        inner = _within(line)
        return line.lstrip("\ufeff") if inner is None else inner

    return _rewritten(text, spool / "lignes.csv", bare, issue)


_FORMULA = re.compile(r'(?:(?<=^)|(?<=[;,\t|]))(?:="([^"\r\n]*)"|"=""([^"\r\n]*)""")(?=[;,\t|\r\n]|$)')


def formulas(lines: Sequence[str]) -> bool:
    """Whether cells are written as formulas of a text, which keeps a spreadsheet from eating their zeros:
    `="00123"`.
    """
    return sum(1 for line in lines if '="' in line and _FORMULA.search(line)) > 1


def unformulated(text: Plain, spool: Path) -> Plain:
    """A copy in the spool, line for line, with the text of such cells."""
    issue = Issue(
        "formula-cells",
        'Des cellules sont écrites en formules (« ="00123" ») pour garder leurs zéros : leur texte a été pris.',
    )
    return _rewritten(
        text, spool / "cellules.csv", lambda line: _FORMULA.sub(r'"\1\2"', line.lstrip("\ufeff")), issue
    )


def _rewritten(text: Plain, out: Path, change: Callable[[str], str], issue: Issue) -> Plain:
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        text.path.open(encoding="utf-8", errors="replace", newline="") as source,
        out.open("w", encoding="utf-8", newline="") as target,
    ):
        target.writelines(map(change, source))
    return replace(text, path=out, bom=0, issues=(*text.issues, issue))


def aligned(lines: Sequence[str]) -> bool:
    """Whether the lines show columns by their width alone: blanks stand one below the other, twice at least,
    from the first line to the last.
    """
    full = [line.rstrip() for line in lines if line.strip()][:200]
    if len(full) < _ENOUGH or any("  " not in line.strip() for line in full):
        return False
    reach = min(map(len, full))
    empty = [all(line[i] == " " for line in full) for i in range(reach)]
    return sum(1 for i in range(1, reach) if empty[i - 1] and not empty[i] and not all(empty[:i])) >= 2
