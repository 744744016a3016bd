"""Studies at the desk: the list, the form of one, a run while it works and its result, two runs side by side.

For whoever may not use a study there is none: no page, no name in a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import orjson
import pyarrow as pa
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.core.errors import NotFound, ParvisError, UsageError
from parvis.core.types import POINT
from parvis.people.rights import can, reaches, require
from parvis.services import parameters
from parvis.services.answers import Ask, Attached, Block, Map, Mark, Value
from parvis.services.comparing import Pair, PairedTable, compared, differing
from parvis.services.study import Study, choices
from parvis.store import study_runs, versions
from parvis.store.study_runs import OPEN, StudyRun
from parvis.web import study_files
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import NOWHERE, Page, Visit, page, send, visit_of
from parvis.web.views import desk, study_words
from parvis.web.views.answering import AskView, ChoiceView, feature
from parvis.web.views.desk import Wrong
from parvis.web.views.study_words import STATES, TONES, say, spoken
from parvis.work import studies

RUNS = 30
"""Runs that a page lists."""

SEED = "graine"
"""Field of the seed."""
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list."""

    id: Annotated[str, "Identifiant du calcul."]
    at: Annotated[datetime, "Date de la demande."]
    by: Annotated[str, "Qui l’a demandé."]
    state: Annotated[str, "waiting, running, done, failed, cancelled ou destroyed."]
    label: Annotated[str, "Cet état en mots."]
    tone: Annotated[str, "ok, warn, bad, ou vide."]
    said: Annotated[str, "Ce qui a été répondu aux questions."]


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One study in a list."""

    name: Annotated[str, "Nom de l’étude dans son adresse."]
    title: Annotated[str, "Titre."]
    question: Annotated[str, "Question à laquelle elle répond."]
    language: Annotated[str, "Langue de ces textes."]
    ready: Annotated[bool, "Vrai si tout ce qu’elle lit est publié."]


@dataclass(frozen=True, slots=True)
class StudiesPage:
    """The studies that this person may ask for."""

    studies: Annotated[tuple[StudyLine, ...], "Études, par nom."]


@dataclass(frozen=True, slots=True)
class Picking:
    """A map on which the answer to a question is picked; its field says the same without a map."""

    ask: Annotated[str, "Question."]
    by: Annotated[str, "row : une chose de la carte ; place : un lieu quelconque."]
    map: Annotated[Map, "La carte."]


@dataclass(frozen=True, slots=True)
class StudyPage:
    """One study: its form, and the runs that were asked for."""

    name: Annotated[str, "Nom de l’étude."]
    title: Annotated[str, "Titre."]
    question: Annotated[str, "Question à laquelle elle répond."]
    language: Annotated[str, "Langue de ces textes."]
    method: Annotated[str, "Comment le résultat est obtenu."]
    caveats: Annotated[tuple[str, ...], "Ce qui le rendrait faux."]
    lacking: Annotated[tuple[str, ...], "Tables qu’elle attend et que la ville ne publie pas."]
    asks: Annotated[tuple[AskView, ...], "Questions, et ce qui y est répondu."]
    maps: Annotated[tuple[Picking, ...], "Cartes où l’on choisit."]
    seed: Annotated[int, "Graine du hasard : la même donne le même résultat."]
    again: Annotated[str, "Calcul dont les réponses sont reprises ; vide sinon."]
    runs: Annotated[tuple[RunLine, ...], "Calculs, le plus récent d’abord."]
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class PartView:
    """A table or a file of the result."""

    name: Annotated[str, "Nom."]
    title: Annotated[str, "Ce que c’est."]
    href: Annotated[str, "Où elle se télécharge."]
    bytes: Annotated[int, "Taille."]


@dataclass(frozen=True, slots=True)
class OutputView:
    """A table of the result that may be published."""

    name: Annotated[str, "Nom de la table."]
    title: Annotated[str, "Titre du jeu de données."]
    dataset: Annotated[str, "Identifiant du jeu de données."]
    done: Annotated[bool, "Vrai si elle l’a été, publiée ou retenue."]
    may: Annotated[bool, "Vrai si la personne peut la publier."]


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run of a study: how far it is, or its result."""

    id: Annotated[str, "Identifiant du calcul."]
    study: Annotated[str, "Nom de l’étude."]
    title: Annotated[str, "Titre de l’étude."]
    question: Annotated[str, "Question à laquelle elle répond."]
    language: Annotated[str, "Langue de ces textes."]
    at: Annotated[datetime, "Date de la demande."]
    state: Annotated[str, "waiting, running, done, failed, cancelled ou destroyed."]
    label: Annotated[str, "Cet état en mots."]
    tone: Annotated[str, "ok, warn, bad, ou vide."]
    open: Annotated[bool, "Vrai tant que le calcul n’est pas fini."]
    cancelled: Annotated[bool, "Vrai si son arrêt a été demandé."]
    share: Annotated[int, "Part faite, de 0 à 100."]
    step: Annotated[str, "Ce qui est en train d’être fait."]
    message: Annotated[str, "Pourquoi il n’y a pas de résultat."]
    seconds: Annotated[int, "Temps de calcul, en secondes."]
    facts: Annotated[tuple[Pair, ...], "Réponses aux questions, graine et versions lues."]
    blocks: Annotated[tuple[Block, ...], "Le résultat, bloc par bloc."]
    parts: Annotated[tuple[PartView, ...], "Tables et fichiers."]
    outputs: Annotated[tuple[OutputView, ...], "Tables qui peuvent être publiées."]
    others: Annotated[tuple[RunLine, ...], "Autres calculs de l’étude auxquels le comparer."]
    caveats: Annotated[tuple[str, ...], "Ce qui rendrait le résultat faux."]
    verdicts: Annotated[bool, "Vrai si ce qui est trouvé finit par un constat sur place."]


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """Two runs of one study side by side."""

    study: Annotated[str, "Nom de l’étude."]
    title: Annotated[str, "Titre de l’étude."]
    language: Annotated[str, "Langue de ces textes."]
    first: Annotated[RunLine, "Premier calcul."]
    second: Annotated[RunLine, "Second calcul."]
    parameters: Annotated[tuple[Pair, ...], "Réponses qui diffèrent."]
    figures: Annotated[tuple[Pair, ...], "Nombres de l’un et de l’autre."]
    tables: Annotated[tuple[PairedTable, ...], "Tables de l’un et de l’autre, lignes qui diffèrent."]


# --- pages --------------------------------------------------------------------------------------------------


def listing(visit: Visit) -> StudiesPage:
    """GET /etudes."""
    if visit.person is None or not reaches(visit.person, "study"):
        require(visit.person, "study")
    mine = [one for one in studies.declared() if studies.may(visit.city, visit.person, one)]
    return StudiesPage(
        tuple(
            StudyLine(
                one.name,
                say(one, visit.language, one.title),
                say(one, visit.language, one.question),
                spoken(one, visit.language),
                not studies.lacking(one, studies.opened(visit.city, one)),
            )
            for one in mine
        )
    )


def study(visit: Visit) -> StudyPage:
    """GET /etudes/{name}; ?de=: with the answers of an earlier run."""
    one = studies.named(visit.city, visit.person, visit.params["name"])
    before = (
        studies.run_for(visit.city, visit.person, one, visit.query["de"]) if visit.query.get("de") else None
    )
    said = (
        {name: parameters.texts(value) for name, value in before.parameters.items()}
        if before is not None
        else {ask.name: (ask.default,) if ask.default else () for ask in one.asks}
    )
    return _page(visit, one, said, {}, before.seed if before else 1, before.id if before else "")


def _page(
    visit: Visit,
    one: Study,
    said: Mapping[str, Sequence[str]],
    wrong: Mapping[str, str],
    seed: int,
    again: str,
) -> StudyPage:
    there, tables = studies.opened(visit.city, one), studies.lent(visit.city, one)
    with visit.city.db.read() as conn:
        runs = _readable(conn, visit, one)
    return StudyPage(
        one.name,
        say(one, visit.language, one.title),
        say(one, visit.language, one.question),
        spoken(one, visit.language),
        say(one, visit.language, one.method),
        tuple(say(one, visit.language, caveat) for caveat in one.caveats),
        tuple(one.reads[name].resource for name in studies.lacking(one, there)),
        tuple(
            _ask(visit, one, ask, said.get(ask.name, ()), wrong.get(ask.name, ""), tables) for ask in one.asks
        ),
        tuple(_pickings(visit, one, tables)),
        seed,
        again,
        _lines(visit, one, runs),
        tuple(Wrong(SEED if name == SEED else f"demande-{name}", why) for name, why in wrong.items()),
    )


def _ask(
    visit: Visit, one: Study, ask: Ask, said: Sequence[str], wrong: str, tables: Mapping[str, pa.Table]
) -> AskView:
    offered = {v: v for v in choices(ask, tables)} if ask.rows else ask.choices
    return AskView(
        ask.name,
        say(one, visit.language, ask.title),
        ask.kind,
        say(one, visit.language, ask.hint) if ask.hint else "",
        "\n".join(said),
        tuple(ChoiceView(v, say(one, visit.language, t), v in said) for v, t in offered.items()),
        ask.least,
        ask.most,
        visit.language.say(wrong),
        "",
        (),
        ask.folded and not wrong and (not said or list(said) == [ask.default]),
    )


def _pickings(visit: Visit, one: Study, tables: Mapping[str, pa.Table]) -> Iterator[Picking]:
    """The maps of the form: of the rows that may be chosen, or of the city for a place."""
    box = visit.city.settings.city.bbox
    for ask in one.asks:
        name, _, column = ask.rows.partition(".")
        if ask.rows and name in tables and POINT in tables[name].column_names:
            spots: dict[str, list[tuple[float, float]]] = {}
            for r in tables[name].select([column, POINT]).to_pylist():
                if r[column] is not None and r[POINT] is not None:
                    spots.setdefault(str(r[column]), []).append((r[POINT]["lon"], r[POINT]["lat"]))
            marks = tuple(Mark("point", tuple(places), label) for label, places in spots.items())
            yield Picking(ask.name, "row", _map(visit, one, ask, marks))
        elif ask.kind in ("place", "places") and len(box) == 4:
            west, south, east, north = box
            ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
            yield Picking(ask.name, "place", _map(visit, one, ask, (Mark("line", ring, "", doubt=1.0),)))


def _map(visit: Visit, one: Study, ask: Ask, marks: tuple[Mark, ...]) -> Map:
    title = say(one, visit.language, ask.title)
    return Map(title, marks, title)


def _readable(conn: Connection, visit: Visit, one: Study) -> list[StudyRun]:
    """The last runs, but for what others made of files of theirs."""
    last = study_runs.listed(conn, one.name, limit=RUNS)
    return [r for r in last if studies.readable(conn, visit.person, one, r)]


def _lines(visit: Visit, one: Study, runs: Sequence[StudyRun]) -> tuple[RunLine, ...]:
    with visit.city.db.read() as conn:
        names = desk.names(conn, (r.actor for r in runs))
    return tuple(_line(visit, one, r, names[r.actor]) for r in runs)


def _line(visit: Visit, one: Study, r: StudyRun, by: str) -> RunLine:
    said = study_words.answers(one, r, visit.language)
    return RunLine(
        r.id,
        r.at,
        by,
        r.state,
        visit.language.say(STATES[r.state]),
        TONES.get(r.state, ""),
        " ; ".join(f"{question} : {answer}" for question, answer in said.items()),
    )


def run(visit: Visit) -> RunPage:
    """GET /etudes/{name}/{run}."""
    one = studies.named(visit.city, visit.person, visit.params["name"])
    r = studies.run_for(visit.city, visit.person, one, visit.params["run"])
    made = studies.result(visit.city, r) if r.state == "done" else None
    blocks = studies.answered(visit.city, one, r, made, visit.language) if made is not None else ()
    with visit.city.db.read() as conn:
        others = [o for o in _readable(conn, visit, one) if o.id != r.id and o.state == "done"]
    return RunPage(
        r.id,
        one.name,
        say(one, visit.language, one.title),
        say(one, visit.language, one.question),
        spoken(one, visit.language),
        r.at,
        r.state,
        visit.language.say(STATES[r.state]),
        TONES.get(r.state, ""),
        r.state in OPEN,
        r.cancelled,
        round(100 * r.share),
        say(one, visit.language, r.step) if r.step else "",
        visit.language.say(r.message) if r.message else "",
        round(r.seconds),
        study_words.facts(one, r, visit.language),
        blocks,
        tuple(_parts(visit, one, r)),
        tuple(_outputs(visit, one, r)) if r.state == "done" else (),
        _lines(visit, one, others),
        tuple(say(one, visit.language, caveat) for caveat in one.caveats),
        one.verdicts is not None and r.state == "done",
    )


def _parts(visit: Visit, one: Study, r: StudyRun) -> Iterator[PartView]:
    titles = {file.name: file.title for file in one.files} | {
        n: o.dataset.title for n, o in one.published.items()
    }
    for part in r.parts:
        name = part.name if part.kind == "file" else f"{part.name}.csv"
        title = say(one, visit.language, titles.get(part.name, part.name))
        yield PartView(name, title, visit.href(f"/etudes/{one.name}/{r.id}/{name}"), part.bytes)


def _outputs(visit: Visit, one: Study, r: StudyRun) -> Iterator[OutputView]:
    with visit.city.db.read() as conn:
        made = {v.resource for digest in r.outputs if (v := versions.version(conn, digest)) is not None}
    for name, output in one.published.items():
        yield OutputView(
            name,
            say(one, visit.language, output.dataset.title),
            output.dataset.id,
            f"{output.dataset.id}/{name}" in made,
            can(visit.person, studies.takes(output), studies.publisher(visit.city, one, name)),
        )


def comparison(visit: Visit) -> ComparedPage:
    """GET /etudes/{name}/comparer?a=&b=."""
    one = studies.named(visit.city, visit.person, visit.params["name"])
    if not (visit.query.get("a") and visit.query.get("b")):
        raise UsageError(
            "Deux calculs se comparent : « a » et « b ».", mend="La page d’un résultat propose les autres."
        )
    pair = [studies.run_for(visit.city, visit.person, one, visit.query[key]) for key in ("a", "b")]
    first, second = (
        studies.answered(visit.city, one, r, studies.result(visit.city, r), visit.language) for r in pair
    )
    found = compared(first, second)
    lines = _lines(visit, one, pair)
    return ComparedPage(
        one.name,
        say(one, visit.language, one.title),
        spoken(one, visit.language),
        lines[0],
        lines[1],
        differing(*(study_words.answers(one, r, visit.language) for r in pair)),
        found.figures,
        found.tables,
    )


# --- forms --------------------------------------------------------------------------------------------------


def ask(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /etudes/{name}: have it done with these parameters."""
    one = studies.named(visit.city, visit.person, visit.params["name"])
    person = visit.person  # `named` lets nobody pass who may not: a member of a group needs no role
    before = studies.run_for(visit.city, visit.person, one, sent.text("de")) if sent.text("de") else None
    tables = studies.lent(visit.city, one)
    said = {q.name: tuple(t for t in sent.all(q.name) if t.strip()) for q in one.asks}
    values: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for q in one.asks:
        try:
            value = (
                _file(visit, one, q, sent, before)
                if q.kind == "file"
                else parameters.value(q, said[q.name], choices(q, tables) if q.rows else ())
            )
            if value is None and q.needed:
                raise parameters.unsaid(q)
            values |= {} if value is None else {q.name: value}
        except UsageError as refused:
            wrong[q.name] = refused.told
    seed = sent.text(SEED) or "1"
    if not seed.isascii() or not seed.isdigit() or len(seed) > 10 or int(seed) > LARGEST_SEED:
        wrong[SEED] = visit.language.say("La graine est un nombre entier de 0 à %(most)s.", most=LARGEST_SEED)
    here = f"/etudes/{one.name}"
    number = 1 if SEED in wrong else int(seed)
    if wrong:
        return Again(here, "study.html", _page(visit, one, said, wrong, number, before.id if before else ""))
    try:
        made = studies.ask(visit.city, one, values, seed=number, actor=person.id if person else "")
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        found = _page(visit, one, said, {}, number, "")
        return Again(here, "study.html", replace(found, wrong=(Wrong("demande", refused.told),)))
    return Moved(f"{here}/{made.id}")


def _file(visit: Visit, one: Study, q: Ask, sent: Sent, before: StudyRun | None) -> Attached | None:
    """The file that was chosen, else that of the run whose answers are taken up."""
    chosen = sent.file(q.name)
    if chosen is not None:
        return Attached((chosen.filename or "fichier").rsplit("/", 1)[-1][:200], chosen.file.read())
    kept = studies.parameters(visit.city, one, before).get(q.name) if before is not None else None
    return kept if isinstance(kept, Attached) else None


def _door(visit: Visit) -> object:
    """Who may send a file to a study."""
    return studies.named(visit.city, visit.person, visit.params["name"])


def stop(visit: Visit, sent: Sent) -> Moved:
    """POST /etudes/{name}/{run}/arreter."""
    one = studies.named(visit.city, visit.person, visit.params["name"])
    r = studies.stop(visit.city, visit.person, one, visit.params["run"])
    return Moved(f"/etudes/{one.name}/{r.id}")


def publish(visit: Visit, sent: Sent) -> Moved:
    """POST /etudes/{name}/{run}/publier: a table of the result, through the gate."""
    one = studies.named(visit.city, visit.person, visit.params["name"])
    r = studies.run_for(visit.city, visit.person, one, visit.params["run"])
    if visit.person is not None:
        studies.publish(visit.city, one, r, sent.text("table"), person=visit.person)
    return Moved(f"/etudes/{one.name}/{r.id}", {"publie": "1"})


# --- files --------------------------------------------------------------------------------------------------


def part(request: Request) -> Response:
    """/etudes/{name}/{run}/{part}: the document, the folder, the marks of a map, a table or a file."""
    visit = visit_of(request)
    one = studies.named(visit.city, visit.person, visit.params["name"])
    r = studies.run_for(visit.city, visit.person, one, visit.params["run"])
    name = visit.params["part"]
    if r.state not in ("done", "destroyed"):
        raise NotFound("Ce calcul n’a pas de résultat.")
    made = studies.result(visit.city, r)
    stem = f"{one.name}-{r.id[:8]}"
    if name == "reponse.geojson":
        blocks = studies.answered(visit.city, one, r, made, visit.language)
        return _marks(request, [b if isinstance(b, Map) else None for b in blocks])
    if name == "resultat.pdf":
        data = study_words.document(visit.city, one, r, visit.language)
        return _sent(request, data, "application/pdf", f"{stem}.pdf")
    if name == "resultat.zip":
        data = study_files.zipped(stem, study_words.folder(visit.city, one, r, visit.language))
        return _sent(request, data, "application/zip", f"{stem}.zip")
    table = made.tables.get(name.removesuffix(".csv")) if name.endswith(".csv") else None
    if table is not None:
        return _sent(request, study_files.as_csv(table), "text/csv; charset=utf-8", f"{stem}-{name}")
    file = next((f for f in one.files if f.name == name and name in made.files), None)
    if file is None:
        raise NotFound("Ce résultat n’a pas ce fichier.", mend="Sa page donne tous ceux qu’il a.")
    return _sent(request, studies.file(visit.city, made.files[name]), file.media, file.name)


def picked(request: Request) -> Response:
    """/etudes/{name}/reponse.geojson: what may be chosen on a map of the form."""
    visit = visit_of(request)
    one = studies.named(visit.city, visit.person, visit.params["name"])
    maps = [p.map for p in _pickings(visit, one, studies.lent(visit.city, one))]
    return _marks(request, maps or [Map("", (), "")])  # while its tables are not published, nothing is there


def _marks(request: Request, maps: Sequence[Map | None]) -> Response:
    visit = visit_of(request)
    index = visit.whole("bloc", 0, least=0, most=1000)
    found = maps[index] if index < len(maps) else None
    if found is None:
        raise NotFound("Ce bloc de la réponse n’est pas une carte.")
    body = orjson.dumps({"type": "FeatureCollection", "features": [feature(m) for m in found.marks]})
    return send(request, body, "application/geo+json", private=True, headers=NOWHERE)


def _sent(request: Request, body: bytes, media: str, name: str) -> Response:
    headers = {**NOWHERE, "Content-Disposition": f'attachment; filename="{name}"'}
    return send(request, body, media, private=True, headers=headers)


PAGES: tuple[Page, ...] = (
    page("/etudes", listing, "study_list.html", steady=False),
    page("/etudes/{name}", study, "study.html", steady=False),
    page("/etudes/{name}/comparer", comparison, "study_compared.html", steady=False),
    page("/etudes/{name}/{run}", run, "study_run.html", steady=False),
)

ROUTES = (
    *form("/etudes/{name}", ask, upload=_door, fields=1000),
    *form("/etudes/{name}/{run}/arreter", stop),
    *form("/etudes/{name}/{run}/publier", publish),
    *(
        Route(prefix + path, endpoint)
        for prefix in ("", "/en")
        for path, endpoint in (
            ("/etudes/{name}/reponse.geojson", picked),
            ("/etudes/{name}/{run}/{part}", part),
        )
    ),
)
