"""What is personal in a file is followed through its recipe: nobody without the right learns of it by trying,
and nothing that comes of it goes out unseen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import count
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from parvis import prepare, privacy
from parvis.core.errors import Refused
from parvis.core.types import PUBLIC, Json, Sensitivity
from parvis.people import accounts
from parvis.people.passwords import Passwords
from parvis.prepare.declaration import Example
from parvis.publication import policies, recipes
from parvis.publication.city import City
from parvis.publication.recipes import Reader
from parvis.store import datasets, journal, versions
from parvis.store.deposits import Deposit
from parvis.web.app import create_app
from tests.cities import canarycity
from tests.cities.canarycity import CANARIES, NIRS, Clock, build, hand_in, plain
from tests.prepare.test_steps import cells, con, put, records  # pyright: ignore[reportUnusedImport] (con is a fixture)  # noqa: F401
from tests.tables.raw_tables import csv_table

# --- the flow that each step declares -----------------------------------------------------------------------

EXAMPLES = [
    pytest.param(step.name, example, id=f"{step.name}-{i}")
    for step in prepare.known_steps().values()
    if step.name != "national"
    for i, example in enumerate(step.examples)
]
"""Not `national`: it leaves cells out to keep people unnamed, and what it leaves is looked at like any file.
"""


@pytest.mark.parametrize(("step", "example"), EXAMPLES)
def test_a_column_depends_on_no_other_than_its_step_declares(
    step: str,
    example: Example,
    con: duckdb.DuckDBPyConnection,  # noqa: F811
    tmp_path: Path,
) -> None:
    tables = {
        name: csv_table(tmp_path / f"{name}.csv", header, [[v or "" for v in row] for row in rows])
        for name, (header, rows) in example.tables.items()
    }
    recipe: Json = [{"step": step, **example.params}]

    def made(rows: Sequence[Sequence[str]]) -> prepare.Prepared:
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return put(csv_table(folder / "a.csv", example.header, rows), recipe, con, folder, tables)

    rows = [[v or "" for v in row] for row in example.rows]
    before = made(rows)
    names = [c.name for c in before.raw.columns]
    for place, source in enumerate(example.header):
        for change in ("", "zz", rows[-1][place]):
            after = made([[change if i == place else v for i, v in enumerate(row)] for row in rows])
            chosen = ("", source) in before.traced.rows
            if not chosen:
                assert records(after) == records(before)
            for i, name in enumerate(names):
                if not chosen and ("", source) not in before.traced.columns[name].of:
                    assert [row[i] for row in cells(after)] == [row[i] for row in cells(before)], (
                        source,
                        name,
                    )
                if before.traced.columns[name].same == source and not chosen:
                    assert {(row[i] or "").strip() for row in cells(after)} <= {
                        change.strip(),
                        " ".join(change.split()),
                    }


# --- tried by whoever may not see ---------------------------------------------------------------------------

HERE = "/jeux/signalements/recette"


def with_channel(table: bytes) -> bytes:
    """The canary table with a column that tells nothing of anybody: how a report came in."""
    head, *rows = table.decode().splitlines()
    lines = [
        f"{head};canal",
        *(f"{row};{('web', 'guichet', 'courrier')[i % 3]}" for i, row in enumerate(rows)),
    ]
    return ("\n".join(lines) + "\n").encode()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = build(tmp_path_factory.mktemp("city"), Clock())
    with made.db.begin() as conn:
        kept = Passwords().hash("une phrase de passe longue")
        for role in ("steward", "publisher"):
            person = accounts.make(
                conn,
                email=f"{role}@montclair.example",
                name=role,
                password_hash=kept,
                actor="system",
                at=made.now(),
                person_id=role,
            )
            accounts.give_role(conn, person.id, "vivre", role, actor="system", at=made.now())
    assert (
        hand_in(
            made,
            "signalements/table",
            with_channel(canarycity.table()),
            "signalements.csv",
            actor="publisher",
        ).state
        == "held"
    )
    yield made
    made.db.close()


def _signed_in(city: City, role: str) -> TestClient:
    client = TestClient(create_app(city), follow_redirects=False)
    csrf = re.search(r'name="csrf" value="([^"]*)"', client.get("/connexion").text)
    assert csrf is not None
    data = {
        "csrf": csrf[1],
        "email": f"{role}@montclair.example",
        "password": "une phrase de passe longue",
        "suite": "/depots",
    }
    assert client.post("/connexion", data=data).status_code == 303
    return client


def _tries(
    client: TestClient, recipe: Sequence[dict[str, Json]], gesture: str = "voir:1", **more: str
) -> str:
    main = client.get(HERE).text.partition("<main")[2]
    csrf = re.search(r'name="csrf" value="([^"]*)"', main)
    assert csrf is not None
    said = {
        "csrf": unescape(csrf[1]),
        "ressource": "signalements/table",
        "recette": json.dumps(recipe),
        "fichiers": "[]",
        "base": "",
        "geste": gesture,
        **more,
    }
    return client.post(HERE, data=said).text


def test_no_condition_on_a_personal_column_tells_anything_to_whoever_may_not_see_it(city: City) -> None:
    """The attack of the issue: a number found digit by digit, from the counts of a filter."""
    steward = _signed_in(city, "steward")
    with city.db.read() as conn:
        before = len(journal.of(conn, "signalements/table", limit=1000, verb=recipes.TRIED))
    for wrong, right in (("2", NIRS[0][0]), ("99", NIRS[0][:2])):
        pages = [
            _tries(steward, [{"step": "filter", "where": f"nir LIKE '{prefix}%'"}])
            for prefix in (wrong, right)
        ]
        assert "dont votre compte ne permet pas de voir les valeurs" in unescape(pages[0])
        told = [_counts(page) for page in pages]
        assert told[0] == told[1]
    with city.db.read() as conn:
        tried = journal.of(conn, "signalements/table", limit=1000, verb=recipes.TRIED)
    assert len(tried) == before + 4
    assert {e.actor for e in tried} == {"steward"}


def _counts(html: str) -> list[str]:
    return re.findall(r"\d+ lignes?|modifié", html)


@pytest.mark.parametrize(
    "recipe",
    [
        [
            {"step": "compute", "to": "x", "value": "if(nir LIKE '1%', 'oui', '')"},
            {"step": "filter", "where": "x = 'oui'"},
        ],
        [{"step": "rename", "columns": {"nir": "numero"}}, {"step": "filter", "where": "numero LIKE '1%'"}],
        [
            {"step": "split", "column": "nir", "separator": "3", "into": ["a", "b"]},
            {"step": "unpivot", "columns": ["a", "b"], "name": "k", "value": "v"},
        ],
        [{"step": "replace", "columns": ["nir"], "find": "^1", "by": "zz", "pattern": True}],
        [{"step": "map", "column": "plaque", "values": {"GH-731-ZH": "trouvée"}, "others": "empty"}],
        [{"step": "compute", "to": "x", "value": "if(telephone LIKE '06 41%', 'oui', null)"}],
        [
            {"step": "fill", "columns": ["quartier"], "how": "column", "value": "nom"},
            {"step": "compute", "to": "quartier", "value": "left(quartier, 1)"},
        ],
        [{"step": "reproject", "x": "nir", "y": "nir"}],
    ],
)
def test_a_try_answers_the_same_whatever_the_personal_columns_hold(
    city: City, recipe: list[dict[str, Json]]
) -> None:
    with city.db.read() as conn:
        resource = datasets.resource(conn, "signalements/table")
    assert resource is not None
    trials = []
    for number in range(len(recipe) + 1):
        trial = recipes.attempt(city, resource, prepare.read(list(recipe)), number, Reader("steward"))
        assert trial is not None
        trials.append(trial)
    seen = plain(
        repr(
            [
                (
                    t.preview.before,
                    t.preview.after,
                    t.preview.counts,
                    t.preview.findings,
                    t.preview.stop,
                    t.preview.origin,
                )
                for t in trials
            ]
        )
    )
    assert not [one for one in CANARIES if plain(one) in seen]
    shown = trials[-1].preview
    assert set(shown.counts) == {8} or shown.stop is not None or set(shown.counts) == {8, 0}


def test_who_sent_the_file_tries_what_they_like_and_the_page_masks_it_still(city: City) -> None:
    html = _tries(_signed_in(city, "publisher"), [{"step": "filter", "where": f"nir = '{NIRS[0]}'"}])
    assert "8 lignes avant, 1 ligne" in html
    assert NIRS[0] not in re.sub(
        r"(?s)<input[^>]*>|<textarea.*?</textarea>|<pre.*?</pre>|<dd.*?</dd>", "", html.partition("<main")[2]
    ).replace(f"nir = &#39;{NIRS[0]}&#39;", "")


def test_a_recipe_that_reads_personal_columns_is_saved_by_whoever_may_see_them_only(city: City) -> None:
    laundry = prepare.read(
        [{"step": "compute", "to": "x", "value": "replace(replace(nir, '1', 'a'), '2', 'b')"}]
    )
    with pytest.raises(Refused, match="« nir »"):
        recipes.save(city, "signalements/table", laundry, actor="steward", reader=Reader("steward"))
    assert "ne permet pas de voir" in unescape(
        _tries(_signed_in(city, "steward"), [dict(laundry[0])], "enregistrer")
    )
    kept = prepare.read(
        [
            {"step": "rename", "columns": {"nom": "qui"}},
            {"step": "drop", "columns": ["nir"]},
            {"step": "filter", "where": "canal <> 'web'"},
        ]
    )
    recipes.save(
        city, "signalements/table", kept, actor="steward", reader=Reader("steward")
    )  # nothing personal is read
    recipes.save(city, "signalements/table", (*laundry, *kept), actor="publisher", reader=Reader("publisher"))
    more = (*laundry, *kept, *prepare.read([{"step": "drop", "columns": ["plaque"]}]))
    recipes.save(
        city, "signalements/table", more, actor="steward", reader=Reader("steward")
    )  # the step was there
    turned = (
        *prepare.read([{"step": "rename", "columns": {"nir": "telephone", "telephone": "nir"}}]),
        *laundry,
    )
    with pytest.raises(Refused):
        recipes.save(
            city, "signalements/table", turned, actor="steward", reader=Reader("steward")
        )  # the step is the same, what it reads is not
    recipes.save(city, "signalements/table", (), actor="system")


# --- what comes out -----------------------------------------------------------------------------------------

_LETTERS = (
    "".join("replace(" for _ in range(10)) + "nir" + "".join(f", '{d}', '{chr(98 + d)}')" for d in range(10))
)
"""Digits into letters: what comes out looks like nothing."""
_LETTERS_OF = _LETTERS.replace("nir", "{}")


_FILES = count()


def _put(city: City, recipe: list[dict[str, Json]], content: bytes = b"") -> tuple[Deposit, versions.Version]:
    recipes.save(city, "signalements/table", prepare.read(list(recipe)), actor="system")
    new = (content or canarycity.table()) + b"\n" * (
        1 + next(_FILES)
    )  # other bytes: a file that is held is not read twice
    done = hand_in(city, "signalements/table", new, "signalements.csv")
    with city.db.read() as conn:
        version = versions.version(conn, done.version)
    recipes.save(city, "signalements/table", (), actor="system")
    assert version is not None
    return done, version


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = build(tmp_path_factory.mktemp("works"), Clock())
    yield made
    made.db.close()


ONLY: dict[str, Json] = {"step": "keep", "columns": ["quartier", "x"]}


@pytest.mark.parametrize(
    ("steps", "column"),
    [
        ([{"step": "compute", "to": "x", "value": _LETTERS}, ONLY], "x"),
        (
            [
                {"step": "rename", "columns": {"nir": "reference"}},
                {"step": "compute", "to": "x", "value": _LETTERS_OF.format("reference")},
                ONLY,
            ],
            "x",
        ),
        (
            [
                {"step": "split", "column": "nir", "separator": "3", "into": ["x", "y"]},
                {"step": "compute", "to": "x", "value": _LETTERS_OF.format("x")},
                ONLY,
            ],
            "x",
        ),
        (
            [
                {
                    "step": "compute",
                    "to": "x",
                    "value": "case when nir like '1%' then 'homme' else 'femme' end",
                },
                ONLY,
            ],
            "x",
        ),
        ([{"step": "compute", "to": "x", "value": "left(nom, 1) || quartier"}, ONLY], "x"),
        (
            [
                {"step": "rename", "columns": {"nir": "x"}},
                {"step": "map", "column": "x", "values": {"a": "b"}, "others": "empty"},
                {"step": "fill", "columns": ["x"], "value": "rien"},
                ONLY,
            ],
            "x",
        ),
        (
            [
                {"step": "replace", "columns": ["nir"], "find": "[0-9]", "by": "q", "pattern": True},
                {"step": "rename", "columns": {"nir": "x"}},
                ONLY,
            ],
            "x",
        ),
        (
            [
                {"step": "unpivot", "columns": ["nom", "quartier"], "name": "quoi", "value": "x"},
                {"step": "compute", "to": "x", "value": "left(x, 1)"},
                {"step": "keep", "columns": ["quoi", "x"]},
            ],
            "x",
        ),
        ([{"step": "filter", "where": "nir LIKE '1%'"}, {"step": "keep", "columns": ["quartier"]}], ""),
        (
            [
                {"step": "compute", "to": "x", "value": "if(plaque LIKE '%H', 'oui', '')"},
                {"step": "filter", "where": "x <> ''"},
                {"step": "keep", "columns": ["quartier"]},
            ],
            "",
        ),
        (
            [
                {"step": "unpivot", "columns": ["nom", "prenom"], "name": "k", "value": "v"},
                {"step": "keep", "columns": ["quartier"]},
            ],
            "",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) else "-".join(str(s["step"]) for s in v),
)
def test_what_is_computed_or_chosen_from_a_personal_column_is_held(
    works: City, steps: list[dict[str, Json]], column: str
) -> None:
    done, version = _put(works, steps)
    assert done.state == "held", done.message
    held = [f for f in version.report.findings if f.check in ("privacy-derived", "privacy-chosen-rows")]
    assert column in [f.column for f in held]
    if column:
        found = version.schema.column(column)
        assert found is not None
        assert found.sensitivity in (Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET)
        profile = next(p for p in version.report.profile if p.name == column)
        assert (
            profile.min,
            profile.max,
            profile.mean,
            profile.top,
            profile.histogram,
            profile.examples,
            profile.distinct,
        ) == (None, None, None, (), (), (), 0)
    assert not [one for one in CANARIES if plain(one) in plain(repr(version.report))]


@pytest.mark.parametrize(
    "steps",
    [
        [{"step": "keep", "columns": ["quartier"]}],
        [
            {"step": "compute", "to": "nir", "value": "'retiré'"},
            {"step": "keep", "columns": ["quartier", "nir"]},
        ],
        [
            {"step": "trim"},
            {"step": "filter", "where": "canal <> 'web'"},
            {"step": "rename", "columns": {"quartier": "zone"}},
            {"step": "keep", "columns": ["zone"]},
        ],
    ],
)
def test_what_has_nothing_of_them_is_published(works: City, steps: list[dict[str, Json]]) -> None:
    _, version = _put(works, steps, with_channel(canarycity.table()))
    assert not privacy.holding(version.report.findings)


def test_addresses_whose_people_were_taken_out_are_nobodys(works: City) -> None:
    rows = [
        f"{last};{first};{i + 3} rue des Tilleuls" for i, (last, first) in enumerate(canarycity.NAMES * 3)
    ]
    content = ("nom;prenom;adresse\n" + "\n".join(rows) + "\n").encode()
    _, version = _put(
        works,
        [{"step": "drop", "columns": ["nom", "prenom"]}, {"step": "rename", "columns": {"adresse": "lieu"}}],
        content,
    )
    assert not privacy.holding(version.report.findings)
    _, version = _put(
        works,
        [
            {"step": "drop", "columns": ["prenom"]},
            {"step": "compute", "to": "nom", "value": "upper(left(nom, 2))"},
        ],
        content,
    )
    assert [f.column for f in privacy.holding(version.report.findings)] == ["nom"]


def test_a_policy_that_keeps_what_was_laundered_lets_nothing_through(works: City) -> None:
    policies.save(
        works,
        "signalements/table",
        'others = "keep"\n[models]\nk = 2\n[[columns]]\nnames = ["quartier"]\ntreatment = "generalise"\nhierarchy = "none"\n',
        actor="system",
    )
    try:
        done, _ = _put(
            works, [{"step": "compute", "to": "x", "value": _LETTERS}, ONLY], canarycity.table(extra="bis")
        )
    finally:
        policies.save(works, "signalements/table", "", actor="system")
    assert done.state == "held", done.message


def test_a_policy_is_tried_on_nothing_that_its_author_may_not_see(city: City) -> None:
    with city.db.read() as conn:
        resource = datasets.resource(conn, "signalements/table")
    assert resource is not None
    said = 'others = "drop"\n[models]\nk = 1\n[[columns]]\nnames = ["{}"]\ntreatment = "generalise"\nhierarchy = "none"\n'
    steward, sender = (
        policies.attempt(city, resource, said.format("nir"), Reader(who)) for who in ("steward", "publisher")
    )
    assert steward is not None
    assert sender is not None
    assert (steward.done, "nir" in steward.problem) == (None, True)
    assert sender.done is not None or sender.problem != steward.problem
    open_to_all = policies.attempt(city, resource, said.format("canal"), Reader("steward"))
    assert open_to_all is not None
    assert open_to_all.done is not None


def test_a_policy_and_a_recipe_hide_the_same_columns_of_a_file(works: City) -> None:
    """Once a policy was saved too, when the file is searched anew: plates and logins are no names, and hold a
    version back all the same.
    """
    said = 'others = "drop"\n[models]\nk = 1\n[[columns]]\nnames = ["plaque"]\ntreatment = "generalise"\nhierarchy = "none"\n'
    policies.save(works, "signalements/table", said, actor="system")
    policies.save(works, "signalements/table", "", actor="system")
    hand_in(works, "signalements/table", canarycity.table(extra="ter"), "signalements.csv", actor="publisher")
    with works.db.read() as conn:
        resource = datasets.resource(conn, "signalements/table")
    assert resource is not None
    by_recipe = recipes.attempt(works, resource, (), 0, Reader("steward"))
    by_policy = policies.attempt(works, resource, said, Reader("steward"))
    assert by_recipe is not None
    assert by_policy is not None
    assert "plaque" in by_recipe.hidden[0]
    assert by_policy.hidden == by_recipe.hidden[0]
    assert (by_policy.done, "plaque" in by_policy.problem) == (None, True)


def test_what_is_personal_beyond_the_preview_is_known_when_a_recipe_is_saved(works: City) -> None:
    """A preview shows the first records, a saved recipe runs on all of them: by the counts of what it leaves,
    the rest of a file would be told.
    """
    nirs = ["", *NIRS]
    rows = [
        f"{i};{nirs[i % len(nirs)] if i > recipes.SAMPLE else ''};{i % 50}"
        for i in range(recipes.SAMPLE + 600)
    ]
    _, version = _put(
        works,
        [{"step": "keep", "columns": ["numero", "montant"]}],
        "\n".join(["numero;note;montant", *rows]).encode(),
    )
    assert not privacy.holding(version.report.findings)
    guess = prepare.read(
        [{"step": "filter", "where": "note LIKE '1%'"}, {"step": "keep", "columns": ["numero", "montant"]}]
    )
    with pytest.raises(Refused, match="note"):
        recipes.save(works, "signalements/table", guess, actor="steward", reader=Reader("steward"))
    with works.db.read() as conn:
        assert [e.actor for e in journal.of(conn, "signalements/table", limit=1, verb=recipes.TRIED)] == [
            "steward"
        ]


def test_files_kept_with_a_recipe_are_looked_at_too(works: City, tmp_path: Path) -> None:
    kept = tmp_path / "fiches.csv"
    kept.write_text(
        "q;n\n" + "".join(f"{q};{NIRS[i]}\n" for i, q in enumerate(("Gare", "Port", "Mairie", "Halles"))),
        "utf-8",
    )
    reference = recipes.keep_file(works, "signalements/table", kept, "fiches.csv", actor="system")
    steps: list[dict[str, Json]] = [
        {"step": "keep", "columns": ["quartier"]},
        {"step": "join", "with": reference, "on": {"quartier": "q"}, "take": ["n"]},
        {"step": "compute", "to": "n", "value": _LETTERS_OF.format("n")},
    ]
    with works.db.read() as conn:
        resource = datasets.resource(conn, "signalements/table")
    assert resource is not None
    trial = recipes.attempt(works, resource, prepare.read(list(steps)), 2, Reader("steward"))
    assert trial is None or not [n for n in NIRS if n in repr(trial.preview)]
    done, version = _put(works, steps, canarycity.table())
    assert done.state == "held", done.message
    assert "n" in [f.column for f in version.report.findings if f.check == "privacy-derived"]
    with works.db.read() as conn:
        served = versions.served(conn, "signalements/table", PUBLIC)
    assert served is None or served.digest != version.digest
