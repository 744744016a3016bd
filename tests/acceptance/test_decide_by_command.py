"""A table goes to a group by command, and a member takes it home with a key: one city, in the order of a day."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis.cli.app import run
from parvis.cli.city import settings
from parvis.decisions import deciding
from parvis.people import accounts
from parvis.privacy import checklist
from parvis.publication.city import open_city
from parvis.store import journal, register, releases
from parvis.web.app import create_app
from tests.acceptance.desk import PASSWORD
from tests.cities import sharecity, webcity

AGENTS = "nom;courriel\n" + "".join(f"Martin{i};prenom.nom{i}@ville.example\n" for i in range(20))


def test_a_held_table_goes_to_a_group_and_to_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held; released to a group with purpose, end, ground and reason; read by a member's key, unknown to
    another's and to the public; all of it written down.
    """
    monkeypatch.chdir(tmp_path)

    def ask(*words: str, code: int = 0, stdin: str = "") -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        assert run([*words, "--city", "ville", "--json"]) == code, words
        return json.loads(capsys.readouterr().out)

    assert run(["init", "ville"]) == 0
    capsys.readouterr()
    (tmp_path / "agents.csv").write_text(AGENTS)
    for email in ("ada@ville.example", "membre@ville.example", "autre@ville.example"):
        ask("people", "add", email, stdin=PASSWORD + "\n")
    held = ask("publish", "agents.csv", code=3)["deposits"][0]["version"]
    reason = ("--why", "Convention du 3 mars.")
    to = ("release", held[:12], "--purpose", "suivi des agents", *reason)
    ask(*to, "--audience", "ccas", "--until", "2099-12-31", code=64)
    group = ask("groups", "add", "CCAS", "--organisation", "ma-ville")["id"]
    ask("groups", "enrol", group, "membre@ville.example")
    ask("release", held[:12], "--audience", group, *reason, code=64)
    ask(*to, "--audience", group, "--until", "2020-01-01", code=64)
    for email, role in (("autre@ville.example", "dpo"), ("membre@ville.example", "delegate")):
        ask("people", "role", email, "ma-ville", role)
    ask(
        "advise",
        held[:12],
        "--audience",
        group,
        "--verdict",
        "favourable",
        "--why",
        "Le groupe est tenu au secret.",
        "--by",
        "autre@ville.example",
    )
    ground = ("--basis", "mission", "--text", "Convention du 3 mars 2026", "--by", "membre@ville.example")
    done = ask(*to, "--audience", group, "--until", "2099-12-31", *ground)
    assert (done["ok"], done["version"], bool(done["release"]), bool(done["record"])) == (
        True,
        held,
        True,
        True,
    )
    (listed,) = ask("groups", "list")["groups"]
    assert (listed["id"], listed["shares"], len(listed["members"])) == (group, [done["release"]], 1)
    keys = {
        who: ask("people", "key", f"{who}@ville.example", "--label", "script", "--scope", "read-shared")[
            "key"
        ]
        for who in ("membre", "autre")
    }
    city = open_city(settings(Path("ville")))
    app = create_app(city)
    api.install(app, city)
    address = f"/partages/{done['release']}/export/csv"
    with TestClient(app, follow_redirects=False) as client:
        answers = {
            who: client.get(address, headers={"Authorization": f"Bearer {key}"}) for who, key in keys.items()
        }
        assert (answers["membre"].status_code, answers["membre"].text.count("@ville.example")) == (200, 20)
        assert answers["autre"].status_code == 404
        assert client.get(address).status_code == 303
        assert client.get("/jeux/agents").status_code == 404
        assert "agents" not in client.get("/jeux.json").text
        key = {"Authorization": f"Bearer {keys['membre']}"}
        ask("groups", "remove", group, "membre@ville.example")
        assert client.get(address, headers=key).status_code == 404, "out of the group, nothing is there"
        ask("groups", "enrol", group, "membre@ville.example")
        assert client.get(address, headers=key).status_code == 200
        ask("groups", "close", group)
        assert client.get(address, headers=key).status_code == 404, "a closed group lets nobody read"
    with city.db.read() as conn:
        (record,) = register.records(conn)
        (row,) = releases.rows(conn, held)
        ways = [e.ids["way"] for e in journal.of(conn, "agents/agents", verb="consulted")]
        people = {p.email: p.id for p in accounts.everybody(conn)}
    assert (record.id, record.release, record.basis, record.by) == (
        done["record"],
        row.id,
        "mission",
        people["membre@ville.example"],
    )
    assert record.opinion is not None
    assert record.opinion.by == people["autre@ville.example"]
    assert ways == ["csv", "csv"]
    sharecity.close(city)


def test_the_officer_s_word_binds_the_command_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever advised does not decide, by command either; against the opinion the reason given stands in the
    record as such.
    """
    sharecity.build(tmp_path / "ville")
    (tmp_path / "ville" / "parvis.toml").write_text('[city]\nname = "Montclair"\n')
    city = webcity.open_again(tmp_path / "ville")
    version = sharecity.held(city).digest
    deciding.advise(city, version, "public", "unfavourable", "Pas sans l’accord des agents.", actor="dpo")
    words = [
        "release",
        version,
        "--why",
        "Le conseil municipal l’a voté.",
        "--basis",
        "l312-1-2-loi",
        "--text",
        "Délibération du 3 mars 2026",
    ]
    words += ["--city", str(tmp_path / "ville"), "--json"]
    assert run([*words, "--by", "dpo"]) == 3
    assert "Votre compte ne permet pas" in json.loads(capsys.readouterr().out)["message"]
    with city.db.begin() as conn:
        accounts.give_role(conn, "dpo", "education", "delegate", actor="system", at=webcity.NOW)
    assert run([*words, "--by", "dpo"]) == 3
    assert "revient à une autre personne" in json.loads(capsys.readouterr().out)["message"]
    assert run([*words, "--by", "delegate"]) == 3
    assert "liste des autres secrets" in json.loads(capsys.readouterr().out)["todo"]
    deciding.sign(city, version, {q.name: "no" for q in checklist.QUESTIONS}, {}, actor="delegate")
    assert run([*words, "--by", "delegate"]) == 3
    assert "contre l’avis" in json.loads(capsys.readouterr().out)["todo"]
    assert run([*words, "--by", "delegate", "--against", "Le conseil municipal l’a voté."]) == 0
    with city.db.read() as conn:
        (record,) = register.records(conn)
    assert (record.against, record.opinion is not None) == ("Le conseil municipal l’a voté.", True)
    sharecity.close(city)
