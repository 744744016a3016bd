"""The metadata quality of data.europa.eu (MQA): 23 indicators in 5 dimensions, 405 points. Pure: a graph in,
points and fixes out.

A catalogue's score is the sum, over the indicators, of points times the share of items (datasets or
distributions) that satisfy; « from a vocabulary » looks at format and media type apart. Of one dataset, only
its best distribution counts for interoperability. Links are asked for real or said not to be checked: points
that nobody looked at are neither given nor lost, so a score has a low and a high end.

Source: methodology of data.europa.eu/mqa, as facts. The lists of non-proprietary and machine-readable formats
are ours: the public one of « machine-readable » holds every file type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from parvis.catalogue import vocabularies
from parvis.catalogue.graph_walk import View
from parvis.catalogue.rdf import Graph, Node
from parvis.catalogue.vocabularies import Label

Dimension = Literal["findability", "accessibility", "interoperability", "reusability", "contextuality"]
Band = Literal["excellent", "good", "sufficient", "bad"]

BANDS: Mapping[Band, int] = {"excellent": 351, "good": 221, "sufficient": 121, "bad": 0}
"""The fewest points of each."""

NON_PROPRIETARY = frozenset({
    "CSV", "TSV", "JSON", "JSON_LD", "GEOJSON", "XML", "GML", "KML", "KMZ", "GPX", "GTFS", "ICS", "ODS", "ODT", "RSS", "ATOM", "TXT", "HTML", "PDF", "GPKG",
    "NETCDF", "RDF", "RDF_TURTLE", "RDF_XML", "RDF_N_TRIPLES", "N3", "PARQUET", "SVG", "PNG", "WFS_SRVC", "WMS_SRVC", "ZIP", "GZIP",
})  # fmt: skip
"""Codes of the file-type table for formats that nobody owns."""

MACHINE_READABLE = frozenset({
    "CSV", "TSV", "JSON", "JSON_LD", "GEOJSON", "XML", "GML", "KML", "KMZ", "GPX", "GTFS", "ICS", "ODS", "XLS", "XLSX", "RSS", "ATOM", "GPKG", "SHP", "NETCDF",
    "RDF", "RDF_TURTLE", "RDF_XML", "RDF_N_TRIPLES", "N3", "PARQUET", "WFS_SRVC", "MDB", "DBF",
})  # fmt: skip
"""Codes for formats that a program reads as data, not as a page."""

Answers = Mapping[str, bool]
"""Address to whether it answered 2xx or 3xx when it was last asked."""

Tries = tuple[bool | None, ...]
"""Did each thing looked at satisfy? None: nobody looked."""


@dataclass(frozen=True, slots=True)
class Look:
    """One item under an indicator: a dataset or a distribution in its graph, what links answered, the media
    types that count.
    """

    view: View
    node: Node
    answers: Answers


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the 23. met: what the item satisfies. fix: what to do where it does not."""

    name: str
    title: Label
    dimension: Dimension
    points: int
    of: Literal["dataset", "distribution"]
    met: Callable[[Look], Tries]
    fix: Label


@dataclass(frozen=True, slots=True)
class Tally:
    """How many datasets or distributions satisfy an indicator, of how many; unknown ones are part of `of`."""

    met: int
    of: int
    unknown: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.met + other.met, self.of + other.of, self.unknown + other.unknown)

    @property
    def low(self) -> float:
        """Share that is sure, from 0 to 1; 0 of nothing."""
        return self.met / self.of if self.of else 0.0

    @property
    def high(self) -> float:
        """Share if all that was not checked were right."""
        return (self.met + self.unknown) / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """An indicator with its tally. gain: points to win by mending all."""

    indicator: Indicator
    tally: Tally

    @property
    def low(self) -> float:
        return self.indicator.points * self.tally.low

    @property
    def high(self) -> float:
        return self.indicator.points * self.tally.high

    @property
    def gain(self) -> float:
        return self.indicator.points - self.high


@dataclass(frozen=True, slots=True)
class Mqa:
    """All indicators of a dataset or a catalogue. low: points that are sure; high: if all that was not
    checked were right.
    """

    scored: tuple[Scored, ...]

    @property
    def low(self) -> float:
        return sum(s.low for s in self.scored)

    @property
    def high(self) -> float:
        return sum(s.high for s in self.scored)

    @property
    def fixes(self) -> tuple[Scored, ...]:
        """What is to mend, the most points first."""
        return tuple(sorted((s for s in self.scored if s.gain > 1e-9), key=lambda s: -s.gain))

    @property
    def unchecked(self) -> tuple[Scored, ...]:
        """How many were not checked."""
        return tuple(s for s in self.scored if s.tally.unknown)

    def dimension(self, name: Dimension) -> float:
        """Points of one dimension that are sure."""
        return sum(s.low for s in self.scored if s.indicator.dimension == name)


def band(points: float) -> Band:
    """The word for a score. A score is a whole number for this: what lies between two bands is in the lower one.

    >>> [band(p) for p in (405, 351, 350.9, 221, 120.5, 0)]
    ['excellent', 'excellent', 'good', 'good', 'bad', 'bad']
    """
    for name, least in BANDS.items():
        if points >= least:
            return name
    return "bad"


def _has_property(predicate: str) -> Callable[[Look], Tries]:
    """Something is said by the predicate."""
    return lambda look: (bool(look.view.objects(look.node, predicate)),)


def _code(look: Look) -> str:
    """Code of the file type, "" when it is not one of the table."""
    file_type = look.view.address(look.node, "dct:format")
    table = vocabularies.AUTHORITY + "file-type/"
    return file_type.removeprefix(table) if file_type.startswith(table) else ""


def _answers(predicate: str) -> Callable[[Look], Tries]:
    """The address answers; an absent one does not."""

    def met(look: Look) -> Tries:
        address = look.view.address(look.node, predicate)
        return (look.answers.get(address) if address else False,)

    return met


def _vocabulary(look: Look) -> Tries:
    return bool(_code(look)), look.view.address(look.node, "dcat:mediaType").startswith(vocabularies.IANA)


def _in(codes: frozenset[str]) -> Callable[[Look], Tries]:
    return lambda look: (_code(look) in codes or _of_media(look) in codes,)


def _of_media(look: Look) -> str:
    """The file type by the media type alone, for a format that the table of codes lacks."""
    media = look.view.address(look.node, "dcat:mediaType").removeprefix(vocabularies.IANA)
    return "PARQUET" if media == "application/vnd.apache.parquet" else ""


def _from(predicate: str, start: str) -> Callable[[Look], Tries]:
    return lambda look: (look.view.address(look.node, predicate).startswith(start),)


def faults(view: View, dataset: Node) -> tuple[str, ...]:
    """What DCAT-AP 3.0.1 makes mandatory and a dataset with its distributions lacks, as `property: fault`;
    empty when it complies.
    """
    faults_found: list[str] = [
        f"{p}: manque" for p in ("dct:title", "dct:description") if not view.text(dataset, p)
    ]
    faults_found += (
        f"{p}: un texte au lieu d’une adresse"
        for p in ("dcat:theme", "dct:accrualPeriodicity", "dcat:distribution")
        if view.texts(dataset, p)
    )
    faults_found += (
        f"{p}: plusieurs valeurs"
        for p in ("dct:publisher", "dct:accrualPeriodicity", "dct:accessRights")
        if len(view.objects(dataset, p)) > 1
    )
    faults_found += (
        "dct:publisher: sans foaf:name"
        for p in view.things(dataset, "dct:publisher")
        if not view.text(p, "foaf:name")
    )
    for d in view.things(dataset, "dcat:distribution"):
        if not view.addresses(d, "dcat:accessURL"):
            faults_found.append("dcat:accessURL: manque, ou n’est pas une adresse")
        faults_found += (
            f"{p}: un texte au lieu d’une adresse"
            for p in ("dct:format", "dcat:mediaType", "dct:license", "dcat:downloadURL")
            if view.texts(d, p)
        )
        faults_found += (
            f"{p}: plusieurs valeurs"
            for p in ("dct:format", "dcat:mediaType", "dct:license", "dcat:byteSize")
            if len(view.objects(d, p)) > 1
        )
    return tuple(faults_found)


_SET = vocabularies.AUTHORITY
INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "keyword",
        Label("Mots-clés", "Keywords"),
        "findability",
        30,
        "dataset",
        _has_property("dcat:keyword"),
        Label("Ajoutez quelques mots-clés.", "Add a few keywords."),
    ),
    Indicator(
        "theme",
        Label("Thèmes", "Themes"),
        "findability",
        30,
        "dataset",
        _has_property("dcat:theme"),
        Label("Choisissez un thème européen.", "Choose a European theme."),
    ),
    Indicator(
        "spatial",
        Label("Territoire", "Area"),
        "findability",
        20,
        "dataset",
        _has_property("dct:spatial"),
        Label("Indiquez l’emprise de la ville ([city] bbox).", "Give the city’s extent ([city] bbox)."),
    ),
    Indicator(
        "temporal",
        Label("Période", "Period"),
        "findability",
        20,
        "dataset",
        _has_property("dct:temporal"),
        Label("Indiquez la période que couvrent les données.", "Say which period the data cover."),
    ),
    Indicator(
        "access_url_answers",
        Label("Page qui répond", "Page that answers"),
        "accessibility",
        50,
        "distribution",
        _answers("dcat:accessURL"),
        Label("Rétablissez les pages qui ne répondent plus.", "Restore the pages that no longer answer."),
    ),
    Indicator(
        "download_url",
        Label("Téléchargement donné", "Download given"),
        "accessibility",
        20,
        "distribution",
        _has_property("dcat:downloadURL"),
        Label("Donnez l’adresse du fichier.", "Give the file’s address."),
    ),
    Indicator(
        "download_url_answers",
        Label("Téléchargement qui répond", "Download that answers"),
        "accessibility",
        30,
        "distribution",
        _answers("dcat:downloadURL"),
        Label(
            "Rétablissez les téléchargements qui ne répondent plus.",
            "Restore the downloads that no longer answer.",
        ),
    ),
    Indicator(
        "format",
        Label("Format", "Format"),
        "interoperability",
        20,
        "distribution",
        _has_property("dct:format"),
        Label(
            "Dites le format ; Parquet et GPX n’ont pas de code européen.",
            "Name the format; Parquet and GPX have no European code.",
        ),
    ),
    Indicator(
        "media_type",
        Label("Type de média", "Media type"),
        "interoperability",
        10,
        "distribution",
        _has_property("dcat:mediaType"),
        Label("Proposez un format dont l’IANA connaît le type.", "Offer a format whose type IANA registers."),
    ),
    Indicator(
        "vocabulary",
        Label("Format et type de média d’un vocabulaire", "Format and media type from a vocabulary"),
        "interoperability",
        10,
        "distribution",
        _vocabulary,
        Label("Employez les codes européens et de l’IANA.", "Use the European and IANA codes."),
    ),
    Indicator(
        "non_proprietary",
        Label("Format non propriétaire", "Non-proprietary format"),
        "interoperability",
        20,
        "distribution",
        _in(NON_PROPRIETARY),
        Label("Proposez un format que personne ne possède : CSV.", "Offer a format that nobody owns: CSV."),
    ),
    Indicator(
        "machine_readable",
        Label("Lisible par une machine", "Machine-readable"),
        "interoperability",
        20,
        "distribution",
        _in(MACHINE_READABLE),
        Label("Proposez des données plutôt qu’un document.", "Offer data rather than a document."),
    ),
    Indicator(
        "dcat_ap",
        Label("Conforme à DCAT-AP", "Complies with DCAT-AP"),
        "interoperability",
        30,
        "dataset",
        lambda look: (not faults(look.view, look.node),),
        Label("Complétez ce que DCAT-AP rend obligatoire.", "Fill in what DCAT-AP makes mandatory."),
    ),
    Indicator(
        "license",
        Label("Licence", "Licence"),
        "reusability",
        20,
        "distribution",
        _has_property("dct:license"),
        Label("Choisissez une licence.", "Choose a licence."),
    ),
    Indicator(
        "license_vocabulary",
        Label("Licence d’un vocabulaire", "Licence from a vocabulary"),
        "reusability",
        10,
        "distribution",
        _from("dct:license", _SET + "licence/"),
        Label("Choisissez une licence connue de l’Union.", "Choose a licence that the Union knows."),
    ),
    Indicator(
        "access_rights",
        Label("Droits d’accès", "Access rights"),
        "reusability",
        10,
        "dataset",
        _has_property("dct:accessRights"),
        Label("Dites si l’accès est ouvert ou restreint.", "Say whether access is open or restricted."),
    ),
    Indicator(
        "access_rights_vocabulary",
        Label("Droits d’un vocabulaire", "Access rights from a vocabulary"),
        "reusability",
        5,
        "dataset",
        _from("dct:accessRights", _SET + "access-right/"),
        Label("Employez le code européen.", "Use the European code."),
    ),
    Indicator(
        "contact_point",
        Label("Contact", "Contact"),
        "reusability",
        20,
        "dataset",
        _has_property("dcat:contactPoint"),
        Label("Indiquez à qui écrire.", "Say whom to write to."),
    ),
    Indicator(
        "publisher",
        Label("Producteur", "Publisher"),
        "reusability",
        10,
        "dataset",
        _has_property("dct:publisher"),
        Label("Rattachez le jeu à une organisation.", "Attach the dataset to an organisation."),
    ),
    Indicator(
        "rights",
        Label("Mention de droits", "Rights statement"),
        "contextuality",
        5,
        "distribution",
        _has_property("dct:rights"),
        Label(
            "Choisissez une licence : sa page tient lieu de mention.",
            "Choose a licence: its page serves as the statement.",
        ),
    ),
    Indicator(
        "byte_size",
        Label("Taille", "Size"),
        "contextuality",
        5,
        "distribution",
        _has_property("dcat:byteSize"),
        Label(
            "La taille se connaît au premier export de chaque format.",
            "The size is known once each format was exported.",
        ),
    ),
    Indicator(
        "issued",
        Label("Date de publication", "Date of issue"),
        "contextuality",
        5,
        "dataset",
        _has_property("dct:issued"),
        Label("Publiez une version.", "Publish a version."),
    ),
    Indicator(
        "modified",
        Label("Date de mise à jour", "Date of update"),
        "contextuality",
        5,
        "dataset",
        _has_property("dct:modified"),
        Label("Publiez une version.", "Publish a version."),
    ),
)
"""The 23 indicators; their points make 405."""


def tallies(graph: Graph, dataset: str, answers: Answers) -> Mapping[str, Tally]:
    """What a dataset and all its distributions satisfy, by indicator. Raises KeyError when the graph does not
    describe the dataset.
    """
    view, node, distributions = _parts(graph, dataset)
    looks = {
        "dataset": [Look(view, node, answers)],
        "distribution": [Look(view, d, answers) for d in distributions],
    }
    return {i.name: _tally(t for look in looks[i.of] for t in i.met(look)) for i in INDICATORS}


def of_dataset(graph: Graph, dataset: str, answers: Answers) -> Mqa:
    """The score of one dataset: of its distributions, the best alone counts for interoperability. Raises
    KeyError.
    """
    view, _, distributions = _parts(graph, dataset)
    counted = dict(tallies(graph, dataset, answers))
    inner = [i for i in INDICATORS if i.dimension == "interoperability" and i.of == "distribution"]
    looks = [Look(view, d, answers) for d in distributions]
    best = max(looks, key=lambda look: sum(i.points * _tally(i.met(look)).low for i in inner), default=None)
    counted |= {i.name: _tally(i.met(best)) for i in inner if best is not None}
    return Mqa(tuple(Scored(i, counted[i.name]) for i in INDICATORS))


def of_catalogue(counted: Sequence[Mapping[str, Tally]]) -> Mqa:
    """The score of a catalogue, from the tallies of its datasets: shares over all datasets and all
    distributions.
    """
    return Mqa(tuple(Scored(i, sum((c[i.name] for c in counted), Tally(0, 0))) for i in INDICATORS))


def addresses(graph: Graph, dataset: str) -> tuple[str, ...]:
    """The addresses of a dataset that the score wants asked, each once."""
    view, _, distributions = _parts(graph, dataset)
    return tuple(
        dict.fromkeys(
            a
            for d in distributions
            for p in ("dcat:accessURL", "dcat:downloadURL")
            for a in view.addresses(d, p)
        )
    )


def _parts(graph: Graph, dataset: str) -> tuple[View, Node, tuple[Node, ...]]:
    """The graph as a view, the node of the dataset in it, and its distributions."""
    view = View(graph)
    node = next((n for n in view.of_kind("dcat:Dataset") if n.iri == dataset), None)
    if node is None:
        raise KeyError(dataset)
    return view, node, view.things(node, "dcat:distribution")


def _tally(tries: Iterable[bool | None]) -> Tally:
    seen = list(tries)
    return Tally(sum(t is True for t in seen), len(seen), sum(t is None for t in seen))
