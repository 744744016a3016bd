"""What DCAT-AP 3.0.1 asks of each class, as one compact table, and the codes of the EU vocabularies. Source:
SEMICeu/DCAT-AP 3.0.1; EU authority tables.

One line a property: name, kind of value, then marks. Kinds: lit (a literal), res (an IRI or a blank node),
iri, any, date, decimal, duration, count, hex. Marks: `!` mandatory, `+` recommended, `1` at most one,
`>Class` the class of what it leads to, `=table` an authority table that a code must stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

NAMESPACES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#", "dcat": "http://www.w3.org/ns/dcat#", "dcatap": "http://data.europa.eu/r5r/", "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#", "foaf": "http://xmlns.com/foaf/0.1/", "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/", "prov": "http://www.w3.org/ns/prov#", "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#", "time": "http://www.w3.org/2006/time#", "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#", "schema": "http://schema.org/",
}  # fmt: skip

AUTHORITY = "http://publications.europa.eu/resource/authority/"

_SHAPES = """
dcat:Catalog
  dct:title lit !
  dct:description lit !
  dct:publisher any ! 1 >foaf:Agent
  dct:creator res 1 >foaf:Agent
  dcat:dataset res >dcat:Dataset
  dcat:service res >dcat:DataService
  dcat:catalog res >dcat:Catalog
  dcat:record res >dcat:CatalogRecord
  dct:hasPart res >dcat:Catalog
  dcat:themeTaxonomy res + >skos:ConceptScheme
  dct:issued date + 1
  dct:modified date + 1
  dct:language res + >dct:LinguisticSystem =language
  dct:license res + 1 >dct:LicenseDocument
  dct:rights res 1 >dct:RightsStatement
  dct:spatial res + >dct:Location
  foaf:homepage res + 1 >foaf:Document
  dcatap:applicableLegislation iri >eli:LegalResource
dcat:Dataset
  dct:title lit !
  dct:description lit !
  dcat:contactPoint res + >vcard:Kind
  dcat:distribution res + >dcat:Distribution
  dcat:keyword lit +
  dcat:theme iri + >skos:Concept =data-theme
  dct:publisher res + 1 >foaf:Agent
  dct:creator res >foaf:Agent
  dct:spatial res + >dct:Location
  dct:temporal res + >dct:PeriodOfTime
  dct:accessRights res 1 >dct:RightsStatement =access-right
  dct:accrualPeriodicity res 1 >dct:Frequency =frequency
  dct:conformsTo res >dct:Standard
  dct:identifier lit
  adms:identifier res >adms:Identifier
  adms:sample res >dcat:Distribution
  adms:versionNotes lit
  dct:isReferencedBy res
  dct:issued date 1
  dct:modified date 1
  dct:language res >dct:LinguisticSystem =language
  dcat:landingPage res >foaf:Document
  foaf:page res >foaf:Document
  dct:provenance res >dct:ProvenanceStatement
  dct:relation res
  dct:source res >dcat:Dataset
  dct:hasVersion res >dcat:Dataset
  dct:type res >skos:Concept
  dcat:inSeries res >dcat:DatasetSeries
  dcat:qualifiedRelation res >dcat:Relationship
  dcat:spatialResolutionInMeters decimal 1
  dcat:temporalResolution duration 1
  dcat:version lit 1
  prov:qualifiedAttribution res >prov:Attribution
  prov:wasGeneratedBy res >prov:Activity
  dcatap:applicableLegislation iri >eli:LegalResource
  dcatap:hvdCategory iri >skos:Concept
dcat:Distribution
  dcat:accessURL res !
  dcat:downloadURL res
  dct:format res + 1 >dct:MediaTypeOrExtent =file-type
  dct:license res + 1 >dct:LicenseDocument
  dct:description lit +
  dcatap:availability res + 1 >skos:Concept =planned-availability
  dct:title lit
  dct:issued date 1
  dct:modified date 1
  dct:language res >dct:LinguisticSystem =language
  dct:rights res 1 >dct:RightsStatement
  dct:conformsTo res >dct:Standard
  dcat:accessService res >dcat:DataService
  dcat:byteSize count 1
  dcat:compressFormat res 1 >dct:MediaType
  dcat:packageFormat res 1 >dct:MediaType
  dcat:mediaType res 1 >dct:MediaType
  dcat:spatialResolutionInMeters decimal 1
  dcat:temporalResolution duration 1
  adms:status res 1 >skos:Concept
  foaf:page res >foaf:Document
  odrl:hasPolicy res 1 >odrl:Policy
  spdx:checksum res 1 >spdx:Checksum
  dcatap:applicableLegislation iri >eli:LegalResource
dcat:DataService
  dct:title lit !
  dcat:endpointURL res !
  dcat:contactPoint res + >vcard:Kind
  dcat:endpointDescription res +
  dcat:servesDataset res + >dcat:Dataset
  dct:conformsTo res + >dct:Standard
  dcat:keyword lit +
  dcat:theme iri + >skos:Concept =data-theme
  dct:publisher res + 1 >foaf:Agent
  dct:description lit
  dct:license res 1 >dct:LicenseDocument
  dct:accessRights res 1 >dct:RightsStatement =access-right
  dct:format res >dct:MediaTypeOrExtent =file-type
  dcat:landingPage res >foaf:Document
  dcatap:applicableLegislation iri >eli:LegalResource
dcat:DatasetSeries
  dct:title lit !
  dct:description lit !
  dcat:contactPoint res + >vcard:Kind
  dct:publisher res + 1 >foaf:Agent
  dct:accrualPeriodicity res 1 >dct:Frequency =frequency
  dct:issued date 1
  dct:modified date 1
  dct:spatial res >dct:Location
  dct:temporal res >dct:PeriodOfTime
  dcatap:applicableLegislation iri >eli:LegalResource
dcat:CatalogRecord
  dct:modified any ! 1
  foaf:primaryTopic any ! 1
  dct:conformsTo any + 1 >dct:Standard
  dct:issued date + 1
  adms:status any + 1 >skos:Concept
  dct:title lit
  dct:description lit
  dct:language any >dct:LinguisticSystem =language
  dct:source any 1 >dcat:CatalogRecord
foaf:Agent
  foaf:name lit !
  dct:type any + 1 >skos:Concept
skos:Concept
  skos:prefLabel lit !
skos:ConceptScheme
  dct:title lit !
spdx:Checksum
  spdx:algorithm any ! 1
  spdx:checksumValue hex ! 1
dcat:Relationship
  dct:relation any !
  dcat:hadRole any ! >dcat:Role
dct:PeriodOfTime
  dcat:startDate any + 1
  dcat:endDate any + 1
  time:hasBeginning any 1 >time:Instant
  time:hasEnd any 1 >time:Instant
dct:Location
  dcat:bbox lit + 1
  dcat:centroid lit + 1
  locn:geometry lit 1
dct:LicenseDocument
  dct:type any + >skos:Concept
adms:Identifier
  skos:notation any 1
"""


@dataclass(frozen=True, slots=True)
class Property:
    """What a class asks of one property. leads_to: class as a prefixed name. table: authority table, "" when
    none.
    """

    name: str
    kind: str
    mandatory: bool = False
    recommended: bool = False
    single: bool = False
    leads_to: str = ""
    table: str = ""


@cache
def shapes() -> Mapping[str, tuple[Property, ...]]:
    """Properties by class, both as prefixed names."""
    return dict(_parse())


def _parse() -> Iterator[tuple[str, tuple[Property, ...]]]:
    name, properties = "", list[Property]()
    for line in _SHAPES.strip().splitlines():
        if not line.startswith(" "):
            if name:
                yield name, tuple(properties)
            name, properties = line, []
            continue
        first, kind, *marks = line.split()
        to = next((m[1:] for m in marks if m.startswith(">")), "")
        table = next((m[1:] for m in marks if m.startswith("=")), "")
        properties.append(Property(first, kind, "!" in marks, "+" in marks, "1" in marks, to, table))
    yield name, tuple(properties)


_CODES: Mapping[str, str] = {
    "data-theme": "AGRI ECON EDUC ENER ENVI GOVE HEAL INTR JUST REGI SOCI TECH TRAN OP_DATPRO",
    "access-right": "PUBLIC RESTRICTED NON_PUBLIC CONFIDENTIAL SENSITIVE NORMAL OP_DATPRO",
    "planned-availability": "AVAILABLE EXPERIMENTAL STABLE TEMPORARY OP_DATPRO",
    "frequency": "1MIN 5MIN 10MIN 15MIN 30MIN 12HRS HOURLY BIHOURLY TRIHOURLY CONT UPDATE_CONT DAILY DAILY_2 DAILY_3 WEEKLY WEEKLY_2 WEEKLY_3 WEEKLY_5 "
    "BIWEEKLY MONTHLY MONTHLY_2 MONTHLY_3 BIMONTHLY QUARTERLY ANNUAL ANNUAL_2 ANNUAL_3 BIENNIAL TRIENNIAL QUADRENNIAL QUINQUENNIAL DECENNIAL "
    "BIDECENNIAL TRIDECENNIAL AS_NEEDED IRREG NEVER NOT_PLANNED OTHER UNKNOWN OP_DATPRO",
    "file-type": "7Z AAB AAC AKN4EU AKN4EU_ZIP APK APPX ARC ARCINFO_COV ARC_GZ ARJ ATOM AVRO AZW BIN BITS BMP BWF BZIP2 CSS CSV DAPK DBF DCR DEB DGN DMG DMP "
    "DOC DOCX DTD_SGML DTD_XML DWG DXF E00 EAR ECW EFORMS_XML EPS EPUB ETSI_XML EXE FMX2 FMX3 FMX4 FMX4_ZIP GDB GEOJSON GEOTIFF GIF GML GMZ GPKG "
    "GPX GRID GRID_ASCII GTFS GZIP HDF HDT HTML HTML5 HTML_SIMPL ICS IMMC_XML INDD IPA ISO ISO_ZIP JAR JATS JPEG JPEG2000 JS JSON JSONL JSON_LD "
    "KML KMZ LAS LAZ LEG LHA LPK LZIP LZMA LZO MAP_PRVW MAP_SRVC MBOX MD MDB METS METS_ZIP MHTML MIF_MID MOBI MOP MOV MP3 MPEG2 MPEG4 MPEG4_AVC "
    "MRSID MSG_HTTP MSI MXD N3 NETCDF OAPK OCTET ODB ODC ODF ODG ODP ODS ODT OP_DATPRO OVF OWL PARQUET PDF PDF1X PDFA1A PDFA1B PDFA2A PDFA2B "
    "PDFA3 PDFUA PDFX PDFX1A PDFX2A PDFX4 PL PNG PPS PPSX PPT PPTX PS PSD PWP QGS RAR RDF RDFA RDF_N_QUADS RDF_N_TRIPLES RDF_THRIFT RDF_TRIG "
    "RDF_TRIX RDF_TURTLE RDF_XML REST RPM RSS RTF SB3 SCHEMA_XML SDMX SGML SHP SKOS_XML SPARQLQ SPARQLQRES SQL STL SVG SWM TAB TAB_RSTR TAR "
    "TAR_GZ TAR_XZ TIFF TIFF_FX TMX TSV TXT UNGEN WAR WARC WARC_GZ WAV WCS_SRVC WEBP WFS_SRVC WIM WMS_SRVC WMTS_SRVC WORLD XHTML XHTML5 "
    "XHTML_SIMPL XLIFF XLS XLSB XLSM XLSX XML XSLFO XSLT XYZ XZ YAML Z ZIP",
}


@cache
def codes(table: str) -> frozenset[str]:
    """The codes of an authority table; empty for one that is not listed here."""
    return frozenset(_CODES.get(table, "").split())


def known(table: str, code: str) -> bool:
    """Whether a code is in an authority table. Languages are codes of three letters: their table is not
    listed.
    """
    if table == "language":
        return re.fullmatch(r"[A-Z]{3}|MUL|OP_DATPRO", code) is not None
    return code in codes(table)


def full(name: str) -> str:
    """The IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local


def context() -> Mapping[str, object]:
    """A JSON-LD context of our own for the terms of the table: what a context on the network would say is not
    fetched.
    """
    terms: dict[str, object] = dict(NAMESPACES)
    for name, properties in shapes().items():
        terms.setdefault(name.partition(":")[2], full(name))
        for each in properties:
            term = {
                "@id": full(each.name),
                **({"@type": "@id"} if each.kind in ("res", "iri") or each.leads_to else {}),
            }
            terms.setdefault(each.name.partition(":")[2], term)
    return terms
