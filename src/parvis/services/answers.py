"""What a service asks of a citizen and says in answer: plain values. A page draws them, its JSON twin dumps
them; neither knows one service from another.

    asks = (Ask("heure", "À quelle heure ?", "time"), Ask("lieu", "Près de", "place"))

    def answer(asked: Asked, tables: Tables) -> Blocks:
        return (Said(asked.say("%(n)s vélos vous attendent.", n=asked.number(12)), "ok"), Rows("Stations",
        columns, rows))

The first block is the answer. Texts are said through `asked.say`, with the sentence written out in French; its
translations stand in the `.po` files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Annotated, Literal, Protocol
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.core.types import Column, Json, Schema

Tone = Literal["ok", "warn", "bad", ""]
"""How a state is to be taken; a page shows it by a sign beside the word, never by a colour alone."""

Kind = Literal["place", "time", "day", "choice", "number", "text", "tick", "row", "rows", "places", "file"]
"""What is said to a question: a place or position, a time of day (today, tomorrow when it is past), a day,
one of several, a number, words, yes or no. Of a study alone: one or several rows of a table that it reads,
several places, a file.
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of the form. name: its parameter in the address. default: what holds when nothing is said,
    as it would be typed.

    choices: value to French title, of a choice. least, most: of a number. folded: most people do without it,
    so the form shows it when asked to. What is asked is about a person's place or plans: an answer to it is
    never kept.
    """

    name: str
    title: str
    kind: Kind
    hint: str = ""
    default: str = ""
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    least: float = 0
    most: float = 1_000_000
    folded: bool = False
    needed: bool = False
    """Of a study: it is not begun while this is left open."""
    rows: str = ""
    """Of a study: `<input>.<column>`, the values that may be chosen; where its rows have a place, on a map
    too.
    """


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that was asked for, found in what the city publishes, or a position of the device."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was given. data: its bytes, as they came."""

    name: str
    data: bytes


Value = str | float | bool | date | time | datetime | Spot | Attached | tuple[str, ...] | tuple[Spot, ...]
"""What was said to a question."""


class Speech(Protocol):
    """How a language writes things; `core.language.Language` is one."""

    @property
    def code(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def zone(self) -> ZoneInfo: ...
    def say(self, message: str, **values: object) -> str: ...
    def number(self, value: float | None, digits: int | None = None) -> str: ...
    def count(self, one: str, many: str, n: int, **values: object) -> str: ...
    def percent(self, part: float) -> str: ...
    def day(self, value: date | datetime | None) -> str: ...
    def moment(self, value: datetime, *, seconds: bool = False) -> str: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor said, when, and in which language the answer is to be.

    values: by the name of the question; a question that was left open and has no default is not there. at:
    the moment of the data, None when there are none.
    """

    values: Mapping[str, Value]
    now: datetime
    at: datetime | None
    speech: Speech

    def say(self, text: str, **values: object) -> str:
        """A French sentence of the service in the visitor's language, its `%(name)s` filled."""
        return self.speech.say(text, **values)

    def count(self, one: str, many: str, n: int, **values: object) -> str:
        """The sentence for that number: `one` for one (in French for none too), `many` for more; `%(n)s` is it."""
        return self.speech.count(one, many, n, **values)

    def titled(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """Columns with their titles in the visitor's language."""
        return tuple(replace(c, title=self.say(c.title or c.name)) for c in columns)

    def columns_of(self, schema: Schema, *names: str) -> tuple[Column, ...]:
        """Those columns of a schema, with titles and units in the visitor's language."""
        by = {c.name: c for c in schema.columns}
        return tuple(
            Column(
                n, by[n].type, title=self.say(by[n].title), unit=self.say(by[n].unit) if by[n].unit else ""
            )
            for n in names
        )

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A number as the language writes it, with at most `digits` decimals."""
        return self.speech.number(value, digits)

    def percent(self, part: float) -> str:
        """A proportion from 0 to 1; what is not whole is never rounded to 0 % or 100 %."""
        return self.speech.percent(part)

    def day(self, value: date | datetime) -> str:
        """A day in words."""
        return self.speech.day(value)

    def hour(self, value: datetime) -> str:
        """A time of day in the city's zone: « 8 h 40 », "08:40"."""
        there = value.astimezone(self.speech.zone)
        return f"{there.hour}\u00a0h\u00a0{there:%M}" if self.speech.code == "fr" else f"{there:%H:%M}"

    def at_hour(self, moment: datetime) -> str:
        """Its time of day, after its day where that is not today in the city's zone."""
        day = moment.astimezone(self.speech.zone).date()
        hour = self.hour(moment)
        if day == self.now.astimezone(self.speech.zone).date():
            return hour
        return self.say("%(day)s, %(hour)s", day=self.day(day), hour=hour)

    def spot(self, name: str) -> Spot | None:
        """The place said to that question."""
        value = self.values.get(name)
        return value if isinstance(value, Spot) else None

    def text(self, name: str) -> str:
        """The words, or the chosen value, said to that question; "" when it was left open."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def amount(self, name: str) -> float | None:
        """The number said to that question."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def moment(self, name: str) -> datetime | None:
        """The moment said to a question of the kind time."""
        value = self.values.get(name)
        return value if isinstance(value, datetime) else None

    def date(self, name: str) -> date | None:
        """The day said to that question."""
        value = self.values.get(name)
        return value if isinstance(value, date) and not isinstance(value, datetime) else None

    def clock(self, name: str) -> time | None:
        """The time of day said to a question of the kind time of a study."""
        value = self.values.get(name)
        return value if isinstance(value, time) else None

    def chosen(self, name: str) -> tuple[str, ...]:
        """The rows said to a question of the kind rows."""
        value = self.values.get(name)
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()

    def spots(self, name: str) -> tuple[Spot, ...]:
        """The places said to a question of the kind places."""
        value = self.values.get(name)
        return tuple(one for one in value if isinstance(one, Spot)) if isinstance(value, tuple) else ()

    def ticked(self, name: str) -> bool:
        """Whether that question was answered by yes."""
        return self.values.get(name) is True


def opens(dataset: str, *filters: str) -> str:
    """Address of the rows of a dataset that pass these filters, as its page writes them."""
    return f"/jeux/{dataset}" + (
        "?" + urlencode([("f", f) for f in filters], quote_via=quote) if filters else ""
    )


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence. The first of an answer is the answer: one sentence, that can be read alone; what makes it
    doubtful, or goes on from it, is its note. dated: the day or the moment that its data speak of, where it is
    not that of the service's last result.
    """

    text: Annotated[str, "Phrase."]
    tone: Annotated[Tone, "ok, warn, bad, ou vide."] = ""
    note: Annotated[str, "Ce qui la nuance, ou la suit ; vide s’il n’y a rien à dire de plus."] = ""
    dated: Annotated[
        date | None, "Jour ou moment dont parlent ses données ; absent si c’est celui du dernier calcul."
    ] = None
    kind: Annotated[Literal["said"], "Sorte de bloc."] = "said"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that says much."""

    value: Annotated[str, "Valeur, écrite dans la langue de la page."]
    label: Annotated[str, "Ce qu’elle compte."]
    note: Annotated[str, "Ce qui la nuance : intervalle, période."] = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """A few numbers side by side."""

    figures: Annotated[tuple[Figure, ...], "Nombres."]
    kind: Annotated[Literal["figures"], "Sorte de bloc."] = "figures"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table, the most useful row first. link: the column that holds an address to follow from the first
    cell of the row (not shown), "" when none does.
    """

    title: Annotated[str, "Titre de la table."]
    columns: Annotated[tuple[Column, ...], "Colonnes ; leurs titres sont dans la langue de la page."]
    rows: Annotated[tuple[Mapping[str, object], ...], "Lignes, par nom de colonne."]
    note: Annotated[str, "Ce qu’il faut savoir pour la lire."] = ""
    link: Annotated[str, "Colonne qui porte l’adresse de chaque ligne ; vide s’il n’y en a pas."] = ""
    folded: Annotated[
        bool, "Vrai si la page ne la montre que dépliée : elle redit un dessin en chiffres."
    ] = False
    kind: Annotated[Literal["rows"], "Sorte de bloc."] = "rows"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as Vega-Lite, its values inside it, without colours of its own: marks take COLOUR, COLOUR_2 or
    COLOUR_3. text: what it shows, in words.
    """

    title: Annotated[str, "Titre du graphique."]
    text: Annotated[str, "Ce qu’il montre, en mots."]
    spec: Annotated[Mapping[str, Json], "Description Vega-Lite."]
    columns: Annotated[tuple[Column, ...], "Colonnes des mêmes valeurs en table."]
    rows: Annotated[tuple[Mapping[str, object], ...], "Les mêmes valeurs en table."]
    kind: Annotated[Literal["chart"], "Sorte de bloc."] = "chart"


COLOUR, COLOUR_2, COLOUR_3 = "#010203", "#010204", "#010205"
"""Stand for the colours of the page's series: the page's own style takes their place, in its light and in its
dark dress.
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A thing on a map. coordinates: (lon, lat) in degrees: one of a point, several of a line, a closed ring
    of an area.
    """

    shape: Annotated[Literal["point", "line", "area"], "Point, ligne ou surface."]
    coordinates: Annotated[tuple[tuple[float, float], ...], "Longitudes et latitudes, en degrés WGS 84."]
    label: Annotated[str, "Ce que c’est."]
    value: Annotated[str, "Ce qui en est dit."] = ""
    tone: Annotated[Tone, "ok, warn, bad, ou vide."] = ""
    doubt: Annotated[float, "De 0 (sûr) à 1 (inconnu) : dessiné en clair."] = 0.0


@dataclass(frozen=True, slots=True)
class Map:
    """A map; the same things stand in a table of the same answer. key: tone to what it means, in words."""

    title: Annotated[str, "Titre de la carte."]
    marks: Annotated[tuple[Mark, ...], "Ce qu’elle montre."]
    table: Annotated[str, "Titre de la table qui dit la même chose."]
    key: Annotated[Mapping[str, str], "Légende : ton et sens."] = field(default_factory=dict[str, str])
    kind: Annotated[Literal["map"], "Sorte de bloc."] = "map"


@dataclass(frozen=True, slots=True)
class Point:
    """One piece of advice. source, url: who says so."""

    text: Annotated[str, "Conseil."]
    source: Annotated[str, "Qui le dit."] = ""
    url: Annotated[str, "Adresse de cette source."] = ""


@dataclass(frozen=True, slots=True)
class Points:
    """A list: advice, steps, reasons."""

    title: Annotated[str, "Titre de la liste."]
    points: Annotated[tuple[Point, ...], "Éléments."]
    folded: Annotated[bool, "Vrai si la page ne la montre que dépliée."] = False
    kind: Annotated[Literal["points"], "Sorte de bloc."] = "points"


@dataclass(frozen=True, slots=True)
class Take:
    """What the answer can be taken home as. file: name of a `Download` of the service; query: further
    parameters of its address.
    """

    title: Annotated[str, "Ce que c’est."]
    file: Annotated[str, "Nom du fichier dans l’adresse du service."]
    query: Annotated[Mapping[str, str], "Paramètres de plus dans l’adresse."] = field(
        default_factory=dict[str, str]
    )
    kind: Annotated[Literal["take"], "Sorte de bloc."] = "take"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What waits for a member of the group to agree, on the page of a service for it. id: without blanks, that of
    this very proposal: what is answered to it is answered to no other.
    """

    id: Annotated[str, "Identifiant de la proposition."]
    text: Annotated[str, "Ce qui est proposé."]
    answered: Annotated[str, "Ce qu’un membre a déjà répondu ; vide si personne."] = ""
    kind: Annotated[Literal["proposed"], "Sorte de bloc."] = "proposed"


Block = Said | Figures | Rows | Chart | Map | Points | Take | Proposed
Blocks = Sequence[Block]

Answer = Callable[[Asked, Mapping[str, pa.Table]], Blocks]
"""(what was asked, outputs, inputs and `shows` by name, as far as they are there) -> blocks, the answer
first. Tables are read when they are looked up.
"""


@dataclass(frozen=True, slots=True)
class Download:
    """A file made from an answer, at /services/<service>/<name>. make: (what was asked, tables) -> its bytes;
    raises NotFound when there is none.
    """

    name: str
    title: str
    media: str
    make: Callable[[Asked, Mapping[str, pa.Table]], bytes]
