"""GML, and the answers of WFS services: a table for each type of feature, through GDAL.

The document is walked first (well-formed, no entities, not too deep), then copied into the spool in UTF-8
without the addresses of its schemas, so that GDAL has nothing to fetch; the side file that it writes (.gfs)
lies there too. Sources: OGC 07-036r1 (GML 3.2.2), OGC 09-025r2 (WFS 2.0.2).
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers import xml_text
from parvis.readers.encoding import MEND
from parvis.readers.xml_stream import forget, local, walk

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, read_layers, survey
else:
    Layered = late("parvis.readers.layers", "Layered")
    read_layers = late("parvis.readers.layers", "read_layers")
    survey = late("parvis.readers.layers", "survey")

_SPACES = (b"opengis.net/gml", b"opengis.net/wfs")
_FAILED = frozenset({"exceptionreport", "serviceexceptionreport"})
_SCHEMA = re.compile(r"[sS]chemaLocation(?=\s*=)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_KIND = re.compile(rb"<GeometryType>(\d{1,4})</GeometryType>")
_CURVED = range(8, 15)
"""CircularString to Surface. Source: ISO 19125-1 as ISO/IEC 13249-3 extends it; 1000 to 3000 more with Z and
M.
"""
_BLOCK = 1 << 20


def sniff(head: bytes, path: Path) -> float:
    """A collection of features, or a service's refusal, in the namespaces of the OGC."""
    first = xml_text.root(head)
    plain = head.replace(b"\x00", b"")
    if first in _FAILED and b"opengis.net/" in plain:
        return 0.95
    members = first == "featurecollection" or b"featureMember" in plain
    return 0.95 if first and members and any(space in plain for space in _SPACES) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each type of feature. Raises Unreadable: not well-formed, entities, empty, or the refusal
    of a service.
    """
    text = xml_text.walked(path, workspace, lambda text: _walked(text, workspace.limits))
    workspace.spool.mkdir(parents=True, exist_ok=True)
    place = workspace.spool / "couche.gml"
    _copy(text.path, text.encoding if text.path == path else "utf-8", place)
    _open_to_curves(place)
    tables, issues = read_layers([Layered(place, codec=text.encoding)], workspace)
    return Reading("gml", tables, (*text.issues, *issues))


def _walked(text: xml_text.Text, limits: Limits) -> xml_text.Text:
    """The same, once every tag has been seen."""
    root = ""
    with text.open() as source:
        for event, element in walk(source, limits):
            if event == "start":
                root = root or local(element).lower()
                continue
            if root in _FAILED and element.text and element.text.strip():
                service_error = " ".join(element.text.split())[:150].rstrip(".")
                raise Unreadable(
                    Sentence(
                        "Le fichier est une erreur du service WFS, pas une couche : « {said} ».",
                        said=service_error,
                    ),
                    mend="Corrigez l’adresse demandée au service.",
                )
            forget(element)
    return text


def _open_to_curves(place: Path) -> None:
    """Layers of arcs are declared to be of any geometry: pyogrio refuses the ones, but hands on the arcs of
    the others, which `curves` draws.
    """
    survey(place)
    notes = place.with_suffix(".gfs")
    if notes.exists():
        notes.write_bytes(
            _KIND.sub(
                lambda m: (
                    b"<GeometryType>0</GeometryType>" if int(m.group(1)) % 1000 in _CURVED else m.group()
                ),
                notes.read_bytes(),
            )
        )


def _copy(path: Path, codec: str, out: Path) -> None:
    """A UTF-8 copy that says so; the schemas that its beginning names are named no more."""
    try:
        codecs.lookup(codec)
    except LookupError as error:
        raise Unreadable(
            Sentence("L’encodage annoncé par le GML, « {codec} », est inconnu.", codec=codec[:40]),
            mend="Exportez-le en UTF-8.",
        ) from error
    with (
        path.open(encoding=codec, errors=MEND, newline="") as source,
        out.open("w", encoding="utf-8", errors="replace", newline="") as target,
    ):
        begin = _DECLARATION.sub("", source.read(_BLOCK).lstrip("\ufeff"))
        target.write('<?xml version="1.0" encoding="UTF-8"?>' + _SCHEMA.sub("schemaUnused", begin))
        while block := source.read(_BLOCK):
            target.write(block)


_PARKS = """<?xml version="1.0" encoding="ISO-8859-1"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:v="http://ville.example/" numberReturned="2">
<wfs:member><v:parc gml:id="p1"><v:nom>Éole</v:nom><v:surface>1.5</v:surface>
<v:geom><gml:Point srsName="urn:ogc:def:crs:EPSG::2154" gml:id="g1"><gml:pos>700000 6600000</gml:pos></gml:Point></v:geom></v:parc></wfs:member>
<wfs:member><v:parc gml:id="p2"><v:nom>Prés</v:nom><v:surface>2</v:surface>
<v:geom><gml:Point srsName="urn:ogc:def:crs:EPSG::2154" gml:id="g2"><gml:pos>700100 6600000</gml:pos></gml:Point></v:geom></v:parc></wfs:member>
</wfs:FeatureCollection>
"""

GML = Reader(
    name="gml",
    title="GML et réponses WFS",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "collection WFS en Lambert-93",
            _PARKS.encode("latin-1"),
            ("gml_id", "nom", "surface", "_point"),
            2,
            "iso-8859-1",
        ),
    ),
)
