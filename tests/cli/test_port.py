"""A portal does not start where another program answers, and says what to change."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from parvis.cli.init import create
from parvis.cli.port import claim
from parvis.core.errors import UsageError
from tests.acceptance.commands import free_port, parvis


def test_a_port_that_is_free_is_claimed_and_stays_free() -> None:
    port = free_port()
    claim("127.0.0.1", port)
    claim("localhost", port)


def test_a_port_that_a_killed_portal_is_leaving_is_waited_for() -> None:
    with socket.socket() as leaving:
        leaving.bind(("127.0.0.1", 0))
        leaving.listen()
        threading.Timer(0.3, leaving.close).start()
        claim("127.0.0.1", leaving.getsockname()[1])


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_second_portal_on_a_port_is_refused_before_anything_is_done(tmp_path: Path, command: str) -> None:
    """The first one shares its port among its processes, as Granian does: a second one would bind it without
    a word.
    """
    create(tmp_path / "ville", "Ville")
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        first.bind(("127.0.0.1", 0))
        first.listen()
        port = first.getsockname()[1]
        said = parvis(command, "--port", str(port), cwd=tmp_path / "ville")
    assert said.code == 64
    assert f"Le port {port} est déjà pris" in said.err
    assert f"--port {port + 1}" in said.err
    assert not (tmp_path / "ville" / "demo").exists()


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [("192.0.2.7", 8000, "n’est pas une adresse de cette machine"), ("127.0.0.1", 70_000, "de 1 à 65535")],
)
def test_where_nobody_can_listen_is_told(host: str, port: int, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        claim(host, port)
    assert said in str(caught.value)
