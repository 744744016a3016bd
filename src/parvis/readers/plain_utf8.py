"""Bring a text file to plain UTF-8: the file itself when it is clean, else a copy in the spool whose physical
lines are those of the original.
"""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from parvis.core.errors import Unreadable
from parvis.core.reading import Issue
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.core.text import counted, in_number
from parvis.readers.encoding import MEND, Encoding, detect
from parvis.readers.limits import MB, past
from parvis.readers.memory_maps import mapped, passed, signs_in

BLOCK = 1 << 20
_DOUBLED = {0x83: b"\xc3\x83\xc2", 0x82: b"\xc3\xa2\xe2\x82\xac"}
"""UTF-8 encoded twice, « Ã© », « â€™ »: a byte of each that is rare elsewhere, and the whole."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A text file as UTF-8."""

    path: Path
    """The file as received when it is clean UTF-8, else a copy without BOM."""
    encoding: Encoding
    bom: int
    """Bytes of BOM at the start of `path`."""
    feeds: bool
    """There are line feeds in the file."""
    returns: bool
    """There are carriage returns in the file."""
    issues: tuple[Issue, ...]


def plain(path: Path, spool: Path, limits: Limits) -> Plain:
    """Find the encoding and bring the text to UTF-8. Raises Unreadable when a line goes past `line_mb`, or
    when nothing remains.
    """
    with mapped(path) as data:
        encoding = detect(data)
        if not encoding.clean:
            return _copy(path, encoding, spool, limits, encoding.issues)
        seen = _survey(data, limits)
        if seen.nuls or seen.double_returns:
            return _copy(path, encoding, spool, limits, encoding.issues)
    return Plain(path, encoding, encoding.bom, seen.feeds, seen.returns, (*encoding.issues, *_damage(seen)))


@dataclass(frozen=True, slots=True)
class _Seen:
    feeds: bool
    returns: bool
    nuls: bool
    double_returns: bool
    replaced: int
    doubled: int


def _survey(data: mmap.mmap | bytes, limits: Limits) -> _Seen:
    """Line ends, NULs, traces of lost or doubled accents; and no line past the limit. Bytes that a clean file
    lacks are searched, not counted.
    """
    signs = signs_in(data, b"\n\r\x00\xef\x83\x82")
    feeds, returns = 0x0A in signs, 0x0D in signs
    _short_lines(data, limits, feeds=feeds, returns=returns)
    return _Seen(
        feeds,
        returns,
        nuls=0x00 in signs,
        double_returns=returns and data.find(b"\r\r\n") >= 0,
        replaced=_count(data, 0xBF, (b"\xef\xbf\xbd",)) if 0xEF in signs else 0,
        doubled=sum(_count(data, sign, (mark,)) for sign, mark in _DOUBLED.items() if sign in signs),
    )


def _short_lines(data: mmap.mmap | bytes, limits: Limits, *, feeds: bool, returns: bool) -> None:
    """Raise Unreadable when two line ends are further apart than the limit: jump as far as allowed, look back
    for a line end.
    """
    at, size, allowed = 0, len(data), limits.line_mb * MB
    while size - at > allowed:
        end = max(
            data.rfind(b"\n", at, at + allowed + 1) if feeds else -1,
            data.rfind(b"\r", at, at + allowed + 1) if returns else -1,
        )
        if end < 0:
            line = 1 + data[:at].count(b"\n" if feeds else b"\r")
            raise past(
                "line_mb",
                limits.line_mb,
                Sentence("La ligne {number} est trop longue", number=line),
                unit="Mo",
                line=line,
            )
        at = end + 1


def _count(data: mmap.mmap | bytes, sign: int, marks: tuple[bytes, ...]) -> int:
    """How often the marks occur in the file; only blocks that hold their sign byte are searched."""
    whole = np.frombuffer(data, dtype=np.uint8)
    occurrences = 0
    for start in range(0, len(whole), 1 << 18):
        passed(data, start, 1 << 18)
        if (whole[start : start + (1 << 18)] == sign).any():
            before = max(0, start - 4)
            near = data[before : start + (1 << 18)]
            # A mark counts where its last byte lies: one that ends in the four bytes before was counted
            # there.
            occurrences += sum(near.count(m) - near[: start - before].count(m) for m in marks)
    return occurrences


def _damage(seen: _Seen) -> Iterator[Issue]:
    if seen.replaced:
        lost = (
            counted(seen.replaced, "caractère de remplacement", "caractères de remplacement")
            + " « \ufffd » dans le fichier : ces lettres sont perdues, reprenez l’export d’origine."
        )
        yield Issue("encoding-damage", lost)
    if seen.doubled:
        yield Issue(
            "double-encoding",
            f"{counted(seen.doubled, 'suite', 'suites')} « Ã© », « â€™ »… : le texte a été converti deux fois en UTF-8 ; reprenez l’export d’origine.",
        )


def _copy(path: Path, encoding: Encoding, spool: Path, limits: Limits, issues: tuple[Issue, ...]) -> Plain:
    """Write the UTF-8 copy block by block: decoded, without BOM, NUL or doubled carriage returns. Line ends
    stay what they are.
    """
    spool.mkdir(parents=True, exist_ok=True)
    out = spool / "texte.csv"
    codec = "utf-8" if encoding.codec == "utf-8-sig" else encoding.codec
    decoder = codecs.getincrementaldecoder(codec)(errors=MEND)
    nuls = doubled = misread = 0
    first = True
    held = ""
    with path.open("rb") as source, out.open("wb") as target:
        if not codec.startswith(("utf-16", "utf-32")):
            source.seek(encoding.bom)
        done = False
        while not done:
            block = source.read(BLOCK)
            done = not block
            text = held + decoder.decode(block, final=done)
            if first and text:
                first = False
                bare = text.lstrip("\ufeff\u0a0d\u0d0a")
                # Raw CR LF bytes put before the text by a program that took UTF-16 for bytes: they make the
                # letter U+0A0D.
                misread, text = len(text) - len(bare.lstrip("\ufeff")), bare.lstrip("\ufeff")
            # A line end must not be cut between two blocks.
            cut = len(text) if done else len(text.rstrip("\r"))
            text, held = text[:cut], text[cut:]
            if "\x00" in text:
                nuls += text.count("\x00")
                text = text.replace("\x00", "")
            if "\r\r\n" in text:
                doubled += text.count("\r\r\n")
                text = text.replace("\r\r\n", "\r\n")
            target.write(text.encode("utf-8", "replace"))
    issues_of_copy = list(issues)
    if nuls:
        issues_of_copy.append(Issue("nul-bytes", in_number(nuls, "{n} octet[s] NUL ôté[s].")))
    if doubled:
        issues_of_copy.append(
            Issue(
                "mixed-newlines",
                in_number(doubled, "{n} fin[s] de ligne doublée[s] (CR CR LF) ramenée[s] à une seule."),
            )
        )
    if misread and codec.startswith("utf-16"):
        issues_of_copy.append(
            Issue("junk-start", "Des octets parasites précèdent le texte ; ils ont été ôtés.")
        )
    if out.stat().st_size == 0:
        raise Unreadable("Le fichier ne contient aucun texte.")
    with mapped(out) as data:
        seen = _survey(data, limits)
    return Plain(out, encoding, 0, seen.feeds, seen.returns, (*issues_of_copy, *_damage(seen)))
