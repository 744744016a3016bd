"""Encodings: what town halls write is told right from its bytes, in five encodings, also in capitals, with
one accent, with foreign names.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from parvis.core.settings import Limits
from parvis.readers.encoding import PAGES, detect
from parvis.readers.plain_utf8 import plain

ENCODINGS = ("utf-8", *PAGES)

SENTENCES = (
    "Le conseil municipal s’est réuni à la mairie pour délibérer sur le budget de l’année à venir.",
    "La piscine est fermée le lundi ; elle rouvre mardi à dix heures, après vidange des bassins.",
    "Les élèves de l’école élémentaire déjeunent au réfectoire où l’on sert des légumes de saison.",
    "Un arrêté interdit le stationnement rue du Château, côté pair, du 3 au 12 février.",
    "La bibliothèque prête désormais des œuvres d’art aux adhérents âgés de plus de dix-huit ans.",
    "Température relevée : 12,5 °C à l’abri ; hygrométrie 78 % ; vent faible de secteur nord-ouest.",
    "Des travaux d’élargissement de la chaussée débuteront près du collège dès la rentrée.",
    "L’hôtel de ville accueille une exposition « Mémoires d’ici » jusqu’à la fin du mois d’août.",
    "Le maître d’œuvre a remis ses conclusions ; la surface utile passe de 120 à 145 m².",
    "Les déchets verts sont collectés chaque semaine là où les bacs ont été distribués.",
    "Où déposer un dossier de naturalisation ? Au guichet d’état civil, sur rendez-vous.",
    "Le théâtre a reçu une subvention ; ça n’était plus arrivé depuis plusieurs années.",
    "La fête du quartier aura lieu dimanche ; buvette, jeux, concert gratuit sur le parvis.",
    "Forêt communale : coupe d’éclaircie prévue parcelle n° 14, accès fermé aux piétons.",
    "Noël à Fenouillet : patinoire, marché et chœur d’enfants sous la halle aux grains.",
    "Aucune gêne n’a été signalée par les riverains du boulevard de la République.",
)


def _french(seed: int) -> str:
    """A sample of 200 to 5,000 characters, by its seed."""
    draw = random.Random(seed)
    size = draw.choice((200, 400, 800, 1500, 3000, 5000))
    text = ""
    while len(text) < size:
        text += draw.choice(SENTENCES) + draw.choice(("\n", " ", ";"))
    return text[:size]


def _page(text: str, page: str) -> str:
    """The text with what the code page has no letter for written as people without that letter write it."""
    for letter, plainer in (("’", "'"), ("²", "2"), ("œ", "oe"), ("Œ", "OE"), ("—", "-")):
        try:
            letter.encode(page)
        except UnicodeEncodeError:
            text = text.replace(letter, plainer)
    return text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_seventy_two_french_samples_are_read_right(encoding: str) -> None:
    """Right is the same text after decoding, for each of 72."""
    wrong = []
    for seed in range(72):
        text = _page(_french(seed), encoding)
        said = detect(text.encode(encoding)).codec
        if text.encode(encoding).decode(said, "replace") != text:
            wrong.append((seed, said))
    assert wrong == []


CAPITALS = (
    "CRÉATION D'UN PÔLE SANTÉ;RUE DES ÉCOLES;HÔTEL DE VILLE",
    "MARCHÉ COUVERT;FÊTE DE LA MUSIQUE;PRÉVENTION ROUTIÈRE",
    "ÉGLISE SAINT-ANDRÉ;CITÉ DES ARÈNES;IMPASSE DU CHÊNE",
    "TÉLÉPHONE;QUALITÉ;NUMÉRO;PRÉNOM;CODE INSEE",
)
ONE_ACCENT = (
    "id;nom\n1;Mairie annexe\n2;École du centre\n3;Gymnase",
    "id;nom\n1;Café de la gare\n2;Tabac",
    "nom;numéro\nA;12\nB;14\n",
    "voie;commune\nrue de la Forêt;Orly\n",
    "id;lieu\n1;à définir\n2;mairie\n",
)
FOREIGN = (
    "nom;prénom;fonction\nMüller;Jürgen;élu délégué à la propreté\nGroß;Käthe;chargée d'état civil\nSchröder;Jörg;médiateur\n",
    "nom;prénom;ville\nWójcik;Zofia;Orléans\nKowalski;Andrzej;Évry\nGórski;Stanisław's frère;Angoulême\n".replace(
        "ł", "l"
    ),
    "nom;prénom;quartier\nNúñez;Begoña;Les Prés\nGarcía;José;Château\nPérez;Inés;Bellevue-Résidence\n",
    "nom;prénom;quartier\nFaßbinder;Götz;Les Hêtres\nSørensen;Bjørn;Cité Médicis\nÅkesson;Åsa;Le Pré vert\n",
    "nom;ville\nMüller;Köln\nGrün;Düsseldorf\nWeiß;Nürnberg\nSchäfer;Tübingen\n",
)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [*CAPITALS, *ONE_ACCENT, *FOREIGN])
def test_capitals_one_accent_and_foreign_names(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    said = detect(content)
    assert content.decode(said.codec) == text, said


@pytest.mark.parametrize(
    ("content", "codec"),
    [
        (b"a;b\n1;2\n", "utf-8"),
        ("a;é".encode("utf-8-sig"), "utf-8-sig"),
        ("nom;ville\nA;B\n".encode("utf-16"), "utf-16"),
        ("nom;ville\nA;B\n".encode("utf-16-le"), "utf-16-le"),
        ("nom;ville\né;B\n".encode("utf-16-be"), "utf-16-be"),
        (b"\xfe\xff" + "nom;ville\nA;B\n".encode("utf-16-be"), "utf-16"),
        ("nom;prix\nA;12 €\nl’été;“x”…\n".encode("cp1252"), "cp1252"),
        ("nom;prix\nété;12 €\ncœur;13 €\n".encode("iso-8859-15"), "iso-8859-15"),
    ],
)
def test_marks_and_deciding_bytes(content: bytes, codec: str) -> None:
    assert detect(content).codec == codec


@pytest.mark.parametrize(
    ("text", "codecs"),
    [
        ("Привет, это таблица городских адресов; улица Ленина, дом 5; площадь Победы\n" * 4, ("cp1251",)),
        ("これは市の住所の表です。東京都千代田区、横浜市中区。\n" * 6, ("shift_jis", "cp932", "euc_jp")),
        (
            "Zażółć gęślą jaźń; Łódź; Kraków; województwo małopolskie; ulica Świętojańska\n" * 4,
            ("cp1250", "iso8859-2"),
        ),
    ],
)
def test_texts_of_other_alphabets_go_to_the_detector(text: str, codecs: tuple[str, ...]) -> None:
    """What does not look French is left to chardet, and told as a guess."""
    for codec in codecs:
        said = detect(text.encode(codec))
        assert text.encode(codec).decode(said.codec) == text
        assert [i.code for i in said.issues] == ["encoding-guess"]


def test_utf_8_is_checked_to_the_end_of_the_file() -> None:
    """One accent in cp1252 after megabytes of plain ASCII, or after UTF-8."""
    ascii_first = b"a;b\n" + b"1;2\n" * 1_000_000 + b"caf\xe9;3\n"
    assert detect(ascii_first).codec == "cp1252"
    utf_first = "é;b\n".encode() * 100_000 + b"caf\xe9;3\n"
    said = detect(utf_first)
    assert (said.codec, said.clean, [i.code for i in said.issues]) == ("utf-8", False, ["encoding-damage"])


def test_damaged_utf_8_loses_nothing(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are read as Windows-1252 where they stand."""
    path = tmp_path / "recu"
    path.write_bytes("été;École;à\n".encode() * 3 + b"caf\xe9;\x80;x\n" + "hôtel\n".encode() + b"fin\xe9")
    read = plain(path, tmp_path / "spool", Limits())
    assert read.path.read_text("utf-8") == "été;École;à\n" * 3 + "café;€;x\nhôtel\nfiné"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-be", "mac-roman", "cp850"])
def test_copy_keeps_every_character_and_line_end_across_blocks(tmp_path: Path, encoding: str) -> None:
    """Blocks of one MiB cut characters and CRLF in two: nothing shifts."""
    text = "".join(f"ligne {i};été à Évry;{'é' * (i % 7)}\r\n" for i in range(60_000))
    path = tmp_path / "recu"
    path.write_bytes(text.encode(encoding))
    read = plain(path, tmp_path / "spool", Limits())
    assert read.path.read_bytes() == text.encode()
