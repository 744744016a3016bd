"""What belongs to one organisation, asked for by people of another: by its address, and by its name in a form or a
question of an address that is theirs. Addresses, fields and questions come from the routes and the code: new ones
are tried by themselves.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import parvis.web
from parvis.people.rights import Person
from tests.acceptance.test_leaks import filled
from tests.acceptance.test_route_matrix import FORMS, SPENT, TICKETS, addresses, contents
from tests.access import ACCOUNT, ALL, PEOPLE, Needs, needs, table
from tests.attacks.conftest import OTHER_DATASET, OTHER_GROUP, OTHERS, OUTSIDER, Town
from tests.cities.canarycity import canaries

SOURCES = "\n".join(p.read_text("utf-8") for p in sorted(Path(parvis.web.__file__).parent.rglob("*.py")))
FIELDS = sorted(set(re.findall(r'sent\.(?:text|all|raw)\(\s*"([^"]+)"', SOURCES)) - {"csrf"})
"""Every field that some form reads."""
ASKED = sorted(
    set(re.findall(r'query(?:\.get\(|\[)"([^"]+)"|\.(?:one_of|whole)\(\s*"([^"]+)"', SOURCES))
    | set(re.findall(r'()\.(?:one_of|whole)\(\s*"([^"]+)"', SOURCES))
)
QUESTIONS = sorted({a or b for a, b in ASKED})
"""Every question that some page reads."""


def ours(needed: Needs) -> bool:
    """Whether an address is of one organisation or group, neither everybody's nor a list of one's own."""
    return (
        needed is not ALL
        and needed is not ACCOUNT
        and not needed.said.endswith(" somewhere")
        and "neighbour" not in needed.them
    )


def test_the_code_says_what_is_tried() -> None:
    assert {"ressource", "organisation", "message", "depot" if "depot" in FIELDS else "table"} <= set(FIELDS)
    assert {"ressource", "sujet", "de", "a", "b", "depot"} <= set(QUESTIONS)


def test_no_address_lets_others_in(town: Town) -> None:
    """By GET and POST, page and twin; `test_english_and_twins_ask_for_the_same` has the other languages."""
    before, wrong, tried = contents(town.story.city), [], 0
    every = [
        (p, m) for p, methods in table(town.story.app).items() for m in sorted(methods & {"GET", "POST"})
    ]
    for path, method in every:
        if path.startswith("/en") or not ours(needs(path, method)):
            continue
        for address in addresses(town.story, path):
            for who in (*OTHERS, OUTSIDER):
                tried += 1
                got = town.story.ask(method, address, who, FORMS.get(path))
                # what /retirer says of another's it says of nothing
                if not (got.away or (method == "POST" and path == "/retirer" and got.status == 422)):
                    wrong.append(f"{who} {method} {address}: {got.status}")
                assert not canaries(got.body.decode("utf-8", "ignore")), (who, address)
    assert not wrong, "\n".join(wrong)
    assert tried > 300
    assert contents(town.story.city) == before


def of_home(town: Town) -> dict[str, list[str]]:
    """Rows that bear a name of what is attacked, by table."""
    rows: dict[str, list[str]] = {}
    for line in contents(town.story.city).split("\n"):
        name, _, listed = line.partition(": ")
        rows[name] = [
            r for r in re.findall(r"\"?\((?:[^()]|\([^()]*\))*\)", listed) if any(h in r for h in town.home)
        ]
    return rows


def own(path: str, town: Town) -> str:
    """The address of a route, of what is of the other organisation."""
    for name, value in {
        "/jeux/{id}": f"/jeux/{OTHER_DATASET}", "/depots/{id}": f"/depots/{town.theirs.id}", "/groupes/{id}": f"/groupes/{OTHER_GROUP}",
        "/terrain/{id}": f"/terrain/{OTHER_DATASET}", "/comptes/{id}": "/comptes/other-reader", "{position}": "1",
    }.items():  # fmt: skip
        path = path.replace(name, value)
    return filled(path, town.story.named)[0]


def test_no_form_takes_a_thing_of_others(town: Town) -> None:
    """Each form of the other organisation, its own address, every field saying the same name of ours: nothing of
    ours is changed or joined to theirs.
    """
    story, wrong = town.story, list[str]()
    before = of_home(town)
    for path, methods in table(story.app).items():
        if "POST" not in methods or path.startswith(("/en", "/api/")) or any(t in path for t in TICKETS):
            continue
        if path in ("/deconnexion", "/connexion", "/verifier", "/chez-moi", "/verifier/donnees-personnelles"):
            continue
        for who in ("other-publisher", "other-delegate", "other-admin"):
            for name in town.home:
                got = story.ask("POST", own(path, town), who, dict.fromkeys(FIELDS, name))
                if got.status >= 500:
                    wrong.append(f"{who} {path} {name}: {got.status}")
                assert not canaries(got.body.decode("utf-8", "ignore")), (who, path, name)
    assert not wrong, "\n".join(wrong)
    after = of_home(town)
    changed = {n: [r for r in rows if r not in after[n]] for n, rows in before.items()}
    joined = {n: [r for r in rows if r not in before[n]] for n, rows in after.items()}
    assert not any(changed.values()), {n: r for n, r in changed.items() if r}
    assert not any(joined.values()), {n: r for n, r in joined.items() if r}


def test_no_question_shows_a_thing_of_others(town: Town) -> None:
    """Each page, every parameter saying the same name of ours."""
    for path, methods in table(town.story.app).items():
        if "GET" not in methods or path.startswith(("/en", "/api/", "/static")) or path.endswith(".json"):
            continue
        for who in ("anonymous", "other-delegate"):
            for name in ("signalements/table", town.story.named["deposit"], town.file_run):
                asked = "&".join(f"{q}={name}" for q in QUESTIONS)
                got = town.story.ask("GET", f"{own(path, town)}?{asked}", who)
                assert got.status < 500, (path, who, name)
                text = got.body.decode("utf-8", "ignore")
                assert not canaries(text), (path, who, name)
                assert "Signalements des habitants" not in text, (path, who, name)


def test_a_run_with_a_file_of_somebody_is_theirs(town: Town) -> None:
    """A study is for roles of any organisation; what it was made of a file that somebody sent along is not, nor may
    others stop what they did not ask for.
    """
    study = next(p for p in addresses(town.story, "/etudes/{name}"))
    run, whole = f"{study}/{town.file_run}", f"{study}/{town.story.named['study_run']}"
    for who in ("other-publisher", "other-steward", "other-admin", "neighbour"):
        assert town.story.ask("GET", run, who).status == 404
        assert town.story.ask("GET", f"{run}.json", who).status == 404
        assert town.story.ask("POST", f"{run}/arreter", who).status == 404
        assert town.file_run not in town.story.ask("GET", f"{study}.json", who).body.decode()
        assert town.story.ask("GET", f"{study}.json?de={town.file_run}", who).status == 404
        assert town.story.ask("GET", f"{whole}.json", who).status == 200
        assert town.story.ask("POST", f"{whole}/arreter", who).status == 403
    for who in ("sender", "steward", "mayor"):
        assert town.story.ask("GET", f"{run}.json", who).status == 200
        assert town.file_run in town.story.ask("GET", f"{study}.json", who).body.decode()
    assert town.story.ask("POST", f"{run}/arreter", "steward").status == 303


@pytest.mark.parametrize("who", OTHERS)
def test_the_other_organisation_has_every_role(who: str) -> None:
    assert who.removeprefix("other-") in {
        r for p in PEOPLE.values() if isinstance(p, Person) for r in p.roles.values()
    }


def test_what_is_written_of_who_came_by_is_not_looked_at() -> None:
    assert {"deposits", "versions", "datasets"}.isdisjoint(SPENT)
