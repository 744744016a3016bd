"""Open an XML file so that it can be walked: encodings that lie are mended once, entities refused, errors
told in French.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.entities import html5
from pathlib import Path
from typing import IO, TypeVar

from parvis.core.errors import Unreadable
from parvis.core.reading import Issue, Workspace
from parvis.core.sentence import Sentence
from parvis.readers.encoding import MEND, detect
from parvis.readers.limits import MB
from parvis.readers.memory_maps import mapped
from parvis.readers.xml_stream import BadXml

T = TypeVar("T")

_DECLARED = re.compile(rb'<\?xml[^>]{0,200}encoding\s*=\s*["\']([\w.-]+)["\']')
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ANYWHERE = re.compile(r"<\?xml\s[^<>]{0,300}\?>")
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_START = re.compile(rb"<([\w.:-]+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>\s*")
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
    """Local name of the first element, in small letters; "" when the bytes do not begin an XML document. For
    sniffing.
    """
    match = _ROOT.search(_bare(head))
    return match.group(1).decode("ascii", "ignore").lower() if match else ""


def holds_elements(head: bytes) -> bool:
    """Whether the first tag is that of a document: what follows it is markup, or its own end ends the text. A
    table in text whose first cell is a tag has the rest of a line there.
    """
    bare = _bare(head)
    begun = _ROOT.search(bare)
    if begun is None:
        return False
    first = _START.match(bare, begun.start())
    if (
        first is None
    ):  # quotes that don't pair, or no end of the tag: a document that is broken still has ends of elements
        return b"</" in bare or b"/>" in bare
    rest = bare[first.end() :]
    return not rest or rest.startswith(b"<") or rest.rstrip().endswith(b"</" + first[1] + b">")


def _bare(head: bytes) -> bytes:
    """What begins an XML document, in bytes of one letter each, without comments and document type; nothing
    where it does not begin with a tag.
    """
    text = head
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head[: len(head) // 2 * 2].decode("utf-16", "ignore").encode()
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        re.sub(rb"<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", b"", text, flags=re.DOTALL)
        if text.startswith(b"<")
        else b""
    )


def encoding_of(path: Path) -> str:
    """Python codec that the declaration or the byte-order mark states; UTF-8 by default."""
    with path.open("rb") as file:
        head = file.read(400)
    if head[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    match = _DECLARED.search(head)
    name = match.group(1).decode().lower() if match else "utf-8"
    return {"windows-1252": "cp1252", "iso8859-1": "iso-8859-1", "latin1": "iso-8859-1", "utf8": "utf-8"}.get(
        name, name
    )


_RECODED = re.compile(r"not proper UTF-8|[Ee]ncoding|conversion|Input is not|bytes: 0x|invalid character")
_SLIPS = re.compile(
    r"EntityRef|no element found|Namespace prefix|declaration allowed only at the start|invalid Char value"
)


def walked(path: Path, workspace: Workspace, use: Callable[[Text], T]) -> T:
    """What `use` makes of the document. When its bytes are not in the encoding it declares, or when it has
    slips that leave no doubt, a mended copy is used, and said.

    Raises Unreadable when it is not well-formed.
    """
    text = Text(path, encoding_of(path))
    try:
        return use(text)
    except BadXml as error:
        wrong = error
    if _RECODED.search(str(wrong)):
        text = _mended(path, workspace)
        try:
            return use(text)
        except BadXml as error:
            wrong = error
    repaired = _repaired(text, workspace) if _SLIPS.search(str(wrong)) else None
    if repaired is None:
        raise _broken(wrong) from wrong
    try:
        return use(repaired)
    except BadXml as error:
        raise _broken(error) from error


def _broken(error: BadXml) -> Unreadable:
    where = re.search(r"line (\d+)", str(error))
    line = int(where.group(1)) if where else 0
    place = Sentence(" à la ligne {line}", line=line) if line else ""
    return Unreadable(
        Sentence("Le XML est mal formé{place} : {error}.", place=place, error=error),
        mend="Refaites l’export : le fichier est peut-être tronqué.",
        line=line,
    )


def _mended(path: Path, workspace: Workspace) -> Text:
    """A UTF-8 copy, decoded as its bytes say and without its declaration."""
    with mapped(path) as data:
        codec = detect(data).codec
    workspace.spool.mkdir(parents=True, exist_ok=True)
    copy = workspace.spool / "texte.xml"
    first = True
    with (
        path.open(encoding=codec, errors=MEND, newline="") as source,
        copy.open("w", encoding="utf-8", errors="replace", newline="") as target,
    ):
        while block := source.read(_BLOCK):
            target.write(_DECLARATION.sub("", block.lstrip("\ufeff")) if first else block)
            first = False
    return Text(
        copy,
        codec,
        (
            Issue(
                "encoding-mismatch",
                f"Le fichier n’est pas dans l’encodage qu’il annonce : il a été lu en {codec}.",
            ),
        ),
    )


WHOLE_MB = 50
"""Held in memory to be repaired: up to this size."""
_SLIP = re.compile(
    r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);)|&([A-Za-z][A-Za-z0-9]{1,31};)?|[\x00-\x08\x0b\x0c\x0e-\x1f]",
    re.DOTALL,
)
"""What is as it must be, first; then a lone « & », a letter by its HTML name, a sign of control."""
_PREFIX = re.compile(r"<([A-Za-z_][\w.-]{0,99}):|\s([A-Za-z_][\w.-]{0,99}):[\w.-]{1,99}\s*=")
_DECLARES = re.compile(r"\sxmlns:([\w.-]{1,99})\s*=")
_FIRST = re.compile(r"<(?![?!])[\w.:-]+")


def _repaired(text: Text, workspace: Workspace) -> Text | None:
    """A UTF-8 copy without the slips of programs that write XML by hand; None when there is none of them, or
    too much to hold in memory.
    """
    if text.path.stat().st_size > WHOLE_MB * MB:
        return None
    whole = text.path.read_bytes().decode("utf-8" if text.issues else text.encoding, MEND)
    bare = _SLIP.sub(_right, _ANYWHERE.sub("", whole).lstrip("\ufeff \t\r\n"))
    used = {prefix for prefixes in _PREFIX.findall(bare) for prefix in prefixes if prefix}
    strange = sorted(used - set(_DECLARES.findall(bare)) - {"xml", "xmlns"})[:20]
    declarations = "".join(f' xmlns:{prefix}="urn:prefixe:{prefix}"' for prefix in strange)
    bare = _FIRST.sub(lambda m: m[0] + declarations, bare, count=1)
    if bare == whole:
        return None
    workspace.spool.mkdir(parents=True, exist_ok=True)
    copy = workspace.spool / "repare.xml"
    copy.write_text(bare, encoding="utf-8", errors="replace", newline="")
    issue = Issue(
        "loose-xml",
        "Le XML a des fautes d’écriture (« & » nu, lettre nommée comme en HTML, préfixe non déclaré…) : elles ont été corrigées.",
    )
    return Text(copy, text.encoding, (*text.issues, issue))


def _right(slip: re.Match[str]) -> str:
    if slip[1]:
        return slip[1]
    if slip[0][0] != "&":
        return ""
    letter = html5.get(slip[2] or "")
    return escape(letter) if letter else f"&amp;{slip[2] or ''}"
