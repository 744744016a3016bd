"""The codes of the typing of columns, when no schema says what to expect."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.message import Told

type_misfit = Told(
    "type-misfit",
    "Valeur qui ne se lit pas comme le reste de la colonne",
    "Elle ne compte ni dans les tris, ni dans les calculs, ni sur les cartes.",
    "Écrivez la valeur comme les autres de la colonne, ou laissez la cellule vide.",
    English(
        "Value that does not read like the rest of its column",
        fix="Write the value like the others of its column, or leave the cell empty.",
        why="It is left out of sorting, of sums and of maps.",
    ),
    severity="warning",
    dimension="validity",
    sentences=(
        (
            "{n} valeur ne se lit pas comme {kind} ; le texte d’origine est gardé.",
            "{n} value does not read as {kind}; its original text is kept.",
        ),
        (
            "{n} valeurs ne se lisent pas comme {kind} ; le texte d’origine est gardé.",
            "{n} values do not read as {kind}; their original text is kept.",
        ),
        (
            "Écrivez chaque valeur comme {written}, ou laissez la cellule vide.",
            "Write every value as {written}, or leave the cell empty.",
        ),
    ),
)
missing_marker = Told(
    "missing-marker",
    "Mot qui dit qu’il n’y a pas de valeur",
    "« NC » ou « - » passe pour une valeur : les comptes et les filtres sont faux.",
    "Laissez ces cellules vides.",
    English(
        "Word that says that there is no value",
        fix="Leave these cells empty.",
        why="“NC” or “-” passes for a value: counts and filters come out wrong.",
    ),
    dimension="completeness",
    sentences=(
        (
            "{n} cellule dit qu’il n’y a pas de valeur ({seen}) ; elle compte comme vide.",
            "{n} cell says that there is no value ({seen}); it counts as empty.",
        ),
        (
            "{n} cellules disent qu’il n’y a pas de valeur ({seen}) ; elles comptent comme vides.",
            "{n} cells say that there is no value ({seen}); they count as empty.",
        ),
        ("Laissez ces cellules vides.", "Leave these cells empty."),
    ),
)
date_order = Told(
    "date-order-ambiguous",
    "Jour et mois indécidables",
    "Le 3 avril peut être lu 4 mars : la date paraît juste et elle est fausse.",
    "Écrivez les dates AAAA-MM-JJ.",
    English(
        "Day and month can’t be told apart",
        fix="Write dates as YYYY-MM-DD.",
        why="3 April may be read as 4 March: the date looks right and is wrong.",
    ),
    dimension="accuracy",
    sentences=(
        (
            "Rien ne dit si le jour ou le mois vient d’abord : aucun jour ne dépasse 12. Les dates sont lues jour/mois/année.",
            "Nothing says whether day or month comes first: no day is above 12. Dates are read day/month/year.",
        ),
        (
            "Si le mois vient d’abord, corrigez le type de la colonne en « date:%m/%d/%Y ».",
            "If the month comes first, correct the type of the column to “date:%m/%d/%Y”.",
        ),
    ),
)
two_digits = Told(
    "two-digit-year",
    "Année à deux chiffres",
    "« 25 » peut être 1925 ou 2025.",
    "Écrivez les années avec quatre chiffres.",
    English("Year of two digits", fix="Write years with four digits.", why="“25” may be 1925 or 2025."),
    dimension="accuracy",
    sentences=(
        (
            "Des années n’ont que deux chiffres : 69 à 99 sont lues 1969 à 1999, 00 à 68 sont lues 2000 à 2068.",
            "Some years have two digits only: 69 to 99 are read as 1969 to 1999, 00 to 68 as 2000 to 2068.",
        ),
        ("Écrivez les années avec quatre chiffres.", "Write years with four digits."),
    ),
)
decimal = Told(
    "decimal-ambiguous",
    "Virgule ou point indécidable",
    "« 1,234 » peut être mille deux cent trente-quatre ou un virgule deux.",
    "Écrivez les milliers sans séparateur, ou avec une espace.",
    English(
        "Comma or point can’t be decided",
        fix="Write thousands without a mark, or with a space.",
        why="“1,234” may be one thousand two hundred and thirty-four, or one point two.",
    ),
    dimension="accuracy",
    sentences=(
        (
            "Des nombres comme « {written} » peuvent se lire de deux façons : "
            "la virgule est prise pour la marque décimale, non pour un séparateur de milliers.",
            "Numbers like “{written}” can be read in two ways: the comma is taken for the decimal mark, not for thousands.",
        ),
        (
            "Des nombres comme « {written} » peuvent se lire de deux façons : le point est pris pour la marque décimale, non pour un séparateur de milliers.",
            "Numbers like “{written}” can be read in two ways: the point is taken for the decimal mark, not for thousands.",
        ),
        (
            "Des nombres comme « {written} » peuvent se lire de deux façons : "
            "la virgule est prise pour un séparateur de milliers, non pour la marque décimale.",
            "Numbers like “{written}” can be read in two ways: the comma is taken for thousands, not for the decimal mark.",
        ),
        (
            "Des nombres comme « {written} » peuvent se lire de deux façons : le point est pris pour un séparateur de milliers, non pour la marque décimale.",
            "Numbers like “{written}” can be read in two ways: the point is taken for thousands, not for the decimal mark.",
        ),
        (
            "Écrivez les milliers sans séparateur, ou avec une espace.",
            "Write thousands without a mark, or with a space.",
        ),
    ),
)
swapped = Told(
    "swapped-coordinates",
    "Latitude et longitude inversées",
    "Le point tombe dans l’océan Indien : personne ne le trouve.",
    "Échangez latitude et longitude, ou prenez la copie réparée.",
    English(
        "Latitude and longitude swapped",
        fix="Swap latitude and longitude, or take the mended copy.",
        why="The point falls into the Indian Ocean: nobody finds it.",
    ),
    severity="warning",
    dimension="accuracy",
    sentences=(
        (
            "Latitude et longitude sont inversées dans toute la colonne.",
            "Latitude and longitude are swapped in the whole column.",
        ),
        (
            "Latitude et longitude sont inversées pour {n} point.",
            "Latitude and longitude are swapped for {n} point.",
        ),
        (
            "Latitude et longitude sont inversées pour {n} points.",
            "Latitude and longitude are swapped for {n} points.",
        ),
        ("Échangez les deux colonnes.", "Swap the two columns."),
        ("Échangez latitude et longitude sur ces lignes.", "Swap latitude and longitude on these lines."),
    ),
)
null_island = Told(
    "null-island",
    "Point à 0°, 0°",
    "Une coordonnée inconnue écrite 0 met l’objet au large du Ghana.",
    "Laissez les coordonnées vides quand elles sont inconnues.",
    English(
        "Point at 0°, 0°",
        fix="Leave coordinates empty when they are not known.",
        why="An unknown coordinate written as 0 puts the object off the coast of Ghana.",
    ),
    severity="warning",
    dimension="accuracy",
    sentences=(
        (
            "{n} point est à 0°, 0°, au large du Ghana : sans doute des coordonnées manquantes.",
            "{n} point lies at 0°, 0°, off the coast of Ghana: coordinates are likely to be missing.",
        ),
        (
            "{n} points sont à 0°, 0°, au large du Ghana : sans doute des coordonnées manquantes.",
            "{n} points lie at 0°, 0°, off the coast of Ghana: coordinates are likely to be missing.",
        ),
        (
            "Laissez les coordonnées vides quand elles sont inconnues.",
            "Leave coordinates empty when they are not known.",
        ),
    ),
)
outside = Told(
    "point-outside",
    "Point loin de la ville",
    "Un point loin de tout fausse la carte, les distances et les recherches autour de soi.",
    "Vérifiez ces coordonnées.",
    English(
        "Point far from the city",
        fix="Check these coordinates.",
        why="A point far from everything spoils the map, distances and searches nearby.",
    ),
    severity="warning",
    dimension="accuracy",
    sentences=(
        ("{n} point est loin de {name}.", "{n} point lies far from {name}."),
        ("{n} points sont loin de {name}.", "{n} points lie far from {name}."),
        (
            "Vérifiez ces coordonnées, ou l’emprise déclarée de la commune.",
            "Check these coordinates, or the extent that is declared for the city.",
        ),
    ),
)
unplaced = Told(
    "geometry-unreadable",
    "Position incomplète ou illisible",
    "La ligne n’apparaît pas sur la carte.",
    "Complétez ou corrigez les coordonnées de ces lignes.",
    English(
        "Incomplete or unreadable position",
        fix="Complete or correct the coordinates of these lines.",
        why="The row does not appear on the map.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(
        (
            "1 ligne a une position incomplète ou illisible : pas de point sur la carte.",
            "1 row has an incomplete or unreadable position: no point on the map.",
        ),
        (
            "1 ligne a une position incomplète ou illisible : pas de forme sur la carte.",
            "1 row has an incomplete or unreadable position: no shape on the map.",
        ),
        (
            "{n} lignes ont une position incomplète ou illisible : pas de point sur la carte.",
            "{n} rows have an incomplete or unreadable position: no point on the map.",
        ),
        (
            "{n} lignes ont une position incomplète ou illisible : pas de forme sur la carte.",
            "{n} rows have an incomplete or unreadable position: no shape on the map.",
        ),
        (
            "Complétez ou corrigez les coordonnées de ces lignes.",
            "Complete or correct the coordinates of these lines.",
        ),
    ),
)
