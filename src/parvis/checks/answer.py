"""What is answered to whoever had a file checked: one frozen object that the command prints, the API dumps
and the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from parvis.checks.codes import tell
from parvis.core.scores import Level, Score, Scores, scores
from parvis.core.sentence import IN_FRENCH, Speaker, either
from parvis.core.types import Checked, Dimension, Finding, Report, Row, Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding, in the language of whoever asked."""

    code: Annotated[str, "Code stable du contrôle ; sa page est /controles/<code>."]
    severity: Annotated[Severity, "error, warning ou info."]
    dimension: Annotated[Dimension, "Dimension de l’ISO/IEC 25012, ou confidentiality."]
    table: Annotated[
        str, "Feuille, couche ou fichier de l’archive ; vide quand le fichier est une seule table."
    ]
    column: Annotated[
        str, "Colonne, telle que le fichier la nomme ; vide pour la ligne ou le fichier entier."
    ]
    count: Annotated[int, "Nombre exact d’enregistrements en faute."]
    share: Annotated[float, "Part des enregistrements en faute, de 0 à 1."]
    title: Annotated[str, "Ce que le contrôle vérifie."]
    message: Annotated[str, "Ce qui ne va pas."]
    why: Annotated[str, "Pourquoi cela compte."]
    fix: Annotated[str, "Comment corriger."]
    language: Annotated[str, "Langue de ces phrases."]
    rows: Annotated[
        tuple[Row, ...],
        "Premières lignes en faute : table, ligne du fichier, numéro d’enregistrement, valeur.",
    ]
    mended: Annotated[
        int, "Cellules de cette colonne que la copie réparée corrige ; 0 aussi quand elle n’a pas été faite."
    ] = 0


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that was not looked at, and that no score speaks of."""

    dimension: Annotated[str, "Dimension concernée, vide pour toutes."]
    what: Annotated[str, "Ce qui n’a pas été contrôlé, et pourquoi."]


@dataclass(frozen=True, slots=True)
class Summary:
    """The scores, as an answer says them."""

    score: Annotated[
        float | None, "Moyenne des dimensions contrôlées, de 0 à 100 ; null si rien n’a été contrôlé."
    ]
    level: Annotated[Level, "ok, review (à revoir) ou ko : le pire des deux suivants."]
    structure: Annotated[Level, "Fichier et en-tête."]
    body: Annotated[Level, "Enregistrements."]
    looked_at: Annotated[int, "Nombre de dimensions contrôlées, sur six."]
    complete: Annotated[bool, "Vrai si un schéma a dit ce qui était attendu et a été appliqué en entier."]
    dimensions: Annotated[
        Mapping[str, Score], "Chaque dimension : note, règles et colonnes contrôlées, fautes."
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is wrong in a file, and what was not looked at."""

    valid: Annotated[
        bool,
        "Faux dès qu’il y a une erreur. Sans schéma, vrai dit seulement que les valeurs n’en montrent aucune.",
    ]
    rows: Annotated[int, "Nombre d’enregistrements."]
    columns: Annotated[int, "Nombre de colonnes."]
    schema: Annotated[str, "Schéma appliqué, vide s’il n’y en a pas."]
    errors: Annotated[tuple[Fault, ...], "Erreurs, la plus étendue d’abord."]
    warnings: Annotated[tuple[Fault, ...], "Avertissements."]
    notes: Annotated[tuple[Fault, ...], "Ce qui est bon à savoir, et n’enlève rien à la note."]
    scores: Annotated[Summary, "Notes par dimension, note globale et badge."]
    unchecked: Annotated[tuple[Unchecked, ...], "Ce qui n’a pas été contrôlé."]


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """One cell that the mended copy changes."""

    line: Annotated[int, "Ligne du fichier ; 0 si elle n’est pas connue."]
    record: Annotated[int, "Numéro d’enregistrement, 0 pour l’en-tête."]
    column: Annotated[str, "Colonne."]
    before: Annotated[str, "Ce que dit le fichier."]
    after: Annotated[str, "Ce que dit la copie réparée."]
    repairs: Annotated[tuple[str, ...], "Réparations faites, par leur nom."]


@dataclass(frozen=True, slots=True)
class Repaired:
    """What the mended copy holds."""

    cells: Annotated[int, "Nombre de cellules changées."]
    before: Annotated[
        int, "Fautes (erreurs et avertissements, par enregistrement et par règle) dans le fichier."
    ]
    after: Annotated[int, "Fautes qui restent dans la copie : elles demandent une décision."]
    by_repair: Annotated[Mapping[str, int], "Nombre de cellules par réparation."]
    first: Annotated[tuple[ChangedCell, ...], "Premières cellules changées."]
    left: Annotated[tuple[Fault, ...], "Ce qui reste, et qu’aucune réparation sûre ne règle."]


@dataclass(frozen=True, slots=True)
class Examined:
    """One table that was checked: what the answer is made of."""

    table: str
    columns: tuple[str, ...]
    rows: int
    findings: tuple[Finding, ...]
    checked: tuple[Checked, ...]


def answer(
    tables: Sequence[Examined],
    *,
    schema: str,
    known: Sequence[str] = (),
    skipped: Sequence[str] = (),
    language: Speaker = IN_FRENCH,
) -> Answer:
    """Tell what was found in the tables of a file.

    schema: what was asked for, "" for none. known: names of the schema's columns. skipped: tables that were
    not looked at.
    """
    findings = tuple(f for t in tables for f in t.findings)
    rows = sum(t.rows for t in tables)
    report = Report(findings, (), rows, (), schema, merged(tables))
    missed = tuple(_unchecked(tables, report, known, skipped, language))
    whole = scores(replace(report, not_checked=tuple(m.what for m in missed if not m.dimension)))
    errors, warnings, notes = (
        tuple(
            sorted((fault(f, t, language) for t in tables for f in t.findings if f.severity == s), key=_rank)
        )
        for s in SEVERITIES
    )
    return Answer(
        report.valid,
        rows,
        sum(len(t.columns) for t in tables),
        schema,
        errors,
        warnings,
        notes,
        summary(whole),
        missed,
    )


def of_report(report: Report, columns: Sequence[str], *, language: Speaker = IN_FRENCH) -> Answer:
    """The answer that a stored report gives: values are masked there already."""
    return answer(
        (Examined("", tuple(columns), report.rows, report.findings, report.checked),),
        schema=report.schema,
        language=language,
    )


def fault(finding: Finding, table: Examined, language: Speaker) -> Fault:
    """A finding as an answer says it."""
    words = tell(finding, language)
    share = min(1.0, finding.count / table.rows) if table.rows else 0.0
    fix = either(_LOST, language) if finding.check in FORMS and _lost(finding.rows) else words.fix
    return Fault(
        finding.check,
        finding.severity,
        finding.dimension,
        table.table,
        finding.column,
        finding.count,
        round(share, 4),
        words.title,
        words.message,
        words.why,
        fix,
        words.language,
        finding.rows,
    )


def _lost(rows: Sequence[Row]) -> bool:
    """Whether most values are numbers of which a spreadsheet kept the first digits only: 2,13E+13."""
    seen = [_SCIENTIFIC.fullmatch(row.value.strip()) for row in rows if row.value]
    return sum(parts is not None and len(parts[1] or "") < int(parts[2]) for parts in seen) * 2 > len(seen)


FORMS = frozenset({"constraint-pattern", "constraint-min-length"})
"""Codes of rules on how a text is written."""

_SCIENTIFIC = re.compile(r"[0-9](?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_LOST = (
    "Un tableur a écrit ces numéros en notation scientifique, et leurs derniers chiffres ne sont plus dans le fichier : reprenez la colonne à sa source, "
    "au format texte.",
    "A spreadsheet wrote these numbers in scientific notation, and their last digits are gone from the file: take the column again from its source, as text.",
)


def with_repairs(answered: Answer, by_column: Mapping[str, Mapping[str, int]], language: Speaker) -> Answer:
    """The answer whose fixes say what the mended copy does for them. by_column: cells changed, by column and
    title of the repair.
    """
    sentence = either(_MENDED, language)

    def with_repair(one: Fault) -> Fault:
        done = by_column.get(one.column, {})
        if not done or one.code in STAYS:
            return one
        return replace(
            one,
            mended=sum(done.values()),
            fix=f"{one.fix} {sentence.format(repairs=' ; '.join(f'{title} ({n})' for title, n in done.items()))}",
        )

    return replace(
        answered,
        errors=tuple(map(with_repair, answered.errors)),
        warnings=tuple(map(with_repair, answered.warnings)),
    )


_MENDED = ("La copie réparée le fait pour vous : {repairs}.", "The mended copy does it for you: {repairs}.")

STAYS = frozenset(
    {
        "unique",
        "primary-key",
        "constraint-required",
        "primary-key-empty",
        "missing-column",
        "missing-optional-column",
        "extra-column",
    }
)
"""Codes that no change of a cell puts right."""


def summary(whole: Scores) -> Summary:
    """Scores as an answer says them."""
    return Summary(
        whole.score,
        whole.level,
        whole.structure,
        whole.body,
        whole.looked_at,
        whole.complete,
        {s.dimension: s for s in whole.dimensions},
    )


def merged(tables: Sequence[Examined]) -> tuple[Checked, ...]:
    """What was looked at in all tables together."""
    every: dict[Dimension, tuple[int, list[str]]] = {}
    for table in tables:
        for checked in table.checked:
            rules, columns = every.get(checked.dimension, (0, []))
            every[checked.dimension] = (
                rules + checked.rules,
                [*columns, *(c for c in checked.columns if c not in columns)],
            )
    return tuple(Checked(d, rules, tuple(columns)) for d, (rules, columns) in sorted(every.items()))


UNFIT = "schema-unfit"
"""The file is of another schema: the first thing to know, and the cause of the rest."""


def unfit(answered: Answer) -> Fault | None:
    """The fault of a file that does not follow the schema it was checked against: faces show it, and how the
    file is made, and fold the rest.
    """
    return next((f for f in answered.errors if f.code == UNFIT), None)


def _rank(one: Fault) -> tuple[float, str, str]:
    """What hits most comes first; a fault of the header hits every record; what says that the schema is the
    wrong one, before all.
    """
    if one.code == UNFIT:
        return (-2.0, one.code, one.column)
    header = not one.rows or all(r.record == 0 for r in one.rows)
    return (-1.0 if header else 1 - one.share, one.code, one.column)


_UNCHECKED: Mapping[str, tuple[str, str]] = {
    "schema": (
        "Aucun schéma : rien ne dit quelles colonnes sont obligatoires, quelles valeurs sont permises, ni ce qui doit être unique. "
        "Seul ce que les valeurs laissent attendre est contrôlé.",
        "No schema: nothing says which columns are required, which values are permitted, or what must be unique. Only what the values let expect is checked.",
    ),
    "columns": (
        "Colonnes hors du schéma, non contrôlées : {names}.",
        "Columns outside the schema, not checked: {names}.",
    ),
    "tables": ("Tables non contrôlées : {names}.", "Tables not checked: {names}."),
    "rule": ("Aucune règle ne porte sur cette dimension.", "No rule looks at this dimension."),
    "clock": (
        "Rien ne dit à quelle date ces données devaient être à jour.",
        "Nothing says by which date these data should have been up to date.",
    ),
}


def _unchecked(
    tables: Sequence[Examined],
    report: Report,
    known: Sequence[str],
    skipped: Sequence[str],
    language: Speaker,
) -> list[Unchecked]:
    say = {name: either(pair, language) for name, pair in _UNCHECKED.items()}
    out: list[Unchecked] = []
    if not report.schema:
        out.append(Unchecked("", say["schema"]))
    elif known:
        strange = [c for t in tables for c in t.columns if c not in known]
        if strange:
            out.append(
                Unchecked(
                    "",
                    say["columns"].format(names=", ".join(strange[:20]) + ("…" if len(strange) > 20 else "")),
                )
            )
    if skipped:
        out.append(Unchecked("", say["tables"].format(names=", ".join(skipped))))
    out += (
        Unchecked("", tell(f, language).message) for f in report.findings if f.check == "schema-not-applied"
    )
    for score in scores(report).dimensions:
        if score.score is None:
            out.append(
                Unchecked(
                    score.dimension,
                    say["clock" if score.dimension == "currentness" else "rule"],
                )
            )
    return out


TEXTS = (*_UNCHECKED.values(), _LOST, _MENDED)
"""What an answer says beside its findings, in French and English."""
