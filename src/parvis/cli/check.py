"""`parvis check FILE`: what is wrong in a file, why it matters and how to mend it."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from parvis.checks.answer import Answer, Fault, Repaired, unfit
from parvis.checks.assertions import Assertion
from parvis.checks.assertions import read as read_rules
from parvis.checks.table_schema import load
from parvis.cli.arguments import AsJson, chosen, existing, speaker
from parvis.cli.commands import Commands, Option
from parvis.cli.output import fields, print_json, show, table
from parvis.core.errors import UsageError
from parvis.core.sentence import FRENCH, Sentence, Speaker
from parvis.core.text import french_number, in_number
from parvis.core.types import Schema
from parvis.inspection.single_pass import single_pass_answer

NOT_VALID = 1
_SCHEMA_HELP = (
    "Chemin ou nom d’un Table Schema, chemin d’un JSON Schema, ou une norme : "
    "gtfs, gbfs (gbfs-2.3…), bal (bal-1.3, bal-1.4, bal-1.5), geojson, dcat, datapackage."
)
Sheet = Annotated[str, Option(help="Feuille, couche ou membre d’archive ; toutes par défaut.")]
SOON = 20_000_000
"""Bytes up to which a file is read once more, to say which schema its columns call for."""
SHOWN = 5
"""Rows of a fault printed on a terminal."""


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("check")
    def check(
        file: Path,
        schema: Annotated[str, Option("--schema -S", help=_SCHEMA_HELP)] = "",
        limit: Annotated[
            int, Option(min=0, help="Lignes montrées par règle ; les comptes restent exacts.")
        ] = 100,
        sheet: Sheet = "",
        rules: Annotated[
            Path | None,
            Option(
                help="Vos règles : un fichier TOML d’assertions ([[rule]] assert, where, severity, message)."
            ),
        ] = None,
        repair: Annotated[
            Path | None,
            Option(help="Écrit ici une copie où ce qui est sûr est réparé ; votre fichier n’est pas touché."),
        ] = None,
        diff: Annotated[
            Path | None, Option(help="Écrit ici la liste (CSV) des cellules changées dans la copie réparée.")
        ] = None,
        annotate: Annotated[
            Path | None, Option(help="Écrit ici votre fichier avec chaque faute marquée.")
        ] = None,
        lang: Annotated[
            str,
            Option(
                help="Langue des messages de --json et des fichiers écrits : fr, en, ou celle de vos traductions (langues/)."
            ),
        ] = FRENCH,
        as_json: AsJson = False,
    ) -> int:
        answer, repaired = _checked(
            file, schema, limit, sheet, rules, speaker(lang), Outputs(repair, diff, annotate)
        )
        if as_json:
            print_json(answer if repaired is None else {**fields(answer), "repaired": repaired})
        else:
            _print(file, answer)
            _next(file, answer)
            if repaired is not None:
                _print_repaired(repaired)
        return 0 if answer.valid else NOT_VALID


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where to write what was asked for beside the answer."""

    repaired: Path | None = None
    changes: Path | None = None
    annotated: Path | None = None


def _checked(
    file: Path,
    schema: str,
    limit: int,
    sheet: str,
    rules: Path | None,
    language: Speaker,
    outputs: Outputs,
) -> tuple[Answer, Repaired | None]:
    """The answer by the way that costs least, and what was repaired."""
    written = (outputs.repaired, outputs.changes, outputs.annotated)
    for out in written:
        if out is not None and out.exists() and out.samefile(existing(file)):
            raise UsageError(
                Sentence("« {out} » est le fichier contrôlé lui-même.", out=out),
                mend="Donnez un autre nom : votre fichier n’est jamais changé.",
            )
    own = read_rules(existing(rules).read_bytes(), rules.name) if rules is not None else ()
    plain = not (own or sheet or any(written))
    answer = _by_standard(file, schema, limit, language) if plain else None
    wanted = _schema(schema) if schema and answer is None else None
    if answer is None and wanted is not None and plain:
        answer = single_pass_answer(
            existing(file), wanted, schema_name=schema, limit=limit, language=language
        )
    if answer is not None:
        return answer, None
    return _examined(existing(file), wanted, schema, limit, sheet, own, language, outputs)


def _by_standard(file: Path, standard: str, limit: int, language: Speaker) -> Answer | None:
    """The answer of the standard that is asked for, or that the content bears marks of; None for a table held
    to a Table Schema.
    """
    schema = Path(standard)
    if standard and schema.is_file() and b'"fields"' in schema.read_bytes():
        return None
    from parvis.inspection.verdict import (
        answered,
    )  # what judges feeds, catalogues and packages: a table held to a schema does without

    return answered(file if file.is_dir() else existing(file), standard, limit=limit, language=language)


def _schema(name: str) -> Schema:
    """The Table Schema of that path, or of that name among those known here. Raises UsageError."""
    path = Path(name)
    if path.is_file():
        return load(path.read_bytes(), source=name)
    from parvis.publication.pipeline import schema_of

    return schema_of(None, name)


def _examined(
    file: Path,
    wanted: Schema | None,
    name: str,
    limit: int,
    sheet: str,
    rules: tuple[Assertion, ...],
    language: Speaker,
    outputs: Outputs,
) -> tuple[Answer, Repaired | None]:
    """The answer about any file, and what was repaired; written where it was asked for."""
    from parvis.inspection import (
        file_check,
    )  # every reader, and all that types and repairs: a plain text file held to a schema does without

    wish = file_check.CheckRequest(wanted, name, limit, rules=rules)
    with file_check.opened(file, sheet=sheet) as desk:
        chosen(desk.reading, sheet)
        answer = file_check.answered(desk, wish, language)
        mended = (
            file_check.mended(desk, wish)
            if outputs.repaired is not None or outputs.changes is not None
            else None
        )
        if mended is not None and outputs.repaired is not None:
            _write(outputs.repaired, lambda out: file_check.write_mended(desk, mended, out))
        if mended is not None and outputs.changes is not None:
            _write(outputs.changes, lambda out: file_check.write_changes(mended, out, language))
        if outputs.annotated is not None:
            _write(outputs.annotated, lambda out: file_check.write_annotated(desk, wish, out, language))
    return answer, None if mended is None else file_check.repaired(mended, language)


def _write(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Make a file. Raises UsageError when it can't be made there."""
    try:
        with path.open("wb") as out:
            write(out)
    except OSError as wrong:
        raise UsageError(
            Sentence("« {path} » ne peut pas être écrit : {strerror}.", path=path, strerror=wrong.strerror)
        ) from wrong


def _print_repaired(done: Repaired) -> None:
    many = "s" if done.cells > 1 else ""
    left = in_number(done.before, "{n} faute[s] avant, {after} après.", after=french_number(done.after))
    show(f"\nCopie réparée : {french_number(done.cells)} cellule{many} changée{many}, {left}")
    for name, count in done.by_repair.items():
        show(f"   {name} : {french_number(count)}")


LEVELS = {"ok": "OK", "review": "à revoir", "ko": "KO"}
_DIMENSIONS = {
    "accuracy": "exactitude",
    "completeness": "complétude",
    "consistency": "cohérence",
    "currentness": "actualité",
    "uniqueness": "unicité",
    "validity": "validité",
}


def _print(file: Path, answer: Answer) -> None:
    """The verdict, then each fault with its fix before its rows: what to do stands on the first screen."""
    whole = answer.scores
    errors, warnings = len(answer.errors), len(answer.warnings)
    counted = (
        f"{errors} erreur{'s' if errors > 1 else ''}, {warnings} avertissement{'s' if warnings > 1 else ''}"
    )
    verdict = (
        "Non valide"
        if not answer.valid
        else "Valide"
        if answer.schema
        else "Aucune erreur trouvée, sans schéma"
    )  # nobody said what valid would be
    show(f"{verdict} : {file.name}, {french_number(answer.rows)} lignes, {counted}")
    score = "–" if whole.score is None else french_number(whole.score, 1)
    show(
        f"Structure {LEVELS[whole.structure]}, contenu {LEVELS[whole.body]}, note {score} sur 100 "
        f"({whole.looked_at} dimension{'s' if whole.looked_at > 1 else ''} sur 6{'' if whole.complete else ', contrôle partiel'})"
    )
    astray = unfit(answer)
    if astray is not None:
        causes = [f for f in (*answer.errors, *answer.warnings) if f is astray or f.code.startswith("file-")]
        for each in causes:
            _print_fault("✗" if each.severity == "error" else "⚠", each)
        folded = Counter(f.code for f in (*answer.errors, *answer.warnings, *answer.notes) if f not in causes)
        if folded:
            show(
                f"\nRepliés, car comptés contre ce schéma : {', '.join(f'{n} {code}' for code, n in folded.items())} (--json les donne tous)."
            )
        return
    for mark, faults in (("✗", answer.errors), ("⚠", answer.warnings), ("·", answer.notes)):
        for each in faults:
            _print_fault(mark, each)
    scored = [
        f"{_DIMENSIONS[d]} {french_number(s.score, 1)}"
        for d, s in whole.dimensions.items()
        if s.score is not None
    ]
    if scored:
        show("\nNotes : " + ", ".join(scored))
    for missed in answer.unchecked:
        show(
            f"Non contrôlé : {_DIMENSIONS[missed.dimension] + ' : ' if missed.dimension else ''}{missed.what}"
        )


def _next(file: Path, answer: Answer) -> None:
    """Of a file that is held to no schema: the one that its columns call for, and what a check does not look
    for.
    """
    if answer.schema or not file.is_file():
        return
    if file.stat().st_size <= SOON:
        from parvis.cli.schemas import ranked  # every reader, and every schema

        best = next((f for f in ranked(file, Path()) if f.likely), None)
        if best is not None:
            show(
                f"\nCes colonnes sont celles du schéma « {best.name} » ({best.title}) : parvis check {shlex.quote(str(file))} --schema {best.name}"
            )
    show(
        f"Données personnelles : un contrôle n’en cherche pas ; parvis scan {shlex.quote(str(file))} le fait."
    )


def _print_fault(mark: str, each: Fault) -> None:
    share = f" ({french_number(100 * each.share, 1)} % des lignes)" if each.rows and each.share else ""
    show(f"\n{mark} {each.message}{share} [{each.code}]")
    show(f"   → {each.fix}")
    show(f"   {each.why}")
    rows = [r for r in each.rows if r.record or r.line]
    if rows:
        table(
            "",
            ("ligne", "enregistrement", "valeur"),
            [(r.line or "?", r.record, r.value) for r in rows[:SHOWN]],
        )
        if each.count > min(len(rows), SHOWN):
            show(f"   … {french_number(each.count)} en tout")
