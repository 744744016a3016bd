"""A part of an export, and its size: what resumes a broken download, and what lets a program read the few
pages of a Parquet file that it needs.

An export is made as it is sent, so its size is known only once it is made. What is small is made once and
kept with the other answers; what is large is made into a file without a name that goes with the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from parvis.api.response_cache import ResponseCache

SMALL = 4_000_000
"""Bytes up to which an export is kept whole in memory."""
FEW_ROWS = 50_000
"""Records up to which a HEAD makes the export to tell its size: a harvester asks for many, and waits five
seconds.
"""
_PIECE = 262_144
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
"""One part of a whole (RFC 9110, 14.1.2); no file has a byte of 19 digits, and such a header asks for no part."""


@dataclass(frozen=True, slots=True)
class Whole:
    """An export that is not made yet."""

    etag: str
    rows: int
    """Records of its table."""
    make: Callable[[], Iterable[bytes | memoryview]]
    steady: bool
    """Made again, it is the same to the byte."""
    headers: Mapping[str, str]
    media_type: str
    begun: int
    """State of the answers when its table was looked up."""


def wanted_range(request: Request, etag: str) -> str:
    """The range that is asked for of these very bytes; "" for the whole: none, several, or one of another
    version (RFC 9110, 13.1.5 and 14.2).
    """
    wanted = request.headers.get("range", "").replace(" ", "")
    match = _RANGE.fullmatch(wanted)
    only_if = request.headers.get("if-range")
    if request.method != "GET" or match is None or match.groups() == ("", "") or only_if not in (None, etag):
        return ""
    return wanted


def bounds(wanted: str, size: int) -> tuple[int, int]:
    """First byte and the one after the last, of a whole of `size` bytes; both the same when the range lies outside.

    >>> bounds("bytes=2-3", 10), bounds("bytes=7-", 10), bounds("bytes=-4", 10), bounds("bytes=8-99", 10), bounds("bytes=10-", 10)
    ((2, 4), (7, 10), (6, 10), (8, 10), (10, 10))
    """
    match = _RANGE.fullmatch(wanted)
    first, last = match.groups() if match is not None else ("", "")
    start = min(size, int(first)) if first else max(0, size - int(last or 0))
    return start, max(start, min(size, int(last) + 1) if first and last else size)


def answer(request: Request, cache: ResponseCache, whole: Whole) -> Response | None:
    """The part that is asked for, or what is kept of the whole, or its size; None when it is to be sent as it
    is made.
    """
    wanted = wanted_range(request, whole.etag)
    content = cache.remembered(whole.etag)
    if content is None and request.method == "HEAD" and whole.rows <= FEW_ROWS:
        content = _small(cache, whole)
    if content is not None:
        return (
            _part(wanted, len(content), iter([content]), whole)
            if wanted
            else Response(content, headers=whole.headers, media_type=whole.media_type)
        )
    if not wanted:
        return None
    size, file = _spooled(whole.make())
    if size <= SMALL:
        cache.keep(whole.etag, file.read(), whole.begun, SMALL)
        file.seek(0)
    elif not whole.steady:  # the next part would be of other bytes
        return StreamingResponse(_pieces(file), headers=whole.headers, media_type=whole.media_type)
    return _part(wanted, size, _pieces(file), whole)


def _part(wanted: str, size: int, chunks: Iterator[bytes], whole: Whole) -> Response:
    start, end = bounds(wanted, size)
    if start == end:
        return Response(status_code=416, headers={**whole.headers, "Content-Range": f"bytes */{size}"})
    headers = {
        **whole.headers,
        "Content-Range": f"bytes {start}-{end - 1}/{size}",
        "Content-Length": str(end - start),
    }
    return StreamingResponse(_between(chunks, start, end), 206, headers, whole.media_type)


def _between(chunks: Iterator[bytes], start: int, end: int) -> Iterator[bytes]:
    at = 0
    for chunk in chunks:
        if at < end and at + len(chunk) > start:
            yield chunk[max(0, start - at) : end - at]
        at += len(chunk)


def _spooled(chunks: Iterable[bytes | memoryview]) -> tuple[int, IO[bytes]]:
    """The whole export in a file of its own that nobody else can open, and its size in bytes."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=SMALL)  # noqa: SIM115
    for chunk in chunks:
        file.write(chunk)
    size = file.tell()
    file.seek(0)
    return size, file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """What a file holds, then it is gone."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _small(cache: ResponseCache, whole: Whole) -> bytes | None:
    """The whole export, made once and kept; None when it is not small, and its making is given up."""
    content = bytearray()
    for chunk in whole.make():
        content += chunk
        if len(content) > SMALL:
            return None
    cache.keep(whole.etag, bytes(content), whole.begun, SMALL)
    return bytes(content)
