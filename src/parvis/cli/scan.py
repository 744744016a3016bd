"""`parvis scan FILE`: what is personal or secret in a file, column by column, and what follows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from parvis.cli.arguments import AsJson, chosen, existing, speaker
from parvis.cli.check import Sheet
from parvis.cli.commands import Commands, Option
from parvis.cli.output import fields, print_json, show, table
from parvis.core.sentence import FRENCH, Sentence
from parvis.core.text import french_number
from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan as search
from parvis.privacy.answer import Found, Scan, Verdict

_VERDICTS: dict[Verdict, str] = {
    "publish": "publiable",
    "hold": "à décider par une personne",
    "refuse": "ne peut pas sortir tel quel",
}
_MARKS: dict[Verdict, str] = {"refuse": "✗", "hold": "⚠", "publish": "·"}


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("scan")
    def scan(
        file: Path,
        sheet: Sheet = "",
        persons: Annotated[
            str,
            Option(
                help="Colonne qui dit de qui est chaque ligne : les combinaisons isolent alors des personnes, non des lignes."
            ),
        ] = "",
        lang: Annotated[
            str,
            Option(help="Langue des messages de --json : fr, en, ou celle de vos traductions (langues/)."),
        ] = FRENCH,
        as_json: AsJson = False,
    ) -> int:
        with opened(existing(file), sheet=sheet) as desk:
            chosen(desk.reading, sheet)
            result = search(desk, speaker(lang), persons=persons)
        if as_json:
            print_json(as_object(result))
        else:
            _print(result)
        return 0 if result.verdict == "publish" else 3


def as_object(result: Scan) -> dict[str, object]:
    """What `--json` prints: what a scan holds, without what is empty beside the contract (name, file,
    tables).
    """
    body = fields(result)
    body["tables"] = [as_object(t) for t in result.tables]
    return {k: v for k, v in body.items() if v or k not in ("name", "file", "tables")}


def _print(result: Scan) -> None:
    for one in result.tables or (result,):
        called = f"{one.name} : " if one.name else ""
        show(f"{_MARKS[one.verdict]} {called}{_VERDICTS[one.verdict]} ({french_number(one.rows)} lignes)")
        show(f"   {one.why}")
        for column in one.columns:
            for finding in column.findings:
                _print_found(finding)
        for finding in one.file:
            _print_found(finding)
        if one.combinations:
            rows = [
                (", ".join(t.columns), f"{french_number(100 * t.unique_share, 1)} %")
                for t in one.combinations[:10]
            ]
            table(Sentence("Colonnes qui isolent des lignes"), ("colonnes", "lignes uniques"), rows)


def _print_found(finding: Found) -> None:
    show(
        f"\n{_MARKS[finding.verdict]} {finding.said} [{finding.kind}, confiance {french_number(100 * finding.confidence, 0)} %]"
    )
    if finding.ground:
        show(f"   Motif : {finding.ground}")
    show(f"   → {finding.fix}")
    if finding.evidence:
        show("   " + " · ".join(finding.evidence))
