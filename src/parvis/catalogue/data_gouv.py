"""What data.gouv.fr will read of a dataset in our DCAT, rule by rule, before it does. Pure: a graph in, lines
out.

Source: the DCAT harvester of udata 17 (`core/dataset/rdf.py`, `harvest/backends/dcat.py`), behaviour only.
Nothing is fetched: data.gouv.fr would follow an IRI given as a period, and we give none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from parvis.catalogue import vocabularies
from parvis.catalogue.graph_walk import View
from parvis.catalogue.rdf import Graph, Node
from parvis.catalogue.vocabularies import Label, Licence

TITLE = 350
"""Characters of a title; what is longer is cut."""

DESCRIPTION = 100_000
"""Characters of a description."""

CLOSED = frozenset({"pdf", "doc", "docx", "word", "xls", "excel", "xlsx"})
"""Formats that data.gouv.fr counts as closed."""

NOTHING = Label("", "")
UNNAMED = Label(
    "dct:identifier manque : le jeu est sauté sans rien dire.",
    "dct:identifier is missing: the dataset is skipped without a word.",
)
UNTITLED = Label("dct:title manque : le jeu est refusé.", "dct:title is missing: the dataset is refused.")
LOST = Label("ni downloadURL, ni accessURL : laissée de côté", "neither downloadURL nor accessURL: left out")

State = Literal["read", "cut", "default", "missing", "lost"]
"""Read as it is; shortened; filled by default; absent; said but not understood, so lost."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field that data.gouv.fr reads. said: what our DCAT says. value: what it keeps. why: the rule, when
    it keeps something else; fix: what to do.
    """

    name: str
    title: Label
    state: State
    value: str = ""
    why: Label = NOTHING
    fix: Label = NOTHING


@dataclass(frozen=True, slots=True)
class AcceptedResource:
    """A file or an API that becomes a resource."""

    title: str
    url: str
    format: str
    kind: Literal["main", "documentation", "api"] = "main"
    description: str = ""
    schema: str = ""
    bytes: int | None = None
    dropped: Label = NOTHING
    """Why it is not kept, nothing when it is."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A dataset as data.gouv.fr would have it. refused: why it would not take it at all, nothing when it
    would.
    """

    refused: Label
    lines: tuple[Line, ...]
    resources: tuple[AcceptedResource, ...]
    identifier: str
    title: str
    description: str
    licence: str
    """Identifier of the licence there (lov2…), "" when none is recognised."""
    frequency: str
    """Name of the frequency there, "unknown" when none is recognised."""
    temporal: bool
    spatial: bool
    modified: datetime | None
    tags: tuple[str, ...]

    @property
    def accepted(self) -> tuple[AcceptedResource, ...]:
        return tuple(r for r in self.resources if r.dropped == NOTHING)


def read(graph: Graph, dataset: str, *, now: datetime) -> Reading:
    """Read the dataset of that IRI in a graph. Raises KeyError when the graph does not describe it."""
    view = View(graph)
    node = next((n for n in view.of_kind("dcat:Dataset") if n.iri == dataset), None)
    if node is None:
        raise KeyError(dataset)
    identifier, title = view.text(node, "dct:identifier"), view.text(node, "dct:title")
    description = view.text(node, "dct:description") or view.text(node, "dct:abstract")
    licence, licence_line = _licence(view, node)
    frequency, frequency_line = _frequency(view, node)
    temporal, spatial = _temporal(view, node), _spatial(view, node)
    modified, modified_line = _modified(view, node, now)
    tags = _tags(view, node)
    refused = UNNAMED if not identifier else UNTITLED if not title else NOTHING
    contact = view.things(node, "dcat:contactPoint")
    publisher = view.things(node, "dct:publisher")
    hvd = "hvd" in tags
    lines = (
        Line(
            "identifier",
            Label("Identifiant", "Identifier"),
            "read" if identifier else "missing",
            identifier,
            fix=NOTHING
            if identifier
            else Label("Donnez un identifiant au jeu.", "Give the dataset an identifier."),
        ),
        _text("title", Label("Titre", "Title"), title, TITLE),
        _text("description", Label("Description", "Description"), description, DESCRIPTION),
        licence_line,
        frequency_line,
        temporal,
        spatial,
        modified_line,
        Line(
            "tags",
            Label("Mots-clés", "Keywords"),
            "read" if tags else "missing",
            ", ".join(tags),
            Label(
                "Les textes de dcat:keyword et les libellés des thèmes.",
                "The texts of dcat:keyword and the labels of the themes.",
            ),
            NOTHING if tags else Label("Ajoutez quelques mots-clés.", "Add a few keywords."),
        ),
        Line(
            "hvd",
            Label("Forte valeur", "High value"),
            "read" if hvd else "default",
            "hvd" if hvd else "non",
            Label(
                "Par dcat:theme seulement ; dcatap:hvdCategory n’est jamais lu.",
                "By dcat:theme only; dcatap:hvdCategory is never read.",
            ),
        ),
        Line(
            "contact",
            Label("Contact", "Contact"),
            "read" if contact else "missing",
            _contact(view, contact),
            Label("vcard:fn, vcard:hasEmail, vcard:hasURL.", "vcard:fn, vcard:hasEmail, vcard:hasURL."),
            NOTHING if contact else Label("Indiquez à qui écrire.", "Say whom to write to."),
        ),
        Line(
            "publisher",
            Label("Producteur", "Publisher"),
            "read" if publisher else "missing",
            view.text(publisher[0], "foaf:name") if publisher else "",
        ),
    )
    return Reading(
        refused,
        lines,
        tuple(_resource(view, d) for d in view.things(node, "dcat:distribution")),
        identifier,
        title[:TITLE],
        description[:DESCRIPTION],
        licence.id if licence else "",
        frequency,
        temporal.state == "read",
        spatial.state == "read",
        modified,
        tags,
    )


def _text(name: str, title: Label, text: str, limit: int) -> Line:
    if not text:
        return Line(
            name, title, "missing", fix=Label(f"Donnez : {title.fr.lower()}.", f"Give: {title.en.lower()}.")
        )
    if len(text) > limit:
        return Line(
            name,
            title,
            "cut",
            text[:limit],
            Label(f"Coupé à {limit} caractères.", f"Cut at {limit} characters."),
            Label("Raccourcissez ce texte.", "Shorten this text."),
        )
    return Line(name, title, "read", text)


def _licence(view: View, node: Node) -> tuple[Licence | None, Line]:
    """By dct:license, then dct:rights, then what all distributions say alike."""
    tried: list[str] = []
    for predicate in ("dct:license", "dct:rights"):
        for name_or_address in (*view.addresses(node, predicate), *view.texts(node, predicate)):
            licence = licence_of(name_or_address)
            if licence:
                return licence, Line(
                    "license",
                    Label("Licence", "Licence"),
                    "read",
                    licence.title,
                    Label(f"Reconnue par {predicate}.", f"Recognised by {predicate}."),
                )
            tried.append(name_or_address)
    distributions = view.things(node, "dcat:distribution")
    each = {
        next(
            (f for p in ("dct:license", "dct:rights") for s in view.addresses(d, p) if (f := licence_of(s))),
            None,
        )
        for d in distributions
    }
    if len(each) == 1 and (only := each.pop()) is not None:
        return only, Line(
            "license",
            Label("Licence", "Licence"),
            "read",
            only.title,
            Label(
                "Reconnue par les distributions, toutes d’accord.",
                "Recognised by the distributions, which all agree.",
            ),
        )
    if tried:
        why = Label(
            "Aucune licence connue n’a cette adresse ni ce nom.", "No known licence has this address or name."
        )
        return None, Line(
            "license",
            Label("Licence", "Licence"),
            "lost",
            tried[0],
            why,
            Label(
                "Choisissez la Licence Ouverte 2.0 ou l’ODbL.", "Choose the Licence Ouverte 2.0 or the ODbL."
            ),
        )
    return None, Line(
        "license",
        Label("Licence", "Licence"),
        "missing",
        fix=Label(
            "Choisissez la Licence Ouverte 2.0 ou l’ODbL.", "Choose the Licence Ouverte 2.0 or the ODbL."
        ),
    )


def licence_of(name_or_address: str) -> Licence | None:
    """The licence that a text or an address names: by address, identifier or title, forgiving two letters.

    >>> [known.id if (known := licence_of(s)) else None for s in ("lov2", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", "inconnue")]
    ['lov2', 'lov2', None]
    """
    plain = name_or_address.strip().rstrip("/").lower()
    if not plain:
        return None
    for known in vocabularies.LICENCES.values():
        names = (known.url.rstrip("/").lower(), known.id, known.title.lower())
        if plain in names or any(
            _distance(plain, n) <= 2 for n in names[1:] if abs(len(n) - len(plain)) <= 2 and len(n) > 6
        ):
            return known
    return None


def _distance(one: str, other: str) -> int:
    """Letters to change, add or drop (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


def _frequency(view: View, node: Node) -> tuple[str, Line]:
    """The frequency by its name there, and the line of the account that says where it comes from."""
    authority = view.address(node, "dct:accrualPeriodicity")
    code = authority.removeprefix(vocabularies.AUTHORITY + "frequency/")
    name = next((n for n, f in vocabularies.FREQUENCIES.items() if f.code == code), "")
    fix = Label("Annoncez la fréquence de mise à jour.", "Announce how often it is updated.")
    if not authority:
        return "unknown", Line("frequency", Label("Fréquence", "Frequency"), "missing", fix=fix)
    if not name:
        return "unknown", Line(
            "frequency",
            Label("Fréquence", "Frequency"),
            "lost",
            authority,
            Label("Ce code n’est pas une fréquence connue.", "This code is no known frequency."),
            fix,
        )
    label = vocabularies.FREQUENCIES[name].label
    if name == "unknown":
        return name, Line(
            "frequency",
            Label("Fréquence", "Frequency"),
            "default",
            label,
            Label("« Inconnue » compte comme absente.", "“Unknown” counts as absent."),
            fix,
        )
    return name, Line("frequency", Label("Fréquence", "Frequency"), "read", label)


def _temporal(view: View, node: Node) -> Line:
    for period in view.things(node, "dct:temporal"):
        ends = [
            view.text(period, f"dcat:{end}") or view.text(period, f"schema:{end}")
            for end in ("startDate", "endDate")
        ]
        if any(ends):
            return Line("temporal", Label("Période", "Period"), "read", " – ".join(e or "…" for e in ends))
    for stated in view.texts(node, "dct:temporal"):
        if re.fullmatch(r"\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?", stated):
            return Line("temporal", Label("Période", "Period"), "read", stated)
        return Line(
            "temporal",
            Label("Période", "Period"),
            "lost",
            stated,
            Label(
                "Ni une période a/b, ni une année, ni un mois.",
                "Neither a period a/b, nor a year, nor a month.",
            ),
            Label("Écrivez deux dates.", "Write two dates."),
        )
    return Line(
        "temporal",
        Label("Période", "Period"),
        "missing",
        fix=Label("Indiquez la période que couvrent les données.", "Say which period the data cover."),
    )


_AREA = re.compile(
    r"(?s)\s*(?:(?:<[^>]*>\s*|SRID=\d+;\s*)?(?:MULTI)?POLYGON\s*\(.*\)"  # WKT
    r'|\{.*"type"\s*:\s*"(?:Multi)?Polygon".*\}'  # GeoJSON
    r"|-?[\d.]+(?:\s*,\s*-?[\d.]+){3})\s*"  # w,s,e,n
)


def _spatial(view: View, node: Node) -> Line:
    """A literal of an area, in WKT, GeoJSON or four numbers, under any predicate of the place."""
    for place in view.things(node, "dct:spatial"):
        name = view.text(place, "skos:prefLabel")
        for predicate, _ in place.properties:
            if any(_AREA.fullmatch(t) for t in view.texts(place, predicate)):
                return Line(
                    "spatial",
                    Label("Territoire", "Area"),
                    "read",
                    name or "emprise",
                    Label(f"Lu dans {predicate}.", f"Read in {predicate}."),
                )
        why = Label(
            "Un nom de lieu seul n’est pas lu : il faut une emprise.",
            "The name of a place alone is not read: an extent is needed.",
        )
        return Line(
            "spatial",
            Label("Territoire", "Area"),
            "lost",
            name,
            why,
            Label("Indiquez l’emprise de la ville ([city] bbox).", "Give the city’s extent ([city] bbox)."),
        )
    return Line(
        "spatial",
        Label("Territoire", "Area"),
        "missing",
        fix=Label("Indiquez l’emprise de la ville ([city] bbox).", "Give the city’s extent ([city] bbox)."),
    )


def _modified(view: View, node: Node, now: datetime) -> tuple[datetime | None, Line]:
    """The date of the last change, None when there is none that counts, and the line that says why."""
    stated = view.text(node, "dct:modified")
    try:
        at = datetime.fromisoformat(stated) if stated else None
    except ValueError:
        return None, Line(
            "modified",
            Label("Mise à jour", "Updated"),
            "lost",
            stated,
            Label("Cette date ne se lit pas.", "This date can’t be read."),
        )
    if at is None:
        return None, Line("modified", Label("Mise à jour", "Updated"), "missing")
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now:
        return None, Line(
            "modified",
            Label("Mise à jour", "Updated"),
            "lost",
            stated,
            Label("Une date future est refusée.", "A date in the future is refused."),
            Label("Vérifiez l’horloge du serveur.", "Check the clock of the server."),
        )
    return at, Line("modified", Label("Mise à jour", "Updated"), "read", stated)


def _tags(view: View, node: Node) -> tuple[str, ...]:
    """Keywords that are literals, French labels of themes, and `hvd` for a theme of high value."""
    themes = view.things(node, "dcat:theme")
    labels = [t for theme in themes for t in view.texts(theme, "skos:prefLabel")[:1]]
    high = ["hvd"] if any(a.startswith(vocabularies.HVD) for a in view.addresses(node, "dcat:theme")) else []
    return tuple(dict.fromkeys((*view.texts(node, "dcat:keyword"), *labels, *high)))


def _contact(view: View, contacts: Sequence[Node]) -> str:
    if not contacts:
        return ""
    first = contacts[0]
    parts = (
        view.text(first, "vcard:fn"),
        view.address(first, "vcard:hasEmail").removeprefix("mailto:"),
        view.address(first, "vcard:hasURL"),
    )
    return ", ".join(p for p in parts if p)


_FORMAT_OF: Mapping[str, str] = {
    f.code: f.extension for f in reversed(tuple(vocabularies.FORMATS.values())) if f.code
}
"""Code of the file-type table to the name there; the first of our formats of a code wins."""


def _resource(view: View, d: Node) -> AcceptedResource:
    """A distribution: downloadURL goes before accessURL; without either it is dropped."""
    url = view.address(d, "dcat:downloadURL") or view.address(d, "dcat:accessURL")
    code = view.address(d, "dct:format").rpartition("/")[2]
    media = view.address(d, "dcat:mediaType").removeprefix(vocabularies.IANA)
    form = (
        _FORMAT_OF.get(code)
        or next((f.extension for f in vocabularies.FORMATS.values() if f.media_type == media), "")
        or code.lower()
    )
    title = view.text(d, "dct:title")
    size = view.text(d, "dcat:byteSize")
    return AcceptedResource(
        title or url.rpartition("/")[2],
        url,
        form,
        "api" if view.addresses(d, "dcat:accessService") else "main",
        view.text(d, "dct:description"),
        view.address(d, "dct:conformsTo"),
        int(size) if size.isdecimal() else None,
        NOTHING if url else LOST,
    )
