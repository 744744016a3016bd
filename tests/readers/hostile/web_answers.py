"""What interfaces on the web answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.readers.hostile.case import Case
from tests.readers.hostile.maps import HERE, METRES, POINT
from tests.readers.hostile.trees import NAMES, TYPES
from tests.readers.hostile.trees import ROWS as RECORDS


def answers() -> Iterator[Case]:
    """What interfaces on the web answer."""

    def whole(name: str, value: object, **more: Any) -> Case:
        truth: dict[str, Any] = {"format": "json", "rows": 20, "names": NAMES, "types": TYPES}
        return Case(
            name, value if isinstance(value, bytes) else json.dumps(value).encode(), **{**truth, **more}
        )

    yield whole(
        "CKAN",
        {
            "help": "h",
            "success": True,
            "result": {"fields": [{"id": n, "type": "text"} for n in NAMES], "records": RECORDS, "total": 20},
        },
    )
    yield whole("OData", {"@odata.context": "c", "value": RECORDS})
    yield whole(
        "Elasticsearch",
        {
            "took": 1,
            "hits": {"total": 20, "hits": [{"_id": str(n), "_source": r} for n, r in enumerate(RECORDS)]},
        },
        names=(),
        types=(),
    )
    yield whole(
        "JSON:API",
        {
            "data": [{"type": "lieu", "id": str(n), "attributes": r} for n, r in enumerate(RECORDS)],
            "links": {},
        },
        names=(),
        types=(),
    )
    arcgis = {
        "objectIdFieldName": "OBJECTID",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 102110, "latestWkid": 2154},
        "fields": [{"name": "nom", "type": "esriFieldTypeString"}],
        "features": [
            {"attributes": {"nom": f"Église {n}"}, "geometry": {"x": METRES[0], "y": METRES[1]}}
            for n in range(20)
        ],
    }
    yield whole("ArcGIS", arcgis, names=(), types=(), geometry="point", place=HERE)
    yield whole(
        "Socrata",
        {
            "meta": {"view": {"columns": [{"name": n} for n in NAMES]}},
            "data": [[r[n] for n in NAMES] for r in RECORDS],
        },
        names=(),
        types=(),
    )
    yield whole(
        "GeoJSON below « data »",
        {
            "data": {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": r, "geometry": POINT} for r in RECORDS],
            }
        },
        names=(),
        types=(),
    )
    yield whole("plain values", [1, 2, 3], rows=3, names=(), types=("integer",))
    yield whole("JSONP", f"retour({json.dumps(RECORDS)});".encode())
    yield whole(
        "objects one after the other",
        "\n".join(json.dumps(r, indent=1) for r in RECORDS).encode(),
        format="jsonl",
    )
    yield whole(
        "a sequence with its marks",
        "".join("\x1e" + json.dumps(r) + "\n" for r in RECORDS).encode(),
        format="jsonl",
    )
    yield whole(
        "lines in utf-16", "".join(json.dumps(r) + "\n" for r in RECORDS).encode("utf-16"), format="jsonl"
    )
    yield whole(
        "a number that is sometimes text",
        [{"n": 1}, {"n": "2"}, {"n": None}, {"n": "3,5"}],
        rows=4,
        names=("n",),
        types=(),
    )
    yield whole(
        "lists of objects in records",
        [{"id": n, "lignes": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]} for n in range(20)],
        names=("id", "lignes"),
        types=(),
    )
    yield whole("names with dots and blanks", [{"a.b": 1, "c d": 2, "": 3}] * 20, names=(), types=())
    yield whole(
        "two lists of one size", {"lieux": RECORDS[:10], "agents": RECORDS[:10]}, rows=10, names=(), types=()
    )
    yield whole(
        "Infinity and NaN",
        b'[{"n": NaN, "m": -Infinity}, {"n": 1.5, "m": 2}]',
        rows=2,
        names=("n", "m"),
        types=("number", "integer"),
    )
    rss = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Ville</title>'
        + "".join(
            f"<item><title>Avis {n}</title><link>https://exemple.fr/{n}</link><pubDate>Mon, 25 Mar 2024 10:30:00 GMT</pubDate></item>"
            for n in range(20)
        )
        + "</channel></rss>"
    )
    yield Case(
        "RSS",
        rss.encode(),
        "xml",
        rows=20,
        names=("title", "link", "pubDate"),
        types=("text", "text", "datetime"),
    )
    soap = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body><r:reponse xmlns:r="urn:r"><r:statut>0</r:statut><r:lieux>'
        + "".join(f"<r:lieu><r:code>{n:05d}</r:code><r:n>{n}</r:n></r:lieu>" for n in range(20))
        + "</r:lieux></r:reponse></soap:Body></soap:Envelope>"
    )
    yield Case("SOAP", soap.encode(), "xml", rows=20, names=("code", "n"), types=("text", "integer"))
    osm = (
        '<osm version="0.6">'
        + "".join(
            f'<node id="{n}" lat="{HERE[1]}" lon="{HERE[0]}"><tag k="amenity" v="bench"/><tag k="name" v="Banc {n}"/></node>'
            for n in range(20)
        )
        + "</osm>"
    )
    yield Case("OpenStreetMap", osm.encode(), "xml", rows=20, geometry="point", place=HERE)
    missing = (
        "<l>" + "".join(f"<i><a>{n}</a>{'<b>x</b>' if n % 2 else ''}<c/></i>" for n in range(20)) + "</l>"
    )
    yield Case("children that come and go", missing.encode(), "xml", rows=20, names=("a", "c", "b"))
    tags = "<l>" + "".join(f"<i><a>{n}</a><mot>x</mot><mot>y</mot></i>" for n in range(20)) + "</l>"
    yield Case("children that come twice", tags.encode(), "xml", rows=20, names=("a", "mot"))


FAMILIES = {"answers": answers}
