"""Groups, opinions, checklists, records and breaches come back as they were kept, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from parvis.core.types import Organisation
from parvis.people import accounts
from parvis.store import datasets, groups, register
from parvis.store.database import Database
from parvis.store.groups import Group
from parvis.store.register import Assessment, Breach, Measure, Opinion, Record, Signed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OPINION = Opinion("o1", "v1", "ccas", "conditional", "Si « le groupe » signe ; 100 %.", "p1", NOW)
SIGNED = Signed(
    "s1",
    "v1",
    {"public-security": "no", "small-counts": "unsure"},
    {"small-counts": "Une case à 3."},
    "p2",
    NOW,
)
RECORD = Record(
    id="r1",
    at=NOW,
    outcome="released",
    version="v1",
    resource="velos/stations",
    dataset="velos",
    title="Vélos",
    organisation="voirie",
    rows=12,
    audience="ccas",
    audience_name="CCAS",
    audience_purpose="suivi",
    until=date(2026, 12, 31),
    release="x",
    controller="Ville",
    contact="",
    officer="dpo@ville.example",
    purpose="suivi",
    basis="mission",
    basis_text="",
    people="agents",
    data=("Nom (personnelle)",),
    recipients="CCAS",
    transfers="Aucun",
    retention="2026",
    security="comptes",
    method=("drop nom",),
    findings=("email (courriel)",),
    measures=(Measure("k", 1, 5, "lignes"), Measure("inference", None, 0.1, "part", "", (), (0.0, 0.2))),
    not_measured=("l-diversité",),
    why="convention",
    against="",
    by="p3",
    opinion=OPINION,
    checklist=SIGNED,
    criteria=("echelle",),
    assessment=Assessment(("deux critères",), "a", "b", ("c",), ("d",), ("e",)),
)
BREACH = Breach(
    "b1", "voirie", NOW, "Un fichier est parti.", ("confidentiality",), "p1", NOW, people=120, risk="high"
)


def test_who_belongs_to_a_group_is_what_was_last_said(database: Database) -> None:
    """Enrolled once, removed, closed: nothing is left open; an id is never given twice."""
    with database.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
        for name in ("p1", "p2"):
            accounts.make(
                conn,
                email=f"{name}@ville.example",
                name=name,
                password_hash=None,
                actor="system",
                at=NOW,
                person_id=name,
            )
        made = Group("ccas", "CCAS", "voirie", "p1", NOW)
        groups.save(conn, made)
        assert (groups.enrol(conn, "ccas", "p1", NOW), groups.enrol(conn, "ccas", "p1", NOW)) == (True, False)
        groups.enrol(conn, "ccas", "p2", NOW + timedelta(hours=1))
        assert groups.group(conn, "ccas") == made
        assert [m.person for m in groups.members(conn, "ccas")] == ["p1", "p2"]
        assert groups.of(conn, "p2") == [made]
        assert (groups.remove(conn, "ccas", "p2"), groups.remove(conn, "ccas", "p2")) == (True, False)
        assert groups.of(conn, "p2") == []
        accounts.erase(conn, "p1", actor="system", at=NOW)
        assert groups.members(conn, "ccas") == ()
        groups.save(conn, replace(made, closed_at=NOW))
        assert groups.all_groups(conn) == []
        assert groups.names(conn) == {"ccas"}


def test_what_was_decided_comes_back_whole(database: Database) -> None:
    """Newest first; by organisation and by version; nothing of another."""
    with database.begin() as conn:
        register.save_opinion(conn, OPINION)
        register.save_opinion(
            conn, replace(OPINION, id="o2", verdict="favourable", at=NOW + timedelta(hours=1))
        )
        register.save_signed(conn, SIGNED)
        register.save_record(conn, RECORD)
        register.save_record(
            conn,
            replace(
                RECORD,
                id="r2",
                version="v2",
                organisation="rh",
                at=NOW + timedelta(hours=1),
                opinion=None,
                checklist=None,
                assessment=None,
                until=None,
            ),
        )
    with database.read() as conn:
        assert [o.id for o in register.opinions(conn, "v1")] == ["o2", "o1"]
        assert register.opinions(conn, "v1")[1] == OPINION
        assert (register.signed(conn, "v1"), register.signed(conn, "v2")) == (SIGNED, None)
        assert register.record(conn, "r1") == RECORD
        assert [r.id for r in register.records(conn)] == ["r2", "r1"]
        assert register.records(conn, organisations=("voirie",)) == (RECORD,)
        assert [r.id for r in register.records(conn, version="v2")] == ["r2"]
        assert register.records(conn, organisations=()) == ()


def test_a_breach_is_completed_as_more_is_known(database: Database) -> None:
    with database.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
        register.save_breach(conn, BREACH)
        told = replace(BREACH, authority_at=NOW + timedelta(hours=3), versions=("v1",))
        register.save_breach(conn, told)
        assert register.breach(conn, "b1") == told
        assert register.breaches(conn) == (told,)
        assert register.breach(conn, "b2") is None
