"""Two portals in one process answer alike: what is declared in a module is there for each of them. A generator in a
module would serve the first that reads it, and leave the others without.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import Route
from starlette.testclient import TestClient

import parvis
from parvis import api
from parvis.web.app import create_app
from parvis.web.form import Moved, form
from parvis.web.page import routes
from parvis.web.pages import PAGES
from tests.cities import webcity


def portal(folder: Path) -> FastAPI:
    """As `cli.asgi` puts it together."""
    folder.mkdir()
    city = webcity.build(folder)
    made = create_app(city)
    api.install(made, city)
    return made


def test_each_has_every_route_and_answers_to_it(tmp_path: Path) -> None:
    one, two, three = (portal(tmp_path / name) for name in ("one", "two", "three"))
    tables = [
        [(r.path, sorted(r.methods or ())) for r in app.router.routes if isinstance(r, Route)]
        for app in (one, two, three)
    ]
    assert tables[0] == tables[1] == tables[2]
    posted = [path for path, methods in tables[0] if "POST" in methods]
    assert len(posted) > 80
    for app in (one, three):
        with TestClient(app, follow_redirects=False) as client:
            missing = [
                path
                for path in posted
                if client.post(path.format_map(_Filled()), data={"csrf": "none"}).status_code in (404, 405)
                and "Cette adresse" in client.post(path.format_map(_Filled()), data={"csrf": "none"}).text
            ]
        assert not missing
        app.state.site.city.db.close()
    two.state.site.city.db.close()


class _Filled(dict[str, str]):
    """Something for every parameter of a path."""

    def __missing__(self, name: str) -> str:
        return "x"


def test_what_is_declared_can_be_read_again() -> None:
    made = form("/nulle-part", lambda visit, sent: Moved("/"))
    assert [r.path for r in made] == [r.path for r in made] == ["/nulle-part", "/en/nulle-part"]
    pages = routes(PAGES[:2])
    assert [*pages] == [*pages]


def test_no_module_keeps_what_can_be_read_only_once() -> None:
    for each in pkgutil.walk_packages(parvis.__path__, "parvis."):
        if not each.name.endswith("__main__"):
            importlib.import_module(each.name)
    found = {
        where
        for name, module in sys.modules.items()
        if name.partition(".")[0] == "parvis"
        for key, value in vars(module).items()
        if not key.startswith("__")
        for where in _spent(value, f"{name}.{key}", 0)
    }
    assert not found


def _spent(value: object, where: str, deep: int) -> Iterator[str]:
    """Places below a value that hold an iterator."""
    if isinstance(value, Iterator):
        yield where
    elif deep > 3:
        return
    elif isinstance(value, Mapping):
        for key, one in list(value.items()):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _spent(one, f"{where}[{key!r:.40}]", deep + 1)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, (list, tuple)):
        for place, one in enumerate(value[:2000]):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _spent(one, f"{where}[{place}]", deep + 1)  # pyright: ignore[reportUnknownArgumentType]
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            yield from _spent(getattr(value, one.name, None), f"{where}.{one.name}", deep + 1)


@pytest.mark.parametrize("kept", [(n for n in "ab"), {"routes": [iter("ab")]}, (map(str, ()),)])
def test_the_look_sees_it(kept: object) -> None:
    assert [*_spent(kept, "here", 0)]
