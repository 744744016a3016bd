"""Name what is not a table by its first bytes, in plain words: a PDF, a picture, a Word document."""

from __future__ import annotations

import re

from parvis.core.sentence import Sentence

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", Sentence("un document PDF")),
    (b"\x89PNG\r\n", Sentence("une image PNG")),
    (b"\xff\xd8\xff", Sentence("une image JPEG")),
    (b"GIF87a", Sentence("une image GIF")),
    (b"GIF89a", Sentence("une image GIF")),
    (b"II*\x00", Sentence("une image TIFF")),
    (b"MM\x00*", Sentence("une image TIFF")),
    (b"BM", Sentence("une image BMP")),
    (b"{\\rtf", Sentence("un document RTF")),
    (b"7z\xbc\xaf\x27\x1c", Sentence("une archive 7-Zip")),
    (b"Rar!\x1a\x07", Sentence("une archive RAR")),
    (b"\xfd7zXZ\x00", Sentence("un fichier compressé par xz")),
    (b"\x28\xb5\x2f\xfd", Sentence("un fichier compressé par Zstandard")),
    (b"\x7fELF", Sentence("un programme")),
    (b"MZ", Sentence("un programme Windows")),
    (b"\xca\xfe\xba\xbe", Sentence("un programme Java")),
    (b"ID3", Sentence("un son MP3")),
    (b"OggS", Sentence("un son Ogg")),
    (b"fLaC", Sentence("un son FLAC")),
    (b"\x1aE\xdf\xa3", Sentence("une vidéo Matroska")),
    (b"\x00\x01\x00\x00Standard ACE DB", Sentence("une base Access")),
    (b"\x00\x01\x00\x00Standard Jet DB", Sentence("une base Access")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Sentence("un document Office ancien ou protégé par un mot de passe"),
    ),
    (b"ARROW1", Sentence("un fichier Arrow")),
    (b"Obj\x01", Sentence("un fichier Avro")),
    (b"AC10", Sentence("un plan AutoCAD (DWG)")),
    (b"SAS     ", Sentence("un fichier SAS")),
    (b"$FL2", Sentence("un fichier SPSS")),
    (b"-----BEGIN ", Sentence("un certificat ou une clé")),
)

PACKED = frozenset({"une archive 7-Zip", "une archive RAR", "un fichier compressé par Zstandard"})
"""What may hold tables, in a container that is not read."""

ZIPPED: tuple[tuple[str, str], ...] = (
    ("word/document.xml", Sentence("un document Word")),
    ("ppt/presentation.xml", Sentence("une présentation PowerPoint")),
    ("META-INF/container.xml", Sentence("un livre EPUB")),
    ("META-INF/MANIFEST.MF", Sentence("un programme Java")),
    ("AndroidManifest.xml", Sentence("une application Android")),
)
"""A member that says what a zip archive really is."""

_HTML = re.compile(
    rb"\s*(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<!--.{0,200}-->\s*<html)", re.IGNORECASE | re.DOTALL
)


def kind(head: bytes) -> str:
    """What the bytes are, in French with its article, when it is something known that holds no table; ""
    otherwise.
    """
    nul = b"\x00" in head[:512]
    if head[4:8] == b"ftyp" and nul:
        return Sentence("une vidéo ou une image MPEG-4")
    if head[:4] == b"RIFF" and nul:
        return Sentence("un son, une image ou une vidéo (RIFF)")
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return Sentence("un fichier compressé par bzip2")
    if head[257:262] == b"ustar":
        return Sentence("une archive tar")
    if web_page(head):
        return Sentence("une page web (HTML)")
    for signature, name in SIGNATURES:
        # A few letters may begin a text: ask for a byte that no text has as well.
        if head.startswith(signature) and (nul or len(signature) > 4 or not signature.isalnum()):
            return name
    return ""


def web_page(head: bytes) -> bool:
    """Whether the bytes begin as a web page does.

    >>> web_page(b"\\xef\\xbb\\xbf<!DOCTYPE html><title>Connexion</title>"), web_page(b"nom;places\\n<b>;3\\n")
    (True, False)
    """
    return _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def binary(head: bytes) -> bool:
    """True when the bytes can't be text in any encoding that we read: control characters, or NULs that are
    not those of UTF-16 or UTF-32.
    """
    if not head or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    head = head.rstrip(b"\x00") or head  # some programs fill the end of a file with NULs
    control = len(head) - len(head.translate(None, delete=_CONTROL))
    nuls = head.count(0)
    if nuls > max(3, len(head) * 0.05):
        even, odd = head[::2].count(0), head[1::2].count(0)
        return not (max(even, odd) > 0.4 * (len(head) // 2) and min(even, odd) <= 0.05 * max(even, odd))
    return control > max(2, len(head) * 0.02)


_CONTROL = bytes(b for b in range(32) if b not in b"\t\n\r\f\v\x1a\x1b\x1c\x1d\x1e\x1f\x00\x01\x02") + b"\x7f"
