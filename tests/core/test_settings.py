"""Settings: declared once, read from TOML then the environment, and a misspelt key stops the start."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import UsageError


def test_a_city_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path, {}).city.name == "Ma ville"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "parvis.toml").write_text('[serve]\nport = 1234\nhost = "::1"\n', "utf-8")
    said = settings.load(tmp_path, {"PARVIS_SERVE_PORT": "4321", "HOME": "/nowhere"})
    assert (said.serve.port, said.serve.host) == (4321, "::1")


@pytest.mark.parametrize(
    ("toml", "env", "told"),
    [
        ("[serve]\nprot = 1\n", {}, "« port »"),
        ("[sevre]\nport = 1\n", {}, "« serve »"),
        ("", {"PARVIS_SERVE_PROT": "1"}, "« PARVIS_SERVE_PORT »"),
        ("[serve]\nport = 'many'\n", {}, "type int"),
        ("[serve]\nport = \n", {}, "TOML"),
        ("[serve]\nworker = 3\n", {}, "type bool"),
        ("[city]\nname = 3\n", {}, "type str"),
        ("[city]\nbbox = ['a']\n", {}, "city"),
    ],
)
def test_what_is_wrong_is_named_with_the_nearest_right_name(
    tmp_path: Path, toml: str, env: dict[str, str], told: str
) -> None:
    (tmp_path / "parvis.toml").write_text(toml, "utf-8")
    with pytest.raises(UsageError) as wrong:
        settings.load(tmp_path, env)
    assert told in str(wrong.value)


def test_every_setting_has_its_sentence() -> None:
    assert all(s.help.endswith(".") and len(s.help) > 15 for s in settings.declared())


def test_the_file_that_init_writes_reads_back_as_the_defaults_and_the_name(tmp_path: Path) -> None:
    create(tmp_path, 'Saint-"Même"', {"city": {"bbox": "[1.0, 2.0, 3.0, 4.0]"}})
    said = settings.load(tmp_path, {})
    assert said.city.name == 'Saint-"Même"'
    assert said.city.bbox == (1.0, 2.0, 3.0, 4.0)
    assert said.limits == settings.Limits()


def test_init_never_overwrites_a_city(tmp_path: Path) -> None:
    create(tmp_path, "Ville")
    with pytest.raises(UsageError, match="existe déjà"):
        create(tmp_path, "Autre")


def test_what_serve_declares_is_what_a_machine_has() -> None:
    """All its processes at their limits, on a machine of 24 GiB; on one of 8 GiB with what `parvis doctor` proposes."""
    said = settings.Settings()
    assert said.serve_memory_mb() < 16_000
    small = replace(
        said,
        serve=replace(said.serve, query_mb=1024),
        limits=replace(said.limits, deposit_memory_mb=1200, study_memory_mb=800),
    )
    assert small.serve_memory_mb() < 7_500


def test_every_section_can_be_set(tmp_path: Path) -> None:
    """A section that neither the file nor the environment could set would be a word for nothing: [logs] was."""
    assert {f.name for f in fields(settings.Settings)} - {"folder"} == set(settings.SECTIONS)
    (tmp_path / "parvis.toml").write_text("[logs]\ndays = 3\n", "utf-8")
    made = settings.load(tmp_path, {"PARVIS_LOGS_METRICS_TOKEN": "jeton"})
    assert (made.logs.days, made.logs.metrics_token) == (3, "jeton")
