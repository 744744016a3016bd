"""A router that tries a request on the few routes that begin as its path does, in place of every route in turn."""

from __future__ import annotations

from itertools import takewhile

from fastapi import APIRouter
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

Folder = tuple[str, ...]
"""The segments that a path begins with."""


class IndexedRouter(APIRouter):
    """Answers as `APIRouter` does with the same routes in the same order: an `APIRouter` of those that can match a
    path answers in its place, whatever it answers (a page, 404, 405, the address with a slash more or less).
    """

    def __init__(self) -> None:
        super().__init__()
        self._indexed: list[BaseRoute] = []
        self._places: dict[Folder, list[int]] = {}
        self._routers: dict[Folder, APIRouter] = {}

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message of ASGI by the routes as they stand: they may be changed at any time."""
        if scope["type"] != "http" or scope.get("root_path"):
            await super().app(scope, receive, send)
            return
        if self._indexed != self.routes:
            self._index()
        scope.setdefault("router", self)
        await self._router(scope["path"]).app(scope, receive, send)

    def _index(self) -> None:
        self._indexed, self._places, self._routers = [*self.routes], {}, {}
        for place, route in enumerate(self._indexed):
            folder = literal(route.path) if isinstance(route, Route) else ()
            for depth in range(len(folder) + 1):
                self._places.setdefault(folder[:depth], [])
            self._places[folder].append(place)

    def _router(self, path: str) -> APIRouter:
        """The routes of each folder on the way to a path, with a last slash or without. Line feeds count for nothing:
        `$`, the end of a route's expression, lets one pass.
        """
        wanted = tuple(f"{path.removesuffix('/')}/".replace("\n", "").split("/")[1:])
        depth = 0
        while depth < len(wanted) and wanted[: depth + 1] in self._places:
            depth += 1
        folder = wanted[:depth]
        if folder not in self._routers:
            places = sorted(p for d in range(depth + 1) for p in self._places.get(folder[:d], ()))
            self._routers[folder] = APIRouter(routes=[self._indexed[p] for p in places])
        return self._routers[folder]


def literal(path: str) -> Folder:
    """The parts of a route's path before the first that holds a parameter or a line feed.

    >>> literal("/en/jeux/{id}/versions"), literal("/catalogue.{extension}"), literal("/")
    (('en', 'jeux'), (), ('',))
    """
    return tuple(takewhile(lambda part: not {"{", "\n"} & {*part}, path.split("/")[1:]))
