"""The codes of readers of workbooks."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.message import Told

hidden_sheet = Told(
    "file-hidden-sheet",
    "Feuille masquée",
    "Une feuille masquée part avec le fichier : c’est ainsi que fuient des listes de noms.",
    "Affichez la feuille, relisez-la, et supprimez-la si elle ne doit pas sortir.",
    English(
        "Hidden sheet",
        fix="Show the sheet, read it, and delete it if it may not go out.",
        why="A hidden sheet leaves with the file: lists of names have leaked that way.",
    ),
    severity="warning",
    dimension="confidentiality",
    sentences=(
        (
            "La feuille « {name} » est masquée : vérifiez qu’elle peut être publiée, ou supprimez-la.",
            "The sheet “{name}” is hidden: check that it may be published, or delete it.",
        ),
    ),
)
hidden_rows = Told(
    "file-hidden-rows",
    "Lignes masquées",
    "Une ligne masquée, filtrée ou repliée part avec le fichier comme les autres.",
    "Affichez les lignes, relisez-les, et supprimez celles qui ne doivent pas sortir.",
    English(
        "Hidden rows",
        fix="Show the rows, read them, and delete those that may not go out.",
        why="A row that is hidden, filtered or folded leaves with the file like the others.",
    ),
    severity="warning",
    dimension="confidentiality",
    sentences=(
        (
            "La feuille « {name} » a {n} ligne masquée : vérifiez ce qu’elle dit, ou supprimez-la.",
            "The sheet “{name}” has {n} hidden row: check what it says, or delete it.",
        ),
        (
            "La feuille « {name} » a {n} lignes masquées : vérifiez ce qu’elles disent, ou supprimez-les.",
            "The sheet “{name}” has {n} hidden rows: check what they say, or delete them.",
        ),
    ),
)
hidden_columns = Told(
    "file-hidden-columns",
    "Colonnes masquées",
    "Une colonne masquée part avec le fichier comme les autres.",
    "Affichez les colonnes, relisez-les, et supprimez celles qui ne doivent pas sortir.",
    English(
        "Hidden columns",
        fix="Show the columns, read them, and delete those that may not go out.",
        why="A hidden column leaves with the file like the others.",
    ),
    severity="warning",
    dimension="confidentiality",
    sentences=(
        (
            "La feuille « {name} » a des colonnes masquées ({letters}) : vérifiez-les, ou supprimez-les.",
            "The sheet “{name}” has hidden columns ({letters}): check them, or delete them.",
        ),
    ),
)
empty_sheet = Told(
    "file-empty-sheet",
    "Feuille vide",
    "Une feuille vide fait chercher des données qui n’y sont pas.",
    "Supprimez la feuille.",
    English(
        "Empty sheet",
        fix="Delete the sheet.",
        why="An empty sheet makes people look for data that are not there.",
    ),
    sentences=(("La feuille « {name} » est vide.", "The sheet “{name}” is empty."),),
)
title_rows = Told(
    "file-title-rows",
    "Titre au-dessus de l’en-tête",
    "Un programme prend la première ligne pour l’en-tête : il perd le nom de toutes les colonnes.",
    "Mettez l’en-tête à la première ligne de la feuille ; le titre va dans la description du jeu de données.",
    English(
        "Title above the header",
        fix="Put the header on the first row of the sheet; the title goes to the description of the dataset.",
        why="A program takes the first row for the header, and loses the name of every column.",
    ),
    sentences=(
        (
            "L’en-tête est à la ligne {n} : ce qui est au-dessus n’est pas lu.",
            "The header is on row {n}: what stands above is not read.",
        ),
    ),
)
multi_row_header = Told(
    "file-multi-row-header",
    "En-tête sur plusieurs lignes",
    "Avec des cellules fusionnées, un programme ne sait pas quel titre va à quelle colonne.",
    "Écrivez un seul en-tête, une ligne, un nom par colonne, sans cellule fusionnée.",
    English(
        "Header on several rows",
        fix="Write one header: one row, one name a column, no merged cells.",
        why="With merged cells, a program can’t tell which title goes with which column.",
    ),
    sentences=(
        (
            "L’en-tête tient sur {n} lignes : elles ont été jointes.",
            "The header takes {n} rows: they were joined.",
        ),
        (
            "L’en-tête tient sur 2 lignes, les noms et les unités : elles ont été jointes.",
            "The header takes 2 rows, names and units: they were joined.",
        ),
        (
            "L’en-tête tient sur 2 lignes, les titres et les noms techniques : ceux-ci ont été pris.",
            "The header takes 2 rows, titles and technical names: the names were taken.",
        ),
        (
            "Cette ligne, sous l’en-tête, semble en être une seconde : elle est lue comme un enregistrement.",
            "This line, below the header, looks like a second one: it is read as a record.",
        ),
    ),
)
merged_cells = Told(
    "file-merged-cells",
    "Cellules fusionnées dans les données",
    "Une zone fusionnée n’a qu’une valeur, dans sa première cellule : triée ou lue par un programme, la table la perd sur les autres lignes.",
    "Défusionnez les cellules et écrivez la valeur sur chaque ligne.",
    English(
        "Merged cells among the data",
        fix="Unmerge the cells and write the value on every row.",
        why="A merged area has one value, in its first cell: sorted, or read by a program, the table loses it on the other rows.",
    ),
    sentences=(
        (
            "{n} cellule de zones fusionnées : chacune porte le texte de sa zone.",
            "{n} cell of merged areas: it bears the text of its area.",
        ),
        (
            "{n} cellules de zones fusionnées : chacune porte le texte de sa zone.",
            "{n} cells of merged areas: each bears the text of its area.",
        ),
    ),
)
lost_formula = Told(
    "file-lost-formula",
    "Formule sans résultat",
    "Le résultat n’est pas dans le fichier : la cellule est vide pour qui la lit.",
    "Ouvrez le classeur dans votre tableur et enregistrez-le à nouveau.",
    English(
        "Formula without result",
        fix="Open the workbook in your spreadsheet and save it again.",
        why="The result is not in the file: the cell is empty for whoever reads it.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(
        (
            "{n} formule sans résultat enregistré, lue comme vide. Ouvrez le classeur dans votre tableur et enregistrez-le à nouveau.",
            "{n} formula without a stored result, read as empty. Open the workbook in your spreadsheet and save it again.",
        ),
        (
            "{n} formules sans résultat enregistré, lues comme vide. Ouvrez le classeur dans votre tableur et enregistrez-le à nouveau.",
            "{n} formulas without a stored result, read as empty. Open the workbook in your spreadsheet and save it again.",
        ),
    ),
)
cell_error = Told(
    "file-cell-error",
    "Cellule en erreur (#N/A, #DIV/0!)",
    "La valeur manque, et le message d’erreur passe pour une donnée.",
    "Corrigez la formule, ou videz la cellule.",
    English(
        "Cell in error (#N/A, #DIV/0!)",
        fix="Correct the formula, or empty the cell.",
        why="The value is missing, and the error message passes for data.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(
        (
            "{n} cellule en erreur (#N/A, #DIV/0!…), lue comme vide.",
            "{n} cell in error (#N/A, #DIV/0!…), read as empty.",
        ),
        (
            "{n} cellules en erreur (#N/A, #DIV/0!…), lues comme vide.",
            "{n} cells in error (#N/A, #DIV/0!…), read as empty.",
        ),
    ),
)
digits_lost = Told(
    "file-digits-lost",
    "Derniers chiffres perdus par le tableur",
    "Un SIRET ou un compte arrondi désigne quelqu’un d’autre, ou personne.",
    "Mettez la colonne au format Texte, puis recopiez ces codes depuis leur source.",
    English(
        "Last digits lost by the spreadsheet",
        fix="Set the column to Text, then copy these codes again from their source.",
        why="A rounded SIRET or account number points at somebody else, or at nobody.",
    ),
    severity="warning",
    dimension="accuracy",
    sentences=(
        (
            "{n} nombre de plus de 15 chiffres : le tableur n’en garde que 15, les derniers sont perdus. Mettez ces codes en texte.",
            "{n} number of more than 15 digits: a spreadsheet keeps 15, the last ones are lost. Make these codes text.",
        ),
        (
            "{n} nombres de plus de 15 chiffres : le tableur n’en garde que 15, les derniers sont perdus. Mettez ces codes en texte.",
            "{n} numbers of more than 15 digits: a spreadsheet keeps 15, the last ones are lost. Make these codes text.",
        ),
    ),
)
several_tables = Told(
    "file-several-tables",
    "Plusieurs tables dans une feuille",
    "Un programme n’en lit qu’une, ou prend l’autre pour des colonnes de la première.",
    "Mettez chaque table dans sa propre feuille, ou dans son propre fichier, l’en-tête à la première ligne.",
    English(
        "Several tables in one sheet",
        fix="Put each table on a sheet or in a file of its own, its header on the first row.",
        why="A program reads one of them only, or takes the other for columns of the first.",
    ),
    severity="warning",
    sentences=(
        (
            "La feuille « {name} » contient {n} tables : chacune est lue à part.",
            "The sheet “{name}” holds {n} tables: each is read apart.",
        ),
    ),
)
split_table = Told(
    "file-split-table",
    "Table coupée par des colonnes vides",
    "S’il y a deux tables, un programme les mêle : la seconde passe pour des colonnes de la première.",
    "Si ce sont deux tables, mettez chacune dans sa propre feuille ; si c’en est une seule, supprimez les colonnes vides.",
    English(
        "Table cut by empty columns",
        fix="If these are two tables, put each on a sheet of its own; if it is one, delete the empty columns.",
        why="If there are two tables, a program mixes them: the second passes for columns of the first.",
    ),
    severity="warning",
    sentences=(
        (
            "Des colonnes vides coupent la table, entre {first} et {second}.",
            "Empty columns cut the table, between {first} and {second}.",
        ),
    ),
)
