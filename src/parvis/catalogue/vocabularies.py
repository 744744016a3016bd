"""Codes of the EU authority tables and of data.gouv.fr that a catalogue needs, with French and English labels
of our own.

Sources: the authority tables of the Publications Office (publications.europa.eu/resource/authority),
Regulation (EU) 2023/138 for high-value datasets, the IANA register of media types, and the update frequencies
of data.gouv.fr. Facts only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

AUTHORITY = "http://publications.europa.eu/resource/authority/"
"""Start of every IRI of the EU authority tables."""

IANA = "http://www.iana.org/assignments/media-types/"
"""Start of the IRI of a media type."""

HVD_LEGISLATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
"""The implementing regulation on high-value datasets."""

HVD = "http://data.europa.eu/bna/"
"""Start of the IRI of a high-value category."""


@dataclass(frozen=True, slots=True)
class Label:
    """What people read for a code."""

    fr: str
    en: str


THEMES: Mapping[str, Label] = {
    "AGRI": Label("Agriculture, pêche, forêts et alimentation", "Agriculture, fisheries, forestry and food"),
    "ECON": Label("Économie et finances", "Economy and finance"),
    "EDUC": Label("Éducation, culture et sport", "Education, culture and sport"),
    "ENER": Label("Énergie", "Energy"),
    "ENVI": Label("Environnement", "Environment"),
    "GOVE": Label("Institutions et secteur public", "Government and public sector"),
    "HEAL": Label("Santé", "Health"),
    "INTR": Label("Relations internationales", "International issues"),
    "JUST": Label("Justice, droit et sécurité publique", "Justice, legal system and public safety"),
    "REGI": Label("Territoires et villes", "Regions and cities"),
    "SOCI": Label("Population et société", "Population and society"),
    "TECH": Label("Sciences et technologies", "Science and technology"),
    "TRAN": Label("Transports", "Transport"),
}
"""EU data themes (table data-theme)."""


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of reuse."""

    title: str
    """Full title, as national catalogues know it."""
    short: str
    """For a facet or a badge."""
    url: str
    """Page of the licence, by which data.gouv.fr recognises it."""
    id: str
    """Identifier on data.gouv.fr."""


LICENCES: Mapping[str, Licence] = {
    "ETALAB_2_0": Licence(
        "Licence Ouverte / Open Licence version 2.0",
        "Licence Ouverte 2.0",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        "lov2",
    ),
    "ODC_BL": Licence(
        "Open Data Commons Open Database License (ODbL)",
        "ODbL 1.0",
        "http://opendatacommons.org/licenses/odbl/summary/",
        "odc-odbl",
    ),
    "CC_BY_4_0": Licence(
        "Creative Commons Attribution 4.0",
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "cc-by",
    ),
    "CC0": Licence(
        "Creative Commons CC0 1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "cc-zero"
    ),
}
"""Licences that a city may choose (table licence)."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a dataset is updated."""

    code: str
    """Code of the EU table frequency."""
    label: str
    """French, for people."""
    delay: timedelta | None
    """Longest time between two updates; None when nothing is promised."""


def _every(code: str, label: str, **period: float) -> Frequency:
    return Frequency(code, label, timedelta(**period) if period else None)


MONTH = 31
"""Days in a month, as data.gouv.fr counts."""

YEAR = 365
"""Days in a year, as data.gouv.fr counts."""

FREQUENCIES: Mapping[str, Frequency] = {
    "continuous": _every("UPDATE_CONT", "En continu"),
    "oneMinute": _every("1MIN", "Toutes les minutes", minutes=1),
    "fiveMinutes": _every("5MIN", "Toutes les 5 minutes", minutes=5),
    "tenMinutes": _every("10MIN", "Toutes les 10 minutes", minutes=10),
    "fifteenMinutes": _every("15MIN", "Tous les quarts d’heure", minutes=15),
    "thirtyMinutes": _every("30MIN", "Toutes les demi-heures", minutes=30),
    "hourly": _every("HOURLY", "Toutes les heures", hours=1),
    "bihourly": _every("BIHOURLY", "Toutes les 2 heures", hours=2),
    "trihourly": _every("TRIHOURLY", "Toutes les 3 heures", hours=3),
    "twelveHours": _every("12HRS", "Toutes les 12 heures", hours=12),
    "severalTimesADay": _every("CONT", "Plusieurs fois par jour", days=1),
    "threeTimesADay": _every("DAILY_3", "Trois fois par jour", days=1),
    "semidaily": _every("DAILY_2", "Deux fois par jour", days=1),
    "daily": _every("DAILY", "Tous les jours", days=1),
    "fiveTimesAWeek": _every("WEEKLY_5", "Cinq fois par semaine", days=7),
    "threeTimesAWeek": _every("WEEKLY_3", "Trois fois par semaine", days=7),
    "semiweekly": _every("WEEKLY_2", "Deux fois par semaine", days=7),
    "weekly": _every("WEEKLY", "Toutes les semaines", days=7),
    "biweekly": _every("BIWEEKLY", "Toutes les deux semaines", days=14),
    "threeTimesAMonth": _every("MONTHLY_3", "Trois fois par mois", days=MONTH),
    "semimonthly": _every("MONTHLY_2", "Deux fois par mois", days=MONTH),
    "monthly": _every("MONTHLY", "Tous les mois", days=MONTH),
    "bimonthly": _every("BIMONTHLY", "Tous les deux mois", days=2 * MONTH),
    "quarterly": _every("QUARTERLY", "Tous les trimestres", days=3 * MONTH),
    "threeTimesAYear": _every("ANNUAL_3", "Trois fois par an", days=YEAR),
    "semiannual": _every("ANNUAL_2", "Deux fois par an", days=YEAR),
    "annual": _every("ANNUAL", "Tous les ans", days=YEAR),
    "biennial": _every("BIENNIAL", "Tous les 2 ans", days=2 * YEAR),
    "triennial": _every("TRIENNIAL", "Tous les 3 ans", days=3 * YEAR),
    "quadrennial": _every("QUADRENNIAL", "Tous les 4 ans", days=4 * YEAR),
    "quinquennial": _every("QUINQUENNIAL", "Tous les 5 ans", days=5 * YEAR),
    "decennial": _every("DECENNIAL", "Tous les 10 ans", days=10 * YEAR),
    "bidecennial": _every("BIDECENNIAL", "Tous les 20 ans", days=20 * YEAR),
    "tridecennial": _every("TRIDECENNIAL", "Tous les 30 ans", days=30 * YEAR),
    "punctual": _every("AS_NEEDED", "Selon les besoins"),
    "irregular": _every("IRREG", "Irrégulière"),
    "never": _every("NEVER", "Jamais"),
    "notPlanned": _every("NOT_PLANNED", "Non prévue"),
    "other": _every("OTHER", "Autre"),
    "unknown": _every("UNKNOWN", "Inconnue"),
}
"""Update frequencies by their data.gouv.fr name."""

FORMER_FREQUENCIES: Mapping[str, str] = {
    "realtime": "continuous",
    "fourTimesADay": "severalTimesADay",
    "fourTimesAWeek": "other",
    "fortnighly": "biweekly",
    "fortnightly": "biweekly",
    "biannual": "semiannual",
}
"""Names that data.gouv.fr has dropped but that files still bear, and what they became."""


def frequency(name: str) -> Frequency:
    """The frequency of that name, present or former; "unknown" for a name that nobody knows."""
    return FREQUENCIES.get(FORMER_FREQUENCIES.get(name, name)) or FREQUENCIES["unknown"]


DELAYS: Mapping[str, timedelta] = {
    name: delay
    for name in (*FREQUENCIES, *FORMER_FREQUENCIES)
    if (delay := frequency(name).delay) is not None
}
"""Longest time between two updates, by every name that promises one."""

ACCESS: Mapping[str, tuple[str, Label]] = {
    "public": ("PUBLIC", Label("Ouvert à tous", "Public")),
    "restricted": ("RESTRICTED", Label("Accès restreint", "Restricted")),
    "non_public": ("NON_PUBLIC", Label("Non communicable", "Not public")),
}
"""`Dataset.access` to the code of the table access-right, and its label."""

LANGUAGES: Mapping[str, str] = {
    "fr": "FRA", "en": "ENG", "de": "DEU", "es": "SPA", "it": "ITA", "pt": "POR", "nl": "NLD", "br": "BRE", "oc": "OCI", "ca": "CAT", "eu": "EUS",
    "co": "COS", "ar": "ARA", "bg": "BUL", "cs": "CES", "da": "DAN", "el": "ELL", "et": "EST", "fi": "FIN", "ga": "GLE", "hr": "HRV", "hu": "HUN", "ja": "JPN",
    "lb": "LTZ", "lt": "LIT", "lv": "LAV", "mt": "MLT", "pl": "POL", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV", "sv": "SWE", "tr": "TUR", "uk": "UKR",
    "vi": "VIE", "zh": "ZHO",
}  # fmt: skip
"""ISO 639-1 to the code of the table language."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of export or of file."""

    label: str
    """As people name it."""
    code: str
    """Code of the EU table file-type; "" where the table has none (Parquet, GPX in its 2022 edition)."""
    media_type: str
    """As served."""
    extension: str
    registered: bool = True
    """Whether IANA registers the media type: only then may DCAT-AP name it."""
    open: bool = True
    """Whether data.gouv.fr counts it as open."""


FORMATS: Mapping[str, Format] = {
    "csv": Format("CSV", "CSV", "text/csv", "csv"),
    "tsv": Format("TSV", "TSV", "text/tab-separated-values", "tsv"),
    "json": Format("JSON", "JSON", "application/json", "json"),
    "jsonl": Format("JSON Lines", "JSON", "application/x-ndjson", "jsonl", registered=False),
    "geojson": Format("GeoJSON", "GEOJSON", "application/geo+json", "geojson"),
    "parquet": Format("Parquet", "", "application/vnd.apache.parquet", "parquet"),
    "xlsx": Format(
        "Excel",
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        open=False,
    ),
    "ods": Format("ODS", "ODS", "application/vnd.oasis.opendocument.spreadsheet", "ods"),
    "xml": Format("XML", "XML", "application/xml", "xml"),
    "gml": Format("GML", "GML", "application/gml+xml", "gml"),
    "kml": Format("KML", "KML", "application/vnd.google-earth.kml+xml", "kml"),
    "shp": Format("Shapefile", "SHP", "application/zip", "shp.zip"),
    "gpkg": Format("GeoPackage", "GPKG", "application/geopackage+sqlite3", "gpkg"),
    "gpx": Format("GPX", "", "application/gpx+xml", "gpx", registered=False),
    "gtfs": Format("GTFS", "GTFS", "application/zip", "gtfs.zip"),
    "ics": Format("iCalendar", "ICS", "text/calendar", "ics"),
    "rss": Format("RSS", "RSS", "application/rss+xml", "rss", registered=False),
    "atom": Format("Atom", "ATOM", "application/atom+xml", "atom"),
    "pdf": Format("PDF", "PDF", "application/pdf", "pdf", open=False),
    "zip": Format("ZIP", "ZIP", "application/zip", "zip"),
    "jsonld": Format("JSON-LD", "JSON_LD", "application/ld+json", "jsonld"),
    "ttl": Format("Turtle", "RDF_TURTLE", "text/turtle", "ttl"),
    "rdf": Format("RDF/XML", "RDF_XML", "application/rdf+xml", "rdf"),
}
"""Formats by the name that addresses and settings use."""

HVD_CATEGORIES: Mapping[str, Label] = {
    "c_ac64a52d": Label("Géospatial", "Geospatial"),
    "c_dd313021": Label("Observation de la Terre et environnement", "Earth observation and environment"),
    "c_164e0bf5": Label("Météorologie", "Meteorological"),
    "c_e1da4e07": Label("Statistiques", "Statistics"),
    "c_a9135398": Label("Entreprises et propriété d’entreprises", "Companies and company ownership"),
    "c_b79e35eb": Label("Mobilité", "Mobility"),
}
"""Categories of high-value datasets by the last part of their IRI."""

HVD_KEYWORD = "hvd"
"""A dataset is of high value when it bears this keyword and one that names its category (`HVD_KEYWORDS`)."""

HVD_KEYWORDS: Mapping[str, str] = {
    "geospatiales": "c_ac64a52d",
    "geospatial": "c_ac64a52d",
    "observation-de-la-terre-et-environnement": "c_dd313021",
    "meteorologiques": "c_164e0bf5",
    "meteorologie": "c_164e0bf5",
    "statistiques": "c_e1da4e07",
    "entreprises-et-propriete-dentreprises": "c_a9135398",
    "mobilite": "c_b79e35eb",
}
"""Slug of a keyword to the high-value category that it names, beside the keyword `hvd`."""


def authority(table: str, code: str) -> str:
    """IRI of a code in an EU authority table.

    >>> authority("file-type", "CSV")
    'http://publications.europa.eu/resource/authority/file-type/CSV'
    """
    return f"{AUTHORITY}{table}/{code}"
