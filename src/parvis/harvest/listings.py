"""The files that a web server lists at the address of a folder."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

MOST = 100
"""Files of one folder that are looked at."""
HEAD = 1_000_000
"""Bytes of a page that are read for its links."""
_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|title|pre|h1)\b", re.I | re.S
)
PAGES = frozenset({".html", ".htm", ".php", ".asp", ".aspx", ".jsp", ".css", ".js", ".ico"})
"""Endings of pages and of what they are drawn with: no files of data."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.targets += [value for name, value in attrs if name == "href" and value]


def files_of(address: str, body: bytes) -> tuple[str, ...]:
    """Addresses of the files that the page of a folder lists, in its order; () for what is no page, or the page of no
    folder: its files stand right below its address, and most links of the page lead to them or to folders beside them.

    >>> files_of("https://ville.example/data", b'<html><a href="../">..</a><a href="a.csv">a.csv</a>')
    ('https://ville.example/data/a.csv',)
    """
    parts = urlsplit(address)
    last = PurePosixPath(parts.path).name
    if not _PAGE.match(body[:HEAD]) or parts.query or (last and "." in last and not parts.path.endswith("/")):
        return ()
    folder = parts._replace(path=parts.path.rstrip("/") + "/", fragment="").geturl()
    reader = _Links()
    reader.feed(body[:HEAD].decode("utf-8", "replace"))
    files, others = dict[str, None](), 0
    for target in reader.targets:
        link = urlsplit(urljoin(folder, target))._replace(fragment="")
        if link.query:  # the headers of a listing sort it by their links
            continue
        url = link.geturl()
        below = url.removeprefix(folder) if url.startswith(folder) else ""
        ending = PurePosixPath(unquote(below)).suffix.lower()
        if below and "/" not in below and ending and ending not in PAGES:
            files[url] = None
        elif not (folder.startswith(url) or (below and below.endswith("/"))):
            others += 1
    return tuple(files)[:MOST] if len(files) > others else ()
