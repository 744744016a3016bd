"""What the software of a town hall writes when asked for its data: accounts, counters, lending,
sensors, maps, databases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.readers.hostile.case import Case
from tests.readers.hostile.text import lines

ACCOUNTS = ("Exercice", "Chapitre", "Article", "Libellé", "Montant voté")
_WORDS = (
    "Fournitures d'entretien",
    "Énergie - électricité",
    "Études et recherches",
    "Prêts à intérêts",
    "Bâtiments scolaires",
    "Réseaux de voirie",
)
BOOKS = [
    ["2024", f"{n % 7 + 11:03d}", f"{6061 + n}", _WORDS[n % 6], f"{n + 1} {n * 37 % 1000:03d},{n % 100:02d}"]
    for n in range(24)
]
KINDS = ("year", "text", "text", "text", "number")
START = ("2024", "011", "6061", "Fournitures d'entretien", "1000.0")


def accounts(name: str, content: str | bytes, **more: Any) -> Case:
    """The accounts above, whole whatever was done to the file."""
    truth: dict[str, Any] = {
        "header": 1,
        "rows": 24,
        "names": ACCOUNTS,
        "types": KINDS,
        "first": START,
        "separator": ";",
        "decimal": ",",
    }
    return Case(name, content.encode() if isinstance(content, str) else content, **{**truth, **more})


def _fixed(
    rows: Sequence[Sequence[str]], widths: Sequence[int], *, right: Sequence[int] = (), between: str = " "
) -> list[str]:
    return [
        between.join(
            f"{c:>{w}}" if i in right else f"{c:<{w}}" for i, (c, w) in enumerate(zip(r, widths, strict=True))
        ).rstrip()
        for r in rows
    ]


def finance() -> Iterator[Case]:
    """Software of accounts and of the town's administration."""
    table = lines([ACCOUNTS, *BOOKS])
    nbsp = lines([ACCOUNTS, *([*r[:4], r[4].replace(" ", "\u00a0")] for r in BOOKS)])
    ansi = ("cp1252", "iso-8859-1", "iso-8859-15")
    yield accounts("accounts, ANSI, no-break thousands", nbsp.encode("cp1252"), encoding=ansi)
    yield accounts(
        "accounts between quotes, DOS",
        lines([ACCOUNTS, *BOOKS], quote='"').encode("cp850"),
        encoding=("cp850", "cp858"),
    )
    pages = "".join(
        f"VILLE DE CRECY;;;;\r\nGrand livre;;;;Page : {p + 1}\r\n"
        + lines([ACCOUNTS, *BOOKS[p * 8 : p * 8 + 8]])
        for p in range(3)
    )
    yield accounts("a ledger with its head on each page", pages, header=3)
    blank = "".join(
        f"VILLE DE CRECY\r\nGrand livre au 31/12/2024\r\n\r\n{lines([ACCOUNTS, *BOOKS[p * 8 : p * 8 + 8]])}\r\nPage {p + 1} sur 3\r\n\r\n"
        for p in range(3)
    )
    yield accounts("pages with blank lines and their number below", blank, header=4)
    chapters = lines(
        [
            ACCOUNTS,
            *BOOKS[:12],
            ["", "", "", "Total chapitre 011", "25 000,00"],
            *BOOKS[12:],
            ["", "", "", "Total général", "99 000,00"],
        ]
    )
    yield accounts("totals of chapters and of all", chapters, rows=26, codes=())
    coded = "Code;Tiers;Montant\r\n" + "".join(f'="{n:06d}";SARL L\'Été;{n},50\r\n' for n in range(1, 25))
    yield Case(
        "third parties, codes as formulas",
        coded.encode("cp1252"),
        rows=24,
        types=("text", "text", "number"),
        first=("000001", "SARL L'Été", "1.5"),
    )
    yield accounts(
        "a bar at each end of the lines",
        "".join("|" + "|".join(r) + "|\r\n" for r in [ACCOUNTS, *BOOKS]),
        separator="|",
    )
    sap = [["|Soc.", "Compte", "Libellé", "Mnt devise int.|"]] + [
        [
            f"|{1000 + n}",
            f"{6000 + n}",
            _WORDS[n % 6][:20],
            f"{n + 1}.{n * 37 % 1000:03d},{n % 100:02d}{'-' if n % 3 else ' '}|",
        ]
        for n in range(24)
    ]
    rule = "-" * 62 + "\r\n"
    spool = (
        "25.03.2024       Liste des postes individuels          1\r\n\r\n"
        + rule
        + "".join(
            "|".join((f"{r[0]:<6}", f"{r[1]:<8}", f"{r[2]:<22}", f"{r[3]:>20}"))
            + "\r\n"
            + (rule if n == 0 else "")
            for n, r in enumerate(sap)
        )
        + rule
    )
    yield Case("a SAP list, minus behind", spool.encode("cp1252"), separator="|", rows=24, header=4)
    yield accounts(
        "two hundred empty columns", "".join(";".join(r) + ";" * 200 + "\r\n" for r in [ACCOUNTS, *BOOKS])
    )
    yield accounts("thirty empty rows below", table + ";;;;\r\n" * 30)
    yield accounts("a title with delimiters", "Budget ; ville de Crécy ; exercice 2024\r\n" + table, header=2)
    yield accounts("signed below", table + "\r\nFait à Crécy, le 12 mars 2025\r\nLe Maire,\r\nJ. Dupré\r\n")
    yield accounts("stars at the end", table + "*** FIN DE L'ETAT ***\r\n")
    yield accounts(
        "keys and values on one line above",
        "Collectivité : Crécy - Budget : 00 Principal - Édité le 12/03/2025 à 10:32 - Page 1\r\n" + table,
        header=2,
    )
    yield accounts(
        "half UTF-8, half ANSI", lines([ACCOUNTS, *BOOKS[:12]]).encode() + lines(BOOKS[12:]).encode("cp1252")
    )
    yield accounts("a mark of UTF-8, then ANSI", b"\xef\xbb\xbf" + table.encode("cp1252"))
    yield accounts(
        "labels in ANSI, records in UTF-8", lines([ACCOUNTS]).encode("cp1252") + lines(BOOKS).encode()
    )
    yield accounts(
        "labels by commas, records by semicolons",
        lines([ACCOUNTS], ",") + lines(BOOKS),
        header=None,
        names=(),
        types=(),
        first=(),
    )
    yield accounts(
        "each line quoted, quotes doubled",
        "".join('"' + ";".join(f'""{c}""' for c in r) + '"\r\n' for r in [ACCOUNTS, *BOOKS]),
    )
    yield accounts(
        "lines numbered by the printer",
        lines([("N°", *ACCOUNTS), *([str(n), *r] for n, r in enumerate(BOOKS, 1))]),
        names=("N°", *ACCOUNTS),
        types=("integer", *KINDS),
        first=("1", *START),
    )
    yield accounts(
        "carried forward",
        lines(
            [
                ACCOUNTS,
                *BOOKS[:12],
                ["", "", "", "À reporter", "12 000,00"],
                ["", "", "", "Report", "12 000,00"],
                *BOOKS[12:],
            ]
        ),
        rows=26,
    )
    yield accounts(
        "a comma behind each line of semicolons",
        "".join(";".join(r) + ",\r\n" for r in [ACCOUNTS, *BOOKS]),
        names=(),
        types=(),
        first=(),
        decimal="any",
    )
    groups = lines([("Identification", "", "", "", "Crédits"), ACCOUNTS, *BOOKS])
    yield accounts("groups above the labels", groups, header=2, names=())
    yield accounts(
        "numbers of columns above the labels",
        lines([("1", "2", "3", "4", "5"), ACCOUNTS, *BOOKS]),
        header=2,
        names=(),
    )


def double() -> Iterator[Case]:
    """Separators of more than one character."""
    simple = [[*r[:4], r[4].replace(" ", "")] for r in BOOKS]
    for mark, name in (
        ("||", "bars"),
        (";;", "semicolons"),
        (" | ", "a bar between blanks"),
        ("::", "colons"),
        ("~|", "a tilde and a bar"),
        ("$$", "dollars"),
        ("\t|\t", "a bar between tabs"),
        ("@@", "at signs"),
        ("#;", "a hash and a semicolon"),
    ):
        more: dict[str, Any] = {"separator": mark} if mark not in {" | ", "\t|\t"} else {"separator": "any"}
        yield accounts(f"two characters: {name}", lines([ACCOUNTS, *simple], mark), **more)
    yield accounts("two bars, quotes", lines([ACCOUNTS, *simple], "||", quote='"'), separator="||")
    yield accounts(
        "two bars, single ones in cells",
        lines([ACCOUNTS, *([*r[:3], r[3] + " | suite", r[4]] for r in simple)], "||"),
        separator="||",
        first=(),
    )
    yield accounts(
        "two bars, empty cells",
        lines([ACCOUNTS, *([*r[:2], "" if n % 3 else r[2], r[3], r[4]] for n, r in enumerate(simple))], "||"),
        separator="||",
        types=(),
    )
    yield accounts(
        "two bars, no header", lines(simple, "||"), separator="||", header=0, names=(), types=(), first=()
    )
    yield accounts(
        "two bars, ANSI, a title",
        ("Budget de Crécy\r\n" + lines([ACCOUNTS, *simple], "||")).encode("cp1252"),
        separator="||",
        header=2,
    )
    holes = lines([("a", "b", "c", "d"), *([str(n), "", "", str(n)] for n in range(24))])
    yield Case("semicolons with two cells empty throughout", holes.encode(), separator=";", rows=24, header=1)
    spare = lines([("code", "x", "nom"), *([f"{n:03d}", "", "Foch"] for n in range(24))])
    yield Case(
        "semicolons with a column empty throughout",
        spare.encode(),
        separator=";",
        rows=24,
        header=1,
        names=("code", "x", "nom"),
    )
    hours = lines([("ligne", "heures"), *([f"L{n}", "08:00::09:30"] for n in range(24))])
    yield Case("two colons inside cells", hours.encode(), separator=";", rows=24, header=1)
    cpp = lines([("classe", "n"), *([f"std::a{n}", str(n)] for n in range(24))], ",")
    yield Case("two colons in each record, commas between", cpp.encode(), separator=",", rows=24, header=1)


def spools() -> Iterator[Case]:
    """What databases print: columns aligned by blanks, rules, counts of records."""
    head, widths = ("CODE", "LIBELLE", "VILLE", "MONTANT"), (6, 26, 12, 10)
    rows = [
        [f"{n:04d}", _WORDS[n % 6], ("Gap", "Albi", "La Ciotat")[n % 3], f"{n * 3 + 1}.50"] for n in range(24)
    ]
    rule = " ".join("-" * w for w in widths)
    truth: dict[str, Any] = {
        "rows": 24,
        "names": head,
        "types": ("text", "text", "text", "number"),
        "first": ("0000", _WORDS[0], "Gap", "1.5"),
        "last": ("0023", _WORDS[5], "La Ciotat", "70.5"),
    }

    def spool(name: str, content: str, **more: Any) -> Case:
        return Case(name, content.encode(), **{**truth, **more})

    body = _fixed(rows, widths, right=(3,))
    top = _fixed([head], widths, right=(3,))[0]
    yield spool("SQL*Plus", "\n".join(["", top, rule, *body, "", "24 rows selected.", ""]))
    yield spool(
        "SQL*Plus in French", "\n".join(["", top, rule, *body, "", "24 ligne(s) sélectionnée(s).", ""])
    )
    pages = "".join("\n".join([top, rule, *body[p * 8 : p * 8 + 8], "", ""]) for p in range(3))
    yield spool("SQL*Plus, its head on each page", pages + "24 rows selected.\n")
    yield spool("DB2", "\n".join(["", top, rule, *body, "", "  24 record(s) selected.", ""]))
    yield spool("sqlcmd", "\n".join([top, rule, *body, "", "(24 rows affected)", ""]))
    yield spool(
        "sqlcmd by semicolons",
        "\n".join(
            [
                ";".join(head),
                ";".join("-" * w for w in widths),
                *(";".join(f"{c:<{w}}" for c, w in zip(r, widths, strict=True)) for r in rows),
                "",
                "(24 rows affected)",
            ]
        ),
        separator=";",
    )
    box = "+" + "+".join("-" * (w + 2) for w in widths) + "+\n"
    mysql = (
        box
        + "".join(
            "| "
            + " | ".join(f"{c:<{w}}" for c, w in zip(r, widths, strict=True))
            + " |\n"
            + (box if n == 0 else "")
            for n, r in enumerate([head, *rows])
        )
        + box
        + "24 rows in set (0.00 sec)\n"
    )
    yield spool("MySQL in its box", mysql, separator="|")
    yield spool(
        "aligned, two blanks between, no rule",
        "\n".join(_fixed([head, *rows], widths, right=(3,), between="  ")) + "\n",
    )
    yield spool(
        "aligned, three blanks, a title and a rule",
        "ETAT DES TIERS\n"
        + "=" * 40
        + "\n\n"
        + "\n".join(_fixed([head, *rows], widths, between="   "))
        + "\n",
    )
    yield spool(
        "aligned, some cells empty",
        "\n".join(
            [
                top,
                rule,
                *_fixed(
                    [[r[0], r[1], "" if n % 4 else r[2], r[3]] for n, r in enumerate(rows)],
                    widths,
                    right=(3,),
                ),
            ]
        )
        + "\n",
        last=("0023", "Réseaux de voirie", None, "70.5"),
    )
    yield Case("aligned, ANSI", "\n".join([top, rule, *body]).encode("cp1252"), **truth)
    signs = "\n".join([top, rule.replace("-", "="), *body])
    yield spool("a rule of equal signs", signs)
    yield Case(
        "COPY of PostgreSQL",
        "".join(f"{n}\tFoch\t\\N\t2024-03-25 10:30:00+01\t{'tf'[n % 2]}\n" for n in range(24)).encode(),
        separator="\t",
        header=0,
        rows=24,
        types=("integer", "text", "text", "datetime", "boolean"),
    )
    yield Case(
        "INSERTs",
        "".join(f"INSERT INTO lieux (code, nom) VALUES ('{n:03d}', 'L''Été');\n" for n in range(24)).encode(),
        refused=("SQL",),
    )
    letter = "Madame, Monsieur,\n\nVeuillez trouver ci-joint la liste demandée.\nElle porte sur 2024 ; elle sera revue.\n\nCordialement,\nLa mairie de Crécy\n"
    yield Case("a letter is no table", letter.encode(), separator=None)


def machines() -> Iterator[Case]:
    """Parking meters, counters, sensors, lending, forms, surveys."""
    meters = "Horodateur;Date;Heure;Montant;Mode\r\n" + "".join(
        f"H{n:03d};{n % 15 + 13}/03/24;08:{n:02d}:12;{n}.50;CB\r\n" for n in range(24)
    )
    yield Case(
        "parking meters",
        meters.encode(),
        header=1,
        rows=24,
        separator=";",
        types=("text", "date", "time", "number", "text"),
        decimal=".",
    )
    utf16 = (
        "sep=\t\r\nParc\tHorodatage\tEntrées\r\n"
        + "".join(f"P{n}\t2024-03-25 {n % 24:02d}:00:00.000\t{n}\r\n" for n in range(24))
    ).encode("utf-16")
    yield Case(
        "a car park in UTF-16, sep= of a tab",
        utf16,
        header=2,
        rows=24,
        separator="\t",
        types=("text", "datetime", "integer"),
    )
    koha = "biblionumber,isbn,title,author,prêts\n" + "".join(
        f'{n},"978207036{n:03d}0","L\'Été ; tome {n} / A. Camus, ill.","Camus, Albert (1913-1960)",{n}\n'
        for n in range(24)
    )
    yield Case(
        "lending, commas and semicolons in titles",
        koha.encode(),
        separator=",",
        rows=24,
        header=1,
        types=("integer", "text", "text", "text", "integer"),
    )
    marc = "ISBN|Titre|Auteur|Cote|Prêts\n" + "".join(
        f"978-2-07-036{n:03d}-0|L'Été, {n}|Camus, A.|R CAM|{n}\n" for n in range(24)
    )
    yield Case(
        "lending by bars",
        marc.encode("iso-8859-15"),
        separator="|",
        rows=24,
        header=1,
        types=("text", "text", "text", "text", "integer"),
    )
    probe = "# station: Pré-Haut\n# lat: 43.61\n# unit: µg/m³\ntimestamp,pm10,pm2.5\n" + "".join(
        f"2024-03-25T{n:02d}:00:00Z,{n}.5,{n}.25\n" for n in range(24)
    )
    yield Case(
        "a sensor with comments above",
        probe.encode(),
        separator=",",
        header=4,
        rows=24,
        types=("datetime", "number", "number"),
        decimal=".",
    )
    toa = (
        '"TOA5","CR1000","1234","CR1000.Std","CPU:meteo.CR1","4711","Heure"\n"TIMESTAMP","RECORD","AirTC","RH"\n"TS","RN","Deg C","%"\n"","","Avg","Smp"\n'
        + "".join(f'"2024-03-25 {n:02d}:00:00",{n},{n}.5,{n + 40}\n' for n in range(24))
    )
    yield Case(
        "a weather logger of Campbell",
        toa.encode(),
        separator=",",
        header=4,
        rows=24,
        types=("datetime", "integer", "number", "integer"),
    )
    lora = "device,recu,trame\n" + "".join(
        f'eui-{n:016x},2024-03-25T10:{n:02d}:00Z,"{{""co2"": {n}, ""t"": [1, 2]}}"\n' for n in range(24)
    )
    yield Case(
        "radio frames in JSON",
        lora.encode(),
        separator=",",
        rows=24,
        header=1,
        types=("text", "datetime", "text"),
        meanings={"trame": "json"},
    )
    quiet = "Capteur;Valeur\r\n" + "".join(f"C{n};{'NaN' if n % 5 == 0 else f'{n},5'}\r\n" for n in range(25))
    yield Case(
        "sensors that say NaN", quiet.encode(), rows=25, types=("text", "number"), misfits=0, decimal=","
    )
    qgis = "WKT,fid,nom\n" + "".join(f'"POINT (3.8{n:02d} 43.6{n:02d})",{n},L\'Été\n' for n in range(10, 34))
    yield Case(
        "a layer of QGIS",
        qgis.encode(),
        separator=",",
        rows=24,
        header=1,
        geometry="point",
        place=(3.810, 43.610),
    )
    esri = "OBJECTID *,Shape *,NOM,SHAPE_Length\n" + "".join(
        f"{n},Polyline Z,Rue {n},{n}.123456789\n" for n in range(24)
    )
    yield Case(
        "a table of ArcGIS",
        esri.encode(),
        separator=",",
        rows=24,
        header=1,
        types=("integer", "text", "text", "number"),
    )
    mapinfo = '"ID"\t"NOM"\t"X"\t"Y"\n' + "".join(
        f'{n}\t"Été {n}"\t{770000 + n}.25\t{6280000 + n}.5\n' for n in range(24)
    )
    yield Case(
        "MapInfo by tabs, Lambert-93",
        mapinfo.encode("cp1252"),
        separator="\t",
        rows=24,
        header=1,
        geometry="point",
    )
    forms = '"Horodateur","Votre quartier ?","Vos remarques"\n' + "".join(
        f'"2024/03/25 10:{n:02d}:12 AM UTC+1","Centre","Bien ;\nmais {n}, trop cher"\n' for n in range(24)
    )
    yield Case(
        "answers to a form",
        forms.encode(),
        separator=",",
        rows=24,
        header=1,
        types=("datetime", "text", "text"),
        first=("2024-03-25 09:00:12+00", "Centre", "Bien ;\nmais 0, trop cher"),
    )
    lime = (
        '"id. Identifiant de la réponse";"submitdate. Date de soumission";"Q1[SQ001]. [Vélo] Comment venez-vous ?"\n'
        + "".join(f'"{n}";"2024-03-25 10:{n:02d}:00";"{"Oui" if n % 2 else "Non"}"\n' for n in range(24))
    )
    yield Case(
        "answers to a survey",
        lime.encode("utf-8-sig"),
        separator=";",
        rows=24,
        header=1,
        types=("integer", "datetime", "boolean"),
    )
    matomo = (
        "Libellé\tVisites\tTaux de rebond\tTemps moyen\n"
        + "".join(f"/page-{n}\t{n}\t{n}%\t00:01:{n:02d}\n" for n in range(24))
    ).encode("utf-16")
    yield Case(
        "visits of a site",
        matomo,
        separator="\t",
        rows=24,
        header=1,
        types=("text", "integer", "integer", "time"),
    )
    grc = "\ufeffN° demande,Créée le,Motif,Message\r\n" + "".join(
        f'"2024-{n:05d}","25/03/2024 10:{n:02d}","Voirie > Nid-de-poule","Bonjour,\r\n\r\nun trou ; rue ""Foch"".\r\nMerci"\r\n'
        for n in range(24)
    )
    yield Case(
        "requests of citizens with their message",
        grc.encode(),
        separator=",",
        rows=24,
        header=1,
        types=("text", "datetime", "text", "text"),
    )
    html = "id;texte\n" + "".join(
        f'{n};"<p class=""a"">Bonjour,<br/>l&#39;été &eacute; ; fin</p>"\n' for n in range(24)
    )
    yield Case("mark-up in cells", html.encode(), separator=";", rows=24, header=1)
    outlook = '"Prénom","Nom","Anniversaire","Adresse de messagerie"\r\n' + "".join(
        f'"Zoé","Été{n}","0/0/00","zoe{n}@exemple.fr"\r\n' for n in range(24)
    )
    yield Case("an address book", outlook.encode("cp1252"), separator=",", rows=24, header=1)
    merge = "Civilité\tNom\tCP\tVille\tMontant\r\n" + "".join(
        f"Mme\tÉté {n}\t0{n + 1000}\tSète\t{n},50 €\r\n" for n in range(24)
    )
    yield Case(
        "letters to be merged",
        merge.encode("cp1252"),
        separator="\t",
        rows=24,
        header=1,
        types=("text", "text", "text", "text", "number"),
    )
    bi = (
        "Quartier,Année,Somme de Montant\r\n"
        + "".join(f"Centre,2024,{n}.5\r\n" for n in range(24))
        + '"Filtres appliqués :\nAnnée est 2024\nType n\'est pas (Vide)"\r\n'
    )
    yield Case(
        "a dashboard, its filters below",
        bi.encode("utf-8-sig"),
        separator=",",
        rows=24,
        header=1,
        types=("text", "year", "number"),
    )
    bo = ";;;\r\n;Nom;Nombre;Date\r\n" + "".join(f";Été {n};{n};{n % 15 + 13}/03/2024\r\n" for n in range(24))
    yield Case(
        "a report with an empty column on the left",
        bo.encode("cp1252"),
        separator=";",
        rows=24,
        header=2,
        names=("colonne_1", "Nom", "Nombre", "Date"),
    )
    frama = ',,"Q1","Q1"\n"N°","Envoyé le","vélo","bus"\n' + "".join(
        f"{n},2024-03-25 10:{n:02d},X,\n" for n in range(24)
    )
    yield Case("a form with its questions in two lines", frama.encode(), separator=",", rows=24, header=2)
    voters = lines(
        [
            (
                "Bureau",
                "Inscrits",
                "Votants",
                "% Vot/Ins",
                "N°Panneau",
                "Nom",
                "Voix",
                "N°Panneau",
                "Nom",
                "Voix",
            ),
            *([f"{n:04d}", "900", "450", "50,00", "1", "ÉTÉ", "200", "2", "HIVER", "150"] for n in range(24)),
        ]
    )
    yield Case(
        "ballots, labels that come back",
        voters.encode("cp1252"),
        separator=";",
        rows=24,
        header=1,
        names=(
            "Bureau",
            "Inscrits",
            "Votants",
            "% Vot/Ins",
            "N°Panneau",
            "Nom",
            "Voix",
            "N°Panneau_2",
            "Nom_2",
            "Voix_2",
        ),
    )
    loose = lines(
        [
            ("Bureau", "Nom", "Voix"),
            *(
                [
                    f"{n:04d}",
                    "ÉTÉ",
                    "200",
                    *(["HIVER", "150"] if n % 2 else ["HIVER", "150", "PRINTEMPS", "3"]),
                ]
                for n in range(24)
            ),
        ]
    )
    yield Case(
        "ballots, labels for the first candidate only",
        loose.encode("cp1252"),
        separator=";",
        rows=24,
        header=1,
    )


FAMILIES = {"finance": finance, "double": double, "spools": spools, "machines": machines}
