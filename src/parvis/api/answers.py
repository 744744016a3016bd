"""Answers of what programs ask: bodies, errors, and the headers that let anybody's page and any cache use
them.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import wraps
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from parvis.core.errors import BadQuery, Busy, ParvisError, TooMany
from parvis.core.language import language

JSON = "application/json; charset=utf-8"
OPEN: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*, ETag, Link, Content-Disposition, Content-Range, Accept-Ranges, Content-Length, X-Parvis-Ignored-Parameters",
}
PREFLIGHT: Mapping[str, str] = {
    **OPEN,
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, Accept-Encoding, Range, If-Range",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}
METHODS = ["GET", "HEAD", "OPTIONS"]
"""Of every address that `crossed` answers."""
SMALL = 1400
"""Bytes that fit one packet: not worth compressing."""

CODES: Mapping[int, str] = {
    400: "InvalidRESTParameterError", 401: "NotAuthenticated", 403: "ForbiddenAccess", 404: "NotFoundResource", 405: "MethodNotAllowed", 410: "GoneResource",
    408: "RequestTimeout", 409: "HeldResource", 422: "InvalidRESTParameterError", 429: "TooManyRequests", 500: "InternalError", 502: "SourceDown",
    503: "Overloaded",
}  # fmt: skip
"""Error code when the error brings none of its own."""


def fault(raised: ParvisError, *, lang: str = "fr", folders: tuple[Path, ...] = ()) -> Response:
    """The error as the dialect words it; `error` repeats the message for clients that only know that key.
    lang: `en` for what the dialect has no words for.
    """
    code = (
        raised.code
        if isinstance(raised, BadQuery) and raised.code
        else CODES.get(raised.status, "InternalError")
    )
    message = language(lang, folders=folders).say(raised.told) if lang else str(raised)
    body: dict[str, object] = {"error_code": code, "message": message, "error": message}
    if isinstance(raised, BadQuery):
        body |= {"clause": raised.clause, "at": raised.at, "expected": list(raised.expected)}
    later = {"Retry-After": str(raised.wait_s)} if isinstance(raised, (TooMany, Busy)) else {}
    return Response(orjson.dumps(body), raised.status, {**OPEN, "Cache-Control": "no-store", **later}, JSON)


def tag(*parts: str) -> str:
    """An ETag: what the answer is made from."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    return f'"{digest[:32]}"'


def fresh(request: Request, etag: str) -> bool:
    """Does the caller already hold this answer."""
    header = request.headers.get("if-none-match", "")
    return bool(header) and (
        header.strip() == "*" or etag in (p.strip().removeprefix("W/") for p in header.split(","))
    )


def headers(etag: str | None, modified: datetime | None, ignored: Iterable[str]) -> dict[str, str]:
    """Headers of an answer. etag None: it depends on the moment, and no cache may keep it."""
    named = {**OPEN, "Vary": "Accept-Encoding"}
    if etag is None:
        named["Cache-Control"] = "no-store"
    else:
        named |= {"ETag": etag, "Cache-Control": "public, no-cache"}
    if modified is not None:
        named["Last-Modified"] = format_datetime(modified.replace(microsecond=0), usegmt=True)
    names = ", ".join(ignored)
    if names:
        named["X-Parvis-Ignored-Parameters"] = re.sub("[^ -~]", "?", names)[:500]
    return named


def crossed(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint, which also answers OPTIONS: what a page of another origin asks before it sends
    `If-None-Match`.
    """

    @wraps(endpoint)
    def answered(request: Request) -> Response:
        return (
            Response(status_code=204, headers=dict(PREFLIGHT))
            if request.method == "OPTIONS"
            else endpoint(request)
        )

    return answered


def in_dialect(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint, with its errors in the words of the dialect."""

    @wraps(endpoint)
    def answered(request: Request) -> Response:
        try:
            return endpoint(request)
        except ParvisError as wrong:
            folders = getattr(request.app.state, "translations", ())
            return fault(wrong, lang=request.query_params.get("lang", ""), folders=folders)

    return answered


def document(
    request: Request,
    content: bytes,
    modified: datetime | None,
    media_type: str = JSON,
    *,
    vary: str = "Accept-Encoding",
) -> Response:
    """A document that is made at each request and known by its bytes: whole, or 304 to who holds it."""
    etag = tag(content.decode("utf-8"))
    headers_ = headers(etag, modified, ()) | {"Vary": vary}
    return unchanged(headers_) if fresh(request, etag) else body(request, content, headers_, media_type)


def unchanged(headers_: Mapping[str, str]) -> Response:
    """304: what you hold is still right."""
    return Response(status_code=304, headers=dict(headers_))


def accepts_gzip(request: Request) -> bool:
    """Whether the caller takes gzip."""
    accepted = request.headers.get("accept-encoding", "").lower().replace(" ", "").split(",")
    return any(
        p.partition(";")[0] == "gzip" and p.partition(";")[2] not in ("q=0", "q=0.0") for p in accepted
    )


def body(request: Request, content: bytes, headers_: dict[str, str], media_type: str = JSON) -> Response:
    """A whole body, gzipped when it is worth it."""
    if len(content) > SMALL and accepts_gzip(request):
        headers_["Content-Encoding"] = "gzip"
        content = gzip_once(content)
    return Response(content, headers=headers_, media_type=media_type)


def gzip_once(content: bytes) -> bytes:
    """A gzip file, made fast rather than small."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


def gzipped(chunks: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """A gzip file, as it comes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def stream(
    request: Request, chunks: Iterator[bytes | memoryview], headers_: dict[str, str], media_type: str
) -> Response:
    """A body of any size, as it comes; its beginning is made first, so that an error is still an answer."""
    if request.method == "HEAD":  # no Content-Length: « 0 » would say that there is nothing to fetch
        return StreamingResponse(iter(()), headers=headers_, media_type=media_type)
    begun = [bytes(c) for _, c in zip(range(2), chunks, strict=False)]
    return StreamingResponse(_after(begun, chunks), headers=headers_, media_type=media_type)


def streamed(
    request: Request, chunks: Iterable[bytes], headers_: dict[str, str], media_type: str
) -> Response:
    """`stream` of small pieces: sent together, gzipped where the caller takes it."""
    together = gathered(chunks)
    if accepts_gzip(request):
        headers_["Content-Encoding"] = "gzip"
        together = gzipped(together)
    return stream(request, together, headers_, media_type)


def gathered(chunks: Iterable[bytes], least: int = 65_536) -> Iterator[bytes]:
    """The same bytes, so many at a time."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) >= least:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _after(begun: list[bytes], chunks: Iterator[bytes | memoryview]) -> Iterator[bytes]:
    yield from begun
    for chunk in chunks:
        yield bytes(chunk)
