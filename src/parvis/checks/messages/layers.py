"""The codes of readers of maps, JSON, XML, feeds and archives."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.message import Told, forms

_CRS_WHY = "Avec un mauvais système de coordonnées, tout est décalé sur la carte, de quelques mètres ou de la moitié du globe."
_CRS_WHY_EN = (
    "In a wrong coordinate system everything is shifted on the map, by a few metres or by half the globe."
)

crs_unknown = Told(
    "file-crs-unknown",
    "Système de coordonnées inconnu",
    _CRS_WHY,
    "Dites le système de coordonnées (fichier .prj, clé crs), ou enregistrez en WGS 84 (EPSG:4326).",
    English(
        "Unknown coordinate system",
        fix="State the coordinate system (.prj file, crs key), or save as WGS 84 (EPSG:4326).",
        why=_CRS_WHY_EN,
    ),
    severity="warning",
    sentences=(
        (
            "Le système de coordonnées annoncé est inconnu.",
            "The coordinate system that is announced is unknown.",
        ),
        (
            "Le système de coordonnées annoncé, « {name} », est inconnu : lu comme du WGS 84.",
            "The coordinate system that is announced, “{name}”, is unknown: read as WGS 84.",
        ),
        (
            "Le système de coordonnées manque, ou ne convient pas, et les coordonnées ne permettent pas de le deviner : géométries non lues.",
            "The coordinate system is missing or does not fit, and the coordinates do not let it be guessed: geometries are not read.",
        ),
    ),
)
crs_guessed = Told(
    "file-crs-guessed",
    "Système de coordonnées deviné",
    _CRS_WHY,
    "Dites le système de coordonnées dans le fichier (.prj, clé crs), et vérifiez la carte.",
    English(
        "Coordinate system guessed",
        fix="State the coordinate system in the file (.prj, crs key), and check the map.",
        why=_CRS_WHY_EN,
    ),
    severity="warning",
    sentences=(
        (
            "Le système de coordonnées manque : {name} leur va, et a été supposé.",
            "The coordinate system is missing: {name} fits, and was assumed.",
        ),
        (
            "Les coordonnées ne vont pas avec le système annoncé ({stated}) : {name} leur va, et a été supposé.",
            "The coordinates do not fit the system that is announced ({stated}): {name} fits, and was assumed.",
        ),
        (
            "Le fichier n’est pas en degrés et ne dit pas son système de coordonnées : {name} lui va, et a été supposé.",
            "The file is not in degrees and does not state its coordinate system: {name} fits, and was assumed.",
        ),
    ),
)
bad_geometry = Told(
    "file-bad-geometry",
    "Géométrie illisible",
    "L’objet n’apparaît pas sur la carte.",
    "Réparez ces géométries dans votre logiciel géographique (contours fermés, sans croisement).",
    English(
        "Unreadable geometry",
        fix="Mend these geometries in your GIS (closed rings, no crossing).",
        why="The object does not appear on the map.",
    ),
    severity="warning",
    dimension="validity",
    sentences=forms(
        "{n} géométrie[s] illisible[s], la première à l’{where} : gardée[s] en texte.",
        "{n} unreadable geometr[y|ies], the first at {where}: kept as text.",
    ),
)
out_of_range = Told(
    "file-out-of-range",
    "Géométrie hors du globe",
    "Une coordonnée hors du globe vient d’un mauvais système de coordonnées ou d’une faute de frappe.",
    "Vérifiez le système de coordonnées annoncé, et ces objets.",
    English(
        "Geometry off the globe",
        fix="Check the coordinate system that is announced, and these objects.",
        why="A coordinate off the globe comes from a wrong coordinate system or a typing error.",
    ),
    severity="warning",
    dimension="accuracy",
    sentences=forms(
        "{n} géométrie[s] hors du globe, une fois en WGS 84 : vidée[s].",
        "{n} geometr[y|ies] off the globe once in WGS 84: emptied.",
    ),
)
no_geometry = Told(
    "file-no-geometry",
    "Enregistrement sans géométrie",
    "Il n’apparaît pas sur la carte.",
    "Placez ces objets, ou dites dans la description pourquoi ils ne le sont pas.",
    English(
        "Record without geometry",
        fix="Place these objects, or say in the description why they are not placed.",
        why="It does not appear on the map.",
    ),
    dimension="completeness",
    sentences=forms("{n} enregistrement[s] sans géométrie.", "{n} record[s] without geometry."),
)
bad_line = Told(
    "file-bad-line",
    "Ligne qui n’est pas du JSON",
    "L’enregistrement n’est pas lu.",
    "Corrigez cette ligne : un objet JSON par ligne.",
    English(
        "Line that is not JSON",
        fix="Correct this line: one JSON object a line.",
        why="The record is not read.",
    ),
    severity="warning",
    dimension="validity",
    sentences=forms(
        "{n} ligne[s] [n’est pas du JSON et n’est pas lue : la|ne sont pas du JSON et ne sont pas lues ; la première est la] {where}.",
        "{n} line[s] [is not JSON and is not read:|are not JSON and are not read; the first is] {where}.",
    ),
)
loose_json = Told(
    "file-loose-json",
    "JSON avec des commentaires ou des virgules en trop",
    "Bien des logiciels refuseraient le fichier.",
    "Ôtez les commentaires, et la virgule qui précède « ] » ou « } ».",
    English(
        "JSON with comments or stray commas",
        fix="Remove the comments, and the comma before “]” or “}”.",
        why="Many programs would refuse the file.",
    ),
    severity="info",
    dimension="validity",
    sentences=(
        (
            "Le JSON contient des commentaires, ou des virgules avant une fin : ils ont été ôtés.",
            "The JSON holds comments, or commas before an end: they were removed.",
        ),
    ),
)
loose_xml = Told(
    "file-loose-xml",
    "XML mal écrit, corrigé à la lecture",
    "Bien des logiciels refuseraient le fichier.",
    "Demandez un export conforme : « &amp; » pour « & », des lettres et non leurs noms HTML, des préfixes déclarés.",
    English(
        "Badly written XML, corrected while reading",
        fix="Ask for a well-formed export: “&amp;” for “&”, letters instead of their HTML names, declared prefixes.",
        why="Many programs would refuse the file.",
    ),
    severity="info",
    dimension="validity",
    sentences=(
        (
            "Le XML a des fautes d’écriture (« & » nu, lettre nommée comme en HTML, préfixe non déclaré…) : elles ont été corrigées.",
            "The XML has slips (bare “&”, letters by their HTML names, undeclared prefixes…): they were corrected.",
        ),
    ),
)
not_a_record = Told(
    "file-not-a-record",
    "Élément qui n’est pas un enregistrement",
    "Il n’est pas lu.",
    "Faites de chaque élément de la liste un objet { … }.",
    English(
        "Element that is no record",
        fix="Make every element of the list an object { … }.",
        why="It is not read.",
    ),
    severity="warning",
    sentences=forms(
        "{n} élément[s] de la liste [n’est pas un objet : non lu|ne sont pas des objets : non lus].",
        "{n} element[s] of the list [is no object|are no objects]: not read.",
    ),
)
not_a_feature = Told(
    "file-not-a-feature",
    "Élément qui n’est pas un objet géographique",
    "Il n’est pas lu.",
    "Donnez à chaque élément le type Feature, une géométrie et des propriétés.",
    English(
        "Element that is no feature",
        fix="Give every element the type Feature, a geometry and properties.",
        why="It is not read.",
    ),
    severity="warning",
    sentences=(
        (
            "Un élément de la collection n’est pas un objet géographique : non lu.",
            "An element of the collection is no feature: not read.",
        ),
    ),
)
other_lists = Told(
    "file-other-lists",
    "Autres listes non lues",
    "Une partie du fichier n’est pas dans la table.",
    "Déposez chaque liste dans son propre fichier.",
    English(
        "Other lists not read",
        fix="Send each list in a file of its own.",
        why="Part of the file is not in the table.",
    ),
    dimension="completeness",
    sentences=(
        (
            "Le fichier contient d’autres listes d’enregistrements, non lues : {names}.",
            "The file holds other lists of records, not read: {names}.",
        ),
        (
            "Le fichier contient d’autres éléments répétés, non lus : {names}.",
            "The file holds other repeated elements, not read: {names}.",
        ),
    ),
)
unreadable_layer = Told(
    "file-unreadable-layer",
    "Couche illisible",
    "Ses objets manquent.",
    "Ouvrez la couche dans votre logiciel géographique et enregistrez-la à nouveau, en GeoPackage par exemple.",
    English(
        "Unreadable layer",
        fix="Open the layer in your GIS and save it again, as GeoPackage for instance.",
        why="Its objects are missing.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(
        ("Illisible : {detail}.", "Unreadable: {detail}."),
        ("La couche « {name} » est illisible : {detail}.", "The layer “{name}” is unreadable: {detail}."),
    ),
)
empty_layer = Told(
    "file-empty-layer",
    "Couche vide",
    "Une couche vide fait chercher des objets qui n’y sont pas.",
    "Supprimez la couche du fichier.",
    English(
        "Empty layer",
        fix="Delete the layer from the file.",
        why="An empty layer makes people look for objects that are not there.",
    ),
    sentences=(("La couche « {name} » est vide.", "The layer “{name}” is empty."),),
)
gdal_warning = Told(
    "file-gdal-warning",
    "Remarque du lecteur géographique",
    "Le lecteur a dû interpréter ce qui n’est pas dans la norme du format.",
    "Enregistrez à nouveau le fichier depuis un logiciel géographique à jour.",
    English(
        "Remark of the geographic reader",
        fix="Save the file again from an up-to-date GIS.",
        why="The reader had to interpret what the format’s standard does not say.",
    ),
    sentences=(("Le lecteur géographique signale : {text}.", "The geographic reader says: {text}."),),
)
view_skipped = Told(
    "file-view-skipped",
    "Vue non lue",
    "Les données de la vue manquent.",
    "Enregistrez la vue comme couche.",
    English("View not read", fix="Save the view as a layer.", why="The data of the view are missing."),
    sentences=(
        (
            "« {name} » est une vue, non lue : enregistrez-la comme couche.",
            "“{name}” is a view, not read: save it as a layer.",
        ),
        (
            "« {name} » calcule des colonnes quand on la lit, non lue : enregistrez-la comme couche.",
            "“{name}” computes columns when it is read, not read: save it as a layer.",
        ),
    ),
)
member_skipped = Told(
    "file-member-skipped",
    "Fichier de l’archive non lu",
    "Ce qu’il contient n’est pas dans les données.",
    "Déposez ce fichier seul s’il contient une table.",
    English(
        "File of the archive not read",
        fix="Send this file alone if it holds a table.",
        why="What it holds is not in the data.",
    ),
    sentences=(
        ("Fichier étranger au GTFS : ignoré.", "File that is no part of GTFS: ignored."),
        ("Texte d’accompagnement, sans table : ignoré.", "Accompanying text without a table: ignored."),
        (
            "Fichier à part du shapefile : ignoré. Déposez-le seul.",
            "File that is no part of the shapefile: ignored. Send it alone.",
        ),
    ),
)
empty_member = Told(
    "file-empty-member",
    "Fichier vide dans l’archive",
    "Un fichier vide dit qu’il n’y a rien, ou que l’export a échoué : on ne peut pas savoir.",
    "Refaites l’export, ou ôtez ce fichier de l’archive.",
    English(
        "Empty file in the archive",
        fix="Export again, or take this file out of the archive.",
        why="An empty file says that there is nothing, or that the export failed: nobody can tell.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(("Le fichier est vide.", "The file is empty."),),
)
missing_file = Told(
    "file-missing-file",
    "Fichier absent du GTFS",
    "Un fichier obligatoire absent rend le GTFS inutilisable.",
    "Ajoutez ce fichier à l’archive.",
    English(
        "File missing from the GTFS feed",
        fix="Add this file to the archive.",
        why="A required file that is missing makes the feed useless.",
    ),
    severity="error",
    dimension="completeness",
    sentences=(("« {name} » manque au GTFS.", "“{name}” is missing from the GTFS feed."),),
)
missing_dbf = Told(
    "file-missing-dbf",
    "Fichier .dbf absent",
    "Sans lui, les objets n’ont ni nom ni attribut.",
    "Mettez les fichiers .shp, .shx, .dbf et .prj dans la même archive.",
    English(
        "No .dbf file",
        fix="Put the .shp, .shx, .dbf and .prj files in one archive.",
        why="Without it objects have no name and no attribute.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(
        (
            "Le fichier .dbf manque : les géométries sont lues sans leurs attributs.",
            "The .dbf file is missing: geometries are read without their attributes.",
        ),
    ),
)
missing_shx = Told(
    "file-missing-shx",
    "Fichier .shx absent",
    "Beaucoup de logiciels refusent un shapefile sans son index.",
    "Mettez les fichiers .shp, .shx, .dbf et .prj dans la même archive.",
    English(
        "No .shx file",
        fix="Put the .shp, .shx, .dbf and .prj files in one archive.",
        why="Many programs refuse a shapefile without its index.",
    ),
    sentences=(
        ("Le fichier .shx manque : il a été reconstruit.", "The .shx file is missing: it was rebuilt."),
    ),
)
missing_prj = Told(
    "file-missing-prj",
    "Fichier .prj absent",
    _CRS_WHY,
    "Mettez les fichiers .shp, .shx, .dbf et .prj dans la même archive.",
    English("No .prj file", fix="Put the .shp, .shx, .dbf and .prj files in one archive.", why=_CRS_WHY_EN),
    severity="warning",
    sentences=(
        (
            "Le fichier .prj manque : le système de coordonnées n’est pas dit.",
            "The .prj file is missing: the coordinate system is not stated.",
        ),
    ),
)
missing_map = Told(
    "file-missing-map",
    "Fichier .map absent",
    "Sans lui, les objets n’apparaissent pas sur la carte.",
    "Mettez les fichiers .tab, .dat, .id et .map dans la même archive.",
    English(
        "No .map file",
        fix="Put the .tab, .dat, .id and .map files in one archive.",
        why="Without it objects do not appear on the map.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(
        (
            "Le fichier .map manque : la table est lue sans géométrie.",
            "The .map file is missing: the table is read without geometry.",
        ),
    ),
)
bad_station = Told(
    "file-bad-station",
    "Station incomplète",
    "Une station sans position ni compte ne peut être montrée à personne.",
    "Complétez station_information et station_status.",
    English(
        "Incomplete station",
        fix="Complete station_information and station_status.",
        why="A station without position or count can be shown to nobody.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=forms(
        "{n} station[s] sans identifiant, sans position ou sans compte de vélos : non lue[s].",
        "{n} station[s] without id, position or bike count: not read.",
    ),
)
duplicate_station = Told(
    "file-duplicate-station",
    "Station en double",
    "Deux états contraires pour une même station : l’un des deux est faux.",
    "Ne publiez chaque station qu’une fois.",
    English(
        "Station twice",
        fix="Publish every station once.",
        why="Two contrary states of one station: one of them is wrong.",
    ),
    severity="warning",
    dimension="uniqueness",
    sentences=forms(
        "{n} station[s] en double : la dernière est gardée.",
        "{n} station[s] that stand[s|] twice: the last one is kept.",
    ),
)
