"""Who may do what: the whole table, cell by cell, and the secrets of forms. Pure: no database."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.errors import NotSignedIn, Refused, UsageError
from parvis.people import city_secret, csrf
from parvis.people.rights import ACTIONS, RIGHTS, ROLE_TITLES, ROLES, Action, Person, Role, can, require
from tests.processes.forks import together

#                      admin publisher steward dpo delegate reader
MATRIX = """
see-drafts             x     x         x       x   x        x
see-held               .     .         x       x   x        .
see-journal            x     .         x       x   x        .
see-unmasked           .     .         .       x   x        .
see-register           x     .         .       x   x        .
read-shared            x     x         x       x   x        x
study                  x     x         x       x   x        x
send                   x     x         x       .   .        .
edit                   x     x         x       .   .        .
publish                x     x         .       .   .        .
share                  x     x         .       .   x        .
sign                   x     x         x       x   x        .
advise                 .     .         .       x   .        .
decide                 .     .         .       .   x        .
accept                 x     .         x       .   .        .
withdraw               x     x         .       x   x        .
keep-breaches          .     .         .       x   x        .
manage-groups          x     .         .       .   x        .
manage-members         x     .         .       .   .        .
manage-organisations   .     .         .       .   .        .
manage-people          .     .         .       .   .        .
manage-city            .     .         .       .   .        .
"""
"""Written a second time, by hand: a change of the table must be meant."""

EXPECTED = {
    (line.split()[0], role): cell == "x"
    for line in MATRIX.split("\n")
    if line
    for role, cell in zip(ROLES, line.split()[1:], strict=True)
}


def test_the_table_is_whole() -> None:
    """Each action has its right, each role its title, in French."""
    assert set(RIGHTS) == set(ACTIONS) == {action for action, _ in EXPECTED}
    assert set(ROLE_TITLES) == set(ROLES)
    assert all(right.title and right.action == action for action, right in RIGHTS.items())


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_gives_its_rights_in_its_organisation_only(action: Action, role: Role) -> None:
    """Every cell, for: the organisation, another one, the whole city, a suspended account, an administrator
    of the city, nobody.
    """
    person = Person("p-1", roles={"voirie": role, "autre": "reader"})
    assert can(person, action, "voirie") is EXPECTED[action, role]
    assert can(person, action, "ailleurs") is False
    assert can(person, action, "autre") is EXPECTED[action, "reader"]
    assert can(person, action) is False
    assert can(replace(person, active=False), action, "voirie") is False
    of_the_city = action not in {"see-held", "see-unmasked", "advise", "decide"}
    assert can(replace(person, city_admin=True), action, "ailleurs") is of_the_city
    assert can(replace(person, city_admin=True), action) is of_the_city
    assert can(replace(person, city_admin=True, active=False), action, "voirie") is False
    assert can(None, action, "voirie") is False


@given(
    st.frozensets(st.sampled_from(ACTIONS)), st.sampled_from(ACTIONS), st.sampled_from(ROLES), st.booleans()
)
def test_a_key_never_adds_a_right(
    scopes: frozenset[Action], action: Action, role: Role, city_admin: bool
) -> None:
    """With a key one may do what the key says and the person may; no scope gives what the role does not."""
    person = Person("p-1", city_admin=city_admin, roles={"voirie": role})
    assert can(replace(person, scopes=scopes), action, "voirie") is (
        action in scopes and can(person, action, "voirie")
    )


def test_a_role_of_the_empty_name_opens_nothing_for_the_city() -> None:
    """ "" means the whole city: a membership of an organisation of that name must not be mistaken for it."""
    assert can(Person("p-1", roles={"": "admin"}), "publish", "") is False


def test_requiring_says_who_must_do_what() -> None:
    """Nobody signs in first; somebody without the right is told which."""
    with pytest.raises(NotSignedIn):
        require(None, "send", "voirie")
    with pytest.raises(Refused, match="déposer un fichier"):
        require(Person("p-1"), "send", "voirie")
    person = Person("p-1", roles={"voirie": "publisher"})
    assert require(person, "send", "voirie") is person


SECRET = b"s" * 32


def test_a_form_token_holds_for_its_session_only() -> None:
    """Not for another session, another secret, another token; each is different."""
    one = csrf.token(SECRET, "session-1")
    assert csrf.holds(SECRET, "session-1", one)
    assert not csrf.holds(SECRET, "session-2", one)
    assert not csrf.holds(b"t" * 32, "session-1", one)
    assert csrf.token(SECRET, "session-1") != one
    assert not csrf.holds(SECRET, "session-1", csrf.token(SECRET, "session-1")[:32] + one[32:])


@pytest.mark.parametrize("said", ["", "x", "é" * 96, "\ud800" * 96, "0" * 96, "0" * 32])
def test_a_token_made_up_holds_nothing(said: str) -> None:
    """Of any length and any characters, without an error."""
    assert not csrf.holds(SECRET, "session-1", said)


def test_without_a_session_there_is_no_token() -> None:
    """An empty cookie must not be a session that everybody shares."""
    with pytest.raises(ValueError, match="bound"):
        csrf.token(SECRET, "")
    half = "0" * 32
    assert not csrf.holds(SECRET, "", half + csrf._sign(SECRET, "", half))  # pyright: ignore[reportPrivateUsage]


@given(st.integers(0, 95), st.sampled_from("0123456789abcdef"))
def test_a_token_with_one_character_changed_holds_nothing(at: int, other: str) -> None:
    """Any of its 96."""
    made = csrf.token(SECRET, "session-1")
    changed = made[:at] + other + made[at + 1 :]
    assert csrf.holds(SECRET, "session-1", changed) is (changed == made)


def test_the_secret_is_drawn_once_and_kept_from_others(tmp_path: Path) -> None:
    """Readable by its owner only; the same at each start; a secret that is set wins; a short one is refused."""
    file = tmp_path / "var" / "secret"
    drawn = city_secret.load("", file)
    assert len(drawn) == 64
    assert city_secret.load("", file) == drawn
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == ["secret"]
    assert city_secret.load("x" * 32, file) == b"x" * 32
    with pytest.raises(UsageError, match="32 caractères"):
        city_secret.load("x" * 31, file)


def test_processes_that_start_together_have_one_secret(tmp_path: Path) -> None:
    """Two `serve` at once: a form of one is accepted by the other."""
    said = set(together(city_secret.load, *[("", tmp_path / "secret")] * 4))
    assert len(said) == 1
    assert len(said.pop()) == 64
    assert os.listdir(tmp_path) == ["secret"]


def test_each_purpose_has_a_key_of_its_own() -> None:
    """A token for one use is worth nothing for another."""
    assert city_secret.derive(SECRET, "csrf") != city_secret.derive(SECRET, "throttle") != SECRET
