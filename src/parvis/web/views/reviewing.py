"""What the sender of a file sees before anybody else: its first rows as they will be, how it was read, what is
personal in it, and the words that it will go out with; all of it corrected in one form, then published, put to an
opinion, or kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from sqlglot import exp

from parvis.catalogue import vocabularies
from parvis.core.errors import Gone, HeldBack, NotFound, UsageError
from parvis.core.language import mark
from parvis.core.types import (
    POINT,
    RAW_PREFIX,
    SHAPE,
    Column,
    Contact,
    Dataset,
    Finding,
    Organisation,
    Resource,
    Version,
)
from parvis.decisions import deciding
from parvis.engine.read import read
from parvis.engine.relations import RECORD
from parvis.people.rights import Person, can, require
from parvis.publication import describing as publication
from parvis.publication import reviewing
from parvis.publication.reshaping import Way
from parvis.store import column_words, datasets, deposits, versions
from parvis.store.column_words import ColumnWords
from parvis.store.deposits import Deposit
from parvis.web import trying, words
from parvis.web.form import Moved, Sent
from parvis.web.page import Visit
from parvis.web.table import UNSHOWN, base, records
from parvis.web.views import describing, dossier, draft_link
from parvis.web.views.desk import Choice, Wrong
from parvis.web.views.dossier import Preview

ROWS = 10
"""First rows shown."""
MOST = 300
"""Columns of one form."""
CELLS = 5
"""Rows shown of a finding, among its first."""
BESIDE = 2
"""Columns shown on each side of the cells that a finding speaks of."""
LONGEST = 60
"""Characters of a cell in context."""
TYPES = ("text", "integer", "number", "boolean", "date", "datetime", "time", "year")
"""Types that somebody may say that a column is of."""
OLDER = mark("Un fichier plus récent du même jeu est prêt, ou publié : dites que c’est bien celui-ci.")
DEEPEST = 200
"""The last line that may be said to be the header."""


@dataclass(frozen=True, slots=True)
class ReviewColumn:
    """One column, as it was read and as it is described."""

    name: Annotated[str, "Nom de la colonne."]
    types: Annotated[
        tuple[Choice, ...], "Types possibles ; coché : celui qui a été compris. Vide : il ne se change pas."
    ]
    type: Annotated[str, "Type compris."]
    title: Annotated[str, "Titre montré."]
    unit: Annotated[str, "Unité."]
    description: Annotated[str, "Description."]


@dataclass(frozen=True, slots=True)
class ContextCell:
    """One cell beside those that a finding speaks of, or one of them."""

    column: Annotated[str, "Nom de la colonne."]
    value: Annotated[str, "Ce que dit la cellule, raccourci."]
    found: Annotated[bool, "Vrai si c’est la cellule dont parle le constat."]


@dataclass(frozen=True, slots=True)
class ContextRow:
    """A row that a finding speaks of."""

    line: Annotated[int, "Ligne du fichier."]
    cells: Annotated[tuple[ContextCell, ...], "Cellules, dans l’ordre de la table."]


@dataclass(frozen=True, slots=True)
class Review:
    """The form that stands before publication."""

    words: Annotated[describing.DescriptionPage, "Ce qui est dit du jeu."]
    heading: Annotated[
        str, "Titre proposé d’après la ligne au-dessus de l’en-tête, vide si le titre est déjà dit."
    ]
    ready: Annotated[bool, "Vrai si rien ne retient le fichier : il attend d’être publié."]
    asked: Annotated[bool, "Vrai si un avis a été demandé."]
    may_publish: Annotated[bool, "Vrai si la personne peut publier ce que rien ne retient."]
    organisation: Annotated[str, "Organisation qui publie."]
    organisations: Annotated[
        tuple[Choice, ...],
        "Organisations pour lesquelles la personne peut déposer ; vide si cela ne se change plus.",
    ]
    usual: Annotated[str, "Titre de la licence la plus courante dans la ville, vide s’il n’y en a pas."]
    sheets: Annotated[tuple[Choice, ...], "Feuilles ou tables du fichier, quand il en a plusieurs."]
    sheet: Annotated[str, "Feuille lue, vide sans objet."]
    header_row: Annotated[str, "Ligne d’en-tête comprise, 0 sans en-tête."]
    encoding: Annotated[str, "Encodage compris, vide sans objet."]
    separator: Annotated[str, "Séparateur compris, vide sans objet."]
    columns: Annotated[tuple[ReviewColumn, ...], "Colonnes, dans l’ordre de la table."]
    others: Annotated[int, "Colonnes qui ne sont pas montrées."]
    preview: Annotated[
        Preview | None, "Premières lignes ; absentes pour qui ne peut pas voir une table retenue."
    ]
    link: Annotated[
        draft_link.DraftLink | None, "Lien par lequel un brouillon que rien ne retient se fait relire."
    ]
    context: Annotated[
        Mapping[str, tuple[ContextRow, ...]],
        "Cellules en contexte, par numéro de constat à partir de 0 ; vide pour qui n’a ni déposé le fichier ni à décider.",
    ]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A deposit that its sender looks at, with what the form needs of the catalogue."""

    deposit: Deposit
    version: Version
    dataset: Dataset
    resources: tuple[Resource, ...]
    person: Person
    columns: tuple[Column, ...]


def opened(visit: Visit, deposit: Deposit) -> Reviewed | None:
    """A deposit that was read and is not published yet, for whoever may describe what it is for; None for others."""
    person = visit.person
    if deposit.state != "held" or not deposit.version or person is None:
        return None
    with visit.city.db.read() as conn:
        version = versions.version(conn, deposit.version)
        resource = datasets.resource(conn, deposit.resource)
        dataset = datasets.dataset(conn, resource.dataset) if resource else None
        every = tuple(datasets.resources(conn, dataset.id)) if dataset else ()
        told = column_words.of(conn, [version.resource]).get(version.resource, {}) if version else {}
    if version is None or dataset is None or not can(person, "edit", dataset.publisher):
        return None
    if every and all(r.source.startswith("service:") for r in every):
        return None
    columns = tuple(
        replace(c, title=w.title, description=w.description, unit=w.unit)
        if (w := told.get(c.name)) is not None
        else c
        for c in version.schema.columns
        if c.name not in (POINT, SHAPE) and not c.name.startswith(RAW_PREFIX)
    )
    return Reviewed(deposit, version, dataset, every, person, columns)


def shown(visit: Visit, found: Reviewed, findings: Sequence[Finding]) -> Review:
    """The form, with what it proposes where nothing was said yet."""
    deposit, dataset, person = found.deposit, found.dataset, found.person
    with visit.city.db.read() as conn:
        bodies = datasets.organisations(conn)
    usual = _usual(visit)
    draft = dataset.state == "draft"
    told = replace(dataset, contact=dataset.contact or _contact(visit, bodies, dataset)) if draft else dataset
    heading = next((u.heading for u in deposit.understood if u.heading), "")
    proposed = heading if draft and heading and dataset.title == titled(deposit.name) else ""
    here = next((u for u in deposit.understood if u.resource == found.version.resource), None)
    tables = [u.table for u in deposit.understood if u.table]
    sees = dossier.may_see_all(person, deposit.actor, dataset.publisher)
    return Review(
        describing.shown(visit, person, replace(told, title=proposed) if proposed else told, found.resources),
        heading=proposed,
        ready=deposit.look == "ready",
        asked=deposit.look == "asked",
        may_publish=can(person, "publish", dataset.publisher),
        organisation=next((o.name for o in bodies if o.id == dataset.publisher), ""),
        organisations=tuple(
            Choice(o.id, o.name, o.id == dataset.publisher)
            for o in bodies
            if draft and (o.id == dataset.publisher or can(person, "send", o.id))
        ),
        usual=vocabularies.LICENCES[usual].title if usual else "",
        sheets=tuple(Choice(t, t, False) for t in tables) if len(tables) > 1 else (),
        sheet=here.table if here else "",
        header_row=str(here.header_row) if here else "",
        encoding=here.encoding if here else "",
        separator={"\t": "tabulation"}.get(here.separator, here.separator) if here else "",
        columns=tuple(_column(visit, c) for c in found.columns[:MOST]),
        others=max(0, len(found.columns) - MOST),
        preview=_preview(visit, found, unmasked=sees),
        link=draft_link.made(visit, deposit),
        context=_context(visit, found, findings) if sees else {},
    )


def titled(name: str) -> str:
    """The title that the name of a file proposes, until somebody says a better one.

    >>> titled("BUDGET_primitif-2026.v2.xlsx"), titled("_.csv")
    ('BUDGET primitif 2026.v2', 'Fichier')
    """
    text = " ".join(Path(name).stem.replace("_", " ").replace("-", " ").split())
    return (text[:1].upper() + text[1:])[:350] or "Fichier"


def _usual(visit: Visit) -> str:
    """The licence that most datasets of the city go out with, "" when none did."""
    with visit.city.db.read() as conn:
        said = Counter(d.licence for d in datasets.datasets(conn))
    known = [(n, code) for code, n in said.items() if code in vocabularies.LICENCES]
    return max(known)[1] if known else ""


def _contact(visit: Visit, bodies: Sequence[Organisation], dataset: Dataset) -> Contact | None:
    """The city's own address, under the name of the organisation: proposed, not yet kept."""
    address = visit.city.settings.city.contact
    name = next((o.name for o in bodies if o.id == dataset.publisher), "")
    return Contact(name, address) if address and name else None


def _column(visit: Visit, column: Column) -> ReviewColumn:
    types = tuple(Choice(t, visit.language.say(words.TYPES[t]), t == column.type) for t in TYPES)
    return ReviewColumn(
        column.name,
        types if column.type in TYPES else (),
        column.type,
        column.title,
        column.unit,
        column.description,
    )


def _preview(visit: Visit, found: Reviewed, *, unmasked: bool) -> Preview | None:
    if not dossier.may_see(found.person, found.deposit.actor, found.dataset.publisher):
        return None
    try:
        return dossier.first_rows(visit, found.version, found.person.id, unmasked=unmasked, size=ROWS)
    except (Gone, NotFound):
        return None


def _context(
    visit: Visit, found: Reviewed, findings: Sequence[Finding]
) -> Mapping[str, tuple[ContextRow, ...]]:
    """The cells that findings on confidentiality speak of, each with its neighbours. A table that went through a
    recipe or a policy has other rows than its file, which the findings are told by: none of it is shown.
    """
    owner = next((r for r in found.resources if r.id == found.version.resource), None)
    columns = [c for c in found.columns if c.type not in UNSHOWN]
    names = [c.name for c in columns]
    wanted = {
        number: [row for row in finding.rows if row.record][:CELLS]
        for number, finding in enumerate(findings)
        if finding.dimension == "confidentiality" and finding.column in names
    }
    places = sorted({row.record for rows in wanted.values() for row in rows})
    if owner is None or owner.recipe or not places or len(found.version.files) != 1:
        return {}
    near = {n: _near(names, findings[n].column) for n in wanted}
    read_ = [c for c in names if any(c in some for some in near.values())]
    try:
        with deciding.examined(visit.city, found.version, actor=found.person.id) as (engine, released):
            tree = base(
                released,
                exp.column(RECORD, quoted=True),
                *(exp.column(name, quoted=True) for name in read_),
            ).where(exp.column(RECORD, quoted=True).isin(*(exp.Literal.number(p) for p in places)))
            with read(engine, released.querying(tree), []) as seen:
                cells = {row[RECORD]: row for row in records(seen)}
    except (Gone, NotFound):
        return {}
    return {
        str(n): tuple(
            ContextRow(
                row.line or row.record,
                tuple(
                    ContextCell(name, _short(cells[row.record][name]), name == findings[n].column)
                    for name in near[n]
                ),
            )
            for row in rows
            if row.record in cells
        )
        for n, rows in wanted.items()
    }


def _near(names: Sequence[str], column: str) -> Sequence[str]:
    at = names.index(column)
    return names[max(0, at - BESIDE) : at + BESIDE + 1]


def _short(value: object) -> str:
    """A cell, cut short.

    >>> _short("a" * 70) == "a" * 59 + "…", _short(None)
    (True, '')
    """
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def received(visit: Visit, sent: Sent, found: Reviewed, findings: Sequence[Finding]) -> Moved | Review:
    """Keep what the form says, and do what its button asks; or the form with what is wrong."""
    form_ = describing.written(visit, sent, found.person, found.dataset, found.resources)
    publisher = _publisher(visit, sent, found)
    told = tuple(_told(sent, c, n) for n, c in enumerate(found.columns[:MOST], 1))
    before = replace(
        shown(visit, replace(found, columns=(*told, *found.columns[MOST:])), findings), words=form_.page
    )
    header, wrong = _header(sent, before)
    before = replace(before, header_row=sent.text("entete") or before.header_row)
    wrong = (*form_.page.wrong, *wrong)
    if wrong:
        return _with(before, wrong)
    said = {c.name: ColumnWords(c.title, c.description, c.unit) for c in told}
    owner = next(r for r in found.resources if r.id == found.version.resource)
    pointed = (
        *(
            Wrong(describing.field_of(p, form_.texts), describing.PERSONAL)
            for p in publication.personal_words(visit.city, form_.said)
        ),
        *(
            Wrong(_column_field(p, told), describing.PERSONAL)
            for p in publication.personal_columns(visit.city, owner, said)
        ),
    )
    if pointed:
        return _with(before, pointed)
    if (
        sent.text("acte") == "publier"
    ):  # in the name of the organisation that the form names, before anything is kept
        require(found.person, "publish", publisher)
    publication.keep(visit.city, form_.said, actor=found.person.id)
    publication.keep_columns(visit.city, owner, said, actor=found.person.id)
    if publisher != found.dataset.publisher:
        with visit.city.db.begin() as conn:
            kept = datasets.dataset(conn, found.dataset.id)
            if kept is not None and kept.state == "draft":
                datasets.save_dataset(conn, replace(kept, publisher=publisher))
    return _done(visit, sent, found, before, header, told)


def _done(
    visit: Visit,
    sent: Sent,
    found: Reviewed,
    before: Review,
    header: int | None,
    told: Sequence[Column],
) -> Moved | Review:
    here = f"/depots/{found.deposit.id}"
    types = {
        c.name: c.type
        for was, c in zip(found.columns, told, strict=False)
        if was.type in TYPES and c.type != was.type
    }
    sheet = sent.text("feuille") if sent.text("feuille") in {s.value for s in before.sheets} else ""
    if types or sheet or header is not None:
        with visit.city.db.read() as conn:
            resource = datasets.resource(conn, found.deposit.resource)
        reviewing.correct(
            visit.city,
            found.deposit.id,
            sheet=sheet or (resource.table if resource else ""),
            header_row=header if header is not None else resource.header_row if resource else None,
            types={found.version.resource: types} if types else {},
            actor=found.person.id,
        )
        return Moved(here, {"fait": "relu"})
    match sent.text("acte"):
        case act if act in RESHAPES:
            reviewing.reshape(visit.city, found.deposit.id, RESHAPES[act], actor=found.person.id)
            return Moved(here, {"fait": act.removeprefix("sans-")})
        case "corriger":
            require(found.person, "send", found.dataset.publisher)
            copy = trying.mended_copy_of(visit.city, found.deposit.id, found.person.id)
            return Moved(f"/depots/{copy}", {"fait": "corrige"})
        case "publier" if _outdated(visit, found) and sent.text("ancien") != "1":
            return _with(before, (Wrong("ancien", OLDER),))
        case "publier":
            return _published(visit, found, before, here, together=sent.text("tous") == "1")
        case "avis":
            reviewing.ask_opinion(visit.city, found.deposit.id, actor=found.person.id)
            return Moved(here, {"fait": "avis"})
        case _:
            return Moved(here, {"fait": "garde"})


RESHAPES: Mapping[str, Way] = {
    "sans-total": "total",
    "sans-sous-totaux": "subtotals",
    "periodes-en-lignes": "periods",
}
"""What the buttons that change the shape of a table send."""


def _outdated(visit: Visit, found: Reviewed) -> bool:
    with visit.city.db.read() as conn:
        return bool(deposits.newer(conn, (found.deposit,)))


def _published(visit: Visit, found: Reviewed, before: Review, here: str, *, together: bool) -> Moved | Review:
    places = publication.pointing(visit.city, found.dataset.id)
    if places:
        return _with(before, [_pointed(p, found) for p in places])
    with visit.city.db.read() as conn:
        others = deposits.ready(conn, found.dataset.id, beside=found.deposit) if together else ()
    try:
        wanted = (found.deposit.id, *(d.id for d in others))
        reviewing.publish(visit.city, wanted, actor=found.person.id)
    except (HeldBack, UsageError) as held:
        return _with(before, [Wrong("titre", held.told)])
    return Moved(here, {"diffuse": "1"})


def _pointed(place: publication.Place, found: Reviewed) -> Wrong:
    if place.column:
        return Wrong(_column_field(place, found.columns), describing.PERSONAL)
    return Wrong(describing.field_of(place, found.resources), describing.PERSONAL)


def _with(review: Review, wrong: Sequence[Wrong]) -> Review:
    return replace(review, words=replace(review.words, wrong=tuple(wrong)))


def _publisher(visit: Visit, sent: Sent, found: Reviewed) -> str:
    asked = sent.text("organisation")
    allowed = found.dataset.state == "draft" and can(found.person, "send", asked)
    with visit.city.db.read() as conn:
        there = asked and datasets.organisation(conn, asked) is not None
    return asked if allowed and there else found.dataset.publisher


_FIELDS: Mapping[str, str] = {"title": "col-titre", "description": "col-description", "unit": "col-unite"}


def _column_field(place: publication.Place, told: Sequence[Column]) -> str:
    number = next((n for n, c in enumerate(told, 1) if c.name == place.column), 1)
    return f"{_FIELDS[place.field]}-{number}"


def _told(sent: Sent, column: Column, number: int) -> Column:
    """A column as the form says it; fields that it does not have leave what was."""
    kind = next((t for t in TYPES if t == sent.text(f"col-type-{number}")), column.type)
    fields = sent.fields
    title, unit, description = (
        sent.text(f"{name}-{number}")[:most] if f"{name}-{number}" in fields else was
        for name, most, was in (
            ("col-titre", 200, column.title),
            ("col-unite", 200, column.unit),
            ("col-description", 2000, column.description),
        )
    )
    return replace(column, type=kind, title=title, unit=unit, description=description)


def _header(sent: Sent, before: Review) -> tuple[int | None, tuple[Wrong, ...]]:
    """The header line that was said, None when it is the one that was understood."""
    text = sent.text("entete")
    if not text or text == before.header_row:
        return None, ()
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > DEEPEST:
        return None, (
            Wrong("entete", mark("Donnez le numéro d’une ligne, de 1 à 200 ; 0 s’il n’y a pas d’en-tête.")),
        )
    return int(text), ()
