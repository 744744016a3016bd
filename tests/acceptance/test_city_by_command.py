"""A town clerk's day at the terminal: a city from `init` to `doctor`, each command as it is typed, with its
exit code and its one JSON object.

The tests of this file share one city and go on from each other, from top to bottom.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import httpx
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF

from parvis.cli.all_commands import app
from tests.acceptance.commands import Said, parvis, serving, soon
from tests.acceptance.desk import PASSWORD, Desk, sign_in

TREES = (
    "Inventaire des arbres;;;;\n;;;;\nNuméro;Essence;Hauteur (m);Plantation;INSEE\n"
    + "".join(
        f"{i};{'chêne' if i % 3 else 'érable'};{i % 20},5;{i % 28 + 1:02d}/03/{1990 + i % 30};01004\n"
        for i in range(1, 61)
    )
).encode("cp1252")
AGENTS = (
    "poste;courriel\n" + "".join(f"poste {i};prenom.nom{i}@courriel.example\n" for i in range(20))
).encode()
SCHEMA = {
    "name": "arbres",
    "fields": [
        {"name": "numero", "type": "integer", "constraints": {"unique": True}},
        {"name": "essence", "type": "string", "constraints": {"enum": ["chêne", "érable"]}},
    ],
}


@dataclass
class Clerk:
    """A folder to work in, a city in it, and the commands typed with `--json` so far."""

    here: Path
    typed: set[str] = field(default_factory=set)

    def type(self, *words: str | Path, stdin: str = "") -> Said:
        return parvis(*words, cwd=self.here, stdin=stdin)

    def ask(self, *words: str | Path, code: int = 0, stdin: str = "") -> Said:
        """With `--json`: exactly one object on standard output, whatever the exit code."""
        said = self.type(*words, "--json", stdin=stdin)
        assert said.code == code, (words, said.code, said.out, said.err)
        assert isinstance(said.json, dict)
        self.typed.add(" ".join(str(w) for w in words[: 2 if words[0] in ("service", "people") else 1]))
        return said

    def put(self, name: str, content: bytes | str) -> str:
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    """An empty folder with a few files."""
    made = Clerk(tmp_path_factory.mktemp("clerk"))
    made.put("arbres.csv", TREES)
    made.put("agents.csv", AGENTS)
    made.put("rapport.csv", b"%PDF-1.4\n%%EOF\n")
    made.put("schema.json", json.dumps(SCHEMA))
    made.put("bon.csv", "numero,essence\n1,chêne\n2,érable\n")
    made.put("faux.csv", "numero,essence\n1,chêne\ndeux,érable\n3,pin\n4,if\n")
    return made


def test_init_makes_a_city_once(clerk: Clerk) -> None:
    """A folder with a commented parvis.toml; a second time nothing is overwritten, and the exit says wrong
    usage.
    """
    assert clerk.ask("init", "ville", "--name", "Bourg-en-Bresse").json["ok"] is True
    before = (clerk.here / "ville" / "parvis.toml").read_text("utf-8")
    assert 'name = "Bourg-en-Bresse"' in before
    assert clerk.ask("init", "ville", "--name", "Autre", code=64).json["ok"] is False
    assert (clerk.here / "ville" / "parvis.toml").read_text("utf-8") == before


def test_inspect_says_what_the_reader_saw(clerk: Clerk) -> None:
    """The keys and values that scripts rely on: codec, separator, decimal mark, line of the header, records,
    columns with their types, doubts.
    """
    seen = clerk.ask("inspect", "arbres.csv").json
    assert {
        "format",
        "encoding",
        "separator",
        "decimal",
        "header_row",
        "rows",
        "columns",
        "geometry",
        "issues",
    } <= set(seen)
    assert (
        seen["format"],
        seen["encoding"],
        seen["separator"],
        seen["decimal"],
        seen["header_row"],
        seen["rows"],
    ) == ("csv", "cp1252", ";", ",", 3, 60)
    assert [(c["name"], c["type"]) for c in seen["columns"]] == [
        ("Numéro", "integer"),
        ("Essence", "text"),
        ("Hauteur (m)", "number"),
        ("Plantation", "date"),
        ("INSEE", "text"),
    ]
    assert all({"name", "type", "nulls", "distinct", "examples"} <= set(c) for c in seen["columns"])
    assert all({"code", "message", "where"} <= set(i) for i in seen["issues"])
    assert "chêne" in clerk.type("inspect", "arbres.csv").out, "the same for people, as a table"


def test_inspect_of_a_folder_says_a_line_of_each_file(clerk: Clerk) -> None:
    """Those below too; what is no table is said so and stops nothing. A sheet asked of a file that has none
    is refused, not passed over.
    """
    clerk.put("dossier/arbres.csv", TREES)
    clerk.put("dossier/2024/agents.csv", AGENTS)
    clerk.put("dossier/rapport.pdf", b"%PDF-1.4\n%%EOF\n")
    files = {f["file"]: f for f in clerk.ask("inspect", "dossier").json["files"]}
    assert {name: f.get("rows") for name, f in files.items()} == {
        "2024/agents.csv": 20,
        "arbres.csv": 60,
        "rapport.pdf": None,
    }
    assert "PDF" in files["rapport.pdf"]["error"]
    assert len(clerk.type("inspect", "dossier").out.splitlines()) == 3
    assert "--sheet" in clerk.ask("inspect", "arbres.csv", "--sheet", "Feuil1", code=64).err
    clerk.put("papiers/rapport.pdf", b"%PDF-1.4\n%%EOF\n")
    assert clerk.ask("inspect", "papiers", code=2).json["files"][0]["error"]


def test_what_is_no_table_is_not_readable(clerk: Clerk) -> None:
    """A PDF under the name of a CSV: exit 2, named for what it is, in one object and on standard error."""
    said = clerk.ask("inspect", "rapport.csv", code=2)
    assert "PDF" in said.json["message"]
    assert "PDF" in said.err


def test_check_exits_0_1_2_64(clerk: Clerk) -> None:
    """Valid, not valid (exact counts; rows with line, record and value; cut at --limit), not readable, wrong
    usage.
    """
    assert clerk.ask("check", "bon.csv", "--schema", "schema.json").json["valid"] is True
    wrong = clerk.ask("check", "faux.csv", "--schema", "schema.json", "--limit", "1", code=1).json
    found = {f["code"]: f for f in wrong["errors"]}
    assert found["type-error"]["rows"] == [{"table": "", "line": 3, "record": 2, "value": "deux"}]
    assert found["constraint-enum"]["rows"] == [{"table": "", "line": 4, "record": 3, "value": "pin"}]
    assert found["constraint-enum"]["count"] == 2, "the count is exact, the rows are cut"
    clerk.ask("check", "rapport.csv", "--schema", "schema.json", code=2)
    clerk.ask("check", "bon.csv", "--schema", "absent.json", code=64)


def test_scan_masks_what_it_finds(clerk: Clerk) -> None:
    """The column is named, its values are not shown."""
    said = clerk.ask("scan", "agents.csv", code=3)
    column = {c["name"]: c for c in said.json["columns"]}["courriel"]
    assert (
        said.json["verdict"],
        column["verdict"],
        column["findings"][0]["kind"],
        column["findings"][0]["category"],
    ) == ("hold", "hold", "email", "direct")
    assert said.json.keys() == {"rows", "columns", "combinations", "verdict", "why"}
    assert "prenom.nom1@" not in said.out + said.err


def test_publish_exits_0_2_3(clerk: Clerk) -> None:
    """Published, refused, held: the gravest gives the exit; the same bytes again change nothing."""
    assert [d["state"] for d in clerk.ask("publish", "arbres.csv", "--city", "ville").json["deposits"]] == [
        "published"
    ]
    both = clerk.ask("publish", "rapport.csv", "agents.csv", "--city", "ville", code=2).json["deposits"]
    assert [(d["file"], d["state"]) for d in both] == [("rapport.csv", "refused"), ("agents.csv", "held")]
    assert "PDF" in both[0]["message"]
    assert "courriel" in both[1]["message"]
    again = clerk.ask("publish", "arbres.csv", "agents.csv", "--city", "ville", code=3).json["deposits"]
    assert [d["state"] for d in again] == ["unchanged", "held"]


def test_a_held_version_is_released_by_an_opinion_a_signature_and_a_decision(clerk: Clerk) -> None:
    """Before: nobody can export it. No reason, nobody known, no opinion, no signature, no ground, who
    advised: it stays held. With all of them: it is read.
    """
    clerk.ask("export", "agents", "-o", "rien", "--city", "ville", code=64)
    held = clerk.ask("publish", "agents.csv", "--city", "ville", code=3).json["deposits"][0]["version"]
    clerk.ask("release", held[:10], "--why", " ", "--city", "ville", code=64)
    told = (
        "release",
        held[:10],
        "--audience",
        "public",
        "--why",
        "Adresses de service, publiées par délibération.",
        "--city",
        "ville",
    )
    ground = ("--basis", "l312-1-2-loi", "--text", "Délibération du 3 mars 2026")
    clerk.ask(*told, *ground, code=64)
    clerk.ask("people", "add", "ada@ville.example", "--name", "Ada", "--city", "ville", stdin=PASSWORD + "\n")
    for who, role in (("dpo", "dpo"), ("del", "delegate"), ("lea", "publisher")):
        clerk.ask("people", "add", f"{who}@ville.example", "--city", "ville", stdin=PASSWORD + "\n")
        clerk.ask("people", "role", f"{who}@ville.example", "bourg-en-bresse", role, "--city", "ville")
    said = clerk.ask(*told, *ground, "--by", "del@ville.example", code=3).json
    assert ("avis" in said["todo"], "liste des autres secrets" in said["todo"], said["release"]) == (
        True,
        True,
        "",
    )
    opinion = (
        "advise",
        held[:10],
        "--verdict",
        "favourable",
        "--why",
        "Adresses de fonction.",
        "--city",
        "ville",
    )
    clerk.ask(*opinion, "--by", "del@ville.example", code=3)
    clerk.ask(*opinion, "--by", "dpo@ville.example")
    clerk.ask("sign", held[:10], "--by", "lea@ville.example", "--city", "ville", code=64)
    assert set(
        clerk.ask("sign", held[:10], "--none", "--by", "lea@ville.example", "--city", "ville")
        .json["answers"]
        .values()
    ) == {"no"}
    assert "base légale" in clerk.ask(*told, "--by", "del@ville.example", code=3).json["todo"]
    clerk.ask(*told, *ground, "--by", "lea@ville.example", code=3)
    clerk.ask(*told, *ground, "--by", "dpo@ville.example", code=3)
    clerk.ask("export", "agents", "-o", "rien", "--city", "ville", code=64)
    done = clerk.ask(*told, *ground, "--by", "del@ville.example").json
    assert (done["ok"], done["version"], bool(done["record"])) == (True, held, True)


def test_the_exit_is_always_open(clerk: Clerk) -> None:
    """One dataset in a format, and the whole city with its catalogue: every row, values that a program reads."""
    one = clerk.ask("export", "arbres", "--format", "json", "-o", "un", "--city", "ville").json["files"]
    records = json.loads((clerk.here / one[0]).read_bytes())
    assert len(records) == 60
    assert records[0] == {
        "Numéro": 1,
        "Essence": "chêne",
        "Hauteur (m)": 1.5,
        "Plantation": "1991-03-02",
        "INSEE": "01004",
    }
    everything = clerk.ask("export", "--all", "--format", "csv", "-o", "tout", "--city", "ville").json[
        "files"
    ]
    assert sorted(Path(f).name for f in everything) == [
        "agents.csv",
        "arbres.csv",
        "catalog.ttl",
        "datasets.toml",
    ]
    graph = rdflib.Graph().parse(clerk.here / "tout" / "catalog.ttl")
    assert {
        str(t) for d in graph.subjects(RDF.type, DCAT.Dataset) for t in graph.objects(d, DCTERMS.title)
    } == {"Arbres", "Agents"}
    assert len((clerk.here / "tout" / "arbres" / "arbres.csv").read_text("utf-8-sig").splitlines()) == 61
    assert clerk.ask("export", "arbres", "--format", "csv", "-o", "un.csv", "--city", "ville").json[
        "files"
    ] == ["un.csv"]
    assert (clerk.here / "un.csv").read_bytes() == (
        clerk.here / "tout" / "arbres" / "arbres.csv"
    ).read_bytes()


def test_services_and_accounts_by_command(clerk: Clerk) -> None:
    """A service that has nothing to read says so; accounts are made, given a role, listed, suspended and
    erased, and no password is on the command line.
    """
    assert "velos" in {s["name"] for s in clerk.ask("service", "list").json["services"]}
    clerk.ask("service", "run", "velos", "--city", "ville", code=64)
    known = {
        p["name"]: p["city_admin"] for p in clerk.ask("people", "list", "--city", "ville").json["people"]
    }
    assert known["Ada"] is True, "the first account"
    clerk.ask("people", "add", "bob@ville.example", "--name", "Bob", "--city", "ville", stdin=PASSWORD + "\n")
    clerk.ask("people", "role", "bob@ville.example", "bourg-en-bresse", "publisher", "--city", "ville")
    listed = {
        p["name"]: p["roles"]
        for p in clerk.ask("people", "list", "--city", "ville").json["people"]
        if p["name"]
    }
    assert listed == {"Ada": {}, "Bob": {"bourg-en-bresse": "publisher"}}
    clerk.ask("people", "suspend", "bob@ville.example", "--city", "ville")
    clerk.ask("people", "erase", "bob@ville.example", "--city", "ville")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("publie",), "commande"),
        (("inspect",), "FILE"),
        (("inspect", "arbres.csv", "--vite"), "--vite"),
        (("inspect", "absent.csv"), "absent.csv"),
        (("export", "--all", "--format", "docx", "--city", "ville"), "csv"),
        (("doctor", "--city", "nulle-part"), "parvis init"),
    ],
)
def test_a_wrong_call_is_64_and_says_what_is_wrong(clerk: Clerk, words: tuple[str, ...], said: str) -> None:
    """On standard error, in words; nothing on standard output."""
    done = clerk.type(*words)
    assert (done.code, done.out) == (64, "")
    assert said in done.err


def test_a_misspelt_setting_is_named(clerk: Clerk) -> None:
    """A city whose parvis.toml has a key that does not exist does not start; the nearest one is suggested."""
    clerk.put("faute/parvis.toml", '[city]\nnom = "Bourg"\n')
    said = clerk.ask("doctor", "--city", "faute", code=64).json
    assert ("nom" in said["message"], "name" in said["mend"]) == (True, True)


def test_a_fault_of_ours_is_70_with_its_trace(clerk: Clerk) -> None:
    """A damaged database is no wrong usage and no bad data: the trace is there, for us, by kinds and places: the
    words of a fault may quote what a file holds.
    """
    clerk.put("panne/parvis.toml", '[city]\nname = "Panne"\n')
    clerk.put("panne/var/parvis.db", b"not a database " * 500)
    said = clerk.type("doctor", "--city", "panne", "--json")
    assert said.code == 70
    assert re.search(r"DatabaseError\n  parvis/cli/app\.py:\d+ main\n", said.err)
    assert "faute de Parvis" in said.err


@pytest.fixture(scope="module")
def desk(clerk: Clerk) -> Iterator[Desk]:
    """The same city served, its worker beside it, and Ada signed in."""
    with serving(clerk.here / "ville", clerk.here / "serve.log") as base:
        yield sign_in(base)


def ended(desk: Desk, deposit: str) -> dict[str, object]:
    """The page of a deposit when it has come to its end."""

    def look() -> dict[str, object] | None:
        page = desk.json(deposit)
        return page if page["deposit"]["state"] not in ("received", "reading") else None

    return soon(look, what=deposit)[0]


def kinds(desk: Desk, dataset: str) -> dict[str, str]:
    """Type of each column, as the dataset's page says."""
    return {
        c["column"]["name"]: c["column"]["type"] for c in desk.json(f"/jeux/{dataset}")["resource"]["columns"]
    }


def test_a_publishers_correction_survives_five_reloads(clerk: Clerk, desk: Desk) -> None:
    """A column of numbers that the publisher says is text stays text, and one said to be a number stays one,
    in five changed files handed in by the form.
    """

    def content(turn: int) -> bytes:
        return (
            "numero;etage;zone\n" + "".join(f"{turn * 100 + i};{i % 5};{i % 9 + turn}\n" for i in range(30))
        ).encode()

    clerk.put("dossier/bureaux.csv", content(0))
    clerk.put(
        "dossier/datasets.toml",
        '[[dataset]]\nid = "bureaux"\ntitle = "Bureaux"\npublisher = "bourg-en-bresse"\n[[dataset.resource]]\nfile = "bureaux.csv"\ncorrections = { numero = "text", zone = "number" }\n',
    )
    assert clerk.ask("publish", "dossier", "--city", "ville").json["deposits"][0]["state"] == "published"
    assert kinds(desk, "bureaux") == {"numero": "text", "etage": "integer", "zone": "number"}
    for turn in range(1, 6):
        deposit = ended(desk, desk.upload("bureaux.csv", content(turn), ressource="bureaux/bureaux"))
        assert deposit["published"] is True
        assert kinds(desk, "bureaux") == {"numero": "text", "etage": "integer", "zone": "number"}
        first = httpx.get(
            f"{desk.base}/api/explore/v2.1/catalog/datasets/bureaux/records", params={"limit": 1}
        ).json()["results"][0]
        assert first == {"numero": str(turn * 100), "etage": 0, "zone": turn}, (
            "text as text, number as number"
        )
    exports = httpx.get(f"{desk.base}/api/explore/v2.1/catalog/datasets/bureaux/exports").json()["links"]
    assert all(link["href"].startswith(f"{desk.base}/") for link in exports), (
        "the port of --port, not that of parvis.toml"
    )


def test_hand_in_find_held_and_release_by_forms(clerk: Clerk, desk: Desk) -> None:
    """A file with e-mail addresses is held; its page says what and where, with the cells for who sent it; nobody decides
    before the officer's opinion, nor the officer; then the public reads.
    """
    content = AGENTS.replace(b"poste", b"agent")
    deposit = desk.upload("annuaire.csv", content, titre="Annuaire", organisation="bourg-en-bresse")
    page = ended(desk, deposit)
    assert (page["published"], page["may_decide"], page["deposit"]["state"]) == (False, False, "held")
    clerk.ask("people", "add", "decision@ville.example", "--city", "ville", stdin=f"{PASSWORD}\n")
    clerk.ask("people", "role", "decision@ville.example", "bourg-en-bresse", "delegate", "--city", "ville")
    delegate = sign_in(desk.base, "decision@ville.example")
    assert delegate.json(deposit)["may_decide"]
    html = desk.page(deposit)
    assert "courriel" in html
    assert "prenom.nom1@" in html, "whoever sent it"
    address = f"{desk.base}/api/explore/v2.1/catalog/datasets/annuaire/records"
    assert httpx.get(address).status_code == 404, "not there for the public"
    assert (
        desk.send(
            deposit, {"motif": "Adresses de service, délibération 12."}, to=deposit + "/diffuser"
        ).status_code
        == 403
    ), "not in one act"
    here = deposit + "/decision"
    said = {
        "issue": "released",
        "finalite": "Joindre les services.",
        "base": "accord",
        "texte": "Délibération 12 du 3 mars.",
        "motif": "Adresses de service seulement.",
    }
    assert desk.send(here, said, to=deposit + "/decider").status_code == 403, "who administers the city"
    assert delegate.send(here, said, to=deposit + "/decider").status_code == 422, "no opinion yet"
    clerk.ask("people", "add", "avis@ville.example", "--city", "ville", stdin=f"{PASSWORD}\n")
    clerk.ask("people", "role", "avis@ville.example", "bourg-en-bresse", "dpo", "--city", "ville")
    officer = sign_in(desk.base, "avis@ville.example")
    opinion = {"avis": "favourable", "texte-avis": "Des adresses de service, pas de personnes."}
    assert officer.send(here, opinion, to=deposit + "/avis").status_code == 303
    questions = [q["name"] for q in officer.json(here)["questions"]]
    assert officer.send(here, dict.fromkeys(questions, "no"), to=deposit + "/secrets").status_code == 303
    assert officer.send(here, said, to=deposit + "/decider").status_code == 403, (
        "whoever advised does not decide"
    )
    assert delegate.send(here, said | {"motif": "oui"}, to=deposit + "/decider").status_code == 422
    assert delegate.send(here, said, to=deposit + "/decider").status_code == 303
    assert desk.json("/jeux/annuaire/decision")["basis"] == "accord"
    assert httpx.get(address).json()["total_count"] == 20
    assert desk.json("/jeux/annuaire")["title"] == "Annuaire"


def test_a_program_hands_in_a_file_with_a_key(clerk: Clerk, desk: Desk) -> None:
    """A key made by command does what its scopes say and no more, without cookie or token; revoked, it opens
    nothing.
    """
    made = {
        scope: clerk.ask(
            "people",
            "key",
            "ada@ville.example",
            "--label",
            "Export de nuit",
            *(w for s in scope.split() for w in ("--scope", s)),
            "--city",
            "ville",
        ).json
        for scope in ("send see-drafts", "see-drafts")
    }

    def post(key: str, **fields: str) -> httpx.Response:
        files = {"fichier": ("mesures.csv", b"n;v\n1;2\n3;4\n")} if fields else None
        return httpx.post(
            f"{desk.base}/depots/nouveau",
            data=fields,
            files=files,
            headers={"Authorization": f"Bearer {key}"},
            timeout=30,
        )

    sender, reader = (m["key"] for m in made.values())
    assert post(reader, titre="Mesures", organisation="bourg-en-bresse").status_code == 403
    assert [w["field"] for w in post(sender).json()["wrong"]] == ["fichier", "organisation"], "errors as JSON"
    sent = post(sender, titre="Mesures", organisation="bourg-en-bresse")
    assert sent.status_code == 303, sent.text
    program = httpx.Client(base_url=desk.base, headers={"Authorization": f"Bearer {sender}"}, timeout=30)
    with program:
        address = sent.headers["location"].partition("?")[0] + ".json"
        soon(lambda: program.get(address).json()["published"] or None, what=address)
    clerk.ask("people", "revoke", made["send see-drafts"]["id"], "--city", "ville")
    assert post(sender, titre="Encore", organisation="bourg-en-bresse").status_code == 401
    assert (
        httpx.get(f"{desk.base}/depots.json", headers={"Authorization": f"Bearer {sender}"}).status_code
        == 401
    )
    assert (
        httpx.get(f"{desk.base}/depots.json", headers={"Authorization": f"Bearer {reader}"}).status_code
        == 200
    )


def test_without_a_session_the_desk_is_closed(desk: Desk) -> None:
    """A stranger is shown the way in, and a form without its token does nothing."""
    assert httpx.get(f"{desk.base}/depots").status_code in (303, 401)
    assert httpx.get(f"{desk.base}/depots.json").status_code == 401
    assert (
        httpx.post(f"{desk.base}/depots/nouveau", data={"titre": "x"}, cookies=desk.cookies).status_code
        == 403
    )
    refused = Desk(desk.base).send(
        "/connexion", {"email": "ada@ville.example", "password": "pas le bon mot de passe"}
    )
    assert refused.status_code in (401, 422)


def test_doctor_finds_the_city_whole_then_what_is_missing(clerk: Clerk, desk: Desk) -> None:
    """All well; files taken away from the store are missed, and the exit says so."""
    assert clerk.ask("doctor", "--deep", "--city", "ville").json["ok"] is True
    kept = clerk.here / "ville" / "var" / "files"
    away = kept.rename(clerk.here / "ailleurs")
    try:
        broken = clerk.ask("doctor", "--city", "ville", code=1).json
        assert [a["question"] for a in broken["answers"] if not a["well"]] == [
            "Fichiers des versions servies"
        ]
    finally:
        shutil.rmtree(kept)
        away.rename(kept)


def commands(of: click.Command, name: str = "") -> dict[str, click.Command]:
    """Every command by the words typed."""
    below = getattr(of, "commands", {})
    return (
        {k: v for word, c in below.items() for k, v in commands(c, f"{name} {word}".strip()).items()}
        if below
        else {name: of}
    )


NOT_HERE = {
    "demo": "tests/demo/test_city.py builds the city; a minute is too long here",
    "retry": "tests/work/test_outages.py types it on a deposit that an outage stopped",
    "prepare": "tests/prepare/test_command.py types it beside its recipes",
    **dict.fromkeys(
        ("schemas list", "schemas show", "schemas sync", "schemas rank", "schemas template", "metadata"),
        "tests/acceptance/test_schemas_and_metadata.py types them on the demo city",
    ),
    **dict.fromkeys(
        ("people invite", "people link", "people unrole", "people restore"),
        "tests/people/test_pages.py types them beside the pages",
    ),
    "people unlock": "tests/people/test_second.py types it on an account with a second factor",
    "anonymise": "tests/privacy/test_anonymise_command.py types it in every form",
    "compare": "tests/publication/test_quality_commands.py types it beside two files",
    "verify": "tests/publication/test_quality_commands.py types it beside what is altered",
    "schemas lint": "tests/checks/test_lint.py types it on schemas with faults",
    "tabulate": "tests/privacy/test_disclosure_tabulate.py types it on tables of people",
    **dict.fromkeys(
        ("alerts list", "alerts approve", "alerts refuse", "alerts write", "alerts end"),
        "tests/alerts/test_command.py types them on an episode",
    ),
    "plugins": "tests/core/test_plugins.py types it where packages are installed",
    **dict.fromkeys(
        ("study list", "study run", "study show", "study compare", "study cancel"),
        "tests/work/test_studies.py types them on a study",
    ),
    **dict.fromkeys(
        ("backup", "restore", "withdraw"),
        "tests/administration/test_backup.py types them on a city with something to take down",
    ),
    **dict.fromkeys(
        ("install", "upgrade", "uninstall"),
        "tests/administration/test_install.py types them below a root of its own",
    ),
    **dict.fromkeys(
        ("keys rotate", "keys reseal", "keys forget"),
        "tests/administration/test_keys.py types them on a city with held files",
    ),
    **dict.fromkeys(
        ("groups add", "groups enrol", "groups list", "groups remove", "groups close"),
        "tests/acceptance/test_decide_by_command.py types them around a held table",
    ),
}


def test_every_command_with_json_was_typed_here(clerk: Clerk) -> None:
    """No command escapes the rule of one object."""
    known = {name for name, c in commands(app).items() if any("--json" in p.opts for p in c.params)}
    assert known - clerk.typed - set(NOT_HERE) == set()
