"""The recipe of a resource: its steps, what each makes of the last file, and the forms that change it.

What is being made travels in the form itself: nothing is kept until « Enregistrer », and then all of it is,
as one state that can be brought back.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

from starlette.routing import Route

from parvis import prepare
from parvis.core.errors import HeldBack, NotFound, ParvisError, Refused, Unreadable, UsageError
from parvis.core.language import Language, mark
from parvis.core.sentence import Within, joined, unplaced
from parvis.core.types import PUBLIC, Dataset, Finding, Json, Resource
from parvis.people.rights import can, require
from parvis.prepare import Parameter, Recipe
from parvis.publication import recipes
from parvis.publication.recipes import BESIDE, SAMPLE, Reader, Trial
from parvis.store import datasets, versions
from parvis.web import trying
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views.desk import Choice, Wrong, editable
from parvis.web.views.dossier import may_see

TEMPLATE = "recipe.html"


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form of a step."""

    name: Annotated[str, "Nom du paramètre."]
    kind: Annotated[
        str,
        "Ce que le champ attend, comme dans la déclaration de l’étape (column, text, choice…) ; lines pour une liste ordonnée.",
    ]
    title: Annotated[str, "Intitulé."]
    hint: Annotated[str, "Aide."]
    needed: Annotated[bool, "Vrai s’il faut le remplir."]
    text: Annotated[str, "Valeur déjà saisie, une ligne par élément."]
    options: Annotated[tuple[Choice, ...], "Choix possibles."]


@dataclass(frozen=True, slots=True)
class Edited:
    """The step whose form is open."""

    number: Annotated[int, "Numéro de l’étape ; une de plus que la dernière pour une nouvelle."]
    step: Annotated[str, "Nom de l’étape."]
    title: Annotated[str, "Titre de l’étape."]
    new: Annotated[bool, "Vrai pour une étape qui n’est pas encore dans la recette."]
    inputs: Annotated[tuple[Input, ...], "Champs."]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the recipe."""

    number: Annotated[int, "Numéro, à partir de 1."]
    step: Annotated[str, "Nom de l’étape."]
    title: Annotated[str, "Titre."]
    said: Annotated[tuple[str, ...], "Ce que la recette lui dit."]
    rows: Annotated[int | None, "Lignes après l’étape, dans l’aperçu."]
    problem: Annotated[str, "Ce qui ne va pas, vide si l’étape passe."]
    mend: Annotated[str, "Comment y remédier."]


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of a preview."""

    text: Annotated[str | None, "Ce qu’elle dit ; rien si elle est vide ou masquée."]
    hidden: Annotated[bool, "Vrai si elle est masquée, parce que la colonne est personnelle."] = False
    changed: Annotated[bool, "Vrai si l’étape l’a changée."] = False
    former: Annotated[str | None, "Ce qu’elle disait avant l’étape."] = None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of a preview."""

    record: Annotated[int, "Enregistrement du fichier, à partir de 1."]
    cells: Annotated[tuple[ShownCell, ...], "Cellules, dans l’ordre des colonnes."]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The first rows on one side of a step."""

    columns: Annotated[tuple[str, ...], "Colonnes."]
    fresh: Annotated[tuple[str, ...], "Colonnes qui n’étaient pas là avant l’étape."]
    rows: Annotated[tuple[ShownRow, ...], "Dix lignes au plus."]
    count: Annotated[int, "Nombre de lignes de ce côté."]


@dataclass(frozen=True, slots=True)
class Look:
    """What one step makes of the last file."""

    number: Annotated[int, "Numéro de l’étape ; 0 pour le fichier tel qu’il est lu."]
    title: Annotated[str, "Titre de l’étape."]
    file: Annotated[str, "Nom du fichier."]
    at: Annotated[datetime, "Date de son dépôt."]
    deposit: Annotated[str, "Identifiant de son dépôt."]
    records: Annotated[int, "Enregistrements du fichier."]
    tried: Annotated[int, "Enregistrements sur lesquels la recette a été essayée."]
    before: Annotated[ShownTable, "Avant l’étape, ou le fichier tel qu’il est lu."]
    after: Annotated[ShownTable | None, "Après l’étape ; rien pour le fichier tel qu’il est lu."]
    gone: Annotated[tuple[str, ...], "Colonnes que l’étape retire."]
    findings: Annotated[tuple[Finding, ...], "Ce que les étapes ont à dire, sans les valeurs."]


@dataclass(frozen=True, slots=True)
class Former:
    """A state of the recipe that was saved."""

    seq: Annotated[int, "Numéro de l’événement du journal ; 0 pour l’état d’avant la première recette."]
    at: Annotated[datetime | None, "Date."]
    digest: Annotated[str, "Empreinte de la recette."]
    back: Annotated[bool, "Vrai si c’est une ancienne recette qui a été rétablie."]
    current: Annotated[bool, "Vrai pour la recette en vigueur."]


@dataclass(frozen=True, slots=True)
class RecipePage:
    """The recipe of a resource: what is done to each file between reading and checking."""

    dataset: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]
    resource: Annotated[str, "Identifiant de la ressource."]
    resources: Annotated[tuple[Choice, ...], "Ressources du jeu."]
    steps: Annotated[tuple[StepLine, ...], "Étapes, dans l’ordre."]
    recipe: Annotated[Recipe, "La recette, telle qu’elle se garde."]
    toml: Annotated[str, "La recette en TOML, pour `parvis prepare` et `parvis publish --recipe`."]
    digest: Annotated[str, "Empreinte de la recette montrée."]
    base: Annotated[str, "Empreinte de la recette en vigueur quand la page a été ouverte."]
    changed: Annotated[bool, "Vrai si la recette montrée n’est pas enregistrée."]
    files: Annotated[tuple[str, ...], "Fichiers gardés avec la recette, par référence."]
    known: Annotated[tuple[Choice, ...], "Étapes que l’on peut ajouter."]
    functions: Annotated[tuple[str, ...], "Fonctions permises dans les expressions."]
    edited: Annotated[Edited | None, "Étape dont le formulaire est ouvert."]
    look: Annotated[Look | None, "Aperçu d’une étape ; rien si aucun fichier n’a été déposé."]
    history: Annotated[tuple[Former, ...], "Recettes enregistrées, la plus récente d’abord."]
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a request works on: the dataset, the resource, and the recipe that is being made."""

    dataset: Dataset
    resource: Resource
    recipe: Recipe
    base: str
    files: tuple[str, ...]


NO_COLUMN = mark("Choisissez une étape dans la liste.")


def recipe(visit: Visit) -> RecipePage:
    """GET /jeux/{id}/recette."""
    dataset, resource = editable(visit, visit.query.get("ressource", ""))
    saved = tuple(resource.recipe)
    desk = _Desk(dataset, resource, saved, prepare.digest(saved), _files(saved))
    return _page(visit, desk, shown=visit.whole("etape", len(saved), least=0, most=len(saved)))


def _files(of: Recipe) -> tuple[str, ...]:
    return tuple(r for r in prepare.references(of) if r.startswith(BESIDE))


# --- what a form asks ---------------------------------------------------------------------------------------


def act(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /jeux/{id}/recette: one gesture on the recipe that the form holds: add, change, move or remove a
    step, look, save, bring back, read again.
    """
    desk = _sent(visit, sent)
    gesture, _, of = sent.text("geste").partition(":")
    number = int(of) if of.isascii() and of.isdigit() and len(of) < 10 else 0
    path = f"/jeux/{desk.dataset.id}/recette"
    query = {"ressource": desk.resource.id}
    actor = require(visit.person, "edit", desk.dataset.publisher).id
    try:
        match gesture:
            case "enregistrer":
                trying.save(
                    visit.city,
                    desk.resource.id,
                    desk.recipe,
                    actor=actor,
                    base=desk.base,
                    reader=_reader(visit, desk),
                )
                return Moved(path, query | {"fait": "enregistree"})
            case "rendre":
                trying.bring_back(
                    visit.city, desk.resource.id, number, actor=actor, reader=_reader(visit, desk)
                )
                return Moved(path, query | {"fait": "rendue"})
            case "relire":
                return Moved(
                    f"/depots/{recipes.reread(visit.city, desk.resource.id, actor=actor).id}", {"recu": "1"}
                )
            case "ajouter":
                if sent.text("etape") not in prepare.known_steps():
                    return _again(visit, desk, wrong=(Wrong("etape", NO_COLUMN),))
                return _again(visit, desk, edit=(len(desk.recipe) + 1, {"step": sent.text("etape")}))
            case "modifier" if 1 <= number <= len(desk.recipe):
                return _again(visit, desk, edit=(number, desk.recipe[number - 1]), shown=number)
            case "valider":
                return _validated(visit, desk, number, sent)
            case _:
                made = _moved(desk.recipe, gesture, number)
                return _again(visit, replace(desk, recipe=made), shown=number if gesture == "voir" else None)
    except (UsageError, HeldBack, NotFound, Refused, Unreadable) as told:
        return _again(visit, desk, wrong=(Wrong("etapes", str(told)),))


def attach(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /jeux/{id}/recette/fichier: keep a file with the recipe, to be joined or searched for addresses."""
    desk = _sent(visit, sent)
    file = sent.file("fichier")
    if file is None:
        return _again(visit, desk, wrong=(Wrong("fichier", mark("Choisissez un fichier à joindre.")),))
    name = Path(file.filename or "fichier").name.replace("/", "-")[:120]
    with tempfile.TemporaryDirectory(
        dir=visit.city.settings.path(visit.city.settings.storage.spool)
    ) as folder:
        path = Path(folder) / "recu"
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out, 1 << 20)
        actor = require(visit.person, "edit", desk.dataset.publisher).id
        reference = recipes.keep_file(visit.city, desk.resource.id, path, name, actor=actor)
    return _again(visit, replace(desk, files=(*(f for f in desk.files if f != reference), reference)))


def _sent(visit: Visit, sent: Sent) -> _Desk:
    """The recipe that a form holds. Raises UsageError when it is not one: nobody writes it by hand."""
    dataset, resource = editable(visit, sent.text("ressource"))
    try:
        said, files = json.loads(sent.text("recette") or "[]"), json.loads(sent.text("fichiers") or "[]")
    except (ValueError, RecursionError) as wrong:
        raise UsageError("Ce formulaire est abîmé.", mend="Rechargez la page.") from wrong
    listed = (
        tuple(f for f in files if isinstance(f, str) and f.startswith(BESIDE))
        if isinstance(files, list)
        else ()
    )
    return _Desk(
        dataset,
        resource,
        prepare.read(cast(Json, said)),
        sent.text("base") or prepare.digest(resource.recipe),
        listed,
    )


def _moved(recipe: Recipe, gesture: str, number: int) -> Recipe:
    """The recipe after a gesture on one step; any other gesture leaves it as it is."""
    steps, at = list(recipe), number - 1
    if gesture == "retirer" and 0 <= at < len(steps):
        del steps[at]
    elif gesture == "monter" and 0 < at < len(steps):
        steps[at - 1], steps[at] = steps[at], steps[at - 1]
    elif gesture == "descendre" and 0 <= at < len(steps) - 1:
        steps[at + 1], steps[at] = steps[at], steps[at + 1]
    return tuple(steps)


def _validated(visit: Visit, desk: _Desk, number: int, sent: Sent) -> Again:
    """The recipe with what the form of a step says; the form again when that is not right."""
    name = sent.text("etape")
    known = prepare.known_steps().get(name)
    if known is None or not 1 <= number <= len(desk.recipe) + 1:
        return _again(visit, desk)
    said: dict[str, Json] = {"step": name}
    for parameter in known.parameters:
        value = _value(parameter, sent)
        if value is not None:
            said[parameter.name] = value
    try:
        (made,) = prepare.read([said])
    except UsageError as wrong:
        told = Wrong("reglages", joined(Within(unplaced(wrong.message), capital=True), wrong.mend))
        return _again(visit, desk, edit=(number, said), shown=number - 1, wrong=(told,))
    steps = [*desk.recipe[: number - 1], made, *desk.recipe[number:]]
    return _again(visit, replace(desk, recipe=tuple(steps)), shown=number)


def _value(parameter: Parameter, sent: Sent) -> Json:
    """What a field says, in the way of its kind; None when it says nothing."""
    field = f"p_{parameter.name}"
    text = sent.raw(field)
    match parameter.kind:
        case "columns" | "names":
            chosen = sent.all(field)
            listed = [line.strip() for value in chosen for line in value.splitlines() if line.strip()]
            return list[Json](listed) if listed or parameter.default is not None else None
        case "pairs":
            pairs = dict(pair for line in text.splitlines() if (pair := _pair(line)) is not None)
            return dict[str, Json](pairs) or None
        case "flag":
            return text == "1"
        case "number":
            try:
                return float(text.replace(",", ".")) if text.strip() else parameter.default
            except ValueError:
                return text
        case "text":
            return text
        case _:
            return text.strip() or parameter.default


def _pair(line: str) -> tuple[str, str] | None:
    """One line « a => b »; None for an empty one, and for one that says nothing new."""
    before, arrow, after = line.partition("=>")
    pair = before.strip(), after.strip()
    return pair if arrow and pair[0] != pair[1] else None


# --- what the page shows ------------------------------------------------------------------------------------


def _again(
    visit: Visit,
    desk: _Desk,
    *,
    edit: tuple[int, Mapping[str, Json]] | None = None,
    shown: int | None = None,
    wrong: tuple[Wrong, ...] = (),
) -> Again:
    """The page with a recipe that is not saved."""
    number = len(desk.recipe) if shown is None else max(0, min(shown, len(desk.recipe)))
    made = _page(visit, desk, shown=number, edit=edit, wrong=wrong)
    return Again(f"/jeux/{desk.dataset.id}/recette", TEMPLATE, made, status=422 if wrong else 200)


def _page(
    visit: Visit,
    desk: _Desk,
    *,
    shown: int,
    edit: tuple[int, Mapping[str, Json]] | None = None,
    wrong: tuple[Wrong, ...] = (),
) -> RecipePage:
    speech = visit.language
    trial, told = _tried(visit, desk, shown)
    with visit.city.db.read() as conn:
        of = [r for r in datasets.resources(conn, desk.dataset.id) if r.every_s == 0]
        saved = recipes.history(conn, desk.resource.id)
        published = [
            r.id
            for d in datasets.datasets(conn)
            for r in datasets.resources(conn, d.id)
            if versions.served(conn, r.id, PUBLIC) is not None
        ]
    now = prepare.digest(desk.resource.recipe)
    digest = prepare.digest(desk.recipe)
    sources = (
        *((f, f.rpartition("/")[2]) for f in desk.files),
        *((r, r) for r in published if r != desk.resource.id),
    )
    current = next((s.seq for s in saved if s.digest == now), 0)
    return RecipePage(
        dataset=desk.dataset.id,
        title=desk.dataset.title,
        resource=desk.resource.id,
        resources=tuple(Choice(r.id, r.title, r.id == desk.resource.id) for r in of),
        steps=_lines(desk.recipe, trial, speech=speech),
        recipe=desk.recipe,
        toml=_toml(desk.recipe),
        digest=digest,
        base=desk.base,
        changed=digest != now,
        files=desk.files,
        known=tuple(
            Choice(s.name, speech.either(s.title, s.english)) for s in prepare.known_steps().values()
        ),
        functions=prepare.functions_help(),
        edited=_edited(edit, desk, trial, sources, speech=speech) if edit else None,
        look=_look(visit, desk, trial, speech=speech) if trial else None,
        history=(
            *(Former(s.seq, s.at, s.digest, s.former, s.seq == current) for s in saved),
            *(
                (Former(0, None, prepare.digest(()), False, not desk.resource.recipe and current == 0),)
                if saved
                else ()
            ),
        ),
        wrong=(*wrong, *told),
    )


def _reader(visit: Visit, desk: _Desk) -> Reader:
    """Who looks, and whether they may see personal values."""
    person = require(visit.person, "edit", desk.dataset.publisher)
    return Reader(person.id, can(person, "see-unmasked", desk.dataset.publisher))


def _tried(visit: Visit, desk: _Desk, shown: int) -> tuple[Trial | None, tuple[Wrong, ...]]:
    """The recipe tried on the last file; a file that can't be read, or a table that can't be fetched, is
    told.
    """
    try:
        return trying.recipe(visit.city, desk.resource, desk.recipe, shown, _reader(visit, desk)), ()
    except ParvisError as wrong:
        if wrong.status >= 500:
            raise
        return None, (Wrong("apercu", wrong.told),)


def _lines(recipe: Recipe, trial: Trial | None, *, speech: Language) -> tuple[StepLine, ...]:
    lines: list[StepLine] = []
    for number, one in enumerate(recipe, 1):
        step, _ = prepare.values(one)
        stop = trial.preview.stop if trial else None
        wrong = stop.wrong if stop and stop.step == number else None
        rows = trial.preview.counts[number] if trial and number < len(trial.preview.counts) else None
        titles = {p.name: speech.either(p.title, p.english[0]) for p in step.parameters}
        said = tuple(
            f"{titles[name]} : {_short(value, speech=speech)}"
            for name, value in one.items()
            if name != "step"
        )
        problem, mend = (
            (Within(unplaced(wrong.message), capital=True), wrong.mend) if wrong is not None else ("", "")
        )
        lines.append(
            StepLine(number, step.name, speech.either(step.title, step.english), said, rows, problem, mend)
        )
    return tuple(lines)


def _short(value: Json, *, speech: Language) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} => {v}" for k, v in list(value.items())[:6]) + (" …" if len(value) > 6 else "")
    if isinstance(value, list):
        return ", ".join(map(str, value[:12])) + (" …" if len(value) > 12 else "")
    if isinstance(value, bool):
        return speech.either("oui", "yes") if value else speech.either("non", "no")
    text = str(value)
    return (
        text.rpartition("/")[2]
        if text.startswith(BESIDE)
        else f"« {text} »"
        if text != text.strip() or not text
        else text[:200]
    )


def _edited(
    edit: tuple[int, Mapping[str, Json]],
    desk: _Desk,
    trial: Trial | None,
    sources: Sequence[tuple[str, str]],
    *,
    speech: Language,
) -> Edited:
    number, said = edit
    step = prepare.known_steps()[str(said["step"])]
    there = trial.preview.columns[min(number - 1, len(trial.preview.columns) - 1)] if trial else ()
    inputs: list[Input] = []
    for p in step.parameters:
        value = said.get(p.name, p.default)
        title, hint = map(speech.either, (p.title, p.hint), p.english)
        kind: str = (
            "lines"
            if p.kind in ("columns", "names") and (p.free or p.kind == "names" or not there)
            else p.kind
        )
        options: tuple[Choice, ...] = ()
        chosen = (
            [str(v) for v in value]
            if isinstance(value, list)
            else [str(value)]
            if isinstance(value, str)
            else []
        )
        match p.kind:
            case "column" | "columns":
                names = (*there, *(c for c in chosen if c and c not in there))
                options = tuple(Choice(n, n, n in chosen) for n in names)
            case "choice":
                options = tuple(
                    Choice(c.value, speech.either(c.title, c.english), c.value == value) for c in p.choices
                )
            case "source":
                known = (*sources, *((c, c.rpartition("/")[2]) for c in chosen if c not in dict(sources)))
                options = tuple(Choice(v, name, v == value) for v, name in known)
            case "flag":
                options = (Choice("1", title, value is True),)
            case _:
                pass
        inputs.append(
            Input(p.name, kind, title, hint, p.default is None, _text(p, value, there, step.name), options)
        )
    return Edited(
        number, step.name, speech.either(step.title, step.english), number > len(desk.recipe), tuple(inputs)
    )


def _text(parameter: Parameter, value: Json, there: Sequence[str], step: str) -> str:
    """What a field holds at first: what was said, or something to start from."""
    if isinstance(value, dict):
        return "\n".join(f"{k} => {v}" for k, v in value.items())
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if value is None and parameter.kind == "pairs" and step == "rename":
        return "\n".join(f"{name} => {name}" for name in there)
    if value is None and parameter.name == "columns" and parameter.free:
        return "\n".join(there)
    return "" if value is None else str(value)


def _look(visit: Visit, desk: _Desk, trial: Trial, *, speech: Language) -> Look:
    seen, hidden = trial.preview, trial.hidden
    if can(visit.person, "see-unmasked", desk.dataset.publisher):
        hidden = (frozenset[str](),) * len(hidden)
    elif (
        trial.deposit.state == "held"
        and trial.deposit.version
        and not may_see(visit.person, trial.deposit.actor, desk.dataset.publisher)
    ):
        hidden = tuple(
            h | frozenset(seen.columns[min(i, len(seen.columns) - 1)]) for i, h in enumerate(hidden)
        )
    at, last = seen.shown, max(seen.shown - 1, 0)
    names = seen.columns[last] if at else ()
    after = _table(seen.after, hidden[at], names, seen.origin, hidden[last]) if seen.after else None
    step = prepare.values(desk.recipe[at - 1])[0] if at else None
    return Look(
        number=at,
        title=speech.either(step.title, step.english) if step else "",
        file=trial.deposit.name,
        at=trial.deposit.at,
        deposit=trial.deposit.id,
        records=trial.records,
        tried=min(trial.records, SAMPLE),
        before=_table(seen.before, hidden[last], (), {}, hidden[last]),
        after=after,
        gone=tuple(n for n in names if after and n not in after.columns),
        findings=tuple(replace(f, rows=()) for f in seen.findings),
    )


def _table(
    sight: prepare.Sight,
    hidden: frozenset[str],
    names: Sequence[str],
    origin: Mapping[int, tuple[str | None, ...]],
    hid: frozenset[str],
) -> ShownTable:
    """One side of a step. names, origin: columns and rows before it, when this is the side after. hidden,
    hid: columns masked here and before.
    """
    places = {name: i for i, name in enumerate(names)}
    rows: list[ShownRow] = []
    for record, row in zip(sight.records, sight.rows, strict=True):
        cells: list[ShownCell] = []
        for name, text in zip(sight.columns, row, strict=True):
            former = origin[record][places[name]] if record in origin and name in places else None
            masked = name in hidden
            changed = not masked and record in origin and name in places and former != text
            cells.append(
                ShownCell(
                    None if masked else text, masked, changed, former if changed and name not in hid else None
                )
            )
        rows.append(ShownRow(record, tuple(cells)))
    fresh = tuple(n for n in sight.columns if names and n not in places)
    return ShownTable(sight.columns, fresh, tuple(rows), sight.count)


def _toml(recipe: Recipe) -> str:
    """The recipe as a file: what is kept with it is named as a file beside."""
    plain: list[Mapping[str, Json]] = []
    for one in recipe:
        value = one.get("with")
        plain.append(
            {**one, "with": f"{BESIDE}{value.rpartition('/')[2]}"}
            if isinstance(value, str) and value.startswith(BESIDE)
            else one
        )
    return prepare.to_toml(tuple(plain))


PAGES: tuple[Page, ...] = (page("/jeux/{id}/recette", recipe, TEMPLATE, steady=False),)

ROUTES: tuple[Route, ...] = (
    *form("/jeux/{id}/recette", act),
    *form("/jeux/{id}/recette/fichier", attach, upload=lambda visit: editable(visit, "")),
)
