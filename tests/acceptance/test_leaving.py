"""A city that leaves: what `parvis export --all` writes is a folder that another Parvis publishes as it is,
and says the same.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.acceptance.commands import parvis

FILES = {
    "codes.csv": 'code postal;nom;taux;le jour;heure\n01000;L\'« École » \\ du "port";1,5;1850-02-28;08:30\n2A004;;-0,25;;\n01000;=A1+1;3;2024-02-29;23:59\n',
    "listes.json": '[{"id": 1, "mots": ["a", "b,c"], "grand": 9223372036854775807, "t": "a\\u0001b"}, {"id": 2, "mots": [], "grand": null, "t": "🚲\\nb"}]',
    "points.csv": "nom;latitude;longitude;le\na;43,600;3,870;2024-03-31T02:30:00+02:00\nb;;;1899-12-31T23:59:59Z\n",
    "formes.geojson": (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"n": 1.5}, "geometry": {"type": "Polygon", "coordinates": '
        '[[[3.8, 43.6], [3.9, 43.6], [3.9, 43.7], [3.8, 43.6]]]}}, {"type": "Feature", "properties": {"n": null}, "geometry": null}]}'
    ),
}
MANIFEST = """
[[organisation]]
id = "voirie"
name = "Voirie & « propreté »"
siret = "21340172201787"

[[organisation]]
id = "muet"
name = "Qui ne publie rien"

[[dataset]]
id = "codes"
title = "Codes \\"postaux\\" \\\\ 🏷"
description = "Deux\\nlignes, une tabulation\\t."
publisher = "voirie"
contact = { name = "Service", email = "a@ville.fr" }
licence = "ODC_BL"
themes = ["TRAN"]
keywords = ["vélo", "a,b"]
temporal = [2020-01-01, ""]
frequency = "annual"
language = "br"
[[dataset.resource]]
file = "codes.csv"
title = "La table"
gate = { breaks = "hold" }
[[dataset.resource]]
file = "points.csv"
name = "les-points"

[[dataset]]
id = "listes"
title = "Listes"
publisher = "voirie"
derived_from = ["codes"]
[[dataset.resource]]
file = "listes.json"
[[dataset.resource]]
file = "formes.geojson"
"""


def test_another_city_publishes_what_one_left_with(tmp_path: Path) -> None:
    """Every value of every type, and every description, through Parquet; what the second city exports is the
    first one's, byte for byte.
    """
    source = tmp_path / "source"
    source.mkdir()
    for name, content in FILES.items():
        (source / name).write_text(content, "utf-8")
    (source / "datasets.toml").write_text(MANIFEST, "utf-8")
    written: dict[str, dict[str, bytes]] = {}
    for city, given in (("une", "source"), ("autre", "une.parquet")):
        assert parvis("init", city, cwd=tmp_path).code == 0
        done = parvis("publish", given, "--city", city, "--json", cwd=tmp_path)
        assert (done.code, {d["state"] for d in done.json["deposits"]}) == (0, {"published"}), (
            done.out + done.err
        )
        for form in ("parquet", "json"):
            files = parvis(
                "export", "--all", "-f", form, "-o", f"{city}.{form}", "--city", city, "--json", cwd=tmp_path
            ).json["files"]
            assert sorted(Path(f).suffix for f in files) == sorted([f".{form}"] * 4 + [".toml", ".ttl"])
        kept = [p for p in (tmp_path / f"{city}.json").rglob("*") if p.suffix in (".json", ".toml")]
        written[city] = {str(p.relative_to(tmp_path / f"{city}.json")): p.read_bytes() for p in kept}
    assert written["autre"] == written["une"]
    codes = json.loads(written["une"]["codes/codes.json"])
    assert [(r["code postal"], r["le jour"]) for r in codes] == [
        ("01000", "1850-02-28"),
        ("2A004", None),
        ("01000", "2024-02-29"),
    ]
    assert b"muet" not in written["une"]["datasets.toml"]


def test_a_file_holds_one_table(tmp_path: Path) -> None:
    """`-o un.csv` is a file for a dataset of one table; for two, it is refused in words and names the way."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("n;m\n1;x\n2;y\n")
    (tmp_path / "datasets.toml").write_text(
        '[[dataset]]\nid = "deux"\ntitle = "Deux"\npublisher = "p"\n[[dataset.resource]]\nfile = "a.csv"\n[[dataset.resource]]\nfile = "b.csv"\n'
        '[[organisation]]\nid = "p"\nname = "P"\n'
    )
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    assert parvis("publish", ".", "--city", "ville", cwd=tmp_path).code == 0
    done = parvis("export", "deux", "-o", "deux.csv", "--city", "ville", cwd=tmp_path)
    assert (done.code, "dossier" in done.err) == (64, True)
    assert parvis("export", "deux", "-o", "deux", "--city", "ville", "--json", cwd=tmp_path).json[
        "files"
    ] == ["deux/deux/a.csv", "deux/deux/b.csv"]
