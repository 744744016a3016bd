"""« This is not a person », said of columns that hold a file: on the page of its deposit and on that of its opinion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from sqlalchemy import Connection

from parvis.core.errors import NotFound
from parvis.decisions import clearing
from parvis.people.rights import Person
from parvis.publication import reviewing
from parvis.store import datasets
from parvis.store.deposits import Deposit
from parvis.web.form import Sent

TOGETHER = "motif-colonnes"
"""Field of the reason that is given once for several columns."""
_FIELD = re.compile(rf"{TOGETHER}|motif(-[0-9]{{1,4}}){{1,2}}")
_COLUMN = re.compile(r"([0-9a-f]{64}):(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class HeldColumn:
    """A column that holds the file."""

    value: Annotated[
        str, "Ce que le formulaire envoie : l’empreinte de la table lue, deux-points, la colonne."
    ]
    table: Annotated[str, "Titre de la table, vide si le fichier n’en a qu’une que quelque chose retient."]
    column: Annotated[str, "Nom de la colonne."]


@dataclass(frozen=True, slots=True)
class ClearingForm:
    """What a person who may say it finds to say that columns are nobody's."""

    columns: Annotated[tuple[HeldColumn, ...], "Colonnes qui retiennent le fichier, toutes tables comprises."]
    field: Annotated[str, "Champ du motif qui est à corriger, vide sans faute."] = ""
    why: Annotated[str, "Motif déjà saisi."] = ""
    chosen: Annotated[tuple[str, ...], "Colonnes déjà choisies."] = ()


def form_for(
    conn: Connection, person: Person | None, deposit: Deposit, publisher: str
) -> ClearingForm | None:
    """The form, for whoever may say it of a file that something holds; None for others."""
    if person is None or not clearing.may_clear(person, publisher):
        return None
    held = reviewing.held_columns(conn, deposit)
    several = len({h.resource for h in held}) > 1
    titles = {
        id_: resource.title
        for id_ in {h.resource for h in held}
        if several and (resource := datasets.resource(conn, id_)) is not None
    }
    columns = tuple(HeldColumn(f"{h.version}:{h.column}", titles.get(h.resource, ""), h.column) for h in held)
    return ClearingForm(columns) if columns else None


def columns_of(sent: Sent) -> Sequence[tuple[str, str]]:
    """The columns that a form names, each by the version that its page showed. Raises NotFound for other texts."""
    matches = [_COLUMN.fullmatch(one) for one in dict.fromkeys(sent.all("colonne"))]
    if not all(matches):
        raise NotFound("Rien ne retient cette colonne.", mend="Rechargez la page.")
    return [(m[1], m[2]) for m in matches if m is not None]


def refused(form: ClearingForm | None, sent: Sent) -> ClearingForm | None:
    """The form as it was sent, to be mended."""
    field = sent.text("champ")
    if form is None:
        return None
    known = {c.value for c in form.columns}
    return replace(
        form,
        field=field if _FIELD.fullmatch(field) else TOGETHER,
        why=sent.text("motif")[:2000],
        chosen=tuple(v for v in sent.all("colonne") if v in known),
    )
