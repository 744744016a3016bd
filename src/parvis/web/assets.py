"""Static files: read once at the start, each known by its content, compressed once, kept by browsers for
good.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"

TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
    ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".png": "image/png", ".ico": "image/x-icon",
}  # fmt: skip
"""What is served; a file with another ending stays unknown."""

COMPRESSED = frozenset({".css", ".js", ".mjs", ".svg", ".txt"})


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file. tag: short digest of its bytes. packed: gzip, empty when it would not be smaller."""

    name: str
    type: str
    body: bytes
    packed: bytes
    tag: str


def load(folder: Path = FOLDER) -> dict[str, Asset]:
    """All assets by their path below the folder. A style sheet names the others by their kept-for-ever
    address, so that each is fetched once.
    """
    plain = {
        p.relative_to(folder).as_posix(): _asset(folder, p)
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix in TYPES
    }
    linked = {
        name: _linked(asset, plain) for name, asset in plain.items() if asset.type.startswith("text/css")
    }
    return plain | linked


_URL = re.compile(rb'url\("([\w./-]+)"\)')


def _linked(sheet: Asset, known: Mapping[str, Asset]) -> Asset:
    return _packed(
        sheet.name, _URL.sub(lambda m: f'url("{address(known, m[1].decode())}")'.encode(), sheet.body)
    )


def city(folder: Path) -> dict[str, Asset]:
    """What a city lays beside its `parvis.toml` to change the look: `theme.css` (tokens, its own fonts) and
    `logo.svg`, or `logo.png` where there is none.
    """
    found = [
        _asset(folder, folder / name)
        for name in ("theme.css", "logo.svg", "logo.png")
        if (folder / name).is_file()
    ]
    return {f"city/{a.name}": replace(a, name=f"city/{a.name}") for a in found}


def _asset(folder: Path, path: Path) -> Asset:
    return _packed(path.relative_to(folder).as_posix(), path.read_bytes())


@lru_cache(maxsize=64)
def _packed(name: str, body: bytes) -> Asset:
    # Remembered: two portals in one process have the same files, and packing them takes most of the time of a
    # start.
    suffix = Path(name).suffix
    packed = gzip.compress(body, 9, mtime=0) if suffix in COMPRESSED else b""
    smaller = packed if len(packed) < len(body) else b""
    return Asset(name, TYPES[suffix], body, smaller, hashlib.sha256(body).hexdigest()[:12])


def address(assets: Mapping[str, Asset], name: str) -> str:
    """Address of an asset, with its digest: it can be kept for ever. An asset that was not built yet keeps
    its plain address (and answers 404).
    """
    asset = assets.get(name)
    return f"/static/{name}?v={asset.tag}" if asset else f"/static/{name}"


def answer(assets: Mapping[str, Asset], request: Request) -> Response:
    """Serve one asset: 304 when the browser has it, gzip when it can read it."""
    asset = assets.get(request.path_params["name"])
    if asset is None:
        return Response("Fichier inconnu.", 404, media_type="text/plain; charset=utf-8")
    known = request.query_params.get("v") == asset.tag
    headers = {
        "ETag": f'"{asset.tag}"',
        "Vary": "Accept-Encoding",
        "Cache-Control": "public, max-age=31536000, immutable" if known else "public, max-age=3600",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=asset.type)
    return Response(asset.body, headers=headers, media_type=asset.type)
