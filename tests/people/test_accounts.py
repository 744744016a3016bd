"""Accounts, passwords, sign-in, sessions and keys, on both databases; the clock is moved by hand."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from hypothesis import given
from hypothesis import strategies as st
from pyotp.totp import TOTP
from sqlalchemy import Connection, select, text

from parvis.core.errors import NotFound, NotSignedIn, Refused, TooMany, UsageError
from parvis.core.types import Organisation
from parvis.people import accounts, api_keys, known_devices, sessions, throttle
from parvis.people import second_factor as second
from parvis.people.city_secret import derive
from parvis.people.passwords import Passwords, judge
from parvis.people.rights import Person, can
from parvis.people.sign_in import Door, SignedIn, sign_in, verify
from parvis.people.throttle import Limit, Tally
from parvis.store import datasets, journal
from parvis.store.database import Database
from parvis.store.tables import attempts

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PHRASE = "le pont neuf est vieux"
EMAIL = "marie.martin@ville.fr"


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    """Hashes that cost little: the tests make many."""
    return Passwords(CHEAP)


@pytest.fixture
def door(database: Database, passwords: Passwords) -> Door:
    """A city with one organisation and one account, `p-marie`, that publishes for it."""
    with database.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
        accounts.make(
            conn,
            email=EMAIL,
            name="Marie Martin",
            password_hash=passwords.hash(PHRASE),
            actor="system",
            at=NOW,
            person_id="p-marie",
        )
        accounts.give_role(conn, "p-marie", "voirie", "publisher", actor="system", at=NOW)
    return Door(database, passwords, b"s" * 32)


def enter(
    door: Door,
    password: str = PHRASE,
    *,
    email: str = EMAIL,
    address: str = "192.0.2.1",
    now: datetime = NOW,
    previous: str = "",
) -> SignedIn:
    return sign_in(door, email, password, address=address, now=now, previous=previous)


def add(conn: Connection, name: str, **more: bool) -> Person:
    return accounts.make(
        conn,
        email=f"{name}@ville.fr",
        name=name,
        password_hash=None,
        actor="system",
        at=NOW,
        person_id=f"p-{name}",
        **more,
    )


# --- accounts -----------------------------------------------------------------------------------------------


def test_an_account_has_one_address_in_one_form(door: Door) -> None:
    """Case, spaces and width of letters make no second account."""
    with door.database.begin() as conn:
        person = accounts.person(conn, "p-marie")
        assert person == Person("p-marie", EMAIL, "Marie Martin", roles={"voirie": "publisher"})
        with pytest.raises(UsageError, match="déjà"):
            accounts.make(
                conn,
                email=" Marie.MARTIN@ville.fr ",
                name="Autre",
                password_hash=None,
                actor="system",
                at=NOW,
            )
        made = accounts.make(
            conn, email="Jo@ville.fr", name=" Jo ", password_hash=None, actor="system", at=NOW
        )
        assert (made.email, made.name) == ("jo@ville.fr", "Jo")
        assert made.id.startswith("p-")
        assert [p.name for p in accounts.everybody(conn)] == ["Jo", "Marie Martin"]
        assert [p.id for p in accounts.members(conn, "voirie")] == ["p-marie"]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "x",
        "a@",
        "@b",
        "a b@c.fr",
        "a@b@c",
        "a@b\nc",
        "a\x00@b.fr",
        "a@\ud800",
        "<a@b.fr>",
        "a@b.fr,c@d.fr",
        "a" * 65 + "@b.fr",
    ],
)
def test_what_is_no_address_makes_no_account(email: str) -> None:
    """Refused before the database is asked."""
    with pytest.raises(UsageError):
        accounts.folded(email)


def test_the_first_administrator_is_made_once(database: Database) -> None:
    """Two processes at once: one makes it, the other is told."""
    together = threading.Barrier(4)

    def make(n: int) -> str:
        together.wait(timeout=30)
        try:
            with database.begin() as conn:
                return accounts.make_first(
                    conn, email=f"a{n}@ville.fr", name="", password_hash="x", at=NOW
                ).id
        except Refused:
            return ""

    with ThreadPoolExecutor(4) as pool:
        made = [m for m in pool.map(make, range(4)) if m]
    assert len(made) == 1
    with database.read() as conn:
        assert [p.id for p in accounts.everybody(conn) if p.city_admin] == made


def test_the_last_administrator_stays(database: Database) -> None:
    """Nobody locks the city out: not by suspending, erasing or demoting; with a second one it goes."""
    with database.begin() as conn:
        first = accounts.make_first(conn, email="a@ville.fr", name="A", password_hash="x", at=NOW)
        for locked_out in (
            lambda: accounts.suspend(conn, first.id, actor=first.id, at=NOW),
            lambda: accounts.erase(conn, first.id, actor=first.id, at=NOW),
            lambda: accounts.set_city_admin(conn, first.id, False, actor=first.id, at=NOW),
        ):
            with pytest.raises(Refused, match="dernier"):
                locked_out()
        second = add(conn, "b", city_admin=True)
        accounts.set_city_admin(conn, first.id, False, actor=second.id, at=NOW)
        with pytest.raises(Refused):
            accounts.suspend(conn, second.id, actor=second.id, at=NOW)
        accounts.set_city_admin(conn, first.id, True, actor=second.id, at=NOW)
        accounts.erase(conn, second.id, actor=first.id, at=NOW)


def test_one_role_for_each_organisation(door: Door) -> None:
    """Another role takes the place of the first; taking it leaves none."""
    with door.database.begin() as conn:
        accounts.give_role(conn, "p-marie", "voirie", "steward", actor="system", at=NOW)
        person = accounts.person(conn, "p-marie")
        assert person is not None
        assert person.roles == {"voirie": "steward"}
        accounts.take_role(conn, "p-marie", "voirie", actor="system", at=NOW)
        accounts.take_role(conn, "p-marie", "voirie", actor="system", at=NOW)
        person = accounts.person(conn, "p-marie")
        assert person is not None
        assert person.roles == {}
        with pytest.raises(NotFound):
            accounts.give_role(conn, "p-rien", "voirie", "reader", actor="system", at=NOW)
        assert [e.verb for e in journal.of(conn, "p-marie")] == [
            "role-taken",
            "role-given",
            "role-given",
            "person-made",
        ]


def test_an_erased_person_is_an_id_in_the_journal_and_nothing_else(door: Door) -> None:
    """Name, address, password, role, session and key are gone; what they did stays, by an id that says
    nothing.
    """
    signed = enter(door)
    with door.database.begin() as conn:
        key = api_keys.make(
            conn, "p-marie", label="script de Marie", scopes=("send",), ends_at=None, actor="p-marie", at=NOW
        )
        add(conn, "dpo")
        before = journal.since(conn, 0)
        accounts.erase(conn, "p-marie", actor="p-dpo", at=NOW)
    with door.database.read() as conn:
        assert accounts.person(conn, "p-marie") == Person("p-marie", active=False)
        assert accounts.labels(conn, ["p-marie", "p-dpo", "system"]) == {
            "p-marie": accounts.ERASED,
            "p-dpo": "dpo",
            "system": "",
        }
        assert sessions.person(conn, signed.token, now=NOW) is None
        assert api_keys.person(conn, key.text, now=NOW) is None
        assert api_keys.of(conn, "p-marie") == ()
        assert accounts.credentials(conn, EMAIL) is None
        assert [p.id for p in accounts.everybody(conn)] == ["p-dpo"]
        assert accounts.members(conn, "voirie") == ()
        assert journal.since(conn, 0)[: len(before)] == before
        assert [e.verb for e in journal.by(conn, "p-marie")] == ["key-made", "signed-in"]
        dump = "\n".join(
            str(tuple(row))
            for t in ("people", "events", "sessions", "api_keys", "attempts")
            for row in conn.execute(text(f"SELECT * FROM {t}"))
        )
        assert "arie" not in dump.replace("p-marie", "")
    with door.database.begin() as conn:
        with pytest.raises(NotFound):
            accounts.rename(conn, "p-marie", "Marie", actor="p-dpo", at=NOW)
        again = accounts.make(conn, email=EMAIL, name="Marie", password_hash=None, actor="p-dpo", at=NOW)
        assert again.id != "p-marie"


def test_an_erased_name_lies_nowhere_on_the_disk(tmp_path: Path) -> None:
    """SQLite: neither in the file (secure_delete) nor in its log (scrub)."""
    database = Database(f"sqlite:///{tmp_path / 'parvis.db'}")
    database.migrate()
    with database.begin() as conn:
        accounts.make(
            conn,
            email="zebulon@ville.fr",
            name="Zébulon Xyzzyq",
            password_hash=None,
            actor="system",
            at=NOW,
            person_id="p-z",
        )

    def on_disk() -> bytes:
        return b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())

    assert b"Xyzzyq" in on_disk()
    with database.begin() as conn:
        accounts.erase(conn, "p-z", actor="system", at=NOW)
    database.scrub()
    assert b"Xyzzyq" not in on_disk()
    assert b"zebulon" not in on_disk()
    database.close()


# --- passwords ----------------------------------------------------------------------------------------------


POOR = (
    "court", "x" * 300, "aaaaaaaaaaaaaa", "abababababababab", "marie.martin1", "Martin-2026!", "password1234", "P@ssw0rd2026!", "azertyuiop12", "motdepasse123",
    "Motdepasse2026!", "123456789012", "Bienvenue2026!", "qwertyuiop123", "jetaimejetaime", "abcdefghijkl", "soleilsoleil12", "Montclair2026!", "abcde" * 20,
)  # fmt: skip


@pytest.mark.parametrize("password", POOR)
def test_a_poor_password_is_refused_with_what_to_change(password: str) -> None:
    """Too short, too long, repetitive, one's own name, the city's, or one of those that are tried first, with
    a year and a point behind it.
    """
    with pytest.raises(UsageError):
        judge(password, EMAIL, "Marie Martin", "Montclair")


GOOD = (
    PHRASE,
    "12 chevaux !",
    "Xk3$pQ9_zz7w",
    "martin habite la rue du lac",
    "un parvis de dalles grises",
    "trois tilleuls devant l’école",
    "x" * 90 + "des platanes sur la place",
)


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_is_accepted_whatever_it_is_made_of(password: str) -> None:
    """Length, not composition."""
    judge(password, EMAIL, "Marie Martin")


def test_a_password_is_verified_whatever_the_keyboard(passwords: Passwords) -> None:
    """é typed as one code point or as two; a damaged hash, a text that is no Unicode, an endless one: False,
    no error.
    """
    kept = passwords.hash("chaussée sèche")
    assert "chauss" not in kept
    assert passwords.verify(kept, "chausse\u0301e se\u0300che")
    assert not passwords.verify(kept, "chaussee seche")
    assert not passwords.verify(None, "chaussée sèche")
    assert not passwords.verify("$argon2id$abime", "chaussée sèche")
    assert not passwords.verify(kept, "\ud800")
    assert not passwords.verify(kept, "x" * 1_000_000)
    assert not passwords.verify(passwords.hash("a" * 300), "a" * 300), "past the limit nothing is looked at"


def test_the_same_work_is_done_when_there_is_no_account() -> None:
    """A hash is computed for an unknown account, with the same parameters as for a known one: counted, not
    timed.
    """
    verified: list[tuple[str, int]] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002
            verified.append((str(hash).rsplit("$", 2)[0], len(hash)))
            with pytest.raises(
                VerifyMismatchError
            ):  # computed to the end, and another: not refused before as no hash
                super().verify(hash, password)
            raise VerifyMismatchError

    counting = Passwords(Counting(time_cost=1, memory_cost=8, parallelism=1))
    kept = counting.hash(PHRASE)
    counting.verify(kept, "autre chose")
    counting.verify(None, "autre chose")
    assert len(verified) == 2
    assert verified[0] == verified[1]


def test_a_password_is_hashed_again_when_the_parameters_grow(door: Door) -> None:
    """At the next right sign-in, unseen; the old hash is gone, the password still opens."""
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    enter(replace(door, passwords=stronger))
    with door.database.read() as conn:
        known = accounts.credentials(conn, EMAIL)
    assert known is not None
    assert known.password is not None
    assert "m=16,t=2" in known.password
    assert not stronger.outdated(known.password)
    enter(replace(door, passwords=stronger))


# --- sign-in and sessions -----------------------------------------------------------------------------------


def test_signing_in_opens_a_session_that_ends(door: Door) -> None:
    """The token is the browser's alone; the database has its hash; after its end it opens nothing."""
    signed = enter(door, email=" MARIE.martin@ville.fr")
    assert (signed.person, signed.ends_at) == ("p-marie", NOW + door.lasts)
    with door.database.begin() as conn:
        assert sessions.person(conn, signed.token, now=NOW) == accounts.person(conn, "p-marie")
        assert sessions.person(conn, signed.token, now=signed.ends_at - timedelta(seconds=1)) is not None
        assert sessions.person(conn, signed.token, now=signed.ends_at) is None
        kept = conn.execute(text("SELECT digest FROM sessions")).scalar()
        assert kept == hashlib.sha256(signed.token.encode()).hexdigest()
        assert sessions.count(conn, "p-marie", now=NOW) == 1
        assert sessions.purge(conn, now=NOW) == 0
        assert sessions.purge(conn, now=signed.ends_at) == 1
        for made_up in ("", "x", kept, "\x00", "\ud800"):
            assert sessions.person(conn, made_up, now=NOW) is None


def test_a_sign_in_ends_the_token_that_the_browser_had(door: Door) -> None:
    """A token planted before is worth nothing after; other browsers keep theirs."""
    elsewhere, first = enter(door), enter(door)
    second = enter(door, previous=first.token)
    with door.database.begin() as conn:
        assert sessions.person(conn, first.token, now=NOW) is None
        assert sessions.person(conn, second.token, now=NOW) is not None
        renewed = sessions.renew(conn, second.token, now=NOW + timedelta(hours=1))
        assert renewed is not None
        assert sessions.person(conn, second.token, now=NOW) is None
        assert sessions.person(conn, renewed, now=second.ends_at - timedelta(seconds=1)) is not None
        assert sessions.person(conn, renewed, now=second.ends_at) is None
        assert sessions.renew(conn, "x", now=NOW) is None
        assert sessions.end_all(conn, "p-marie", but=renewed) == 1
        assert sessions.person(conn, elsewhere.token, now=NOW) is None
        sessions.end(conn, renewed)
        assert sessions.count(conn, "p-marie", now=NOW) == 0


def test_a_suspension_or_a_new_password_ends_every_session(door: Door) -> None:
    """At once, in every process: rights are read at each request."""
    signed = enter(door)
    with door.database.begin() as conn:
        accounts.suspend(conn, "p-marie", actor="system", at=NOW)
        assert sessions.person(conn, signed.token, now=NOW) is None
    with pytest.raises(NotSignedIn):
        enter(door)
    with door.database.begin() as conn:
        accounts.restore(conn, "p-marie", actor="system", at=NOW)
        assert sessions.person(conn, signed.token, now=NOW) is None, "a session does not come back to life"
    signed = enter(door)
    with door.database.begin() as conn:
        accounts.set_password(
            conn, "p-marie", door.passwords.hash("un autre long secret"), actor="p-marie", at=NOW
        )
        assert sessions.person(conn, signed.token, now=NOW) is None
    with pytest.raises(NotSignedIn):
        enter(door)
    enter(door, "un autre long secret")


def test_who_fails_is_not_told_why(door: Door) -> None:
    """Wrong password, unknown account, no address at all, no password set, suspended: one sentence."""
    with door.database.begin() as conn:
        add(conn, "nouveau")
        add(conn, "parti")
        accounts.suspend(conn, "p-parti", actor="system", at=NOW)
    said: set[str] = set()
    for email, password in (
        (EMAIL, "faux"),
        (EMAIL, ""),
        ("x@ville.fr", PHRASE),
        ("x", PHRASE),
        ("nouveau@ville.fr", ""),
        ("parti@ville.fr", PHRASE),
    ):
        with pytest.raises(NotSignedIn) as wrong:
            enter(door, password, email=email)
        said.add(str(wrong.value))
    assert said == {"Adresse ou mot de passe incorrect."}


@pytest.mark.parametrize("email", [EMAIL, "inconnu@ville.fr"])
def test_guessing_is_slowed_down_by_account_and_address(door: Door, email: str) -> None:
    """Five failures are free; then even the right password waits, from that address; an unknown account the
    same, so that nothing is learnt.
    """
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            enter(door, "faux", email=email)
    with pytest.raises(TooMany) as wait:
        enter(door, email=email)
    assert wait.value.wait_s == 30
    with pytest.raises(TooMany):
        enter(door, email=email, now=NOW + timedelta(seconds=29))
    with pytest.raises(NotSignedIn):
        enter(door, "faux", email=email, now=NOW + timedelta(seconds=30))
    with pytest.raises(TooMany) as longer:
        enter(door, email=email, now=NOW + timedelta(seconds=30))
    assert longer.value.wait_s == 60
    if email == EMAIL:
        enter(door, now=NOW + timedelta(seconds=90))
        with door.database.read() as conn:
            key = throttle.address_key(derive(door.secret, "throttle"), "192.0.2.1")
            left = {row.key: row.failures for row in conn.execute(select(attempts))}
            assert left == {key: 6}, "the account starts anew; the address keeps its six failures"


def test_strangers_who_guess_keep_nobody_out(door: Door) -> None:
    """Sixty bad tries from one place: the owner comes in from another. From a hundred places: from a browser
    that knows the account, or with the right code.
    """
    known = enter(door).device
    for _ in range(60):
        with pytest.raises((NotSignedIn, TooMany)):
            enter(door, "faux", address="198.51.100.7")
    enter(door, address="192.0.2.50")
    narrow = replace(door, account=Limit(free=3))
    for n in range(3):
        with pytest.raises(NotSignedIn):
            enter(narrow, "faux", address=f"198.51.100.{n}")
    with pytest.raises(TooMany):
        enter(narrow, address="192.0.2.50")
    assert sign_in(narrow, EMAIL, PHRASE, address="198.51.100.7", now=NOW, device=known).person == "p-marie"
    with door.database.begin() as conn:
        code = TOTP(second.begin(conn, door.secret, "p-marie", at=NOW))
        second.confirm(conn, door.secret, "p-marie", code.at(NOW), at=NOW)
    later = NOW + timedelta(seconds=29)
    for wrong in ("", "000000", code.at(NOW)):
        with pytest.raises(TooMany):
            verify(narrow, EMAIL, PHRASE, address="192.0.2.50", now=later, code=wrong)
    later = NOW + timedelta(seconds=1)
    with pytest.raises(NotSignedIn):
        verify(
            narrow, EMAIL, "faux", address="192.0.2.50", now=later, code=code.at(NOW + timedelta(seconds=30))
        )
    later = NOW + timedelta(seconds=29)
    with pytest.raises(TooMany):
        verify(
            narrow, EMAIL, PHRASE, address="192.0.2.50", now=later, code=code.at(NOW + timedelta(seconds=30))
        )
    later = NOW + timedelta(seconds=31)
    assert verify(
        replace(narrow, account=Limit(free=3, first=timedelta(minutes=5))),
        EMAIL,
        PHRASE,
        address="192.0.2.50",
        now=later,
        code=code.at(NOW + timedelta(seconds=60)),
    ).second


def test_a_known_browser_is_one_account_s_and_is_counted_too(door: Door) -> None:
    """Not for another account, not when it is forged; whoever stole it guesses no longer than others; it
    remembers the last eight accounts.
    """
    with door.database.begin() as conn:
        accounts.make(
            conn,
            email="jo@ville.fr",
            name="Jo",
            password_hash=door.passwords.hash(PHRASE),
            actor="system",
            at=NOW,
            person_id="p-jo",
        )
    mine = enter(door).device
    assert known_devices.known(door.secret, mine, "p-marie")
    for other in (
        "",
        "x",
        "." * 20,
        mine[:-1] + ("0" if mine[-1] != "0" else "1"),
        mine.replace(".", ".\ud800", 1),
        known_devices.remember(b"x" * 32, "", "p-marie"),
    ):
        assert not known_devices.known(door.secret, other, "p-marie")
    assert not known_devices.known(door.secret, mine, "p-jo")
    both = sign_in(door, "jo@ville.fr", PHRASE, address="192.0.2.1", now=NOW, device=mine).device
    assert (
        known_devices.known(door.secret, both, "p-jo")
        == known_devices.known(door.secret, both, "p-marie")
        == mine.partition(".")[0]
    )
    for n in range(8):
        both = known_devices.remember(door.secret, both, f"p-{n}")
    assert not known_devices.known(door.secret, both, "p-marie")
    for _ in range(door.device.free):
        with pytest.raises(NotSignedIn):
            sign_in(door, EMAIL, "faux", address="192.0.2.1", now=NOW, device=mine)
    with pytest.raises(TooMany):
        sign_in(door, EMAIL, PHRASE, address="192.0.2.1", now=NOW, device=mine)
    enter(door)


def test_failed_sign_ins_are_in_the_journal_without_what_was_typed(door: Door) -> None:
    """The account when there is one; of what is none nothing at all: it may be a password typed in the wrong
    field.
    """
    for email, password in (
        (EMAIL, "faux mot de passe"),
        ("mon-mot-de-passe@secret", PHRASE),
        (PHRASE, ""),
        ("autre@ville.fr", "faux"),
    ):
        with pytest.raises(NotSignedIn):
            enter(door, password, email=email)
    enter(door)
    with door.database.read() as conn:
        found = journal.all_of(conn, ("sign-in-failed", "signed-in"))
        dump = str([tuple(row) for row in conn.execute(text("SELECT * FROM events"))])
    assert [(e.verb, e.actor, e.subject) for e in found] == [
        ("sign-in-failed", "visitor", "p-marie"),
        *[("sign-in-failed", "visitor", "unknown-account")] * 3,
        ("signed-in", "p-marie", "p-marie"),
    ]
    assert len({e.ids["from"] for e in found[:-1]}) == 1
    for typed in (
        "faux",
        "secret",
        "pont",
        "autre",
        "192.0.2.1",
        hashlib.sha256(b"192.0.2.1").hexdigest()[:16],
    ):
        assert typed not in dump


def test_a_session_that_is_not_used_ends(door: Door) -> None:
    """Each use puts its end off, written now and then; never past the end that it has anyhow."""
    idle = timedelta(minutes=60)
    token, at = enter(replace(door, idle=idle)).token, NOW
    with door.database.begin() as conn:
        assert not sessions.stale(conn, token, now=NOW + timedelta(minutes=5), idle=idle)
        while at < NOW + door.lasts - timedelta(minutes=50):
            at += timedelta(minutes=50)
            assert sessions.person(conn, token, now=at) is not None
            assert sessions.stale(conn, token, now=at, idle=idle)
            sessions.touch(conn, token, now=at, idle=idle)
        assert sessions.person(conn, token, now=NOW + door.lasts - timedelta(seconds=1)) is not None
        assert sessions.person(conn, token, now=NOW + door.lasts) is None
        renewed = sessions.renew(conn, token, now=NOW + timedelta(hours=11, minutes=59))
        assert renewed is not None
        assert sessions.person(conn, renewed, now=NOW + door.lasts) is None
    unused = enter(replace(door, idle=idle)).token
    with door.database.begin() as conn:
        assert sessions.person(conn, unused, now=NOW + idle - timedelta(seconds=1)) is not None
        assert sessions.person(conn, unused, now=NOW + idle) is None
        assert not sessions.stale(conn, "x", now=NOW, idle=idle)


def test_guessing_is_slowed_down_by_address_over_accounts(door: Door) -> None:
    """One password tried on many accounts from one place; a colleague elsewhere is not held up; an IPv6
    subscriber is one place.
    """
    narrow = replace(door, address=Limit(free=3))
    for n in range(3):
        with pytest.raises(NotSignedIn):
            enter(narrow, "faux", email=f"a{n}@ville.fr", address=f"2001:db8::{n}")
    with pytest.raises(TooMany):
        enter(narrow, address="2001:db8::99")
    enter(narrow, address="2001:db8:0:1::1")


def test_right_sign_ins_never_add_up(door: Door) -> None:
    """A whole town hall behind one address signs in all day."""
    narrow = replace(door, address=Limit(free=3))
    for _ in range(6):
        enter(narrow)


def test_guesses_sent_at_once_are_all_counted(door: Door) -> None:
    """Twelve at the same moment: five are looked at, seven wait; none slips through between the look and the
    count.
    """
    together = threading.Barrier(12)

    def guess(n: int) -> str:
        together.wait(timeout=30)
        try:
            enter(door, f"faux {n}")
        except (NotSignedIn, TooMany) as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(12) as pool:
        said = sorted(pool.map(guess, range(12)))
    assert said == ["NotSignedIn"] * 5 + ["TooMany"] * 7


def test_the_throttle_keeps_no_name(door: Door) -> None:
    """Its table can be read by anybody who steals it: neither the account nor the address is in it; old rows
    go.
    """
    with pytest.raises(NotSignedIn):
        enter(door, "faux")
    with door.database.begin() as conn:
        keys = list(conn.execute(select(attempts.c.key)).scalars())
        assert len(keys) == 3
        assert all(
            len(k) == 64 and k not in {hashlib.sha256(x.encode()).hexdigest() for x in (EMAIL, "192.0.2.1")}
            for k in keys
        )
        assert throttle.purge(conn, NOW) == 0
        assert throttle.purge(conn, NOW + timedelta(hours=2)) == 3


@given(st.integers(0, 60), st.integers(0, 7200))
def test_a_wait_is_never_longer_than_its_bound_and_ends(failures: int, seconds: int) -> None:
    """More failures never wait less; time passing never waits more; past the window all is forgotten."""
    limit, now = throttle.ACCOUNT, NOW + timedelta(seconds=seconds)
    this = throttle.wait(Tally(failures, NOW), now, limit)
    assert timedelta() <= this <= limit.longest
    assert throttle.wait(Tally(failures + 1, NOW), now, limit) >= this
    assert throttle.wait(Tally(failures, NOW), now + timedelta(seconds=1), limit) <= this
    assert failures >= limit.free or this == timedelta()
    if seconds >= limit.window.total_seconds():
        assert this == timedelta()
        assert throttle.after_failure(Tally(failures, NOW), now, limit).failures == 1


def test_an_account_changed_while_its_password_is_verified_does_not_open(door: Door) -> None:
    """Suspended between the two transactions: the hash was right, the door stays shut."""

    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002
            right = super().verify(hash, password)
            with door.database.begin() as conn:
                accounts.suspend(conn, "p-marie", actor="system", at=NOW)
            return right

    with pytest.raises(NotSignedIn):
        enter(replace(door, passwords=Passwords(Slow(time_cost=1, memory_cost=8, parallelism=1))))


# --- API keys -----------------------------------------------------------------------------------------------


def test_a_key_acts_for_its_person_within_its_scopes(door: Door) -> None:
    """Shown once, kept as a hash, bound to what it is for and to what its person may."""
    with door.database.begin() as conn:
        made = api_keys.make(
            conn,
            "p-marie",
            label=" Dépôt de nuit ",
            scopes=("send", "decide", "send"),
            ends_at=None,
            actor="p-marie",
            at=NOW,
        )
        assert (made.key.label, made.key.scopes) == ("Dépôt de nuit", ("send", "decide"))
        person = api_keys.person(conn, made.text, now=NOW)
        assert can(person, "send", "voirie")
        assert not can(person, "edit", "voirie")
        assert not can(person, "decide", "voirie"), "the scope says so, the role does not"
        stored = str(conn.execute(text("SELECT * FROM api_keys")).fetchall())
        assert made.text.rsplit("_", 1)[1] not in stored
        assert api_keys.of(conn, "p-marie") == (made.key,)
        accounts.suspend(conn, "p-marie", actor="system", at=NOW)
        assert api_keys.person(conn, made.text, now=NOW) is None


def test_a_key_ends_by_date_or_by_hand(door: Door) -> None:
    """At once, and for good."""
    with door.database.begin() as conn:
        until = NOW + timedelta(days=1)
        made = api_keys.make(
            conn, "p-marie", label="", scopes=("send",), ends_at=until, actor="p-marie", at=NOW
        )
        assert api_keys.person(conn, made.text, now=until - timedelta(seconds=1)) is not None
        assert api_keys.person(conn, made.text, now=until) is None
        api_keys.revoke(conn, made.key.id, actor="system", at=NOW)
        api_keys.revoke(conn, made.key.id, actor="system", at=until)
        assert api_keys.person(conn, made.text, now=NOW) is None
        assert [k.revoked_at for k in api_keys.of(conn, "p-marie")] == [NOW]
        assert [e.verb for e in journal.of(conn, "p-marie", limit=2)] == ["key-revoked", "key-made"]
        with pytest.raises(NotFound):
            api_keys.revoke(conn, "0" * 12, actor="system", at=NOW)


def test_a_key_made_up_opens_nothing(door: Door) -> None:
    """Wrong secret, wrong id, wrong shape: None, never an error."""
    with door.database.begin() as conn:
        made = api_keys.make(
            conn, "p-marie", label="", scopes=("send",), ends_at=None, actor="p-marie", at=NOW
        )
        other = api_keys.make(
            conn, "p-marie", label="", scopes=("send",), ends_at=None, actor="p-marie", at=NOW
        )
        swapped = f"parvis_{made.key.id}_{other.text[len('parvis_') + 13 :]}"
        for text_ in (
            "",
            "parvis_",
            swapped,
            made.text[:-1],
            made.text + "x",
            made.text.upper(),
            "é",
            made.text.replace("parvis", "autre"),
            "\x00",
            "\ud800",
        ):
            assert api_keys.person(conn, text_, now=NOW) is None
        assert api_keys.person(conn, other.text, now=NOW) is not None


def test_the_last_use_of_a_key_is_written_now_and_then(door: Door) -> None:
    """Reading does not write each time; a late writer does not turn the clock back."""
    with door.database.begin() as conn:
        made = api_keys.make(
            conn, "p-marie", label="", scopes=("send",), ends_at=None, actor="p-marie", at=NOW
        )
        assert api_keys.stale(made.key, now=NOW)
        api_keys.used(conn, made.key.id, now=NOW)
        api_keys.used(conn, made.key.id, now=NOW - timedelta(minutes=5))
        key = api_keys.read(conn, made.text, now=NOW)
        assert key is not None
        assert key.last_used_at == NOW
        assert not api_keys.stale(key, now=NOW + timedelta(minutes=59))
        assert api_keys.stale(key, now=NOW + timedelta(minutes=60))


def test_a_key_needs_a_scope_that_exists_and_an_end_to_come(door: Door) -> None:
    """Refused by a sentence."""
    with door.database.begin() as conn:
        for scopes, ends_at in (((), None), (("tout",), None), (("send",), NOW)):
            with pytest.raises(UsageError):
                api_keys.make(
                    conn, "p-marie", label="", scopes=scopes, ends_at=ends_at, actor="p-marie", at=NOW
                )  # pyright: ignore[reportArgumentType]
        with pytest.raises(NotFound):
            api_keys.make(conn, "p-rien", label="", scopes=("send",), ends_at=None, actor="p-marie", at=NOW)
