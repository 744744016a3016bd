"""Find the encoding of a text file, from all of its bytes.

Order: byte-order mark, UTF-16 without a mark, strict UTF-8 over the whole file, UTF-8 with a few damaged
bytes, then the code pages that French files come in, scored by how well their letters fit French; a
statistical detector (chardet) is asked only when that score is low or close.
"""

from __future__ import annotations

import codecs
import math
import mmap
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.late import late
from parvis.core.reading import Issue
from parvis.core.text import counted
from parvis.readers.memory_maps import passed

if TYPE_CHECKING:
    import chardet
else:
    chardet = late("chardet")

Bytes = npt.NDArray[np.uint8]

UTF_8_STEP = 1 << 24
"""Bytes held to UTF-8 in one go."""

PAGES = ("cp1252", "iso-8859-15", "mac-roman", "cp850")
"""Code pages that French files come in. Where two give the same text, the first is said."""

_WEIGHTS: Mapping[str, float] = {
    letter: weight
    for weight, letters in (
        (10, "é"),
        (4, "è"),
        (3, "à"),
        (2, "êçÉ’"),
        (1.5, "ô"),
        (1.2, "°"),
        (1, "î"),
        (0.8, "ûâ\xa0"),
        (0.6, "œ"),
        (0.5, "ÈÀùï«»€–"),
        (0.4, "²"),
        (0.3, "ë…ü"),
        (0.2, "ÇÊÔöÎŒ‘“”"),
    )
    for letter in letters
}
_LETTER, _SIGN = 0.02, 0.01
_CONTROL, _UNDEFINED = -12.0, -50.0
_MISFIT = -4.0
"""Log score of a character that no writer would put between its neighbours."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file become text."""

    codec: str
    """Python codec; `utf-8-sig` with a byte-order mark."""
    bom: int = 0
    """Bytes of the mark, or marks, at the start."""
    clean: bool = False
    """True when the file is strict UTF-8: it may be read in place."""
    issues: tuple[Issue, ...] = ()


def _log_scores(page: str) -> npt.NDArray[np.float64]:
    scores = np.full(128, _UNDEFINED)
    for byte in range(128, 256):
        try:
            letter = bytes([byte]).decode(page)
        except UnicodeDecodeError:
            continue
        if "\x80" <= letter <= "\x9f":
            scores[byte - 128] = _CONTROL
        else:
            scores[byte - 128] = math.log(_WEIGHTS.get(letter, _LETTER if letter.isalpha() else _SIGN) / 40)
    return scores


_SCORES = np.stack([_log_scores(page) for page in PAGES])
_MISFITS = re.compile(
    r"[A-Z][à-öø-ÿœš](?=[A-Z])"  # cRéA: a small letter inside capitals
    r"|[a-zà-ÿ][À-ÖØ-ÞŒŠŽŸ](?=[a-z])"  # cOté: a capital inside small letters
    r"|[A-Za-z][^\w\s\x00-\x7f’‘´`ʼ“”«»–—…·•€£°º²³ª№™®©](?=[A-Za-z])"  # a sign that no word holds
    r"|[a-z]{2}[ºª][a-z]|[^\W\d_][€£²³](?=[^\W\d_])|[^\W\d_][¹¿¼½¾¬±×÷¤¥¢]|£[^\W\d_]|[A-Za-z][‚„†‡ˆ‰‹›˜¨¸¯¿¡¦¬±×÷¤¶§](?=[A-Za-z])"
)


_UNLIKELY = re.compile(r"[àù](?=[a-z])|(?<![^\W\d_])[ê](?!t)")
"""« à » and « ù » end French words, « ê » hardly begins one."""


def _misfit(text: str) -> float:
    return _MISFIT * len(_MISFITS.findall(text)) + _MISFIT / 2 * len(_UNLIKELY.findall(text))


def detect(data: mmap.mmap | bytes) -> Encoding:
    """The encoding of a whole file, given as a memory map or as bytes. Never raises: bytes that fit nothing
    are read as damaged text, and said so.
    """
    head = bytes(data[:4])
    if head[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return Encoding("utf-32", 4)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Encoding("utf-16", 2)
    bom = 0
    while bytes(data[bom : bom + 3]) == codecs.BOM_UTF8:
        bom += 3
    name = "utf-8-sig" if bom else "utf-8"
    twice = (
        (
            Issue(
                "two-boms",
                f"La marque d’ordre des octets (BOM) est écrite {bom // 3} fois ; elle a été ôtée.",
            ),
        )
        if bom > 3
        else ()
    )
    wide = None if bom else _utf_16(bytes(data[: 1 << 16]))
    if wide:
        return Encoding(
            wide,
            issues=(
                Issue("no-bom", f"Le fichier est en {wide.upper()} sans marque d’ordre des octets (BOM)."),
            ),
        )
    if valid_utf_8(data):
        return Encoding(name, bom, clean=True, issues=twice)
    good, bad, french = _utf_8_share(data)
    if bom or good > 4 * bad or (french >= _BOTH and 3 * french > bad):
        damage = Issue(
            "encoding-damage",
            counted(bad, "octet invalide en UTF-8 : lu", "octets invalides en UTF-8 : lus")
            + " comme du Windows-1252 ; vérifiez les accents.",
        )
        return Encoding(name, bom, issues=(*twice, damage))
    return _legacy(data)


def valid_utf_8(data: mmap.mmap | bytes) -> bool:
    """Strict UTF-8 from end to end. Arrow's check runs at several GB/s and copies nothing."""
    whole = pa.py_buffer(data)  # pyright: ignore[reportArgumentType]
    start = 0
    while start < len(data):
        stop = _whole_characters(data, start + UTF_8_STEP)
        offsets = pa.py_buffer(np.array([start, stop], np.int64).tobytes())
        try:
            pa.LargeStringArray.from_buffers(1, offsets, whole).validate(full=True)
        except pa.ArrowInvalid:
            return False
        passed(data, stop, stop - start)
        start = stop
    return True


def _whole_characters(data: mmap.mmap | bytes, offset: int) -> int:
    """The offset, or up to three bytes before, where a character begins; the end of the data when that comes
    first.
    """
    if offset >= len(data):
        return len(data)
    back = next((n for n in range(4) if data[offset - n] & 0xC0 != 0x80), 0)
    return offset - back


def _utf_16(head: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """UTF-16 without a mark: one byte in two is NUL, always on the same side."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > 0.4 * pairs and even <= 0.02 * odd:
        return "utf-16-le"
    if even > 0.4 * pairs and odd <= 0.02 * even:
        return "utf-16-be"
    return None


_SEQUENCES = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|([\x80-\xff])"
)


_BOTH = 4
"""French letters in UTF-8 beside others in Windows-1252 that tell two exports glued together: hardly a word
of a code page makes one by chance.
"""
_FRENCH = re.compile(rb"\xc3[\x80-\xbf]|\xc5[\x92\x93]|\xe2\x80[\x93\x94\x98-\x9e\xa6]|\xe2\x82\xac")


def _utf_8_share(data: mmap.mmap | bytes) -> tuple[int, int, int]:
    """How many characters of several bytes are valid UTF-8, how many bytes are not, and, where most of these
    would be letters in Windows-1252, how many of the characters are of French; over the first 16 MiB that
    hold a fault.
    """
    good = bad = french = letters = 0
    for start in range(0, len(data), 1 << 22):
        for match in _SEQUENCES.finditer(data[start : start + (1 << 22)]):
            if match.group(1) is None:
                good += 1
                french += _FRENCH.fullmatch(match.group(0)) is not None
            else:
                bad += 1
                letters += match.group(0) >= b"\xc0"
        if bad and good + bad > 100_000:
            break
    return good, bad, french if french > 0.8 * good and letters > 0.6 * bad else 0


def _legacy(data: mmap.mmap | bytes) -> Encoding:
    """One of the code pages, by the letters that French uses; else what chardet says."""
    counts = np.zeros(128, dtype=np.int64)
    windows: list[bytes] = []
    together = 0
    whole = np.frombuffer(data, dtype=np.uint8)
    for start in range(0, len(whole), 1 << 20):
        passed(data, start, 1 << 20)
        block = whole[start : start + (1 << 20)]
        high = np.flatnonzero(block & 0x80)
        counts += np.bincount(block[high] - 128, minlength=128)
        together += int(np.count_nonzero(np.diff(high) == 1))
        if len(windows) < 400:
            windows += [
                bytes(data[max(0, start + p - 2) : start + p + 3])
                for p in high[: 400 - len(windows)].tolist()
            ]
    del whole
    total = int(counts.sum())
    sample = b" \n ".join(windows)
    misfits = np.array([_misfit(sample.decode(page, "ignore")) for page in PAGES]) / max(1, len(windows))
    means = (_SCORES @ counts) / total + misfits
    best = int(np.argmax(means))
    rivals = [
        i
        for i in range(len(PAGES))
        if i != best and sample.decode(PAGES[i], "replace") != sample.decode(PAGES[best], "replace")
    ]
    margin = float(means[best] - max((means[i] for i in rivals), default=-math.inf)) * total
    foreign = together > 0.45 * total or float(misfits[best]) < -1.2
    if foreign or margin < 1.0 or float(means[best]) < -9.5:
        detected = _by_chardet(data, foreign=foreign)
        if detected:
            return Encoding(detected, issues=(_guess(detected),))
        return Encoding(PAGES[best], issues=(_guess(PAGES[best]),))
    return Encoding(PAGES[best])


_SURE = 0.08
"""chardet says right names with small confidence on short texts: only its noise is left out."""


def _guess(codec: str) -> Issue:
    return Issue(
        "encoding-guess",
        f"L’encodage {codec} est le plus probable, sans certitude : vérifiez les accents, ou déposez le fichier en UTF-8.",
    )


def _by_chardet(data: mmap.mmap | bytes, *, foreign: bool) -> str:
    """What chardet says of a sample of the lines that are not plain ASCII; "" when it is of no help.

    Outside the four pages its word counts only when the bytes look foreign: runs of high bytes, or signs
    inside words.
    """
    lines = [line for line in bytes(data[: 1 << 18]).splitlines(keepends=True) if not line.isascii()]
    sample = b"".join(lines)[:50_000]
    if not sample:
        return ""
    answer = chardet.detect(sample)
    name, sure = answer.get("encoding"), answer.get("confidence")
    if not isinstance(name, str) or not isinstance(sure, float):
        return ""
    try:
        codec = codecs.lookup(name).name
        sample.decode(codec)
    except (LookupError, UnicodeDecodeError):
        return ""
    known = {codecs.lookup(page).name: page for page in PAGES}
    if codec in known:
        return known[codec]
    return (
        codec if foreign and sure >= _SURE and codec not in ("ascii", "utf-8", "iso8859-1", "utf-7") else ""
    )


def mend(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: a byte that the codec refuses is read as Windows-1252, or as itself when that has
    none either. Nothing is lost, nothing stops.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : max(error.end, error.start + 1)]
    if error.encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
        return "\ufffd", error.end
    return bad[:1].decode("cp1252", "ignore") or bad[:1].decode("latin-1"), error.start + 1


MEND = "parvis-mend"
codecs.register_error(MEND, mend)
