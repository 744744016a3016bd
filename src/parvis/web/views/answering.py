"""What a service asks on its page, and its answer: the form read without ever refusing, the tables lent to
the answer, files made of it.

A place that is not found, or a number that is none, is said beside its field; the answer is then that of the
default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Annotated

import orjson
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.core.errors import NotFound
from parvis.engine.read import table
from parvis.services.answers import Ask, Asked, Block, Blocks, Kind, Map, Mark, Spot, Value
from parvis.services.declaration import AGREEMENTS
from parvis.web import geo
from parvis.web.geo import Frame
from parvis.web.page import Visit, send, visit_of
from parvis.web.places import Gazetteer, Place
from parvis.web.views.base_layers import ground
from parvis.web.views.current_service import APART, Shown, opened, shown
from parvis.web.views.nearby import PLACE, found_at, sources_of
from parvis.work import service_runs

NEIGHBOURHOOD = 0.012
"""Degrees that a map shows at least, about a kilometre: a place alone is seen among its streets."""

WORDS = 200
"""Characters of any other answer."""


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One of several."""

    value: Annotated[str, "Valeur dans l’adresse."]
    title: Annotated[str, "Ce qu’elle veut dire."]
    chosen: Annotated[bool, "Vrai si elle est choisie."]


@dataclass(frozen=True, slots=True)
class AskView:
    """A question of the form, and what was said to it."""

    name: Annotated[str, "Nom du paramètre dans l’adresse."]
    title: Annotated[str, "Question."]
    kind: Annotated[Kind, "Sorte de réponse attendue : place, time, day, choice, number, text ou tick."]
    hint: Annotated[str, "Ce qui aide à répondre."]
    value: Annotated[str, "Ce qui a été dit, ou la valeur par défaut."]
    choices: Annotated[tuple[ChoiceView, ...], "Choix possibles."]
    least: Annotated[float, "Plus petit nombre admis."]
    most: Annotated[float, "Plus grand nombre admis."]
    wrong: Annotated[str, "Pourquoi ce qui a été dit n’a pas été compris ; vide si tout va bien."]
    found: Annotated[str, "Lieu retenu, tel que la ville le nomme."]
    others: Annotated[tuple[str, ...], "Autres lieux de nom voisin."]
    folded: Annotated[bool, "Vrai si le formulaire ne la montre que sur demande : peu de gens y répondent."]


class Lent(Mapping[str, pa.Table]):
    """Tables by name, read when they are looked up, each once. One that is not there is not in the mapping."""

    def __init__(self, readers: Mapping[str, Callable[[], pa.Table | None]]) -> None:
        self._readers = readers
        self._read: dict[str, pa.Table | None] = {}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._read:
            self._read[name] = self._readers[name]()
        table = self._read[name]
        if table is None:
            raise KeyError(name)
        return table

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._readers and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._readers if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def lent(visit: Visit, s: Shown) -> Mapping[str, pa.Table]:
    """Outputs, inputs and `shows` of a service by name, as far as everybody, or its group, may read them."""
    moment = visit.city.now()
    member = visit.person.id if visit.person is not None else ""
    readers: dict[str, Callable[[], pa.Table | None]] = {}
    for name in (*s.service.shown, *s.service.reads):
        readers[name] = lambda name=name: service_runs.present(
            visit.city, s.service, name, moment, member=member
        )
    if s.service.agreed:
        readers[AGREEMENTS] = lambda: service_runs.answered(visit.city, s.service)
    for name, resource in zip(s.service.outputs, s.service.resources, strict=True):
        readers[name] = lambda resource=resource: _output(visit, s, resource)
    return Lent(readers)


def _output(visit: Visit, s: Shown, resource: str) -> pa.Table | None:
    released = s.released if resource == s.resource else opened(visit, s.service, resource)
    return table(visit.city.engine, released) if released is not None else None


def answered(visit: Visit, s: Shown) -> tuple[tuple[AskView, ...], tuple[Block, ...]]:
    """The form with what was said, and the answer to it; () while the service has nothing to answer from."""
    if s.service.answer is None:
        return (), ()
    asks, asked = _asked(visit, s)
    tables = lent(visit, s)
    return asks, tuple(s.service.answer(asked, tables)) if s.released is not None else ()


def _asked(visit: Visit, s: Shown) -> tuple[tuple[AskView, ...], Asked]:
    sources = cache(lambda: sources_of(visit, s))
    said = [_said(visit, s, ask, sources) for ask in s.service.asks]
    values = {view.name: value for view, value in said if value is not None}
    return tuple(view for view, _ in said), Asked(values, visit.city.now(), s.at, s.speech)


def _said(
    visit: Visit, s: Shown, ask: Ask, sources: Callable[[], Sequence[Gazetteer]]
) -> tuple[AskView, Value | None]:
    """A question as the page shows it, and its value; None when nothing was said and nothing holds by
    default.
    """
    typed = " ".join(visit.query.get(ask.name, "").split())[: PLACE if ask.kind == "place" else WORDS]
    sent = any(other.name in visit.query for other in s.service.asks)
    found: tuple[Place, ...] = ()
    wrong = ""
    value: Value | None
    if ask.kind == "place":
        found = found_at(visit, sources, typed or ask.default)
        value = Spot(found[0].name, found[0].lon, found[0].lat) if found else None
        if typed and value is None:
            wrong = visit.language.say(
                "Ce lieu n’a pas été trouvé dans les données de la ville : écrivez une rue, un quartier ou un équipement."
            )
    elif ask.kind == "tick":
        value = visit.query.get(ask.name) == "oui" if sent else ask.default == "oui"
        typed = "oui" if value else ""
    else:
        value = _value(visit, ask, typed) if typed else None
        if typed and value is None:
            wrong = visit.language.say(
                "« %(said)s » n’a pas été compris ; la réponse est donnée sans.", said=typed
            )
        if value is None and ask.default:
            value = _value(visit, ask, ask.default)
    shown_value = typed or ask.default
    if isinstance(
        value, date
    ):  # fields of hours and days take no other form, and would stand empty on « 9:05 » or « 9h »
        shown_value = f"{value:%H:%M}" if isinstance(value, datetime) else value.isoformat()
    choices = tuple(ChoiceView(v, s.say(title), v == value) for v, title in ask.choices.items())
    view = AskView(
        ask.name,
        s.say(ask.title),
        ask.kind,
        s.say(ask.hint) if ask.hint else "",
        shown_value,
        choices,
        ask.least,
        ask.most,
        wrong,
        found[0].name if found else "",
        tuple(p.name for p in found[1:]),
        ask.folded and (not typed or typed == ask.default) and not wrong,
    )
    return view, value


def _value(visit: Visit, ask: Ask, text: str) -> Value | None:
    """What a text says to a question; None when it says nothing that fits."""
    match ask.kind:
        case "choice":
            return text if text in ask.choices else None
        case "number":
            return _number(text, ask.least, ask.most)
        case "day":
            return _day(text)
        case "time":
            return _moment(visit, text)
        case _:
            return text


def _number(text: str, least: float, most: float) -> float | None:
    try:
        value = float(text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return value if least <= value <= most else None


def _day(text: str) -> date | None:
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        return date(int(french[3]), int(french[2]), int(french[1])) if french else date.fromisoformat(text)
    except ValueError:
        return None


def _moment(visit: Visit, text: str) -> datetime | None:
    """That time today, or tomorrow when it is past, in the city's zone."""
    clock = re.fullmatch(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?", text)
    if clock is None or int(clock[1]) > 23 or int(clock[2] or 0) > 59:
        return None
    present = visit.city.now().astimezone(visit.language.zone)
    said = datetime.combine(present.date(), time(int(clock[1]), int(clock[2] or 0)), visit.language.zone)
    return (
        said
        if said >= present.replace(second=0, microsecond=0)
        else datetime.combine(present.date() + timedelta(days=1), said.timetz())
    )


# --- maps of an answer --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stroke:
    """Marks of one look: SVG path data. kind: dots, line or area; doubt: 0 to 4, drawn lighter and lighter."""

    kind: str
    tone: str
    doubt: int
    path: str


@dataclass(frozen=True, slots=True)
class MarkedMap:
    """A map of an answer, as it is drawn. geojson: the same marks for the interactive map."""

    box: geo.Box
    land: str
    strokes: tuple[Stroke, ...]
    geojson: str


def marked(visit: Visit, block: Map, index: int) -> MarkedMap | None:
    """The picture of a map of the answer; None when nothing is on it. index: which of the blocks it is."""
    ends = [c for m in block.marks for c in m.coordinates]
    if not ends:
        return None
    lons, lats = [c[0] for c in ends], [c[1] for c in ends]
    wide, high = max(lons) - min(lons), max(lats) - min(lats)
    margin = max(wide, high) * 0.08 + max(0.0, NEIGHBOURHOOD - max(wide, high)) / 2
    box = (min(lons) - margin, min(lats) - margin, max(lons) + margin, max(lats) + margin)
    frame = Frame.over(box)
    with visit.city.db.read() as conn:
        land = "".join(geo.outline(visit.city.engine, one, frame) for one in ground(visit, conn))
    known_table_checks: dict[tuple[str, str, int], list[str]] = {}
    for one in block.marks:
        kind = {"point": "dots", "line": "line", "area": "area"}[one.shape]
        known_table_checks.setdefault((kind, one.tone, round(4 * min(max(one.doubt, 0.0), 1.0))), []).append(
            _path(one, frame)
        )
    order = sorted(known_table_checks.items(), key=lambda item: ("area", "line", "dots").index(item[0][0]))
    address = visit.here({"bloc": index}, path=f"{visit.path}/reponse.geojson")
    return MarkedMap(box, land, tuple(Stroke(*look, "".join(paths)) for look, paths in order), address)


def _path(mark: Mark, frame: Frame) -> str:
    placed = [frame.place(lon, lat) for lon, lat in mark.coordinates]
    if mark.shape == "point":
        return "".join(f"M{x} {y}h0" for x, y in placed)
    kept = [p for i, p in enumerate(placed) if i == 0 or p != placed[i - 1]]
    return "M" + "L".join(f"{x} {y}" for x, y in kept) + ("z" if mark.shape == "area" else "")


def marks(request: Request) -> Response:
    """/services/{name}/reponse.geojson: what a map of the answer shows, for the same questions; bloc: which
    block of the answer.
    """
    visit = visit_of(request)
    blocks, s = _again(visit)
    index = visit.whole("bloc", 0, least=0, most=1000)
    block = blocks[index] if index < len(blocks) else None
    if not isinstance(block, Map):
        raise NotFound("Ce bloc de la réponse n’est pas une carte.")
    body = orjson.dumps({"type": "FeatureCollection", "features": [feature(m) for m in block.marks]})
    return send(
        request,
        body,
        "application/geo+json",
        private=bool(visit.query or s.service.group),
        headers=s.headers,
    )


def feature(mark: Mark) -> dict[str, object]:
    lines = [list(c) for c in mark.coordinates]
    geometry = {
        "point": lambda: (
            {"type": "Point", "coordinates": lines[0]}
            if len(lines) == 1
            else {"type": "MultiPoint", "coordinates": lines}
        ),
        "line": lambda: {"type": "LineString", "coordinates": lines},
        "area": lambda: {
            "type": "Polygon",
            "coordinates": [lines if lines[0] == lines[-1] else [*lines, lines[0]]],
        },
    }[mark.shape]()
    return {"type": "Feature", "geometry": geometry, "properties": {mark.label: mark.value}}


# --- files of an answer -------------------------------------------------------------------------------------


def file(request: Request) -> Response:
    """/services/{name}/{file}: a file made of the answer: a calendar, a track, a driver's sheet."""
    visit = visit_of(request)
    s = shown(visit)
    wanted = next((d for d in s.service.files if d.name == visit.params["file"]), None)
    if wanted is None:
        raise NotFound("Ce service ne donne pas ce fichier.", mend="Sa page donne tous ceux qu’il fait.")
    if s.released is None:
        raise NotFound("Ce service n’a pas encore de données.")
    _, asked = _asked(visit, s)
    body = wanted.make(asked, lent(visit, s))
    headers = {"Content-Disposition": f'attachment; filename="{wanted.name}"', **s.headers}
    private = bool(visit.query or s.service.group)
    return send(request, body, wanted.media, private=private, headers=headers)


def _again(visit: Visit) -> tuple[Blocks, Shown]:
    s = shown(visit)
    return answered(visit, s)[1], s


BASES = tuple(prefix + base for prefix in ("", "/en") for base in ("/services/", APART))

ROUTES = tuple(Route(base + "{name}/reponse.geojson", marks) for base in BASES)

FILES = tuple(Route(base + "{name}/{file}", file) for base in BASES)
"""After every page, which may lie at such an address too."""
