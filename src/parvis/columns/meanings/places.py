"""Meanings of columns of places: codes of territories, addresses, coordinates."""

from __future__ import annotations

import re

from parvis.columns.forms import degrees
from parvis.columns.forms.structures import LAT_LON_COMMAS, LAT_LON_NAMED, WKB_SHAPE
from parvis.columns.meaning import Meaning
from parvis.core.text import fold

_INSEE = "([013-9][0-9]|2[AB0-9])[0-9]{3}"


def _number(cell: str) -> float | None:
    plain = re.sub(r"[\s\u00a0\u202f]", "", cell).replace(",", ".")
    return float(plain) if re.fullmatch(r"[+-]?[0-9]{1,12}([.][0-9]{0,30})?", plain) else degrees.value(cell)


def _between(low: float, high: float, *, but: tuple[float, float] | None = None):
    def test(cell: str) -> bool:
        value = _number(cell)
        return value is not None and low <= value <= high and not (but and but[0] <= value <= but[1])

    return test


def _street(cell: str) -> bool:
    return (
        re.search(
            r"(^|[ ,0-9])(rue|avenue|av|bd|bld|boulevard|place|pl|chemin|ch|impasse|imp|route|rte|allees?|quai|square|cours|esplanade|faubourg|passage"
            r"|rond point|lotissement|hameau|lieu[- ]dit|zac?|sentier|venelle)[. ]",
            fold(cell),
        )
        is not None
    )


COMMUNE_INSEE = Meaning(
    "commune_insee",
    "Code INSEE de commune",
    ("text",),
    r"^_com_$|_(insee|code_insee|codeinsee|insee_com|com_insee|code_commune|code_com|cod_com|codgeo|code_geo|depcom|numcom|com_code|citycode|commune_insee"
    r"|code_insee_.*|cog|c_?insee|id_insee|insee_.*|code_commune_.*)_",
    _INSEE,
    rank=30,
    right=("34172", "2A004", "01004", "97411"),
    wrong=("3417", "20004X", "2C001"),
    labels=("Code INSEE", "code_commune", "insee"),
    not_labels=("code_postal", "commune"),
)
CODE_POSTAL = Meaning(
    "code_postal",
    "Code postal",
    ("text",),
    r"_(cp|code_post[a-z]*|codepostal|codpost|postal|postal_code|zip|zipcode|postcode|cpostal|cdpostal|cp_.*|code_postal_.*)_",
    "[0-9]{5}|[0-9]{2} [0-9]{3}|[1-9][0-9]{3}",
    rank=31,
    right=("34000", "01000", "97400", "1000"),
    wrong=("340", "2A004"),
    labels=("Code postal", "CP", "cp_ville", "codePostal"),
    not_labels=("capacité",),
)
DEPARTEMENT = Meaning(
    "departement",
    "Code de département",
    ("text",),
    r"_(departements?|dept?s?|dpt|code_dep[a-z]*|codedep|cod_dep|numdep|num_dep[a-z]*|no_dep|insee_dep|dep_.*code|code_departement_.*)_",
    "0?[1-9]|[1-8][0-9]|9[0-5]|2[ABab]|97[1-8]|98[678]|99|[0-9]0",
    rank=32,
    right=("01", "2A", "34", "974", "1"),
    wrong=("Hérault", "345", "999"),
    labels=("Département", "code_dep", "dept"),
    not_labels=("depot", "depense"),
)
REGION = Meaning(
    "region",
    "Code de région",
    ("text",),
    r"_(code_?reg|code_?region|reg|region|cod_reg|insee_reg|code_officiel_region|code_region_.*)_",
    "0[1-6]|11|2[478]|32|44|5[23]|7[56]|84|9[34]",
    rank=33,
    right=("76", "01"),
    wrong=("Occitanie", "99"),
    labels=("code_region", "region"),
    not_labels=("registre",),
)
IRIS = Meaning(
    "iris",
    "Code IRIS",
    ("text",),
    r"_(iris|code_iris|dcomiris|codeiris)_",
    f"{_INSEE}[0-9]{{4}}",
    rank=34,
    right=("341720101",),
    wrong=("34172",),
    labels=("code_iris", "IRIS"),
)
LATITUDE = Meaning(
    "latitude",
    "Latitude (degrés)",
    ("number", "integer"),
    r"_(y?lat(itude)?s?|lat(itude)?_.*|.*_lat(itude)?(_.*)?|coord_?y|y|geo_?lat|ylat(itude)?|y_?wgs|y_?coord|coordonnees?_?y|coordonnees_gps_y|gps_y"
    r"|y_wgs84)_",
    "",
    _between(-90, 90),
    rank=60,
    right=("43.61", "48,8566", "-21.1"),
    wrong=("6280000", "abc", "95"),
    labels=("lat", "Latitude", "Ylatitude", "y", "geo_lat"),
    not_labels=("plat", "relation", "alternative"),
)
LONGITUDE = Meaning(
    "longitude",
    "Longitude (degrés)",
    ("number", "integer"),
    r"_(x?lo?ng?(itude)?s?|long?(itude)?_.*|.*_(lon|lng|long|longitude)(_.*)?|coord_?x|x|geo_?lon|xlong(itude)?|x_?wgs|x_?coord|coordonnees?_?x"
    r"|coordonnees_gps_x|gps_x|x_wgs84)_",
    "",
    _between(-180, 180),
    rank=61,
    right=("3.87", "-1,5536", "166.4"),
    wrong=("770000", "200"),
    labels=("lon", "lng", "Longitude", "Xlongitude", "x", "long"),
    not_labels=("longueur", "ballon", "oblong"),
)
LATLON = Meaning(
    "latlon",
    "Point « latitude, longitude »",
    ("text",),
    r"_(coords?|coordonnees?|geo|geo_?point|geo_?loc[a-z]*|points?|positions?|gps|localisation|lat_?lo?ng?|lo?ng?_?lat|xy|x_y|geom|geometr[a-z]*|centroides?)_",
    "[\\[(]?[+-]?[0-9]{1,3}[.][0-9]+ *[,; ] *[+-]?[0-9]{1,3}[.][0-9]+[\\])]?|[+-]?[0-9]{1,2}[.][0-9]+ *[,;] *-?[0-9]{1,3}",
    alone=0.8,
    with_header=0.8,
    rank=24,
    right=("48.8566,2.3522", "43.6, 3.87", "[3.87, 43.6]", "37.5739497;-85.7399606"),
    wrong=("48,85", "12.5"),
    labels=("coordonneesXY", "geo_point_2d", "position GPS"),
    not_labels=("dimensions", "pointage"),
)
LATLON_COMMAS = Meaning(
    "latlon-by-commas",
    "Point « latitude, longitude »",
    ("text",),
    "",
    LAT_LON_COMMAS.pattern,
    alone=0.8,
    with_header=0.8,
    rank=24,
    right=("48,8566 ; 2,3522",),
    wrong=("48,85", "1,5 ; 2,5"),
)
LATLON_DEGREES = Meaning(
    "latlon-by-degrees",
    "Point « latitude, longitude »",
    ("text",),
    "",
    degrees.PAIR.pattern,
    alone=0.8,
    least=1,
    with_header=0.8,
    rank=24,
    right=("43°36'39.1\"N 3°52'37.2\"E",),
    wrong=("43°36'39.1\"N",),
)
LATLON_NAMED = Meaning(
    "latlon-by-names",
    "Point « latitude, longitude »",
    ("text",),
    "",
    LAT_LON_NAMED.pattern,
    alone=0.8,
    least=1,
    with_header=0.8,
    rank=24,
    right=('{"lat": 48.85, "lon": 2.35}',),
    wrong=('{"lat": 48.85}',),
)
WKB = Meaning(
    "wkb",
    "Géométrie WKB",
    ("text",),
    "",
    WKB_SHAPE.pattern,
    alone=0.8,
    least=1,
    with_header=0.8,
    rank=25,
    right=("0101000020E6100000F6285C8FC2F50E40AE47E17A14CE4540",),
    wrong=("00FF00", "0103"),
)
WKT = Meaning(
    "wkt",
    "Géométrie WKT",
    ("text",),
    "",
    "(?s)(SRID=[0-9]+;)?(MULTI|Multi)?(POINT|LINESTRING|POLYGON|Point|LineString|Polygon) ?(Z|M|ZM)? ?[(].*[)]",
    alone=0.8,
    least=1,
    with_header=0.8,
    rank=25,
    right=("POINT (3.87 43.6)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
    wrong=("POINT", "Polygone"),
)
GEOJSON = Meaning(
    "geojson",
    "Géométrie GeoJSON",
    ("text",),
    "",
    '(?s)\\{.*"coordinates"\\s*:.*\\}',
    alone=0.8,
    least=1,
    with_header=0.8,
    rank=26,
    right=('{"type":"Point","coordinates":[3.87,43.6]}',),
    wrong=('{"a":1}',),
)
COMMUNE = Meaning(
    "commune",
    "Nom de commune",
    ("text",),
    r"(?<!_code)(?<!_insee)_(commune|ville|communes|nom_com|nom_commune|nomcom|libelle_commune|lib_com|city|localite|commune_nom|libgeo|nom_ville)_",
    "[^0-9]{2,60}",
    rank=40,
    right=("Montpellier", "Saint-Jean-de-Védas"),
    wrong=("34172",),
    labels=("Commune", "nom_commune", "ville"),
    not_labels=("code_commune",),
)
ADDRESS = Meaning(
    "address",
    "Adresse postale",
    ("text",),
    r"^(?!.*_(ip|ipv4|ipv6|mac|web|url|electronique|e?mails?|mel)_).*"
    r"_(adresse|adresses|address|adr|adresse_.*|.*_adresse|adr_.*|ad_station|adresse[0-9]*)_",
    "(?s).{3,300}",
    with_header=0.6,
    rank=41,
    right=("12 rue de la Loge, 34000 Montpellier",),
    wrong=("1",),
    labels=("Adresse", "adresse_complete", "adr"),
    not_labels=("courriel", "adresse_ip"),
)
ADDRESS_ALONE = Meaning(
    "address-by-words",
    "Adresse postale",
    ("text",),
    "",
    "(?s)[0-9].{3,200}",
    _street,
    alone=0.7,
    rank=42,
    right=("12 rue de la Loge", "3 bis, avenue Foch"),
    wrong=("Intervention n° 12 rue de l’Église", "rue"),
)
