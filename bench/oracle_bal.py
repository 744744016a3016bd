"""What the national validator of address files says of small files of ours, each with one thing broken, and
of its own examples beside the project.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping

from bench.peers import ROOT

VERSION = "3.5.2"
COMMUNE = "0246e48c-f33d-433a-8984-034219be842e"
RECORD = ROOT / "tests" / "data" / "oracles" / "bal.json"
SAMPLES = ROOT.parent / "shared" / "standards" / "bal"

HEADER = (
    "cle_interop;id_ban_commune;id_ban_toponyme;id_ban_adresse;commune_insee;commune_nom;voie_nom;numero;suffixe;lieudit_complement_nom;position;long;lat;x;y;"
    "cad_parcelles;source;date_der_maj;certification_commune\n"
)
STREET = "8a3bab10-f329-4ce3-9c7d-280d91a8053a"
ADDRESS = "3c87abe4-887b-46ee-9192-5c1b35a0662"
ROW = f"34172_0410_00012;{COMMUNE};{STREET};{ADDRESS}5;34172;Montpellier;Rue de l’Aiguillerie;12;;;entrée;3.87882;43.61276;770982.2;6280075.8;;Ville;2024-03-01;1\n"
OTHER = f"34172_0410_00014;{COMMUNE};{STREET};{ADDRESS}6;34172;Montpellier;Rue de l’Aiguillerie;14;bis;;bâtiment;3.879;43.61280;;;341720000A0001;Ville;2024-03-02;0\n"


def cases() -> Mapping[str, bytes]:
    """Every file of ours by name."""
    return {name: text.encode("utf-8") if isinstance(text, str) else text for name, text in _cases()}


def _cases() -> Iterator[tuple[str, str | bytes]]:
    yield "clean", HEADER + ROW + OTHER
    yield "byte order mark", "\ufeff" + HEADER + ROW
    yield "windows lines", (HEADER + ROW).replace("\n", "\r\n")
    yield "comma", (HEADER + ROW).replace(";", ",")
    yield "no row", HEADER
    for name, old, new in (
        ("key in capitals", "34172_0410_00012", "34172_041A_00012"),
        ("key of two parts", "34172_0410_00012", "34172_0410"),
        ("key without number", "34172_0410_00012", "34172_0410_abc"),
        ("key with a short number", "34172_0410_00012", "34172_0410_12"),
        ("key without street", "34172_0410_00012", "34172_xxxx_00012"),
        ("key with a short street", "34172_0410_00012", "34172_041_00012"),
        ("key of another number", "34172_0410_00012", "34172_0410_00013"),
        ("no key", "34172_0410_00012", ""),
        ("key of no commune", "34172_0410_00012", "00172_0410_00012"),
        ("zero before the number", ";12;", ";0012;"),
        ("number in letters", ";12;", ";douze;"),
        ("number zero", ";12;", ";0;"),
        ("number too large", ";12;", ";123456;"),
        ("no number", ";12;", ";;"),
        ("place", ";12;;;entrée;3.87882;43.61276;770982.2;6280075.8", ";99999;;;;;;;"),
        ("suffix of a sign", ";12;;", ";12;-b;"),
        ("long suffix", ";12;;", ";12;bisbisbisb;"),
        ("suffix with a dot", ";12;;", ";12;b.;"),
        ("space around the suffix", ";12;;", ";12; bis ;"),
        ("street too short", "Rue de l’Aiguillerie", "Ru"),
        ("street too long", "Rue de l’Aiguillerie", "Rue " + "a" * 200),
        ("street damaged", "l’Aig", "l\ufffdAig"),
        ("street with an underscore", "Rue de l’Aiguillerie", "Rue_de l’Aiguillerie"),
        ("street in capitals", "Rue de l’Aiguillerie", "RUE DE L’AIGUILLERIE"),
        ("no street", "Rue de l’Aiguillerie", ""),
        ("space around the street", "Rue de l’Aiguillerie", " Rue de l’Aiguillerie "),
        ("commune impossible", ";34172;", ";00172;"),
        ("no commune", ";34172;", ";;"),
        ("space around the commune", ";34172;", "; 34172;"),
        ("no name of the commune", "Montpellier", ""),
        ("position nearly right", "entrée", "Entree"),
        ("position unknown", "entrée", "portail"),
        ("no position", "entrée", ""),
        ("decimal comma", "43.61276", "43,61276"),
        ("latitude in letters", "43.61276", "nord"),
        ("no latitude", "43.61276", ""),
        ("swapped", "3.87882;43.61276", "43.61276;3.87882"),
        ("metres elsewhere", "770982.2", "771082.2"),
        ("metres in letters", "770982.2", "est"),
        ("comma in metres", "770982.2", "770982,2"),
        ("parcel too short", ";;Ville", ";34172A1;Ville"),
        ("parcels with a bar", ";;Ville", ";341720000A0001|;Ville"),
        ("two parcels", ";;Ville", ";341720000A0001|341720000A0002;Ville"),
        ("no source", ";Ville;", ";;"),
        ("French date", "2024-03-01", "01/03/2024"),
        ("date in words", "2024-03-01", "1 mars 2024"),
        ("impossible date", "2024-03-01", "2024-02-30"),
        ("old date", "2024-03-01", "2009-12-31"),
        ("future date", "2024-03-01", "2126-03-01"),
        ("no date", "2024-03-01", ""),
        ("certified in words", ";1\n", ";oui\n"),
        ("identifier malformed", f"{ADDRESS}5", "3c87abe4"),
        ("identifier of version 1", f"{ADDRESS}5", "3c87abe4-887b-16ee-9192-5c1b35a06625"),
        ("no identifier of the street", STREET, ""),
        ("no identifier of the address", f"{ADDRESS}5", ""),
        ("place not declared", ";12;;;", ";12;;Les Aubes;"),
        ("place named as the street", ";12;;;", ";12;;Rue de l'aiguillerie;"),
    ):
        yield name, HEADER + ROW.replace(old, new, 1)
    yield (
        "some rows without identifiers",
        HEADER + ROW + OTHER.replace(f"{COMMUNE};{STREET};{ADDRESS}6", ";;"),
    )
    yield (
        "two communes' identifiers",
        HEADER + ROW + OTHER.replace(COMMUNE, "1246e48c-f33d-433a-8984-034219be842e"),
    )
    yield "two streets, one identifier", HEADER + ROW + OTHER.replace("Rue de l’Aiguillerie", "Rue Foch")
    yield (
        "one street, two identifiers",
        HEADER + ROW + OTHER.replace(STREET, "9a3bab10-f329-4ce3-9c7d-280d91a8053a"),
    )
    yield "two addresses, one identifier", HEADER + ROW + OTHER.replace(f"{ADDRESS}6", f"{ADDRESS}5")
    yield "one address, two identifiers", HEADER + ROW + OTHER.replace(";14;bis;", ";12;;")
    yield (
        "place declared",
        HEADER
        + ROW.replace(";12;;;", ";12;;Les Aubes;")
        + OTHER.replace("Rue de l’Aiguillerie;14;bis", "Les Aubes;99999;").replace("_00014", "_99999"),
    )
    yield (
        "other language",
        (HEADER + ROW)
        .replace("voie_nom;", "voie_nom;voie_nom_oci;")
        .replace("l’Aiguillerie;", "l’Aiguillerie;Rú;"),
    )
    yield (
        "without positions",
        "\n".join(
            ";".join(c for i, c in enumerate(line.split(";")) if i not in (11, 12))
            for line in (HEADER + ROW).splitlines()
        )
        + "\n",
    )
    yield (
        "overseas",
        HEADER
        + (
            f"97411_0410_00012;{COMMUNE};{STREET};{ADDRESS}5;97411;Saint-Denis;Rue de Paris;12;;;entrée;55.4504;-20.8789;338822.0;7690446.0;;Ville;2024-03-01;1\n"
        ),
    )


def main() -> None:
    """Ask and record."""
    folder = ROOT / ".venv-bal"
    modules = folder / "node_modules"
    if not (modules / "@ban-team" / "validateur-bal").exists():
        subprocess.run(
            [
                "npm",
                "install",
                "--prefix",
                str(folder),
                "--no-audit",
                "--no-fund",
                f"@ban-team/validateur-bal@{VERSION}",
            ],
            check=True,
        )
    beside = {f"{p.parent.name}/{p.name}": p.read_bytes() for p in sorted(SAMPLES.glob("*/*.csv"))}
    record = {
        "tool": f"@ban-team/validateur-bal {VERSION}",
        "command": "python -m bench.oracles bal",
        "note": f"profile: valid, code: [level, records at fault from 0]; the service of commune identifiers always answers {COMMUNE}",
        "files": _ask(str(modules), cases()),
        "samples": _ask(str(modules), beside),
    }
    RECORD.write_text(
        json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", "utf-8"
    )
    print(f"{len(cases())} files and {len(beside)} samples in {RECORD.relative_to(ROOT)}")


def _ask(modules: str, files: Mapping[str, bytes]) -> object:
    script = ROOT / "bench" / "answers_of_bal.cjs"
    asked = json.dumps({name: base64.b64encode(data).decode() for name, data in files.items()})
    said = subprocess.run(
        ["node", str(script), modules, COMMUNE], input=asked, text=True, stdout=subprocess.PIPE, check=True
    ).stdout
    return json.loads(said)
