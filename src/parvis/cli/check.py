"""`parvis check FILE`: what is wrong in a file, why it matters and how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parvis import examine, pipeline
from parvis.checks.answer import Answer, Fault
from parvis.cli.city import AsJson
from parvis.cli.inspect import existing
from parvis.cli.out import print_json, show, table
from parvis.core.text import french_number

NOT_VALID = 1
Sheet = Annotated[str, typer.Option(help="Feuille, couche ou membre d’archive ; toutes par défaut.")]
SHOWN = 5
"""Rows of a fault printed on a terminal."""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("check", help="Contrôle un fichier : types et règles d’un Table Schema, ou ce que ses valeurs laissent attendre.")
    def check(
        file: Path,
        schema: Annotated[str, typer.Option("--schema", "-S", help="Chemin d’un Table Schema (JSON).")] = "",
        limit: Annotated[int, typer.Option(min=0, help="Lignes montrées par règle ; les comptes restent exacts.")] = 100,
        sheet: Sheet = "",
        as_json: AsJson = False,
    ) -> int:
        wish = examine.Wish(pipeline.schema_of(None, schema) if schema else None, schema, limit)
        with examine.opened(existing(file), sheet=sheet) as desk:
            said = examine.answered(desk, wish)
        if as_json:
            print_json(said)
        else:
            _print(file, said)
        return 0 if said.valid else NOT_VALID


LEVELS = {"ok": "OK", "review": "à revoir", "ko": "KO"}
_DIMENSIONS = {
    "accuracy": "exactitude", "completeness": "complétude", "consistency": "cohérence", "currentness": "actualité", "uniqueness": "unicité",
    "validity": "validité",
}  # fmt: skip


def _print(file: Path, said: Answer) -> None:
    """The verdict, then each fault with its fix before its rows: what to do stands on the first screen."""
    whole = said.scores
    counted = f"{len(said.errors)} erreur{'s' if len(said.errors) > 1 else ''}, {len(said.warnings)} avertissement{'s' if len(said.warnings) > 1 else ''}"
    show(f"{'Valide' if said.valid else 'Non valide'} : {file.name}, {french_number(said.rows)} lignes, {counted}")
    score = "–" if whole.score is None else french_number(whole.score, 1)
    show(
        f"Structure {LEVELS[whole.structure]}, contenu {LEVELS[whole.body]}, note {score} sur 100 ({whole.looked_at} dimensions sur 6"
        f"{'' if whole.complete else ', contrôle partiel'})"
    )
    for mark, faults in (("✗", said.errors), ("⚠", said.warnings), ("·", said.notes)):
        for each in faults:
            _print_fault(mark, each)
    scored = [f"{_DIMENSIONS[d]} {french_number(s.score, 1)}" for d, s in whole.dimensions.items() if s.score is not None]
    if scored:
        show("\nNotes : " + ", ".join(scored))
    for missed in said.unchecked:
        show(f"Non contrôlé : {_DIMENSIONS[missed.dimension] + ' : ' if missed.dimension else ''}{missed.what}")


def _print_fault(mark: str, each: Fault) -> None:
    share = f" ({french_number(100 * each.share, 1)} % des lignes)" if each.rows and each.share else ""
    show(f"\n{mark} {each.message}{share} [{each.code}]")
    show(f"   → {each.fix}")
    show(f"   {each.why}")
    rows = [r for r in each.rows if r.record]
    if rows:
        table("", ("ligne", "enregistrement", "valeur"), [(r.line or "?", r.record, r.value) for r in rows[:SHOWN]])
        if each.count > min(len(rows), SHOWN):
            show(f"   … {french_number(each.count)} en tout")
