"""No secret and no raw file is in a backup in clear; what was left out is told, then and at the return; files
and folders are their owner's alone.
"""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from parvis.administration import backup
from parvis.cli import doctor
from parvis.core import settings
from parvis.core.errors import UsageError
from parvis.core.settings import declared
from parvis.publication.city import City, open_city
from parvis.store import datasets, file_permissions
from parvis.work.alerting import sending
from tests.cities import canarycity
from tests.cities.canarycity import INNOCENT, Clock, hand_in

MARK = "M4rqu3-s3cr3te"
KEY = f"{MARK}-cle-de-la-ville-0123456789abcdef"


def written() -> str:
    """A `parvis.toml` in which every setting that is declared as a secret bears the mark, quoted in all ways;
    and a comment.
    """
    lines = [f"# ancienne clé : {MARK}"]
    for section in settings.SECTIONS:
        lines.append(f"[{section}]")
        for one in declared():
            if one.section == section and one.secret == "always":
                lines.append(f"\"{one.name}\" = '{KEY}'  # {MARK}")
    text = "\n".join(lines)
    return text.replace("[city]", '[city]\nname = "Canar\\u0022ville"\nbbox = [1.5, 2, 3.0, 4]')


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    folder = tmp_path / "ville"
    for name, text in (
        ("parvis.toml", written()),
        ("brut/personnes.csv", f"nom\n{MARK}\n"),
        ("passerelle-sms.toml", f'headers = {{ k = "{MARK}" }}\n'),
        ("notes.txt", MARK),
        ("regles/arbres.toml", "# rien\n"),
        ("communes.csv", "code\n"),
        ("avant.tar", MARK),
        (".env", f"PARVIS_STORAGE_KEY={MARK}\n"),
        ("monschema.json", '{"fields": []}'),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    canarycity.build(folder, Clock()).db.close()
    made = open_city(settings.load(folder, {}), clock=Clock())
    yield made
    made.engine.connection.close()
    made.db.close()


def test_no_secret_is_in_clear(city: City, tmp_path: Path) -> None:
    """Every secret setting at once, with and without the other files; the mark is in the folder: the search
    can fail.
    """
    assert MARK in (city.settings.folder / "parvis.toml").read_text()
    hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    for with_files in (False, True):
        out = tmp_path / f"{with_files}.tar"
        made = backup.backup(city, out, with_files=with_files)
        assert MARK.encode() not in out.read_bytes()
        assert set(made.secrets) == {f"{s.section}.{s.name}" for s in declared() if s.secret == "always"}
        assert set(made.beside) == {
            "brut/personnes.csv",
            "passerelle-sms.toml",
            "notes.txt",
            "avant.tar",
            ".env",
            "monschema.json",
        }
        with tarfile.open(out) as tar:
            names = {n for n in tar.getnames() if n.startswith("city/")}
        assert names == {"city/parvis.toml", "city/regles/arbres.toml", "city/communes.csv"}
        key = tmp_path / "cle"
        key.write_text(KEY)
        done = backup.restore(
            out, tmp_path / f"retour-{with_files}", env={}, key=key, lists=[], without_list=True
        )
        assert set(done.again) == set(made.secrets) - {"storage.key"}
        back = tmp_path / f"retour-{with_files}"
        assert (back / "brut" / "personnes.csv").exists() == with_files
        said = settings.load(back, {})
        assert (said.city.name, said.city.bbox, said.storage.key) == ('Canar"ville', (1.5, 2.0, 3.0, 4.0), "")


@pytest.mark.parametrize(
    ("value", "hidden"),
    [
        ("postgresql+psycopg://u:p@h/b", True),
        ("postgresql://h/b", False),
        ("sqlite:////x.db", False),
        ("s3://cle:mot@seau/x", True),
        ("http://[", True),
        ("", False),
    ],
)
def test_a_url_is_a_secret_when_it_bears_a_password(value: str, hidden: bool) -> None:
    said = {f"{s.section}.{s.name}": s for s in declared()}
    assert said["storage.database"].hides(value) == hidden
    assert said["storage.files"].hides(value) == hidden
    assert all(one.hides(value) for one in said.values() if hidden and one.default == ""), (
        "a proxy with a password too"
    )
    assert not said["city.name"].hides(value.partition("://")[2])


def test_a_password_beside_a_mail_server_or_a_proxy_is_in_no_backup(tmp_path: Path) -> None:
    """As a URL or without its scheme, and where it makes no URL at all; and alerts.smtp that bears one is
    refused, without being quoted.
    """
    for value in (
        f"compte:{MARK}@smtp.ville.fr:587",
        f"smtps://compte:{MARK}@smtp.ville.fr:465",
        f"compte:{MARK}@[smtp:587",
    ):
        (tmp_path / "parvis.toml").write_text(
            f'[alerts]\nsmtp = "{value}"\n[network]\nproxy = "{value}"\n', "utf-8"
        )
        bared = settings.without_secrets(tmp_path / "parvis.toml")
        assert MARK not in bared.text
        assert bared.left_out == ("alerts.smtp", "network.proxy")
        with pytest.raises(UsageError, match=r"alerts\.smtp") as told:
            sending.ways(open_city(settings.load(tmp_path, {})))
        assert MARK not in f"{told.value.message}{told.value.mend}"
    (tmp_path / "parvis.toml").write_text(
        '[alerts]\nsmtp = "smtp.ville.fr:587"\n[network]\nproxy = "http://mandataire:3128"\n', "utf-8"
    )
    assert settings.without_secrets(tmp_path / "parvis.toml").left_out == ()


def test_what_sounds_like_a_secret_is_declared_as_one() -> None:
    """A setting whose name says so must say so to the program too."""
    for one in declared():
        if any(word in one.name for word in ("secret", "password", "token")) or one.name == "key":
            assert one.secret == "always", one.name


def test_a_schema_and_levels_that_are_named_come_along(city: City, tmp_path: Path) -> None:
    with city.db.begin() as conn:
        resource = datasets.resource(conn, "arbres/arbres")
        assert resource is not None
        datasets.save_resource(conn, replace(resource, schema="monschema.json"))
    assert "monschema.json" not in backup.backup(city, tmp_path / "a.tar").beside


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_a_city_keeps_is_its_owner_s_alone(city: City, tmp_path: Path) -> None:
    """Made now or mended at its opening; and what is wider all the same is told."""
    hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    folder, var = city.settings.folder, city.settings.folder / "var"
    everything = [p for p in (var, *var.rglob("*")) if p.exists()]
    assert {p.name for p in everything} >= {
        "parvis.db",
        "parvis.db-wal",
        "parvis.db-shm",
        "inbox",
        "spool",
        "files",
    }
    assert {oct(mode(p) & 0o077) for p in everything} == {"0o0"}
    assert mode(folder / "parvis.toml") == 0o600
    for path in everything:
        path.chmod(0o755 if path.is_dir() else 0o644)
    (folder / "parvis.toml").chmod(0o644)
    wide = file_permissions.wider(city.settings)
    assert var / "parvis.db" in wide
    assert folder / "parvis.toml" in wide
    assert not next(a for a in doctor.examine(city) if a.question == "Droits sur le disque").well
    open_city(city.settings).db.close()
    assert file_permissions.wider(city.settings) == []
    assert next(a for a in doctor.examine(city) if a.question == "Droits sur le disque").well
