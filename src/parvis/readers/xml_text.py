"""Open an XML file so that it can be walked: encodings that lie are mended once, entities refused, errors told in French."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from parvis.core.errors import Unreadable
from parvis.core.reading import Issue, Workspace
from parvis.readers.encoding import MEND, detect
from parvis.readers.maps import mapped
from parvis.readers.xml_stream import BadXml

T = TypeVar("T")

_DECLARED = re.compile(rb'<\?xml[^>]{0,200}encoding\s*=\s*["\']([\w.-]+)["\']')
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Text:
    """An XML file as it can be walked."""

    path: Path
    encoding: str
    """Python codec of the file as received."""
    issues: tuple[Issue, ...] = ()

    def open(self) -> IO[bytes]:
        return self.path.open("rb")


def root(head: bytes) -> str:
    """Local name of the first element, in small letters; "" when the bytes do not begin an XML document. For sniffing."""
    text = head
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head[: len(head) // 2 * 2].decode("utf-16", "ignore").encode()
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"<"):
        return ""
    bare = re.sub(rb"<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", b"", text, flags=re.DOTALL)
    found = _ROOT.search(bare)
    return found.group(1).decode("ascii", "ignore").lower() if found else ""


def encoding_of(path: Path) -> str:
    """Python codec that the declaration or the byte-order mark states; UTF-8 by default."""
    with path.open("rb") as file:
        head = file.read(400)
    if head[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    found = _DECLARED.search(head)
    name = found.group(1).decode().lower() if found else "utf-8"
    return {"windows-1252": "cp1252", "iso8859-1": "iso-8859-1", "latin1": "iso-8859-1", "utf8": "utf-8"}.get(name, name)


def walked(path: Path, workspace: Workspace, use: Callable[[Text], T]) -> T:
    """What `use` makes of the document. When its bytes are not in the encoding it declares, a mended copy is used, and said.

    Raises Unreadable when it is not well-formed.
    """
    try:
        return use(Text(path, encoding_of(path)))
    except BadXml as error:
        if not re.search(r"not proper UTF-8|[Ee]ncoding|conversion|Input is not|bytes: 0x|invalid character", str(error)):
            raise _broken(error) from error
    try:
        return use(_mended(path, workspace))
    except BadXml as error:
        raise _broken(error) from error


def _broken(error: BadXml) -> Unreadable:
    where = re.search(r"line (\d+)", str(error))
    line = int(where.group(1)) if where else 0
    place = f" à la ligne {line}" if line else ""
    return Unreadable(f"Le XML est mal formé{place} : {error}.", mend="Refaites l’export : le fichier est peut-être tronqué.", line=line)


def _mended(path: Path, workspace: Workspace) -> Text:
    """A UTF-8 copy, decoded as its bytes say and without its declaration."""
    with mapped(path) as data:
        codec = detect(data).codec
    workspace.spool.mkdir(parents=True, exist_ok=True)
    copy = workspace.spool / "texte.xml"
    first = True
    with path.open(encoding=codec, errors=MEND, newline="") as source, copy.open("w", encoding="utf-8", errors="replace", newline="") as target:
        while block := source.read(_BLOCK):
            target.write(_DECLARATION.sub("", block.lstrip("\ufeff")) if first else block)
            first = False
    return Text(copy, codec, (Issue("encoding-mismatch", f"Le fichier n’est pas dans l’encodage qu’il annonce : il a été lu en {codec}."),))
