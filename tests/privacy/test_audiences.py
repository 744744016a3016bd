"""A table shared with a group: read by its members, each time asked and written down; for everybody else it
is not there.
"""

from __future__ import annotations

import ast
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from parvis import privacy
from parvis.catalogue.entries import entry
from parvis.catalogue.links import Links
from parvis.core.errors import Gone, HeldBack, NotFound, Refused, UsageError
from parvis.core.released import Public, Released
from parvis.core.types import PUBLIC, Audience, Column, Dataset, Resource, Run, Sensitivity, Version
from parvis.decisions import deciding
from parvis.decisions.deciding import DecisionRequest
from parvis.engine.read import read
from parvis.people import accounts
from parvis.people import groups as circles
from parvis.privacy import audiences, checklist
from parvis.privacy.deciding import Fault
from parvis.publication import pipeline
from parvis.publication.city import City
from parvis.store import datasets, deposits, groups, journal, register, releases, runs, versions
from parvis.store.register import Record
from tests.cities import canarycity, webcity

TODAY = webcity.NOW.date()
AIDES = Audience("ccas", "suivi des aides", TODAY + timedelta(days=30))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city with a group and three people, to copy."""
    folder = tmp_path_factory.mktemp("built")
    made = webcity.build(folder)
    with made.db.begin() as conn:
        for name in ("membre", "autre"):
            accounts.make(
                conn,
                email=f"{name}@montclair.example",
                name=name.title(),
                password_hash=None,
                actor="system",
                at=webcity.NOW,
                person_id=name,
            )
        circles.make(
            conn, "ccas", "Centre communal d’action sociale", "education", actor="system", at=webcity.NOW
        )
        circles.enrol(conn, "ccas", "membre@montclair.example", actor="system", at=webcity.NOW)
    made.engine.connection.close()
    made.db.scrub()
    made.db.close()
    return folder


@pytest.fixture
def city(built: Path, tmp_path: Path) -> Iterator[City]:
    """That city, to change."""
    made = webcity.open_again(Path(shutil.copytree(built, tmp_path / "city")))
    yield made
    made.engine.connection.close()
    made.db.close()


def held(city: City) -> Version:
    """The version that the small city holds back: names and e-mail addresses of agents."""
    with city.db.read() as conn:
        found = versions.latest(conn, "agents/agents")
    assert found is not None
    return found


def restricted(city: City) -> Version:
    """A table with nothing personal in it, of a dataset that is not for the public."""
    rows = [{"quartier": f"Quartier secret {i}", "foyers": 40 + i} for i in range(30)]
    dataset = Dataset("aides-quartiers", "Aides par quartier", "", "education", access="restricted")
    resource = Resource("aides-quartiers/aides", "aides-quartiers", "Aides")
    columns = (Column("quartier", "text", "Quartier"), Column("foyers", "integer", "Foyers"))
    return webcity.publish(
        city.db, city.files, city.settings.path("var/spool"), dataset, resource, rows, columns, at=webcity.NOW
    )


def shared(city: City) -> Record:
    return deciding.share(
        city, restricted(city).digest, AIDES, why="Convention entre les deux services.", actor="publisher"
    )


def test_members_read_it_and_each_reading_is_an_event(city: City) -> None:
    """Opened for the group and not for the public; rows come out; the journal says who, which version, by
    which way, and nothing else.
    """
    record = shared(city)
    opened = city.shared(record.release, "membre", "csv")
    assert type(opened) is Released
    with read(city.engine, opened) as rows:
        assert len(rows.rows()) == 30
    with city.db.read() as conn:
        (event,) = journal.of(conn, "aides-quartiers/aides", verb="consulted")
    assert event.actor == "membre"
    assert event.ids == {"version": record.version, "release": record.release, "group": "ccas", "way": "csv"}


def test_for_everybody_else_it_is_not_there(city: City) -> None:
    """The words are those for what never was: another account, one taken off the list, a closed group, the
    day after the end, an ended share, a made-up id.
    """
    record = shared(city)
    said: set[str] = set()

    def away(who: str, which: str, at: City = city) -> None:
        with pytest.raises(NotFound) as wrong:
            at.shared(which, who, "page")
        said.add(str(wrong.value))

    away("autre", record.release)
    away("", record.release)
    away("autre", "f" * 32)
    away("membre", "f" * 32)
    away("membre", record.release, replace(city, now=lambda: webcity.NOW + timedelta(days=31)))
    with city.db.begin() as conn:
        circles.remove(conn, "ccas", "membre", actor="system", at=webcity.NOW)
    away("membre", record.release)
    with city.db.begin() as conn:
        circles.enrol(conn, "ccas", "membre@montclair.example", actor="system", at=webcity.NOW)
    assert city.shared(record.release, "membre", "page")
    deciding.end_share(city, record.release, actor="publisher")
    away("membre", record.release)
    later = replace(city, now=lambda: webcity.NOW + timedelta(hours=1))
    again = deciding.share(
        later, record.version, AIDES, why="Convention prolongée d’un mois.", actor="publisher"
    )
    assert city.shared(again.release, "membre", "page")
    with city.db.begin() as conn:
        circles.close(conn, "ccas", actor="system", at=webcity.NOW)
    away("membre", again.release)
    assert len(said) == 1


def test_the_public_is_not_a_group(city: City) -> None:
    """A public release is not opened by the way of groups; no group may bear the names that mean something
    else.
    """
    with city.db.read() as conn:
        row = next(
            r
            for r in releases.rows(conn, versions.served(conn, "prenoms/prenoms", PUBLIC).digest)
            if r.audience.public
        )  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        city.shared(row.id, "membre", "page")
    assert audiences.free_name("public", ()) == "public-2"
    assert audiences.free_name("examen", ("examen-2",)) == "examen-3"
    for name in ("public ", "examen", "inconnu"):
        with pytest.raises(UsageError):
            pipeline.release(
                city,
                held(city).digest,
                Audience(name, "but", AIDES.until),
                why="parce que c’est ainsi",
                actor="p",
            )


def test_a_restricted_dataset_never_goes_out_by_itself_nor_by_a_slip(city: City) -> None:
    """Nothing personal in it, policy open: it waits all the same, and a decision for the public is refused."""
    made = restricted(city)
    with city.db.read() as conn:
        assert versions.served(conn, made.resource, PUBLIC) is None
    with pytest.raises(Refused, match="pas ouvert au public"):
        pipeline.release(city, made.digest, PUBLIC, why="par mégarde, un vendredi soir", actor="delegate")


def test_what_holds_personal_data_is_not_shared_in_one_act(city: City) -> None:
    """Sharing is for what nothing holds; the rest takes an opinion and a decision, for a group as for the
    public.
    """
    with pytest.raises(HeldBack):
        deciding.share(city, held(city).digest, AIDES, why="Nous en avons besoin vite.", actor="publisher")
    made = restricted(city)
    with city.db.begin() as conn:
        resource = datasets.resource(conn, made.resource)
        assert resource is not None
        datasets.save_resource(conn, replace(resource, policy="hold"))
    with pytest.raises(HeldBack, match="attend un accord"):
        deciding.share(city, made.digest, AIDES, why="Nous en avons besoin vite.", actor="publisher")


def test_a_held_version_is_examined_by_people_and_each_look_is_an_event(city: City) -> None:
    """By a person, never by a job; no row stays that would open it to somebody else; gone with a withdrawal."""
    version = held(city)
    with deciding.examined(city, version, actor="dpo") as (engine, one):
        assert not isinstance(one, Public)
        with read(engine, one) as rows:
            assert len(rows.rows()) == 12
    with city.db.read() as conn:
        assert [e.actor for e in journal.of(conn, version.resource, verb="read-held")] == ["dpo"]
        assert releases.rows(conn, version.digest) == []
        with pytest.raises(NotFound):
            privacy.reopen(conn, version.digest, audiences.EXAMINERS, now=webcity.NOW)
    with pytest.raises(Refused), deciding.examined(city, version, actor="system"):
        pass
    canarycity.let_out(city, version.digest)
    with city.db.begin() as conn:
        privacy.withdraw(conn, version, webcity.NOW, "déposé par erreur", actor="dpo")
    with pytest.raises(Gone), deciding.examined(city, version, actor="dpo"):
        pass


# --- opinion, checklist, decision ---------------------------------------------------------------------------

ASKED = DecisionRequest(
    "released",
    PUBLIC,
    "Annuaire des services, pour joindre un agent.",
    "accord",
    "Accord écrit de chaque agent, dossier 12.",
    "Les agents l’ont demandé.",
)
CLEAR = {q.name: "no" for q in checklist.QUESTIONS}


def faults(said: object) -> list[str]:
    return [f.field for f in said if isinstance(f, Fault)] if isinstance(said, (list, tuple)) else []


def test_nothing_is_decided_before_an_opinion_a_signature_and_a_ground(city: City) -> None:
    """Everything that is missing is told at once, by field; nothing is released, nothing recorded."""
    version = held(city)
    bare = DecisionRequest("released", PUBLIC, "", "aucune", "", "")
    assert faults(deciding.settle(city, version.digest, bare, actor="delegate")) == [
        "avis",
        "secrets",
        "finalite",
        "base",
        "motif",
    ]
    empty = replace(ASKED, basis="sans-objet")
    assert faults(deciding.settle(city, version.digest, empty, actor="delegate")) == [
        "avis",
        "secrets",
        "base",
    ]
    with city.db.read() as conn:
        assert register.records(conn) == ()
        assert versions.served(conn, version.resource, PUBLIC) is None


def test_advised_signed_decided_and_recorded(city: City) -> None:
    """The whole way: the record says what art. 30 asks for; the public reads; the deposit's journal has ids
    only.
    """
    version = held(city)
    deciding.advise(
        city, version.digest, "public", "favourable", "Les agents ont donné leur accord.", actor="dpo"
    )
    deciding.sign(city, version.digest, CLEAR, {}, actor="publisher")
    record = deciding.settle(city, version.digest, ASKED, actor="delegate")
    assert isinstance(record, Record)
    assert (record.outcome, record.audience, record.basis, record.by) == (
        "released",
        "public",
        "accord",
        "delegate",
    )
    assert record.opinion is not None
    assert record.opinion.by == "dpo"
    assert record.checklist is not None
    assert record.findings == ("personal-email (courriel)",)
    assert all(
        (
            record.controller,
            record.purpose,
            record.people,
            record.data,
            record.recipients,
            record.transfers,
            record.retention,
            record.security,
        )
    )
    assert city.served("agents/agents").versions == (version.digest,)
    with city.db.read() as conn:
        assert register.record(conn, record.id) == record
        verbs = [e.verb for e in journal.of(conn, "agents/agents")]
    assert {"advised", "signed", "released", "decided", "overrode"} <= set(verbs)


def test_never_one_person_for_both(city: City) -> None:
    """Whoever advised does not decide, whoever decided does not advise; for another audience of the same file
    neither.
    """
    version = held(city)
    deciding.advise(city, version.digest, "public", "favourable", "Rien à redire, vraiment.", actor="dpo")
    deciding.sign(city, version.digest, CLEAR, {}, actor="dpo")
    with pytest.raises(Refused, match="revient à une autre personne"):
        deciding.settle(city, version.digest, ASKED, actor="dpo")
    with pytest.raises(Refused, match="revient à une autre personne"):
        deciding.settle(city, version.digest, replace(ASKED, audience=AIDES), actor="dpo")
    assert isinstance(deciding.settle(city, version.digest, ASKED, actor="delegate"), Record)
    with pytest.raises(Refused, match="déjà décidé"):
        deciding.advise(city, version.digest, "ccas", "favourable", "Pour le groupe aussi.", actor="delegate")


@pytest.mark.parametrize(
    ("verdict", "outcome", "departs"),
    [
        ("favourable", "released", False),
        ("conditional", "released", True),
        ("unfavourable", "released", True),
        ("favourable", "refused", True),
        ("conditional", "refused", False),
        ("unfavourable", "refused", False),
    ],
)
def test_going_against_the_opinion_is_written_down(
    city: City, verdict: str, outcome: str, departs: bool
) -> None:
    """Without its reason it is not taken; with it, the record keeps both."""
    version = held(city)
    deciding.advise(city, version.digest, "public", verdict, "Retirez d’abord les adresses.", actor="dpo")
    deciding.sign(city, version.digest, CLEAR, {}, actor="publisher")
    asked = replace(ASKED, outcome=outcome)  # type: ignore[arg-type]
    if departs:
        assert faults(deciding.settle(city, version.digest, asked, actor="delegate")) == ["contre"]
        asked = replace(asked, against="Le conseil municipal l’a voté le 3 mars.")
    record = deciding.settle(city, version.digest, asked, actor="delegate")
    assert isinstance(record, Record)
    assert (record.outcome, bool(record.against)) == (outcome, departs)
    with city.db.read() as conn:
        state = deposits.get(conn, "depot0")
    assert state is not None
    assert state.state == ("refused" if outcome == "refused" else "published")


def measured(city: City, found: deciding.Dossier) -> deciding.Risk:
    """As the worker does, and as a page reads it."""
    deciding.measure(city, found.version.digest)
    with city.db.read() as conn:
        known, whole = deciding.measured(conn, found.version.digest)
    assert whole
    return known


def test_risk_is_measured_before_and_after_anonymisation(city: City) -> None:
    """Two versions of one table, people as they are then in bands: k, risks and the three attacks fall; what
    was not measured is told; nobody looked at a row.
    """
    rng = random.Random(4)
    people = [
        (rng.randrange(18, 90), rng.choice("ABCDEFGH"), rng.choice(("cadre", "employé", "retraité")))
        for _ in range(400)
    ]
    columns = tuple(
        Column(n, t, n.title(), sensitivity=Sensitivity.INDIRECT)
        for n, t in (("age", "text"), ("quartier", "text"), ("metier", "text"))
    )  # type: ignore[arg-type]
    dataset, resource = (
        Dataset("logement", "Demandes de logement", "", "education"),
        Resource("logement/demandes", "logement", "Demandes", policy="hold"),
    )

    def sent(rows: list[tuple[str, str, str]], hours: int) -> Version:
        cells = [dict(zip(("age", "quartier", "metier"), r, strict=True)) for r in rows]
        return webcity.publish(
            city.db,
            city.files,
            city.settings.path("var/spool"),
            dataset,
            resource,
            cells,
            columns,
            at=webcity.NOW - timedelta(hours=hours),
        )

    raw = sent([(str(a), q, m) for a, q, m in people], 2)
    with city.db.read() as conn:
        alone = deciding.dossier_of(conn, raw.digest)
    told = measured(city, alone)
    assert {m.name for m in told.measures} == {"k", "prosecutor", "marketer", "alone"}
    assert all(m.before is None for m in told.measures)
    assert any("avant anonymisation" in n for n in told.not_measured)
    assert told.combination == ("age", "quartier", "metier")
    assert told.share > 0.3
    safe = sent(
        [
            ("moins de 50" if a < 50 else "50 et plus", "Nord" if q < "E" else "Sud", "tous")
            for a, q, _ in people
        ],
        1,
    )
    with city.db.read() as conn:
        found = deciding.dossier_of(conn, safe.digest)
    after = {m.name: m for m in measured(city, found).measures}
    exact = Counter((a < 50, q < "E") for a, q, _ in people)
    assert (after["k"].before, after["k"].after) == (1, min(exact.values()))
    assert after["prosecutor"].after == 1 / min(exact.values())
    assert after["marketer"].after == len(exact) / 400
    for name in ("singling-out", "linkability", "inference"):
        before, now = after[name].before, after[name].after
        assert before is not None
        assert now is not None
        low, high = after[name].after_spread
        assert low <= now <= high
        assert now <= before
    assert (after["singling-out"].before or 0) > 0.8
    assert any("l-diversité" in n for n in measured(city, found).not_measured)
    with city.db.read() as conn:
        assert not journal.of(conn, resource.id, verb="read-held")


def test_what_a_group_tells_of_a_sensitive_column_is_measured(city: City) -> None:
    """l and t of a special category, before and after, as their definitions have them; empty cells are a
    value.
    """
    rng = random.Random(9)
    people = [
        (
            rng.choice("ABCD"),
            rng.choice(("18-40", "41 et plus")),
            rng.choice(("oui", "non", None)) if rng.random() < 0.9 else "refus",
        )
        for _ in range(160)
    ]
    dataset, resource = (
        Dataset("aide", "Aide", "", "education"),
        Resource("aide/aide", "aide", "Aide", policy="hold"),
    )
    indirect, special = Sensitivity.INDIRECT, Sensitivity.SPECIAL
    columns = (
        Column("zone", sensitivity=indirect),
        Column("age", sensitivity=indirect),
        Column("handicap", sensitivity=special),
    )

    def sent(rows: list[tuple[str, str, str | None]], hours: int) -> Version:
        cells = [dict(zip(("zone", "age", "handicap"), r, strict=True)) for r in rows]
        return webcity.publish(
            city.db,
            city.files,
            city.settings.path("var/spool"),
            dataset,
            resource,
            cells,
            columns,
            at=webcity.NOW - timedelta(hours=hours),
        )

    def defined(rows: list[tuple[str, str, str | None]]) -> tuple[int, float]:
        whole, by = Counter(r[2] for r in rows), defaultdict(list)
        for r in rows:
            by[r[:2]].append(r[2])
        far = [
            sum(abs(c[v] / len(g) - n / len(rows)) for v, n in whole.items()) / 2
            for g in by.values()
            for c in [Counter(g)]
        ]
        return min(len(set(g)) for g in by.values()), max(far)

    sent(people, 2)
    wide = [("tous", a, h) for _, a, h in people]
    after = sent(wide, 1)
    with city.db.read() as conn:
        found = deciding.dossier_of(conn, after.digest)
    told = measured(city, found)
    by_name = {m.name: (m.before, m.after) for m in told.measures}
    (l_then, t_then), (l_now, t_now) = defined(people), defined(wide)
    cells = Counter(wide)
    assert by_name["alone-known"][1] == sum(n == 1 for n in cells.values()) / len(wide)
    assert by_name["l"] == (l_then, l_now)
    assert by_name["t"] == (pytest.approx(t_then), pytest.approx(t_now))
    assert t_now < t_then
    assert not any("l-diversité" in n for n in told.not_measured)


def test_a_secret_that_was_seen_takes_a_reason_too(city: City) -> None:
    """A « yes » or « don't know » says why when it is signed, and a release in spite of it says why again."""
    version = held(city)
    deciding.advise(
        city, version.digest, "public", "favourable", "Les agents ont donné leur accord.", actor="dpo"
    )
    with pytest.raises(UsageError, match="Dites pourquoi"):
        deciding.sign(city, version.digest, CLEAR | {"public-security": "yes"}, {}, actor="publisher")
    deciding.sign(
        city,
        version.digest,
        CLEAR | {"public-security": "unsure"},
        {"public-security": "Un local technique est nommé."},
        actor="publisher",
    )
    assert faults(deciding.settle(city, version.digest, ASKED, actor="delegate")) == ["contre"]
    assert isinstance(
        deciding.settle(
            city,
            version.digest,
            replace(ASKED, against="Le local est public, visible de la rue."),
            actor="delegate",
        ),
        Record,
    )


def test_a_held_version_goes_to_a_group_by_decision(city: City) -> None:
    """Members read it; the public does not; the opinion for the public does not serve for the group."""
    version = held(city)
    deciding.advise(
        city, version.digest, "public", "unfavourable", "Pas pour le public, c’est trop.", actor="dpo"
    )
    asked = replace(ASKED, audience=AIDES, basis="mission", basis_text="Convention CCAS du 2 mars.")
    assert faults(deciding.settle(city, version.digest, asked, actor="delegate")) == ["avis"]
    deciding.advise(city, version.digest, "ccas", "favourable", "Le groupe est tenu au secret.", actor="dpo")
    record = deciding.settle(city, version.digest, asked, actor="delegate")
    assert isinstance(record, Record)
    assert (record.until, record.retention) == (AIDES.until, f"Accès jusqu’au {AIDES.until}")
    assert city.shared(record.release, "membre", "page")
    with city.db.read() as conn:
        assert versions.served(conn, version.resource, PUBLIC) is None
        assert groups.group(conn, "ccas") is not None


def test_the_end_of_a_share_is_in_the_future(city: City) -> None:
    with pytest.raises(UsageError, match="déjà passée"):
        deciding.share(
            city,
            restricted(city).digest,
            replace(AIDES, until=date(2026, 1, 1)),
            why="Convention entre services.",
            actor="publisher",
        )


def test_a_service_s_output_passes_the_same_gate(city: City) -> None:
    """What a service publishes with something personal in it is held like a file: no output is public by
    being computed.
    """
    version = held(city)
    with city.db.begin() as conn:
        resource = datasets.resource(conn, version.resource)
        assert resource is not None
        made = replace(version, digest="e" * 64, run="service")
        runs.save(conn, Run("service", "service", webcity.NOW))
        outcome = pipeline.publish(
            conn,
            replace(resource, policy="open"),
            made,
            actor="system",
            at=webcity.NOW,
            ids={"run": "service"},
        )
    assert outcome.state == "held"


def test_an_old_release_row_opens_nothing_newer(city: City) -> None:
    """The row of one version does not serve for the next, nor once it ended."""
    with city.db.read() as conn:
        served = versions.served(conn, "prenoms/prenoms", PUBLIC)
        assert served is not None
        (row,) = [r for r in releases.rows(conn, served.digest) if r.withdrawn_at is None]
    newer = replace(served, digest="d" * 64)
    with pytest.raises(Refused):
        privacy.releasing.mint(newer.table, PUBLIC, (row,))
    with city.db.begin() as conn:
        versions.save(conn, newer)
        with pytest.raises(NotFound):
            privacy.reopen(conn, newer.digest, PUBLIC, now=webcity.NOW)
    with pytest.raises(Refused):
        privacy.releasing.mint(served.table, PUBLIC, (replace(row, withdrawn_at=webcity.NOW),))


ROOMS = Path(pipeline.__file__).parent.parent
OPENING = {
    "city.shared": {"web/views/shared_tables.py"},
    "audiences.read_shared": {"publication/city.py"},
    "audiences.examine": {"decisions/deciding.py"},
    "deciding.examined": {"web/views/dossier.py", "web/views/reviewing.py"},
}
"""Functions that open what is not public, and the modules that may call them. Anonymous faces are not among
them: theirs is `City.served`, which gives a `Public`.
"""


def test_only_these_modules_open_what_is_not_public() -> None:
    """On the syntax tree of the whole program."""
    calls: dict[str, set[str]] = {name: set() for name in OPENING}
    for file in ROOMS.rglob("*.py"):
        text = file.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if any(name in text for name in OPENING) else ():
            said = (
                ast.unparse(node.func)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                else ""
            )
            for name in OPENING:
                if said == name or said.endswith("." + name):
                    calls[name].add(file.relative_to(ROOMS).as_posix())
    assert calls == OPENING


def test_a_private_table_leaves_no_trace_in_the_names_of_the_public_ones(city: City) -> None:
    """Of two tables of one dataset the elder is for a group: the public one bears the name of the dataset, as
    it would alone.
    """
    dataset = Dataset("piscines", "Piscines", "", "education")
    columns = (Column("nom", "text", "Nom"),)
    spool = city.settings.path("var/spool")
    elder = webcity.publish(
        city.db,
        city.files,
        spool,
        dataset,
        Resource("piscines/agents", "piscines", "Agents"),
        [{"nom": "a"}],
        columns,
        at=webcity.NOW - timedelta(days=9),
        held=True,
    )
    webcity.publish(
        city.db,
        city.files,
        spool,
        dataset,
        Resource("piscines/bassins", "piscines", "Bassins"),
        [{"nom": "b"}],
        columns,
        at=webcity.NOW,
    )
    deciding.share(city, elder.digest, AIDES, why="Convention entre les deux services.", actor="publisher")
    with city.db.read() as conn:
        found = entry(conn, Links("http://x"), "piscines")
    assert found is not None
    assert [i.table for i in found.items] == ["piscines"]
