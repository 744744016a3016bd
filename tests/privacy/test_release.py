"""Nothing is read without a release row in force: the decision, its record, and every way in that must stay
shut.
"""

from __future__ import annotations

import ast
import copy
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
from sqlalchemy import Connection
from sqlglot import exp, parse_one

import parvis
from parvis.core.errors import Gone, NotFound, Refused, UsageError
from parvis.core.released import Public, Released, verify
from parvis.core.types import (
    PUBLIC,
    Audience,
    Column,
    Dataset,
    File,
    Finding,
    Held,
    Organisation,
    ReleaseRow,
    Report,
    Resource,
    Schema,
    Source,
    Table,
    Version,
)
from parvis.engine.read import Engine, read
from parvis.privacy import release, reopen, withdraw
from parvis.store import datasets, journal, register, releases, versions
from parvis.store.database import Database
from parvis.store.register import Opinion, Signed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCHEMA = Schema(columns=(Column("x", "integer"),))
NIR = Finding(
    "nir",
    "Numéros de sécurité sociale.",
    severity="error",
    dimension="confidentiality",
    column="numéro",
    count=3,
)
TYPO = Finding("type-error", "Pas un nombre.", severity="error", dimension="validity", column="x", count=1)
SOCIAL = Audience("ccas", "suivi des aides", date(2026, 3, 31))


@dataclass(frozen=True)
class Folder:
    """Files by digest, in a folder."""

    path: Path

    def local(self, digest: str) -> Path:
        return self.path / digest


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A store with one resource."""
    db = Database(f"sqlite:///{tmp_path / 'city.db'}")
    db.migrate()
    with db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        datasets.save_dataset(conn, Dataset("velos", "Vélos", "Stations", "ville"))
        datasets.save_resource(conn, Resource("velos/stations", "velos", "Stations"))
    yield db
    db.close()


@pytest.fixture
def files(tmp_path: Path) -> Folder:
    """Two Parquet files: `a` is released in the tests, `b` never is."""
    for name in ("a", "b"):
        duckdb.execute(
            "COPY (SELECT i AS x FROM range(5) t(i)) TO $p (FORMAT parquet)", {"p": str(tmp_path / name)}
        )
    return Folder(tmp_path)


def version(name: str = "a") -> Version:
    return Version(
        digest=name * 64,
        resource="velos/stations",
        at=NOW,
        rows=5,
        bytes=1,
        files=(File(name, 1, 5),),
        schema=SCHEMA,
        report=Report(),
        run="r",
    )


def saved(db: Database, name: str = "a") -> Version:
    made = version(name)
    with db.begin() as conn:
        versions.save(conn, made)
    return made


def weighed(conn: Connection, made: Version, *audiences: Audience, by: str = "officer") -> None:
    """An opinion for each audience, and the signed checklist: what a decision on personal data rests on."""
    for audience in audiences:
        register.save_opinion(
            conn,
            Opinion(
                f"{by}-{audience.name}",
                made.digest,
                audience.name,
                "favourable",
                "Tout est en ordre.",
                by,
                NOW,
            ),
        )
    register.save_signed(conn, Signed(f"liste-{by}", made.digest, {}, {}, "p2", NOW))


def opened(db: Database) -> Public:
    made = saved(db)
    with db.begin() as conn:
        out = release(
            conn, made, PUBLIC, policy="open", findings=(TYPO,), decided_by="system", why="", at=NOW
        )
    assert isinstance(out, Public)
    return out


def test_an_open_policy_publishes_what_has_no_error_about_people(database: Database, files: Folder) -> None:
    """Errors of form do not hold a file back; the row says which policy let it through; the engine reads it."""
    out = opened(database)
    with database.read() as conn:
        (row,) = releases.rows(conn, out.versions[0])
    assert (row.policy, row.decided_by, row.audience, row.withdrawn_at) == ("open", "system", PUBLIC, None)
    with read(Engine(duckdb.connect(), files), out) as result:
        assert len(result.rows()) == 5


def test_an_error_about_people_holds_an_open_resource_back(database: Database) -> None:
    """Held names the findings and what to do, leaves no row, and the version can't be opened."""
    made = saved(database)
    with database.begin() as conn:
        out = release(
            conn, made, PUBLIC, policy="open", findings=(NIR, TYPO), decided_by="p1", why="", at=NOW
        )
        assert isinstance(out, Held)
        assert out.findings == (NIR,)
        assert "« numéro »" in out.todo
        assert releases.rows(conn, made.digest) == []
        with pytest.raises(NotFound):
            reopen(conn, made.digest, PUBLIC, now=NOW)


def test_a_warning_about_people_does_not_hold_back(database: Database) -> None:
    """Only errors hold: a warning (an organisation's e-mail) is told and goes out."""
    made = saved(database)
    with database.begin() as conn:
        assert isinstance(
            release(
                conn,
                made,
                PUBLIC,
                policy="open",
                findings=(replace(NIR, severity="warning"),),
                decided_by="system",
                why="",
                at=NOW,
            ),
            Public,
        )


@pytest.mark.parametrize(
    ("who", "why"), [("system", "parce que"), ("", "parce que"), ("p1", ""), ("p1", "  ")]
)
def test_only_a_person_who_says_why_overrides(database: Database, who: str, why: str) -> None:
    """Neither a job with a reason nor a person without one passes over a finding or a hold."""
    made = saved(database)
    with database.begin() as conn:
        assert isinstance(
            release(conn, made, PUBLIC, policy="open", findings=(NIR,), decided_by=who, why=why, at=NOW), Held
        )
        assert isinstance(
            release(conn, made, PUBLIC, policy="hold", findings=(), decided_by=who, why=why, at=NOW), Held
        )


@pytest.mark.parametrize(
    ("policy", "findings", "said"),
    [("hold", (NIR,), ()), ("open", (NIR,), ()), ("hold", (), ()), ("open", (), (NIR,))],
)
@pytest.mark.parametrize("audience", [PUBLIC, SOCIAL])
def test_no_person_passes_over_the_opinion(
    database: Database,
    policy: str,
    findings: tuple[Finding, ...],
    said: tuple[Finding, ...],
    audience: Audience,
) -> None:
    """Without an opinion for this audience, without the signature for the public, and by whoever advised:
    nothing is minted, whatever the caller left out.
    """
    made = replace(version(), report=Report(findings=said))
    with database.begin() as conn:
        versions.save(conn, made)

    def asked(who: str) -> Released | Held:
        with database.begin() as conn:
            return release(
                conn,
                made,
                audience,
                policy=policy,
                findings=findings,
                decided_by=who,
                why="Accord écrit des agents",
                at=NOW,
            )  # type: ignore[arg-type]

    assert "avis" in getattr(asked("p1"), "todo", "")
    with database.begin() as conn:
        weighed(conn, made, SOCIAL if audience.public else PUBLIC)
    assert "avis" in getattr(asked("p1"), "todo", ""), "an opinion for others does not serve"
    with database.begin() as conn:
        weighed(conn, made, audience, by="p3")
    assert "une autre personne" in getattr(asked("p3"), "todo", "")
    with database.read() as conn:
        assert releases.rows(conn, made.digest) == []
    assert isinstance(asked("p1"), Released)


def test_the_public_takes_a_signature_too(database: Database) -> None:
    made = saved(database)
    with database.begin() as conn:
        register.save_opinion(
            conn, Opinion("avis", made.digest, "public", "favourable", "Tout est en ordre.", "officer", NOW)
        )
        held = release(
            conn,
            made,
            PUBLIC,
            policy="open",
            findings=(NIR,),
            decided_by="p1",
            why="Accord écrit des agents",
            at=NOW,
        )
    assert "liste des autres secrets" in getattr(held, "todo", "")


def test_an_override_is_recorded_with_what_it_passed_over(database: Database) -> None:
    """The row keeps the person's words and the findings; the journal keeps ids only."""
    made = saved(database)
    with database.begin() as conn:
        weighed(conn, made, PUBLIC)
        assert isinstance(
            release(
                conn,
                made,
                PUBLIC,
                policy="hold",
                findings=(NIR, TYPO),
                decided_by="p1",
                why="Accord écrit des agents",
                at=NOW,
            ),
            Public,
        )
        (row,) = releases.rows(conn, made.digest)
        (event,) = journal.since(conn, 0)
    assert (row.policy, row.decided_by) == ("decision", "p1")
    assert row.why == "Accord écrit des agents · Passé outre : nir (numéro)"
    assert (event.verb, event.actor, event.ids) == (
        "overrode",
        "p1",
        {"version": made.digest, "release": row.id, "checks": "nir"},
    )


def test_deciding_twice_is_deciding_once(database: Database) -> None:
    """A job that starts again finds its own row."""
    out = opened(database)
    with database.begin() as conn:
        again = release(
            conn, version(), PUBLIC, policy="open", findings=(), decided_by="system", why="", at=LATER
        )
        assert isinstance(again, Public)
        assert again.rows == out.rows
        assert len(releases.rows(conn, out.versions[0])) == 1


def test_reopen_tells_nothing_about_other_audiences(database: Database) -> None:
    """The same answer for what does not exist and for what is somebody else's."""
    made = saved(database)
    with database.begin() as conn:
        weighed(conn, made, SOCIAL)
        assert not isinstance(
            release(conn, made, SOCIAL, policy="hold", findings=(), decided_by="p1", why="aides", at=NOW),
            Held,
        )
        said: set[str] = set()
        for digest, audience in (
            (made.digest, PUBLIC),
            (made.digest, Audience("ccas", "autre chose")),
            (made.digest, Audience("rh", "suivi des aides")),
            ("f" * 64, SOCIAL),
        ):
            with pytest.raises(NotFound) as wrong:
                reopen(conn, digest, audience, now=NOW)
            said.add(str(wrong.value))
        assert len(said) == 1
        mine = reopen(conn, made.digest, Audience("ccas", "suivi des aides"), now=NOW)
    assert type(mine) is Released
    assert mine.audience == SOCIAL


def test_a_release_ends_with_its_last_day(database: Database) -> None:
    """The last day counts; the day after the version is gone, and a longer decision opens it again."""
    made = saved(database)
    with database.begin() as conn:
        weighed(conn, made, SOCIAL)
        release(conn, made, SOCIAL, policy="hold", findings=(), decided_by="p1", why="aides", at=NOW)
        assert reopen(conn, made.digest, SOCIAL, now=datetime(2026, 3, 31, 23, tzinfo=UTC))
        with pytest.raises(Gone):
            reopen(conn, made.digest, SOCIAL, now=datetime(2026, 4, 1, tzinfo=UTC))
        longer = replace(SOCIAL, until=date(2026, 12, 31))
        release(conn, made, longer, policy="hold", findings=(), decided_by="p1", why="prolongé", at=LATER)
        assert reopen(conn, made.digest, SOCIAL, now=datetime(2026, 4, 1, tzinfo=UTC)).audience == longer


@pytest.mark.parametrize("audience", [Audience("ccas"), Audience("ccas", "suivi", date(2026, 2, 28))])
def test_a_restricted_release_has_a_purpose_and_a_future_end(database: Database, audience: Audience) -> None:
    """A group without a purpose, or an end already past, is a wrong call."""
    made = saved(database)
    with database.begin() as conn, pytest.raises(UsageError):
        release(conn, made, audience, policy="hold", findings=(), decided_by="p1", why="x", at=NOW)


def test_withdrawn_is_gone_until_a_person_says_why(database: Database) -> None:
    """A withdrawal ends the row and says why in one of its own; the same file dropped again does not come
    back by itself.
    """
    out = opened(database)
    with database.begin() as conn:
        with pytest.raises(UsageError):
            withdraw(conn, version(), LATER, " ")
        assert withdraw(conn, version(), LATER, "noms d’agents", actor="p1") == (out.rows[0].id,)
        assert withdraw(conn, version(), LATER, "encore") == ()
        with pytest.raises(Gone):
            reopen(conn, version().digest, PUBLIC, now=LATER)
        assert [(r.policy, r.why) for r in releases.rows(conn, version().digest)][1:] == [
            ("withdrawal", "noms d’agents")
        ]
        assert [e.verb for e in journal.since(conn, 0)] == ["withdrawn"]
        assert isinstance(
            release(
                conn, version(), PUBLIC, policy="open", findings=(), decided_by="system", why="", at=LATER
            ),
            Held,
        )
        assert isinstance(
            release(
                conn, version(), PUBLIC, policy="open", findings=(), decided_by="p1", why="corrigé", at=LATER
            ),
            Public,
        )
        assert reopen(conn, version().digest, PUBLIC, now=LATER)


# --- every way in that must stay shut -----------------------------------------------------------------------


def hollow(kind: type[Released], **values: object) -> Any:
    made = object.__new__(kind)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def secret() -> Table:
    return version("b").table


FORGED_ROW = ReleaseRow("x", "b" * 64, PUBLIC, "open", "p1", "", NOW)


class Sub(Public):
    """A subclass of somebody's own."""

    __slots__ = ()


FORGERIES = {
    "bare table": lambda good: secret(),
    "any": lambda good: cast("Any", secret()),
    "json twin": lambda good: {
        "table": secret(),
        "audience": PUBLIC,
        "rows": (FORGED_ROW,),
        "seal": good.seal,
    },
    "none": lambda good: None,
    "empty shell": lambda good: hollow(Public),
    "no seal": lambda good: hollow(Public, table=secret(), audience=PUBLIC, rows=(FORGED_ROW,)),
    "blank seal": lambda good: hollow(Public, table=secret(), audience=PUBLIC, rows=(FORGED_ROW,), seal=b""),
    "borrowed seal": lambda good: hollow(
        Public, table=secret(), audience=PUBLIC, rows=(FORGED_ROW,), seal=good.seal
    ),
    "other files": lambda good: hollow(
        Public,
        table=replace(good.table, sources=(Source(good.versions[0], ("b",)),)),
        audience=good.audience,
        rows=good.rows,
        seal=good.seal,
    ),
    "other query": lambda good: hollow(
        Public,
        table=replace(good.table, tree=parse_one("select * from read_parquet('b')", dialect="duckdb")),
        audience=PUBLIC,
        rows=good.rows,
        seal=good.seal,
    ),
    "subclass": lambda good: hollow(
        Sub, table=good.table, audience=good.audience, rows=good.rows, seal=good.seal
    ),
}


@pytest.mark.parametrize("way", FORGERIES)
def test_a_forged_release_opens_nothing(database: Database, files: Folder, way: str) -> None:
    """Whatever was put together by hand is a fault, loud, before any byte is read."""
    forged = FORGERIES[way](opened(database))
    with pytest.raises(TypeError):
        read(Engine(duckdb.connect(), files), cast("Any", forged))


def test_a_forged_release_cannot_mint_by_querying(database: Database) -> None:
    """A shell with a secret table inside must not turn it into a sealed one through a query."""
    shell = hollow(Public, table=secret(), audience=PUBLIC, rows=(FORGED_ROW,), seal=opened(database).seal)
    with pytest.raises(TypeError):
        shell.querying(exp.select("x").from_(exp.to_table("b" * 64)))


def test_a_table_for_a_group_does_not_become_public(database: Database) -> None:
    """The seal binds the class: the shell of a Public around a group's table does not hold."""
    made = saved(database)
    with database.begin() as conn:
        weighed(conn, made, SOCIAL)
        mine = release(conn, made, SOCIAL, policy="hold", findings=(), decided_by="p1", why="aides", at=NOW)
    assert isinstance(mine, Released)
    with pytest.raises(TypeError):
        verify(hollow(Public, table=mine.table, audience=mine.audience, rows=mine.rows, seal=mine.seal))
    with pytest.raises(TypeError):
        verify(hollow(Public, table=mine.table, audience=PUBLIC, rows=mine.rows, seal=mine.seal))


def test_a_release_is_neither_built_changed_nor_copied(database: Database) -> None:
    """Constructor, assignment, dataclasses.replace, copy, deepcopy and pickle all refuse."""
    good = opened(database)
    for kind in (Released, Public):
        with pytest.raises(TypeError):
            kind()
    with pytest.raises(AttributeError):
        good.table = secret()
    with pytest.raises(TypeError):
        replace(cast("Any", good), table=secret())
    for way in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            way(good)


def test_a_query_changed_after_its_minting_opens_nothing(database: Database, files: Folder) -> None:
    """The tree of the caller is copied; the tree inside, if it is changed, breaks the seal."""
    good = opened(database)
    tree = exp.select("x").from_(exp.to_table(good.versions[0]))
    asked = good.querying(tree)
    tree.find(exp.Table).set("this", exp.to_identifier("b" * 64, quoted=True))  # pyright: ignore[reportOptionalMemberAccess]
    with read(Engine(duckdb.connect(), files), asked) as result:
        assert len(result.rows()) == 5
    assert asked.table.tree is not None
    asked.table.tree.find(exp.Table).set("this", exp.to_identifier("b" * 64, quoted=True))  # pyright: ignore[reportOptionalMemberAccess]
    with pytest.raises(TypeError):
        read(Engine(duckdb.connect(), files), asked)


A = "a" * 64
ALLOWED = {
    "plain": f'select x from "{A}" where x > 1 order by x desc nulls last limit 3 offset 1',
    "cte": f'with c as (select x from "{A}") select c.x from c join "{A}" t using (x) where x in (select x from c)',
    "cte of a cte": f'with c as (select x from "{A}"), d as (select x from c) select count(*) from d',
    "recursive": f'with recursive n as (select 1 i union all select i + 1 from n where i < 3) select x from "{A}" join n on x = i',
    "window": f'select x, sum(x) over (order by x rows between 1 preceding and current row) from "{A}"',
    "subquery": f'select * from (select x from "{A}") s, unnest([1, 2]) u(v), range(3) r(i), (values (1)) w(a)',
    "union": f"select x::varchar from \"{A}\" union all select 'l''été -- /* */ \\ \"'",
    "types": f"select cast(x as decimal(10, 2)), x + 1e-3, interval 3 day, [1, 2], {{'a': x}} from \"{A}\"",
}
REFUSED = {
    "other version": f'select * from "{"b" * 64}"',
    "other version joined": f'select * from "{A}" join "{"b" * 64}" using (x)',
    "other version in a cte": f'with c as (select * from "{"b" * 64}") select * from "{A}", c',
    "other version in a subquery": f'select * from "{A}" where x in (select x from "{"b" * 64}")',
    "other version in a scalar": f'select (select max(x) from "{"b" * 64}") from "{A}"',
    "other version in a union": f'select x from "{A}" union select x from "{"b" * 64}"',
    "other version after parentheses": f'select * from ("{A}" join "{"b" * 64}" using (x))',
    "file": "select * from '/etc/passwd'",
    "file as identifier": 'select * from "/etc/passwd"',
    "read_parquet": "select * from read_parquet('b')",
    "read_text": "select * from read_text('b')",
    "read_csv": "select * from read_csv('b')",
    "glob": "select * from glob('*')",
    "query": "select * from query('select 1')",
    "query_table": f"select * from query_table('{'b' * 64}')",
    "function joined": f"select * from \"{A}\", read_parquet('b') p",
    "function lateral": f"select * from \"{A}\", lateral read_parquet('b')",
    "function in a subquery": f"select * from \"{A}\" where x in (select x from read_parquet('b'))",
    "system table": "select * from duckdb_settings()",
    "catalogue": "select * from information_schema.tables",
    "catalogue of a version": f'select * from main."{A}"',
    "view": "select * from sqlite_master",
    "cte named as a file, out of its scope": 'select * from (with "/b" as (select 1) select * from "/b") s, "/b"',
    "cte reading a file of its own name": 'with "/b" as (select * from "/b") select * from "/b"',
    "cte named before it is written": "with c as (select * from d), d as (select 1) select * from c",
    "cte taking the name of a version": f'with "{A}" as (select 1 x) select * from "{A}"',
    "describe": f'select * from (describe "{A}")',
    "pivot": f'pivot "{A}" on x',
    "insert": f'insert into "{A}" values (1)',
    "copy": f"copy (select * from \"{A}\") to 'out.csv'",
    "create": f'create table t as select * from "{A}"',
    "attach": "attach 'x.db'",
    "set": "set memory_limit = '1GB'",
    "pragma": "pragma version",
}


@pytest.mark.parametrize("case", ALLOWED)
def test_a_query_over_its_own_version_is_read(database: Database, files: Folder, case: str) -> None:
    """What visitors need passes, and DuckDB runs it."""
    asked = opened(database).querying(parse_one(ALLOWED[case], dialect="duckdb"))
    assert type(asked) is Public
    with read(Engine(duckdb.connect(), files), asked) as result:
        assert result.rows()


@pytest.mark.parametrize("case", REFUSED)
def test_a_query_over_anything_else_is_refused(database: Database, case: str) -> None:
    """By name, by path, by function, by another statement, or by a name that only looks like a CTE."""
    good = opened(database)
    with pytest.raises(Refused):
        good.querying(parse_one(REFUSED[case], dialect="duckdb"))


RAW = {
    "function after from": exp.Select().select("*").from_(exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string("b")])),
    "literal after from": exp.Select(expressions=[exp.Star()], from_=exp.From(this=exp.Literal.string("/etc/passwd"))),
    "identifier after from": exp.Select(expressions=[exp.Star()], from_=exp.From(this=exp.to_identifier("/etc/passwd", quoted=True))),
    "var": exp.select(exp.Var(this="1 FROM '/etc/passwd' --")),
    "unquoted identifier": exp.select(exp.Column(this=exp.Identifier(this="1 FROM '/etc/passwd' --", quoted=False))),
    "number": exp.select(exp.Literal(this="1 FROM '/etc/passwd' --", is_string=False)),
    "function name": exp.select(exp.Anonymous(this="x() FROM read_text('/etc/passwd') --")),
    "join side": exp.select("*").from_(exp.to_table(A)).join(exp.to_table(A), join_type="left").transform(
        lambda n: exp.Join(this=n.this, side=", '/etc/passwd' x LEFT") if isinstance(n, exp.Join) else n
    ),
    "command": exp.Command(this="COPY", expression=exp.Literal.string("x")),
    "table at the root": exp.to_table(A),
}  # fmt: skip


@pytest.mark.parametrize("case", RAW)
def test_no_raw_text_reaches_the_sql(database: Database, case: str) -> None:
    """Trees put together by hand can't carry SQL in a name, a number or a keyword."""
    with pytest.raises(Refused):
        opened(database).querying(RAW[case])


# --- who may call what: on the syntax tree ------------------------------------------------------------------

SOURCE = Path(parvis.__file__).parent
FACES = ("web", "api", "exports", "catalogue", "services", "query")


def _imports(path: Path) -> set[str]:
    """Every dotted name that a file imports, or reaches by attributes of an imported package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{a.name}" for a in node.names} | {str(node.module)}
        elif isinstance(node, ast.Attribute):
            found.add(ast.unparse(node))
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith("parvis.")
        ):
            found.add(node.value)
    return found


def _sources(*rooms: str) -> list[Path]:
    return [p for room in rooms for p in ((SOURCE / room).rglob("*.py") if room else SOURCE.rglob("*.py"))]


REFUSES = "core/plugins.py"
"""Names the door once, to refuse the packages that import it."""


def test_only_privacy_mints() -> None:
    """No file outside privacy names the minting door or what stands behind it, not even as text."""
    doors = ("minting", "_mint", "_seal", "_KEY")
    guilty = {
        str(p.relative_to(SOURCE))
        for p in _sources("")
        if p.relative_to(SOURCE).parts[0] != "privacy"
        and p.relative_to(SOURCE).as_posix() not in ("core/minting.py", "core/released.py", REFUSES)
        and any(name.split(".")[-1] in doors for name in _imports(p))
    }
    assert guilty == set()
    refuses = (SOURCE / REFUSES).read_text("utf-8")
    assert refuses.count("minting") == refuses.count('GATE = ("parvis.core.minting", ') == 1
    assert any("parvis.core.minting" in _imports(p) for p in _sources("privacy")), (
        "the test must be able to see the door"
    )


def test_what_faces_the_outside_reads_released_tables_only() -> None:
    """web, api, exports, catalogue, services and query never name engine.run: neither by import, nor by
    attribute, nor as text.
    """

    def runs(names: set[str]) -> bool:
        return any(
            n in ("parvis.engine.run", "engine.run", "engine.run.run")
            or n.startswith(("parvis.engine.run.", "run.bind"))
            for n in names
        )

    assert runs(_imports(SOURCE / "engine" / "read.py")), "the test must be able to see a use"
    assert {str(p.relative_to(SOURCE)) for p in _sources(*FACES) if runs(_imports(p))} == set()
