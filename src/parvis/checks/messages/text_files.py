"""The codes of readers of text: encoding, separators, header, lines that are no data."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.message import Told, forms

encoding_damage = Told(
    "file-encoding-damage",
    "Lettres abîmées par un mauvais encodage",
    "Des lettres perdues ne se retrouvent pas : noms et adresses deviennent introuvables.",
    "Reprenez l’export d’origine et enregistrez-le en UTF-8.",
    English(
        "Letters damaged by a wrong encoding",
        fix="Export the file again from its source, as UTF-8.",
        why="Lost letters can’t be found again: names and places can no longer be searched.",
    ),
    severity="warning",
    dimension="accuracy",
    sentences=(
        (
            "{n} caractère de remplacement « \ufffd » dans le fichier : ces lettres sont perdues, reprenez l’export d’origine.",
            "{n} replacement character “\ufffd” in the file: these letters are lost, export it again from its source.",
        ),
        (
            "{n} caractères de remplacement « \ufffd » dans le fichier : ces lettres sont perdues, reprenez l’export d’origine.",
            "{n} replacement characters “\ufffd” in the file: these letters are lost, export it again from its source.",
        ),
        (
            "{n} octet invalide en UTF-8 : lu comme du Windows-1252 ; vérifiez les accents.",
            "{n} byte that is not UTF-8, read as Windows-1252: check the accents.",
        ),
        (
            "{n} octets invalides en UTF-8 : lus comme du Windows-1252 ; vérifiez les accents.",
            "{n} bytes that are not UTF-8, read as Windows-1252: check the accents.",
        ),
    ),
)
double_encoding = Told(
    "file-double-encoding",
    "Texte converti deux fois (« Ã© »)",
    "« CafÃ© » ne se cherche ni ne se lit.",
    "Reprenez l’export d’origine en UTF-8, ou prenez la copie réparée : ces suites se défont sans perte.",
    English(
        "Text converted twice (“Ã©”)",
        fix="Export it again as UTF-8, or take the mended copy: these sequences can be undone without loss.",
        why="“CafÃ©” can be neither read nor searched.",
    ),
    severity="warning",
    dimension="accuracy",
    sentences=(
        (
            "{n} suite « Ã© », « â€™ »… : le texte a été converti deux fois en UTF-8 ; reprenez l’export d’origine.",
            "{n} sequence like “Ã©” or “â€™”: the text was converted to UTF-8 twice; export it again from its source.",
        ),
        (
            "{n} suites « Ã© », « â€™ »… : le texte a été converti deux fois en UTF-8 ; reprenez l’export d’origine.",
            "{n} sequences like “Ã©” or “â€™”: the text was converted to UTF-8 twice; export it again from its source.",
        ),
    ),
)
encoding_guess = Told(
    "file-encoding-guess",
    "Encodage deviné",
    "Un encodage deviné peut changer des lettres sans que personne ne le voie.",
    "Enregistrez le fichier en UTF-8 (« CSV UTF-8 » dans un tableur).",
    English(
        "Encoding guessed",
        fix="Save the file as UTF-8 (“CSV UTF-8” in a spreadsheet).",
        why="A guessed encoding may change letters without anybody noticing.",
    ),
    sentences=(
        (
            "L’encodage {codec} est le plus probable, sans certitude : vérifiez les accents, ou déposez le fichier en UTF-8.",
            "The encoding is most likely {codec}, but not for certain: check the accents, or send the file as UTF-8.",
        ),
    ),
)
encoding_mismatch = Told(
    "file-encoding-mismatch",
    "Encodage autre que celui annoncé",
    "Les programmes qui croient l’annonce lisent des lettres fausses.",
    "Corrigez l’annonce en tête du fichier, ou enregistrez-le en UTF-8.",
    English(
        "Encoding other than announced",
        fix="Correct the declaration at the top of the file, or save it as UTF-8.",
        why="Programs that trust the declaration read wrong letters.",
    ),
    sentences=(
        (
            "Le fichier n’est pas dans l’encodage qu’il annonce : il a été lu en {codec}.",
            "The file is not in the encoding it announces: it was read as {codec}.",
        ),
    ),
)
no_bom = Told(
    "file-no-bom",
    "UTF-16 sans marque",
    "Peu de programmes devinent l’UTF-16 : ils ne lisent rien.",
    "Enregistrez le fichier en UTF-8.",
    English(
        "UTF-16 without its mark",
        fix="Save the file as UTF-8.",
        why="Few programs guess UTF-16: they read nothing.",
    ),
    sentences=(
        (
            "Le fichier est en {codec} sans marque d’ordre des octets (BOM).",
            "The file is in {codec} without a byte order mark (BOM).",
        ),
    ),
)
two_boms = Told(
    "file-two-boms",
    "Marque d’ordre des octets répétée",
    "La seconde marque se colle au nom de la première colonne, que les programmes ne trouvent plus.",
    "Enregistrez à nouveau le fichier en UTF-8.",
    English(
        "Byte order mark repeated",
        fix="Save the file as UTF-8 again.",
        why="The second mark sticks to the name of the first column, which programs no longer find.",
    ),
    sentences=(
        (
            "La marque d’ordre des octets (BOM) est écrite {n} fois ; elle a été ôtée.",
            "The byte order mark (BOM) is written {n} times; it was taken away.",
        ),
    ),
)
nul_bytes = Told(
    "file-nul-bytes",
    "Octets NUL",
    "Beaucoup de programmes s’arrêtent au premier octet NUL.",
    "Refaites l’export : le fichier a été coupé ou mal copié.",
    English(
        "NUL bytes",
        fix="Export the file again: it was cut short or badly copied.",
        why="Many programs stop at the first NUL byte.",
    ),
    severity="warning",
    sentences=forms("{n} octet[s] NUL ôté[s].", "{n} NUL byte[s] taken away."),
)
mixed_newlines = Told(
    "file-mixed-newlines",
    "Fins de ligne mêlées",
    "Certains programmes voient alors une ligne vide sur deux.",
    "Enregistrez à nouveau le fichier depuis un tableur.",
    English(
        "Mixed line ends",
        fix="Save the file again from a spreadsheet.",
        why="Some programs then see every other line blank.",
    ),
    sentences=forms(
        "{n} fin[s] de ligne doublée[s] (CR CR LF) ramenée[s] à une seule.",
        "{n} doubled line end[s] (CR CR LF) brought back to one.",
    ),
)
junk_start = Told(
    "file-junk-start",
    "Octets parasites en tête",
    "Ils se collent au nom de la première colonne.",
    "Refaites l’export.",
    English(
        "Stray bytes at the start",
        fix="Export the file again.",
        why="They stick to the name of the first column.",
    ),
    sentences=(
        (
            "Des octets parasites précèdent le texte ; ils ont été ôtés.",
            "Stray bytes stand before the text; they were taken away.",
        ),
    ),
)
ragged_rows = Told(
    "file-ragged-rows",
    "Lignes trop longues ou trop courtes",
    "Une cellule en trop ou en moins décale toutes les suivantes : des valeurs passent dans la mauvaise colonne.",
    "Sur ces lignes, cherchez un séparateur de trop ou qui manque, ou un texte à mettre entre guillemets.",
    English(
        "Rows too long or too short",
        fix="On these lines, look for a separator too many or missing, or for a text that needs quotes.",
        why="One cell too many or missing shifts all that follow: values end up in the wrong column.",
    ),
    severity="warning",
    sentences=(
        (
            "{n} ligne a plus de {width} cellules : l’excédent est gardé à part.",
            "{n} row has more than {width} cells: what is in excess is kept aside.",
        ),
        (
            "{n} lignes ont plus de {width} cellules : l’excédent est gardé à part.",
            "{n} rows have more than {width} cells: what is in excess is kept aside.",
        ),
        (
            "{n} ligne a moins de {width} cellules : les cellules absentes sont tenues pour manquantes.",
            "{n} row has fewer than {width} cells: absent cells count as missing.",
        ),
        (
            "{n} lignes ont moins de {width} cellules : les cellules absentes sont tenues pour manquantes.",
            "{n} rows have fewer than {width} cells: absent cells count as missing.",
        ),
    ),
)
trailing_delimiter = Told(
    "file-trailing-delimiter",
    "Séparateurs en trop à la fin",
    "Ils font des colonnes vides sans nom.",
    "Supprimez les colonnes vides à droite de la table avant l’export.",
    English(
        "Separators too many at the end",
        fix="Delete the empty columns to the right of the table before exporting.",
        why="They make empty columns without a name.",
    ),
    sentences=(
        ("{n} ligne se termine par des séparateurs en trop.", "{n} line ends with separators too many."),
        ("{n} lignes se terminent par des séparateurs en trop.", "{n} lines end with separators too many."),
        (
            "{n} dernière colonne sans nom ni valeur : ôtée.",
            "{n} last column without name or value: taken away.",
        ),
        (
            "{n} dernières colonnes sans nom ni valeur : ôtées.",
            "{n} last columns without name or value: taken away.",
        ),
    ),
)
blank_rows = Told(
    "file-blank-rows",
    "Lignes vides",
    "Elles comptent comme des enregistrements pour certains programmes, ou leur font croire que la table est finie.",
    "Supprimez les lignes vides, ou prenez la copie réparée.",
    English(
        "Blank lines",
        fix="Delete the blank lines, or take the mended copy.",
        why="Some programs count them as records, or take them for the end of the table.",
    ),
    sentences=(
        ("{n} ligne vide ignorée.", "{n} blank line ignored."),
        ("{n} lignes vides ignorées.", "{n} blank lines ignored."),
        ("{n} ligne vide à la fin du fichier.", "{n} blank line at the end of the file."),
        ("{n} lignes vides à la fin du fichier.", "{n} blank lines at the end of the file."),
        ("{n} ligne vide sous l’en-tête.", "{n} blank line below the header."),
        ("{n} lignes vides sous l’en-tête.", "{n} blank lines below the header."),
        ("{n} ligne vide au milieu de la table, passée.", "{n} blank row inside the table, passed over."),
        ("{n} lignes vides au milieu de la table, passées.", "{n} blank rows inside the table, passed over."),
    ),
)
repeated_header = Told(
    "file-repeated-header",
    "En-tête répété dans les données",
    "Chaque répétition passe pour un enregistrement.",
    "Ne gardez que le premier en-tête.",
    English(
        "Header repeated among the data",
        fix="Keep the first header only.",
        why="Each repetition passes for a record.",
    ),
    sentences=(
        (
            "L’en-tête est répété {n} fois dans les données : ces lignes sont ôtées.",
            "The header is repeated {n} times among the data: these lines are left out.",
        ),
        (
            "L’en-tête est répété {n} fois dans les données, avec {m} ligne de haut ou de bas de page : ces lignes sont ôtées.",
            "The header is repeated {n} times among the data, with {m} line of the top or foot of a page: these lines are left out.",
        ),
        (
            "L’en-tête est répété {n} fois dans les données, avec {m} lignes de haut ou de bas de page : ces lignes sont ôtées.",
            "The header is repeated {n} times among the data, with {m} lines of the top or foot of a page: these lines are left out.",
        ),
        ("L’en-tête est répété {n} fois sous lui-même.", "The header is repeated {n} times below itself."),
    ),
)
comment_lines = Told(
    "file-comment-lines",
    "Lignes de commentaire",
    "Le format CSV ne connaît pas les commentaires : d’autres programmes les lisent comme des données.",
    "Mettez ces remarques dans la description du jeu de données.",
    English(
        "Comment lines",
        fix="Move these remarks to the description of the dataset.",
        why="CSV knows no comments: other programs read them as data.",
    ),
    sentences=(
        ("{n} ligne de commentaire (« # ») ôtée.", "{n} comment line (“#”) left out."),
        ("{n} lignes de commentaire (« # ») ôtées.", "{n} comment lines (“#”) left out."),
        ("{n} ligne de commentaire (« # ») au-dessus des données.", "{n} comment line (“#”) above the data."),
        (
            "{n} lignes de commentaire (« # ») au-dessus des données.",
            "{n} comment lines (“#”) above the data.",
        ),
    ),
)
footer = Told(
    "file-footer",
    "Notes sous la table",
    "Une source ou une légende sous la table passe pour un enregistrement.",
    "Mettez ces notes dans la description du jeu de données, et finissez le fichier à la dernière ligne de données.",
    English(
        "Notes below the table",
        fix="Move these notes to the description of the dataset, and end the file at the last row of data.",
        why="A source or a legend below the table passes for a record.",
    ),
    sentences=(
        (
            "{n} ligne de note après les données : ôtée de la table.",
            "{n} line of notes after the data: left out of the table.",
        ),
        (
            "{n} lignes de notes après les données : ôtées de la table.",
            "{n} lines of notes after the data: left out of the table.",
        ),
        (
            "{n} ligne de note ou de légende sous la table, passée.",
            "{n} line of notes below the table, passed over.",
        ),
        (
            "{n} lignes de note ou de légende sous la table, passées.",
            "{n} lines of notes below the table, passed over.",
        ),
    ),
)
total_row = Told(
    "file-total-row",
    "Ligne de total",
    "Une somme faite sur la colonne compterait tout deux fois.",
    "Supprimez la ligne de total : qui lit les données la recalcule.",
    English(
        "Total row",
        fix="Delete the total row: whoever reads the data computes it again.",
        why="A sum over the column would count everything twice.",
    ),
    severity="warning",
    dimension="accuracy",
    sentences=(
        (
            "La dernière ligne est un total : elle est gardée, mais fausserait une somme.",
            "The last row is a total: it is kept, but would spoil a sum.",
        ),
        (
            "La dernière ligne semble être un total : elle compterait deux fois dans une somme.",
            "The last row seems to be a total: a sum would count it twice.",
        ),
    ),
)
title_lines = Told(
    "file-title-lines",
    "Titre au-dessus de l’en-tête",
    "Un programme prend la première ligne pour l’en-tête : il perd le nom de toutes les colonnes.",
    "Supprimez ces lignes : la première ligne du fichier doit être l’en-tête.",
    English(
        "Title above the header",
        fix="Delete these lines: the first line of the file must be the header.",
        why="A program takes the first line for the header, and loses the name of every column.",
    ),
    sentences=(
        ("{n} ligne de titre au-dessus de la table.", "{n} title line above the table."),
        ("{n} lignes de titre au-dessus de la table.", "{n} title lines above the table."),
    ),
)
no_header = Told(
    "file-no-header",
    "Pas d’en-tête",
    "Sans nom de colonne, personne ne sait ce que disent les valeurs.",
    "Ajoutez une première ligne qui nomme chaque colonne.",
    English(
        "No header",
        fix="Add a first line that names every column.",
        why="Without column names nobody knows what the values say.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(
        (
            "Aucune ligne d’en-tête reconnue : les colonnes sont nommées d’après leur position.",
            "No header line was recognised: columns are named by their position.",
        ),
        (
            "Aucune ligne d’en-tête n’a été reconnue : les colonnes sont numérotées.",
            "No header line was recognised: columns are numbered.",
        ),
    ),
)
no_record = Told(
    "file-no-record",
    "Aucun enregistrement",
    "Un jeu publié vide laisse croire qu’il n’y a rien à dire : le plus souvent, c’est l’export qui a échoué.",
    "Vérifiez l’export et déposez-le à nouveau. S’il n’y a vraiment rien à dire cette fois, publiez-le en disant pourquoi.",
    English(
        "No record",
        fix="Check the export and hand it in again. If there is truly nothing to say this time, publish it and say why.",
        why="An empty dataset suggests that there is nothing to say: most often, the export failed.",
    ),
    severity="error",
    dimension="completeness",
    sentences=(
        (
            "Le fichier n’a aucun enregistrement : il n’y a rien sous la ligne d’en-tête.",
            "The file has no record: there is nothing below the header line.",
        ),
        (
            "Le fichier tient en une seule cellule : ce n’est pas une table.",
            "The file is a single cell: that is no table.",
        ),
        ("La table « {name} » n’a aucun enregistrement.", "The table “{name}” has no record."),
    ),
)
empty_label = Told(
    "file-empty-label",
    "Colonne sans nom",
    "Une colonne sans nom ne peut être ni comprise, ni demandée.",
    "Nommez la colonne dans l’en-tête, ou supprimez-la.",
    English(
        "Column without a name",
        fix="Name the column in the header, or delete it.",
        why="A column without a name can be neither understood nor asked for.",
    ),
    severity="warning",
    dimension="completeness",
    sentences=(
        ("{n} colonne sans nom : {names}.", "{n} column without a name: {names}."),
        ("{n} colonnes sans nom : {names}.", "{n} columns without a name: {names}."),
    ),
)
duplicate_label = Told(
    "file-duplicate-label",
    "Nom de colonne en double",
    "Les programmes ne gardent souvent que l’une des deux.",
    "Donnez un nom différent à chaque colonne.",
    English(
        "Column name twice",
        fix="Give every column a name of its own.",
        why="Programs often keep only one of them.",
    ),
    severity="warning",
    sentences=(
        ("{n} nom de colonne en double : {names}.", "{n} column name that stands twice: {names}."),
        ("{n} noms de colonne en double : {names}.", "{n} column names that stand twice: {names}."),
    ),
)
trailing_bytes = Told(
    "file-trailing-bytes",
    "Octets étrangers à la fin",
    "Le fichier a pu être abîmé pendant sa copie.",
    "Compressez et déposez à nouveau le fichier d’origine.",
    English(
        "Foreign bytes at the end",
        fix="Compress and send the original file again.",
        why="The file may have been damaged while it was copied.",
    ),
    sentences=(
        (
            "Des octets étrangers suivent le fichier gzip ; ils sont ignorés.",
            "Foreign bytes follow the gzip file; they are ignored.",
        ),
    ),
)
not_utf8 = Told(
    "file-not-utf8",
    "Encodage ancien",
    "Les programmes attendent de l’UTF-8 : lu autrement, « école » devient « Ã©cole » ou « �cole ».",
    "Enregistrez le fichier en UTF-8 (« CSV UTF-8 » dans un tableur), ou prenez la copie réparée, qui l’est déjà.",
    English(
        "Old encoding",
        fix="Save the file as UTF-8 (“CSV UTF-8” in a spreadsheet), or take the mended copy, which is UTF-8 already.",
        why="Programs expect UTF-8: read otherwise, “école” becomes “Ã©cole” or “�cole”.",
    ),
    sentences=(
        ("Le fichier est encodé en {codec}, non en UTF-8.", "The file is encoded in {codec}, not in UTF-8."),
    ),
)
more_cells = Told(
    "file-more-cells",
    "Plus de cellules que de noms de colonnes",
    "Les valeurs sont décalées : chacune passe pour celle de la colonne d’à côté.",
    "Le séparateur de colonnes se trouve aussi dans les valeurs, une virgule décimale par exemple : exportez avec le point-virgule, ou mettez ces valeurs "
    "entre guillemets.",
    English(
        "More cells than column names",
        fix="The column separator also stands inside values, a decimal comma for instance: export with semicolons, or put these values in quotes.",
        why="Values are shifted: each passes for the one of the next column.",
    ),
    severity="error",
    dimension="validity",
    sentences=(
        ("Les lignes ont {n} cellule de plus que l’en-tête.", "Rows have {n} cell more than the header."),
        ("Les lignes ont {n} cellules de plus que l’en-tête.", "Rows have {n} cells more than the header."),
    ),
)
fixed_width = Told(
    "file-fixed-width",
    "Colonnes alignées par des espaces",
    "Sans séparateur, rien n’assure où une cellule finit : un mot plus long que sa colonne mêle tout.",
    "Exportez le fichier avec un séparateur (CSV).",
    English(
        "Columns aligned by spaces",
        fix="Export the file with a separator (CSV).",
        why="Without a separator nothing proves where a cell ends: one word longer than its column mixes everything.",
    ),
    severity="warning",
    sentences=(
        (
            "Les colonnes semblent alignées par des espaces : lues comme une seule. Exportez avec un séparateur (CSV).",
            "The columns seem to be aligned by spaces: read as one. Export with a separator (CSV).",
        ),
        (
            "Les colonnes, alignées par des espaces, ont été coupées à leur largeur. Vérifiez les cellules.",
            "The columns, aligned by spaces, were cut at their width. Look at the cells.",
        ),
    ),
)
rule_line = Told(
    "file-rule-line",
    "Ligne de tirets sous l’en-tête",
    "Elle n’est pas une donnée : un autre programme la compterait comme telle.",
    "Exportez la table sans les traits de l’affichage.",
    English(
        "A line of dashes under the header",
        fix="Export the table without the rules of its display.",
        why="It is no data: another program would count it as such.",
    ),
    sentences=(
        ("Une ligne de tirets sous l’en-tête, passée.", "A line of dashes under the header, passed over."),
    ),
)
formula_cells = Told(
    "file-formula-cells",
    'Codes écrits en formules (« ="00123" »)',
    "Ce n’est lu que par un tableur : un autre programme y voit un signe égal et des guillemets.",
    "Exportez les codes comme du texte, sans « = ».",
    English(
        'Codes written as formulas (“="00123"”)',
        fix="Export codes as text, without “=”.",
        why="Only spreadsheets read this: another program sees an equals sign and quotes.",
    ),
    sentences=(
        (
            'Des cellules sont écrites en formules (« ="00123" ») pour garder leurs zéros : leur texte a été pris.',
            'Cells are written as formulas (“="00123"”) so as to keep their zeros: their text was taken.',
        ),
    ),
)
script = Told(
    "file-script",
    "JSON dans un programme JavaScript",
    "Un programme qui attend du JSON s’arrête au premier mot.",
    "Exportez les données seules, sans le nom ni le signe égal qui les précèdent.",
    English(
        "JSON inside a JavaScript program",
        fix="Export the data alone, without the name and the equals sign in front of it.",
        why="A program that expects JSON stops at the first word.",
    ),
    sentences=(
        (
            "Le JSON est dans un programme JavaScript : ce qui l’entoure a été ôté.",
            "The JSON stands inside a JavaScript program: what surrounds it was taken away.",
        ),
    ),
)
wrapped_lines = Told(
    "file-wrapped-lines",
    "Lignes entières entre guillemets",
    "Chaque ligne n’était qu’une cellule : un autre programme n’y verrait qu’une colonne.",
    "Exportez à nouveau, sans mettre chaque ligne entre guillemets.",
    English(
        "Whole lines between quotes",
        fix="Export again, without putting each line between quotes.",
        why="Each line was one cell: another program would see a single column.",
    ),
    severity="warning",
    sentences=(
        (
            "Chaque ligne était entre guillemets, comme une seule cellule : ils ont été ôtés. Vérifiez les cellules.",
            "Each line stood between quotes, like a single cell: they were taken away. Check the cells.",
        ),
    ),
)
