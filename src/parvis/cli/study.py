"""`parvis study list|run|show|compare|cancel`: ask for a study, follow it, read and compare its results."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from parvis.cli.arguments import AsJson, existing
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import fields, print_json, progress, show, table
from parvis.core.errors import HeldBack, NotFound, UsageError
from parvis.core.language import Language, language
from parvis.core.sentence import Sentence
from parvis.core.suggestions import near
from parvis.publication.city import SYSTEM, City, open_city
from parvis.services import parameters as said_
from parvis.services.answers import Ask, Attached, Block, Figures, Points, Rows, Said, Value
from parvis.services.comparing import compared, differing
from parvis.services.study import Study, choices
from parvis.store import study_runs
from parvis.store.study_runs import OPEN, StudyRun
from parvis.web import study_files
from parvis.web.views import study_words
from parvis.work import jobs, studies

LOOK_S = 0.1
EXITS = {"done": 0, "failed": 3, "cancelled": 3, "destroyed": 3}

Name = Annotated[str, Argument(help="Nom de l’étude (parvis study list).")]
RunId = Annotated[str, Argument(help="Identifiant du calcul, ou son début.")]


def register(app: Commands) -> None:
    """Add the commands."""
    group = app.group_of("study")

    @group.declare("list", "Les études, ce qu’elles demandent et ce qu’elles lisent ; les derniers calculs.")
    def list_studies(city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        known = studies.declared()
        with opened.db.read() as conn:
            latest = study_runs.listed(conn, limit=20)
        if as_json:
            print_json({"studies": [_declared(s) for s in known], "runs": [_run_as_json(r) for r in latest]})
            return
        table(
            "",
            ("nom", "question", "demande", "lit"),
            [
                (
                    s.name,
                    s.question,
                    ", ".join(a.name for a in s.asks),
                    ", ".join(i.resource for i in s.reads.values()),
                )
                for s in known
            ],
        )
        if latest:
            table("Derniers calculs", ("calcul", "étude", "état"), [_line(r) for r in latest])

    @group.declare("run", "Demande une étude, et attend son résultat.")
    def run(
        name: Name,
        given: Annotated[
            list[str], Option("--set", help="QUESTION=RÉPONSE ; autant de fois qu’il faut.")
        ] = [],  # noqa: B006
        files: Annotated[list[str], Option("--file", help="QUESTION=CHEMIN d’un fichier.")] = [],  # noqa: B006
        again: Annotated[
            str, Option(help="Calcul dont on reprend les réponses ; --set change celles qu’il dit.")
        ] = "",
        seed: Annotated[
            int | None, Option(min=0, help="Graine du hasard ; sinon 1, ou celle de --again.")
        ] = None,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        opened = open_city(settings(city))
        study = _study(name)
        before = _run(opened, again, study) if again else None
        parameters = _parameters(opened, study, given, files, before)
        one = studies.ask(
            opened,
            study,
            parameters,
            seed=seed if seed is not None else before.seed if before else 1,
            actor=SYSTEM,
        )
        _see_through(opened, one.id)
        return _answer(opened, study, studies.run(opened, study, one.id), as_json=as_json)

    @group.declare("show", "Un calcul : ses réponses, ses versions, son résultat ; --export l’écrit.")
    def show_run(
        run: RunId,
        export: Annotated[
            Path | None, Option(help="Dossier où écrire le PDF, les tables et les fichiers.")
        ] = None,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        opened = open_city(settings(city))
        one = _run(opened, run)
        study = _study(one.study)
        if export is not None:
            _export(opened, study, one, export)
        return _answer(opened, study, one, as_json=as_json)

    @group.declare("compare", "Deux calculs d’une étude côte à côte.")
    def compare(first: RunId, second: RunId, city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        a = _run(opened, first)
        study = _study(a.study)
        b = _run(opened, second, study)
        speech = _french(opened)
        changed = differing(study_words.answers(study, a, speech), study_words.answers(study, b, speech))
        comparison = compared(
            *(studies.answered(opened, study, r, studies.result(opened, r), speech) for r in (a, b))
        )
        if as_json:
            print_json(
                {"runs": [_run_as_json(a), _run_as_json(b)], "parameters": changed, **fields(comparison)}
            )
            return
        head = (a.id[:8], b.id[:8])
        table("Réponses qui diffèrent", ("question", *head), [(p.label, p.first, p.second) for p in changed])
        table("Nombres", ("", *head), [(p.label, p.first, p.second) for p in comparison.figures])
        for one in comparison.tables:
            rows = [
                (row.label, pair.label, pair.first, pair.second)
                for row in one.rows
                for pair in row.cells
                if not pair.same
            ]
            table(f"{one.title} : {one.same} lignes identiques", ("", "", *head), rows)

    @group.declare("cancel", "Arrête un calcul.")
    def cancel(run: RunId, city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        ended = studies.cancel(opened, _run(opened, run).id, actor=SYSTEM)
        if as_json:
            print_json(_run_as_json(ended))
        else:
            show(f"Calcul {ended.id[:8]} : {study_words.STATES[ended.state].lower()}.")


def _study(name: str) -> Study:
    known = {one.name: one for one in studies.declared()}
    if name not in known:
        raise NotFound(
            Sentence("Étude inconnue : « {name} ».", name=name),
            mend=near(name, known, "parvis study list les donne toutes."),
        )
    return known[name]


def _run(city: City, text: str, study: Study | None = None) -> StudyRun:
    """The run of that id, or the only one whose id begins so. Raises NotFound, UsageError."""
    with city.db.read() as conn:
        runs = study_runs.beginning(conn, text)
    if not runs or (study is not None and runs[0].study != study.name):
        raise NotFound(
            Sentence("Aucun calcul ne s’appelle « {text} ».", text=text),
            mend="parvis study list donne les derniers.",
        )
    if len(runs) > 1:
        raise UsageError(
            Sentence("Plusieurs calculs commencent par « {text} ».", text=text),
            mend="Donnez-en plus de lettres.",
        )
    return runs[0]


def _parameters(
    city: City, study: Study, given: Sequence[str], files: Sequence[str], before: StudyRun | None
) -> Mapping[str, Value]:
    """What was said to the questions, those of an earlier run where nothing else is. Raises UsageError for a file that is missing or
    given as a word.
    """
    words: dict[str, list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        _ask_named(study, name if equals else text, equals, "--set")
        words.setdefault(name, []).append(value)
    values: dict[str, Value] = dict(studies.parameters(city, study, before)) if before is not None else {}
    for text in files:
        name, equals, path = text.partition("=")
        _ask_named(study, name, equals, "--file")
        values[name] = Attached(Path(path).name, existing(Path(path)).read_bytes())
    tables = studies.lent(city, study)
    for ask in study.asks:
        if ask.kind == "file":
            if ask.name in words or (ask.needed and ask.name not in values):
                raise UsageError(
                    Sentence("« {title} » : un fichier est attendu.", title=ask.title),
                    mend=Sentence("Donnez-le par --file {name}=CHEMIN.", name=ask.name),
                )
        elif ask.name in words or before is None:
            value = said_.value(ask, words.get(ask.name, ()), choices(ask, tables) if ask.rows else ())
            values.pop(ask.name, None)
            values |= {} if value is None else {ask.name: value}
    return values


def _ask_named(study: Study, name: str, equals: str, option: str) -> Ask:
    ask = next((one for one in study.asks if one.name == name), None)
    if ask is None or not equals:
        raise UsageError(
            Sentence("{option} {name} : cette étude ne demande rien de ce nom.", option=option, name=name),
            mend=near(
                name,
                (a.name for a in study.asks),
                Sentence("Écrivez {option} QUESTION=RÉPONSE.", option=option),
            ),
        )
    return ask


def _see_through(city: City, run_id: str) -> None:
    """Be the worker when nobody is, else wait for the one that is; until the run is over."""
    with progress() as bar:
        task = bar.add_task("Étude", total=100)

        def over() -> bool:
            with city.db.read() as conn:
                one = study_runs.get(conn, run_id)
            if one is None:
                return True
            bar.update(task, completed=round(100 * one.share), description=one.step or "Étude")
            return one.state not in OPEN

        try:
            with jobs.worker(city) as turn:
                while not over():
                    turn()
                    time.sleep(LOOK_S)
        except HeldBack:
            while not over():
                time.sleep(LOOK_S)


def _answer(city: City, study: Study, one: StudyRun, *, as_json: bool) -> int:
    speech = _french(city)
    result = studies.result(city, one) if one.state == "done" else None
    blocks = studies.answered(city, study, one, result, speech) if result is not None else ()
    if as_json:
        print_json({**_run_as_json(one), "ok": one.state == "done", "blocks": blocks})
        return EXITS.get(one.state, 0)
    show(f"{study.title}, calcul {one.id[:8]} : {study_words.STATES[one.state].lower()}.")
    table("", ("", ""), list(study_words.answers(study, one, speech).items()))
    if one.message:
        show(one.message)
    for block in blocks:
        _show(speech, block)
    return EXITS.get(one.state, 0)


def _show(speech: Language, block: Block) -> None:
    match block:
        case Said():
            show(block.text)
        case Figures():
            table("", ("", ""), [(f.label, f.value) for f in block.figures])
        case Rows():
            rows = [[study_files.cell(speech, row.get(c.name)) for c in block.columns] for row in block.rows]
            table(block.title, [c.title or c.name for c in block.columns], rows)
        case Points():
            for point in block.points:
                show(f"- {point.text}")
        case _:
            pass


def _export(city: City, study: Study, one: StudyRun, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, data in study_words.folder(city, study, one, _french(city)):
        (out / name).write_bytes(data)


def _french(city: City) -> Language:
    return language("fr", city.settings.city.timezone)


def _line(one: StudyRun) -> tuple[str, str, str]:
    return one.id[:8], one.study, study_words.STATES[one.state]


def _declared(study: Study) -> Mapping[str, object]:
    return {
        "name": study.name,
        "title": study.title,
        "question": study.question,
        "inputs": {name: one.resource for name, one in study.reads.items()},
        "asks": study.asks,
        "outputs": list(study.outputs),
        "caveats": study.caveats,
    }


def _run_as_json(one: StudyRun) -> Mapping[str, object]:
    return fields(one)
