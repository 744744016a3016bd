"""The small city with a group, a table shared with it, a held file, and everybody who has a part in it: to
copy, since building takes seconds.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

from starlette.testclient import TestClient

from parvis.core.types import Audience, Column, Dataset, Resource, Version
from parvis.people import accounts, groups, sessions
from parvis.people.passwords import Passwords
from parvis.publication.city import City
from parvis.store import versions
from parvis.web.page import SESSION_COOKIE
from tests.cities import webcity

AIDES = Audience("ccas", "suivi des aides sociales", webcity.NOW.date() + timedelta(days=30))

PEOPLE = ("membre", "autre", "qualite", "admin", "lecteur")
ROLES = {"qualite": "steward", "admin": "admin", "lecteur": "reader"}


def build(folder: Path) -> None:
    """Make the city in an empty folder."""
    shutil.copytree(_built(), folder, dirs_exist_ok=True)


@cache
def _built() -> Path:
    """The city, made once a process: to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="sharecity-"))
    atexit.register(shutil.rmtree, folder)
    made = webcity.build(folder, base_url="http://testserver")
    kept = Passwords().hash(webcity.PASSWORD)
    with made.db.begin() as conn:
        for name in PEOPLE:
            accounts.make(
                conn,
                email=f"{name}@montclair.example",
                name=name.title(),
                password_hash=kept,
                actor="system",
                at=webcity.NOW,
                person_id=name,
            )
        for name, role in ROLES.items():
            accounts.give_role(conn, name, "education", role, actor="system", at=webcity.NOW)  # type: ignore[arg-type]
        accounts.give_role(conn, "autre", "finances", "dpo", actor="system", at=webcity.NOW)
        groups.make(
            conn, "ccas", "Centre communal d’action sociale", "education", actor="system", at=webcity.NOW
        )
        groups.enrol(conn, "ccas", "membre@montclair.example", actor="system", at=webcity.NOW)
    made.engine.connection.close()
    made.db.scrub()
    made.db.close()
    return folder


def copy(built: Path, to: Path) -> City:
    """The city of a folder, in another one, open."""
    return webcity.open_again(Path(shutil.copytree(built, to)), base_url="http://testserver")


def close(city: City) -> None:
    city.engine.connection.close()
    city.db.close()


def held(city: City) -> Version:
    """The version that the small city holds back: names and e-mail addresses of agents."""
    with city.db.read() as conn:
        found = versions.latest(conn, "agents/agents")
    assert found is not None
    return found


def restricted(city: City) -> Version:
    """A table with nothing personal in it, of a dataset that is not for the public."""
    rows = [{"quartier": f"Quartier secret {i}", "foyers": 40 + i} for i in range(30)]
    dataset = Dataset(
        "aides-quartiers",
        "Aides sociales par quartier",
        "Compte des foyers aidés.",
        "education",
        access="restricted",
        keywords=("foyers aidés",),
    )
    resource = Resource("aides-quartiers/aides", "aides-quartiers", "Aides", source="upload:aides.csv")
    columns = (Column("quartier", "text", "Quartier"), Column("foyers", "integer", "Foyers"))
    return webcity.publish(
        city.db, city.files, city.settings.path("var/spool"), dataset, resource, rows, columns, at=webcity.NOW
    )


def token(html: str) -> str:
    """The token of a form."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def sign_in(city: City, client: TestClient, name: str) -> TestClient:
    """A browser with a session of that account: the form has tests of its own."""
    with city.db.begin() as conn:
        person = next(p.id for p in accounts.everybody(conn) if p.email == f"{name}@montclair.example")
        client.cookies.set(SESSION_COOKIE, sessions.start(conn, person, now=webcity.NOW))
    return client
