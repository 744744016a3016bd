"""A dataset as schema.org JSON-LD, for the engines that read pages. Pure."""

from __future__ import annotations

import json

from parvis.catalogue import vocabularies
from parvis.catalogue.entries import Catalogue, Entry, Offer
from parvis.core.types import Json

LONGEST = 5000
"""Characters of a description that engines accept."""

SHORTEST = 50
"""Fewer, and they ignore the dataset."""


def dataset(catalogue: Catalogue, entry: Entry) -> dict[str, Json]:
    """What schema.org says of a dataset; keys that have nothing to say are left out."""
    d, links = entry.dataset, catalogue.links
    licence = vocabularies.LICENCES.get(d.licence)
    address = entry.organisation.url or links.organisation(entry.organisation.id)
    publisher: dict[str, Json] = {"@type": "Organization", "name": entry.organisation.name, "url": address}
    document: dict[str, Json] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": entry.url,
        "url": entry.url,
        "identifier": d.id,
        "name": d.title,
        "description": _described(catalogue, entry),
        "inLanguage": d.language,
        "isAccessibleForFree": True,
        "license": licence.url if licence else vocabularies.authority("licence", d.licence),
        "creator": publisher,
        "publisher": publisher,
        "keywords": [*d.keywords],
        "dateModified": entry.modified.isoformat(),
        "datePublished": entry.issued.isoformat(),
        "includedInDataCatalog": {"@type": "DataCatalog", "name": catalogue.title, "url": links.home},
        "variableMeasured": [c.title or c.name for c in entry.columns],
        "distribution": [_download(i.resource.title or d.title, o) for i in entry.items for o in i.offers],
    }
    if d.temporal is not None and any(d.temporal):
        start, end = d.temporal
        document["temporalCoverage"] = (
            f"{start.isoformat() if start else '..'}/{end.isoformat() if end else '..'}"
        )
    if catalogue.territory or catalogue.box:
        place: dict[str, Json] = {"@type": "Place"}
        if catalogue.territory:
            place["name"] = catalogue.territory
        if catalogue.box:
            west, south, east, north = catalogue.box
            # schema.org writes a box as latitude longitude, corner by corner.
            place["geo"] = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
        document["spatialCoverage"] = place
    if d.derived_from:
        document["isBasedOn"] = [links.dataset(s) for s in sorted(set(d.derived_from))]
    return {key: value for key, value in document.items() if value not in ("", [], None)}


def _download(title: str, offer: Offer) -> dict[str, Json]:
    document: dict[str, Json] = {
        "@type": "DataDownload",
        "name": f"{title} ({offer.label})",
        "contentUrl": offer.url,
        "encodingFormat": vocabularies.FORMATS[offer.format].media_type,
    }
    return document if offer.bytes is None else document | {"contentSize": f"{offer.bytes} B"}


def _described(catalogue: Catalogue, entry: Entry) -> str:
    d = entry.dataset
    sentence = " ".join(d.description.split()) or d.title
    if len(sentence) < SHORTEST:
        sentence = f"{sentence.rstrip('.')}. Jeu de données publié par {entry.organisation.name} dans le catalogue « {catalogue.title} »."
    return sentence if len(sentence) <= LONGEST else sentence[: LONGEST - 1] + "…"


def script(catalogue: Catalogue, entry: Entry) -> str:
    """The JSON-LD as the content of a `<script type="application/ld+json">`: no text in it can end the
    element or open another.
    """
    json_text = json.dumps(dataset(catalogue, entry), ensure_ascii=False)
    return (
        json_text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
