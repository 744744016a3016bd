"""Parvis on one machine: what is said is what is written, twice is once, nobody else's file is touched, and systemd
reads the units. Commands are run for real where they are harmless.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from parvis import __version__
from parvis.administration import machine as plan
from parvis.administration.machine import Machine, Step
from parvis.cli.app import run
from parvis.cli.install import REAL, Work, origin
from parvis.core import settings
from parvis.core.errors import UsageError
from tests.conftest import ROOT

DOMAIN = "donnees.ville.example"
HERE = Machine(DOMAIN, "Ville", __version__, "parvis")


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert run([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return answer


def everything(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def test_a_dry_run_says_all_and_does_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = typed(capsys, "install", DOMAIN, "--root", str(tmp_path), "--dry-run")
    assert everything(tmp_path) == {}
    assert answer["done"] is False
    assert run(["install", DOMAIN, "--root", str(tmp_path), "--dry-run"]) == 0
    text = capsys.readouterr().out
    for file in plan.files(HERE):
        assert f"{tmp_path}{file.path}" in text
    for step in (*plan.before(HERE), *plan.after(HERE)):
        assert str(step).removesuffix(" parvis") in text
        assert step.why in text


@pytest.mark.parametrize(
    ("record", "package"),
    [
        ({}, "parvis==1.2.3"),
        ({"url": "file:///srv/mes%20sources", "dir_info": {"editable": True}}, "/srv/mes sources"),
        ({"url": "file:///srv/parvis-1.2.3-py3-none-any.whl", "archive_info": {}}, "/srv/parvis-1.2.3-py3-none-any.whl"),
        ({"url": "https://forge.example/parvis-1.2.3.whl", "archive_info": {}}, "https://forge.example/parvis-1.2.3.whl"),
        (
            {"url": "https://forge.example/parvis.git", "vcs_info": {"vcs": "git", "commit_id": "abc123"}},
            "git+https://forge.example/parvis.git@abc123",
        ),
    ],
)  # fmt: skip
def test_what_is_installed_is_the_program_that_runs(record: dict[str, object], package: str) -> None:
    """Whoever owns a name on an index would else be root here."""
    assert origin(json.dumps(record) if record else "", "1.2.3") == package


def test_twice_is_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second time nothing is written; what the city set itself stays, and the file of Caddy keeps its lines."""
    caddy = plan.below(tmp_path, plan.CADDYFILE)
    caddy.parent.mkdir(parents=True)
    caddy.write_text(":80 {\n\tfile_server\n}\n")
    typed(capsys, "install", DOMAIN, "--root", str(tmp_path), "--name", "Rivemont")
    city = plan.below(tmp_path, plan.CITY)
    made = settings.load(city, {})
    assert (made.city.name, made.serve.base_url, made.serve.port) == ("Rivemont", f"https://{DOMAIN}", 8000)
    assert "127.0.0.1" in made.serve.trusted_proxies
    assert made.logs.days == 30
    assert (city / "parvis.toml").stat().st_mode & 0o077 == 0
    assert caddy.read_text() == f":80 {{\n\tfile_server\n}}\n{plan.IMPORT}\n"
    (city / "parvis.toml").write_text((city / "parvis.toml").read_text().replace("Rivemont", "Autre"))
    before = everything(tmp_path)
    answer = typed(capsys, "install", DOMAIN, "--root", str(tmp_path), "--name", "Rivemont")
    assert everything(tmp_path) == before
    steps = answer["steps"]
    assert isinstance(steps, list)
    assert {s["act"] for s in steps} == {"keep", "run"}


def test_a_file_of_somebody_else_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is seen before anything is written; an older file of ours is replaced."""
    unit = tmp_path / "etc/systemd/system/parvis.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Unit]\nDescription=une autre\n")
    assert run(["install", DOMAIN, "--root", str(tmp_path)]) == 64
    assert list(everything(tmp_path)) == ["etc/systemd/system/parvis.service"]
    assert "n’a pas été écrit par Parvis" in capsys.readouterr().err.replace("\n", " ")
    unit.write_text(f"{plan.MARK}\nancien\n")
    assert run(["install", DOMAIN, "--root", str(tmp_path)]) == 0
    assert "ExecStart=" in unit.read_text()


@pytest.mark.parametrize(
    "domain", ["ville", "donnees.ville.fr:8000", "https://a.fr", "a.fr {", "-a.fr", "a..fr", "É.fr"]
)
def test_what_is_no_domain_is_refused(tmp_path: Path, domain: str) -> None:
    """It goes into the files of others: nothing but a name of a machine passes."""
    assert run(["install", "--root", str(tmp_path), "--", domain]) == 64
    assert everything(tmp_path) == {}


def test_systemd_reads_the_units(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each unit is verified, and how much it may do is rated: what rates above 3 of 10 would be too open."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd here")
    typed(capsys, "install", DOMAIN, "--root", str(tmp_path))
    for name in ("opt/parvis/current/bin/parvis", "bin/sh"):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    units = ["parvis.service", "parvis-backup.service", "parvis-backup.timer"]
    checked = subprocess.run(
        [analyze, f"--root={tmp_path}", "verify", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "parvis" not in checked.stderr, checked.stderr
    for unit in units[:2]:
        rated = subprocess.run(
            [analyze, f"--root={tmp_path}", "security", "--offline=true", "--threshold=30", "--no-pager", unit],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert rated.returncode == 0, rated.stdout[-300:] + rated.stderr


def test_the_backup_names_its_file_by_the_moment(tmp_path: Path) -> None:
    """systemd hands `$$` and `%%` on as one sign each; the shell makes the name."""
    (unit,) = (f for f in plan.files(HERE) if f.path.name == "parvis-backup.service")
    line = next(x for x in unit.text.splitlines() if x.startswith("ExecStart="))
    script = line.partition("-c '")[2].rstrip("'").replace("$$", "$").replace("%%", "%")
    said = subprocess.run(
        ["/bin/sh", "-c", script.replace("exec /opt/parvis/current/bin/parvis", "echo")],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert re.fullmatch(
        r"backup /var/backups/parvis/ville-\d{4}-\d\d-\d\dT\d{6}\.tar --city /var/lib/parvis/ville\n", said
    )


def test_steps_stop_at_the_first_that_fails_and_are_undone(tmp_path: Path) -> None:
    """For real: what is needless is not run, what follows a failure is not run, what undoes it is."""
    work = Work(REAL, dry=False, quiet=True)
    done, undone, never = (tmp_path / n for n in ("done", "undone", "never"))
    steps = (
        Step(("touch", str(never)), "est déjà là", needless=tmp_path),
        Step(("touch", str(done)), "passe", undo=(("touch", str(undone)),)),
        Step(("false",), "échoue"),
        Step(("touch", str(never)), "ne vient pas"),
    )
    with pytest.raises(UsageError, match="false"):
        list(work.run(steps))
    assert done.exists()
    assert undone.exists()
    assert not never.exists()


def test_an_upgrade_backs_up_first_and_puts_the_old_one_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["upgrade", "--root", str(tmp_path)]) == 64, "nothing is installed"
    typed(capsys, "install", DOMAIN, "--root", str(tmp_path))
    current = plan.below(tmp_path, plan.CURRENT)
    current.parent.mkdir(parents=True, exist_ok=True)
    current.symlink_to(plan.PROGRAM / __version__)
    assert typed(capsys, "upgrade", "--root", str(tmp_path))["steps"] == []
    steps = typed(capsys, "upgrade", "--root", str(tmp_path), "--version", "9.9.9")["steps"]
    assert isinstance(steps, list)
    lines = [s["what"] for s in steps if s["act"] == "run"]
    assert lines[0] == "systemctl start parvis-backup.service"
    assert any("pip install" in line and line.startswith("/opt/parvis/9.9.9/bin/python") for line in lines)
    assert lines[-1].startswith("curl ")
    (switch,) = (s for s in plan.upgrade(HERE, Path("/opt/parvis/0.0.1")) if s.undo)
    assert switch.undo[0][-2:] == ("/opt/parvis/0.0.1", "/opt/parvis/current")


def test_uninstalling_leaves_the_city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed(capsys, "install", DOMAIN, "--root", str(tmp_path))
    other = tmp_path / "etc/caddy/conf.d/autre.caddy"
    other.write_text("autre\n")
    typed(capsys, "uninstall", "--root", str(tmp_path))
    left = everything(tmp_path)
    assert set(left) == {
        "etc/caddy/Caddyfile",
        "etc/caddy/conf.d/autre.caddy",
        "var/lib/parvis/ville/parvis.toml",
    }
    assert plan.IMPORT.encode() not in left["etc/caddy/Caddyfile"]


def test_only_root_installs_for_real(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    for words in (("install", DOMAIN), ("upgrade",), ("uninstall",)):
        assert run(list(words)) == 3
        assert "root" in capsys.readouterr().err


def test_the_container_names_what_there_is() -> None:
    """Settings that compose gives are declared; both files speak of one port and one folder; the image runs as nobody."""
    compose = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    recipe = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    given = set(re.findall(r"^\s+(PARVIS_[A-Z_]+):", compose, re.MULTILINE))
    assert given
    assert given <= {s.env for s in settings.declared()}
    assert {"read_only: true", "- ALL", "no-new-privileges:true"} <= {
        line.strip() for line in compose.splitlines()
    } | {line.strip().removeprefix("- ") for line in compose.splitlines()}
    assert "portail:8000" in compose
    assert "EXPOSE 8000" in recipe
    assert "USER parvis" in recipe.partition("COPY --from=build")[2]
    assert 'CMD ["serve", "--city", "/ville"]' in recipe
    for name in ("package.json", "package-lock.json", "constraints.txt", "scripts/assets.py"):
        assert name in recipe
        assert (ROOT / name).is_file()


def test_the_guide_says_the_commands_that_there_are() -> None:
    """Each command and path of the French page is one of ours."""
    page = (ROOT / "docs" / "guide" / "installer.md").read_text("utf-8")
    for word in ("install", "upgrade", "uninstall", "restore", "doctor"):
        assert f"parvis {word}" in page
    for path in (plan.PROGRAM, plan.CURRENT, plan.CITY, plan.BACKUPS, Path("/etc/caddy/conf.d/parvis.caddy")):
        assert str(path) in page
    for option in re.findall(r"`--([a-z-]+)", page):
        assert option in {"root", "dry-run", "package", "version"}, option
