"""Files of public money with planted errors: what each totals by itself, and every error with its record.
Twenty seeds, six kinds of file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from xml.sax.saxutils import quoteattr

import numpy as np

from parvis.methods.money.faults import luhn_right

SIRET = "21340172201787"
CHAPTERS = {
    ("fonctionnement", "dépense"): (
        ("011", "60611", "Eau"),
        ("012", "64111", "Rémunération"),
        ("65", "65748", "Subventions"),
        ("66", "66111", "Intérêts"),
    ),
    ("fonctionnement", "recette"): (
        ("70", "7067", "Redevances"),
        ("73", "73111", "Taxe foncière"),
        ("74", "7411", "Dotation"),
        ("75", "7588", "Autres produits"),
    ),
    ("investissement", "dépense"): (
        ("20", "2031", "Études"),
        ("21", "21312", "Écoles"),
        ("23", "2313", "Constructions"),
        ("16", "1641", "Emprunts"),
    ),
    ("investissement", "recette"): (
        ("10", "10222", "FCTVA"),
        ("13", "1321", "Subvention État"),
        ("16", "1641", "Emprunts"),
    ),
}
FUNCTIONS = ("020", "11", "211", "30", "321", "420", "511", "70", "844")
BODIES = (
    "Association Vélo Cité",
    "Club d’athlétisme",
    "Chorale des Tanneries",
    "Comité des fêtes",
    "Ciné-Club du Vernet",
    "Banque alimentaire",
    "Amicale laïque",
)


@dataclass
class MoneyFile:
    """name: of the file; content: its bytes; kind: budget, grants or contracts; totals: what it sums up to,
    cents; planted: (code, record) of each error.
    """

    name: str
    content: bytes
    kind: str
    totals: dict[str, int]
    planted: set[tuple[str, int]] = field(default_factory=set)


def siret(rng: np.random.Generator, *, right: bool = True) -> str:
    while True:
        base = "".join(map(str, rng.integers(1, 10, 13)))
        for key in range(10):
            if luhn_right(f"{base}{key}"):
                return f"{base}{key}" if right else f"{base}{(key + 1) % 10}"


def french(cents: int) -> str:
    sign, whole, rest = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    return f"{sign}{whole:,}".replace(",", " ") + f",{rest:02d}"


def plain(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def make(seed: int) -> MoneyFile:
    return (national, business, totem, grants, contracts_json, contracts_xml)[seed % 6](seed)


def _lines(rng: np.random.Generator, *, primitif: bool) -> list[dict[str, str | int | bool]]:
    """A budget in balance: two sections, orders that answer each other."""
    lines: list[dict[str, str | int | bool]] = []

    def add(
        section: str, way: str, chapter: str, nature: str, function: str, voted: int, order: bool = False
    ) -> None:
        spent = 0 if primitif else int(voted * rng.uniform(0.6, 0.99))
        lines.append(
            {
                "section": section,
                "way": way,
                "chapter": chapter,
                "nature": nature,
                "function": function,
                "voted": voted,
                "spent": spent,
                "order": order,
            }
        )

    moved = int(rng.integers(10**6, 10**8))
    for section in ("fonctionnement", "investissement"):
        sums = {"dépense": 0, "recette": 0}
        orders = ("dépense", "042", "6811") if section == "fonctionnement" else ("recette", "040", "28188")
        add(section, orders[0], orders[1], orders[2], "01", moved, order=True)
        sums[orders[0]] += moved
        for way in ("dépense", "recette"):
            for chapter, nature, _ in CHAPTERS[section, way]:
                for function in rng.choice(FUNCTIONS, 2, replace=False):
                    voted = int(rng.integers(10**5, 10**9))
                    add(section, way, chapter, nature, str(function), voted)
                    sums[way] += voted
        gap = sums["dépense"] - sums["recette"]
        way = "recette" if gap > 0 else "dépense"
        chapter, nature, _ = CHAPTERS[section, way][-1]
        add(section, way, chapter, nature, "01", abs(gap) or 1)
        assert gap
    return lines


def _plant(
    rng: np.random.Generator,
    lines: list[dict[str, str | int | bool]],
    planted: set[tuple[str, int]],
    *,
    document: str,
    shift: int = 0,
) -> None:
    """Errors of a budget's lines that leave its balance as it is, or that say that they break it."""
    real = [i for i, x in enumerate(lines) if not x["order"] and str(x["function"]) != "01"]
    picks = [int(i) for i in rng.permutation(real)]
    what = [str(w) for w in rng.permutation(["year", "section", "way", "function", "balance", "siret"])][:3]
    for fault in what:
        i = picks.pop()
        x = lines[i]
        if fault == "year":
            x["year"] = "2019"
            planted.add(("year-differs", i + 1))
            if document == "budget primitif":  # alone in its year, its sections can't balance either
                way = str(x["way"])
                del way
                planted.add(("unbalanced", 0))
        elif fault == "section":
            x["section"] = "investissement" if x["section"] == "fonctionnement" else "fonctionnement"
            planted.add(("wrong-section", i + 1))
            if document == "budget primitif":
                planted.add(("unbalanced", 0))
        elif fault == "way":
            x = next(
                lines[k]
                for k in picks
                if lines[k]["section"] == "fonctionnement" and lines[k]["nature"] not in ("", None)
            )
            i = lines.index(x)
            picks = [k for k in picks if k != i]
            x["way"] = "recette" if x["way"] == "dépense" else "dépense"
            planted.add(("wrong-way", i + 1))
            if document == "budget primitif":
                planted.add(("unbalanced", 0))
        elif fault == "function":
            x["function"] = ""
            planted.add(("function-missing", i + 1))
        elif fault == "balance" and document == "budget primitif":
            x["voted"] = int(x["voted"]) + 12345
            planted.add(("unbalanced", 0))
        elif fault == "siret":
            x["siret"] = SIRET[:-1] + "8"
            planted.add(("siret-key", i + 1))
            if document == "budget primitif":
                planted.add(("unbalanced", 0))


def _sums(lines: list[dict[str, str | int | bool]], column: str) -> dict[str, int]:
    return {way: sum(int(x[column]) for x in lines if x["way"] == way) for way in ("dépense", "recette")}


def national(seed: int) -> MoneyFile:
    """scdl/budget as CSV, a line twice and an amount that can't be read."""
    rng = np.random.default_rng(seed)
    lines = _lines(rng, primitif=False)
    planted: set[tuple[str, int]] = set()
    _plant(rng, lines, planted, document="compte administratif")
    twice = dict(lines[3])
    lines.append(twice)
    planted.add(("line-twice", len(lines)))
    planted |= {(c, len(lines)) for c, r in planted if r == 4}
    header = "BGT_NATDEC,BGT_ANNEE,BGT_SIRET,BGT_NOM,BGT_CONTNAT,BGT_NATURE,BGT_FONCTION,BGT_SECTION,BGT_OPBUDG,BGT_CODRD,BGT_MTREAL,BGT_MTPREV"
    rows = [header]
    for x in lines:
        order = "ordre" if x["order"] else "réel"
        rows.append(
            f"compte administratif,{x.get('year', 2025)},{x.get('siret', SIRET)},Rivemont,{x['chapter']},{x['nature']},{x['function']},{x['section']},{order},{x['way']},{plain(int(x['spent']))},{plain(int(x['voted']))}"
        )
    spent = _sums(lines, "spent")
    bad = 9
    cells = rows[bad].split(",")
    spent[str(lines[bad - 1]["way"])] -= int(lines[bad - 1]["spent"])
    cells[-2] = "12 O00.5"
    rows[bad] = ",".join(cells)
    planted.add(("amount-unreadable", bad))
    return MoneyFile(
        "budget.csv",
        "\n".join(rows).encode() + b"\n",
        "budget",
        {"spent": spent["dépense"], "income": spent["recette"]},
        planted,
    )


def business(seed: int) -> MoneyFile:
    """What accounting software prints: French amounts, its own headers, subtotals by chapter and a total by
    way, of which two are wrong.
    """
    rng = np.random.default_rng(seed)
    lines = sorted(
        _lines(rng, primitif=True), key=lambda x: (str(x["way"]), str(x["section"]), str(x["chapter"]))
    )
    planted: set[tuple[str, int]] = set()
    rows = [
        [
            "Exercice",
            "Étape",
            "Section",
            "Sens",
            "Chapitre",
            "Article",
            "Fonction",
            "Libellé",
            "Mouvement",
            "Voté",
        ]
    ]
    record = 0
    wrong = 0
    groups = list(dict.fromkeys((str(x["way"]), str(x["section"]), str(x["chapter"])) for x in lines))
    spoilt = {int(i) for i in rng.choice(len(groups), 2, replace=False)}
    for place, (way, section, chapter) in enumerate(groups):
        inside = [x for x in lines if (x["way"], x["section"], x["chapter"]) == (way, section, chapter)]
        for x in inside:
            record += 1
            rows.append(
                [
                    "2026",
                    "BP",
                    section[:1].upper(),
                    way.capitalize(),
                    chapter,
                    str(x["nature"]),
                    str(x["function"]),
                    "Ligne",
                    "Ordre" if x["order"] else "Réel",
                    french(int(x["voted"])),
                ]
            )
        record += 1
        stated = sum(int(x["voted"]) for x in inside)
        if place in spoilt:
            stated += (int(inside[0]["voted"]), -900, 100_00)[wrong % 3]
            wrong += 1
            planted.add(("total-wrong", record))
        rows.append(
            [
                "",
                "",
                section[:1].upper(),
                way.capitalize(),
                "",
                "",
                "",
                f"Total chapitre {chapter}",
                "",
                french(stated),
            ]
        )
    sums = _sums(lines, "voted")
    content = "\r\n".join(";".join(r) for r in rows).encode("cp1252") + b"\r\n"
    return MoneyFile(
        "export.csv", content, "budget", {"voted": sums["dépense"], "income": sums["recette"]}, planted
    )


def totem(seed: int) -> MoneyFile:
    """A document for the prefecture, with lines of totals and grants, some of them to people."""
    rng = np.random.default_rng(seed)
    primitif = seed % 4 < 2
    lines = _lines(rng, primitif=primitif)
    planted: set[tuple[str, int]] = set()
    document = "budget primitif" if primitif else "compte administratif"
    real = [
        i
        for i, x in enumerate(lines)
        if not x["order"] and x["section"] == "fonctionnement" and x["function"] != "01"
    ]
    i, j = (int(k) for k in rng.choice(real, 2, replace=False))
    lines[i]["function"] = ""
    planted.add(("function-missing", i + 1))
    lines[j]["way"] = "recette" if lines[j]["way"] == "dépense" else "dépense"
    planted.add(("wrong-way", j + 1))
    if primitif:
        planted.add(("unbalanced", 0))

    def element(x: dict[str, str | int | bool], operation: str) -> str:
        real_ = "" if primitif else f'<MtReal V="{plain(int(x["spent"]))}"/>'
        function = f"<Fonction V={quoteattr(str(x['function']))}/>" if x["function"] else ""
        return (
            f'<LigneBudget><Nature V="{x["nature"]}"/>{function}<ContNat V="{x["chapter"]}"/><CodRD V="{"D" if x["way"] == "dépense" else "R"}"/><MtPrev V="{plain(int(x["voted"]))}"/>{real_}'
            f'<OpBudg V="{operation}"/><MtSup Code="x" V="1.00"/></LigneBudget>'
        )

    body = "\n".join(element(x, "1" if x["order"] else "0") for x in lines)
    sums, spent = _sums(lines, "voted"), _sums(lines, "spent")
    total = {
        "nature": "",
        "function": "",
        "chapter": "",
        "way": "dépense",
        "voted": sums["dépense"] + (700 if seed % 3 else 0),
        "spent": spent["dépense"],
    }
    text = element(total, "T").replace('<Nature V=""/>', "").replace('<ContNat V=""/>', "")
    content = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire"><EnTeteDocBudgetaire><LibelleColl V="Rivemont-l'Évêque"/><IdColl V="{SIRET}"/></EnTeteDocBudgetaire>
<Budget><EnTeteBudget><LibelleEtab V="PRINCIPAL"/><IdEtab V="{SIRET}"/></EnTeteBudget><BlocBudget><NatDec V="{"01" if primitif else "09"}"/><Exer V="2026"/></BlocBudget>
{body}
{text}
<Annexes><DATA_CONCOURS><CONCOURS><CodNatJurBenefCA V="P1"/><LibOrgaBenef V="Vélo Cité"/><MtSubv V="500.0"/></CONCOURS>
<CONCOURS><CodNatJurBenefCA V="P3"/><LibOrgaBenef V="DURAND Jeanne"/><MtSubv V="120.0"/></CONCOURS></DATA_CONCOURS></Annexes></Budget></DocumentBudgetaire>"""
    assert document
    if seed % 3:
        planted.add(("total-wrong", 1_000_001))
    return MoneyFile(
        "totem.xml",
        content.encode("iso-8859-1"),
        "budget",
        {"voted": sums["dépense"], "income": sums["recette"]},
        planted,
    )


def grants(seed: int) -> MoneyFile:
    """Grants with a stated total, which is right, or wrong by a line that stands twice."""
    rng = np.random.default_rng(seed)
    rows = ["Bénéficiaire;SIRET;Date de la convention;Objet;Montant attribué"]
    planted: set[tuple[str, int]] = set()
    total = stated = 0
    n = 40
    kinds = [str(k) for k in rng.permutation(["key", "date", "person", "negative", "unreadable", "twice"])][
        :4
    ]
    at = [int(i) for i in rng.choice(range(2, n - 1), 4, replace=False)]
    faulty = dict(zip(at, kinds, strict=True))
    record = 0
    for i in range(n):
        record += 1
        amount = int(rng.integers(10_000, 2_000_000))
        name, key, when = (
            f"{BODIES[i % len(BODIES)]} n° {i}",
            siret(rng),
            f"{1 + i % 28:02d}/{1 + i % 12:02d}/2025",
        )
        shown = french(amount)
        fault = faulty.get(i)
        if fault == "key":
            key = siret(rng, right=False)
            planted.add(("siret-key", record))
        elif fault == "date":
            when = "31/02/2025"
            planted.add(("date-impossible", record))
        elif fault == "person":
            name, key = "Mme Jeanne Durand", ""
            planted.add(("person-named", record))
        elif fault == "negative":
            amount = -amount
            shown = french(amount)
            planted.add(("amount-negative", record))
        elif fault == "unreadable":
            shown, amount = "env. 1500", 0
            planted.add(("amount-unreadable", record))
        rows.append(
            f"{name};{key};{when};Fonctionnement;{shown} €"
            if fault != "unreadable"
            else f"{name};{key};{when};Fonctionnement;{shown}"
        )
        total += amount
        stated += amount
        if fault == "twice":
            record += 1
            rows.append(rows[-1])
            planted.add(("line-twice", record))
            total += amount
    record += 1
    rows.append(f"TOTAL;;;;{french(stated)} €")
    if "twice" in kinds:
        planted.add(("total-wrong", record))
    return MoneyFile(
        "subventions.csv",
        "\r\n".join(rows).encode("utf-8-sig") + b"\r\n",
        "grants",
        {"sum": total, "stated": stated},
        planted,
    )


def _contracts(seed: int) -> tuple[list[dict[str, object]], int, set[tuple[str, int]]]:
    rng = np.random.default_rng(seed)
    records: list[dict[str, object]] = []
    planted: set[tuple[str, int]] = set()
    total = row = 0
    kinds = [str(k) for k in rng.permutation(["late", "before", "symbolic", "cpv", "key", "duration"])][:4]
    faulty = dict(zip((int(i) for i in rng.choice(30, 4, replace=False)), kinds, strict=True))
    for i in range(30):
        first = row + 1
        amount = int(rng.integers(4_000_000, 90_000_000))
        notified = date(2026, 1, 5) + timedelta(days=int(rng.integers(0, 200)))
        published = notified + timedelta(days=int(rng.integers(0, 50)))
        holders = [siret(rng) for _ in range(int(rng.choice([1, 1, 2])))]
        cpv, months = f"{int(rng.integers(10, 98))}000000-{int(rng.integers(10))}", int(rng.integers(1, 49))
        fault = faulty.get(i)
        if fault == "late":
            published = notified + timedelta(days=90)
            planted.add(("published-late", first))
        elif fault == "before":
            published = notified - timedelta(days=3)
            planted.add(("published-before", first))
        elif fault == "symbolic":
            amount = 100
            planted.add(("amount-symbolic", first))
        elif fault == "cpv":
            cpv = "travaux"
            planted.add(("cpv-wrong", first))
        elif fault == "key":
            holders[0] = siret(rng, right=False)
            planted.add(("siret-key", first))
        elif fault == "duration":
            months = 0
            planted.add(("duration-odd", first))
        record: dict[str, object] = {
            "id": f"2026{i:05d}",
            "acheteur": {"id": SIRET},
            "nature": "Marché",
            "objet": f"Objet {i}",
            "codeCPV": cpv,
            "procedure": "Procédure adaptée",
            "dureeMois": months,
            "dateNotification": notified.isoformat(),
            "datePublicationDonnees": published.isoformat(),
            "montant": amount / 100,
            "titulaires": [{"titulaire": {"id": h, "typeIdentifiant": "SIRET"}} for h in holders],
        }
        last = amount
        if i % 9 == 4 and fault is None:
            last = amount + 123_456
            record["modifications"] = [
                {
                    "modification": {
                        "id": 2,
                        "dateNotificationModification": "2026-11-01",
                        "montant": last / 100,
                    }
                },
                {"modification": {"id": 1, "dateNotificationModification": "2026-10-01", "montant": 1.0}},
            ]
        total += last
        row += len(holders)
        records.append(record)
    return records, total, planted


def contracts_json(seed: int) -> MoneyFile:
    records, total, planted = _contracts(seed)
    return MoneyFile(
        "decp.json",
        json.dumps({"marches": {"marche": records}}, ensure_ascii=False).encode(),
        "contracts",
        {"sum": total},
        planted,
    )


def contracts_xml(seed: int) -> MoneyFile:
    records, total, planted = _contracts(seed)

    def element(name: str, value: object) -> str:
        if isinstance(value, dict):
            return f"<{name}>{''.join(element(k, v) for k, v in value.items())}</{name}>"
        if isinstance(value, list):
            return f"<{name}>{''.join(element(k, v) for item in value for k, v in item.items())}</{name}>"
        return f"<{name}>{value:.2f}</{name}>" if isinstance(value, float) else f"<{name}>{value}</{name}>"

    body = "\n".join(element("marche", r) for r in records)
    return MoneyFile(
        "decp.xml",
        f'<?xml version="1.0" encoding="UTF-8"?>\n<marches>\n{body}\n</marches>'.encode(),
        "contracts",
        {"sum": total},
        planted,
    )
