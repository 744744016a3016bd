"""A canary in every place that can hold a text: nothing of it on a public face, before a takedown and after
it.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from starlette.testclient import TestClient

from parvis.core.types import Contact, Dataset, Resource
from parvis.decisions import takedown
from parvis.publication.city import City
from parvis.store import datasets
from parvis.web.app import create_app
from tests.cities import canarycity
from tests.cities.canarycity import EMAILS, IBANS, NIRS, PHONES, Clock, canaries, decoded, found, hand_in

PLAIN = "quartier;arbres\nGare;12\nPort;7\nMairie;31\nHalles;4\n"
"""Innocent, but for what stands beside it."""
ROWS = [line.split(";") for line in PLAIN.splitlines()]


def book(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Arbres"
    for row in ROWS:
        sheet.append(row)
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet_name(made: openpyxl.Workbook) -> None:
    made.create_sheet(NIRS[2])
    for row in ROWS:
        made[NIRS[2]].append(row)


def hidden_sheet(made: openpyxl.Workbook) -> None:
    made.create_sheet("Suivi").sheet_state = "veryHidden"
    for i, row in enumerate(ROWS):
        made["Suivi"].append([*row, "agent" if not i else f"appelle le {PHONES[i % 8]}"])


def hidden_row(made: openpyxl.Workbook) -> None:
    made["Arbres"].append(["Rappeler", EMAILS[4]])
    made["Arbres"].row_dimensions[6].hidden = True


def hidden_column(made: openpyxl.Workbook) -> None:
    for i in range(1, 6):
        made["Arbres"].cell(i, 4, "suivi" if i == 1 else NIRS[i])
    made["Arbres"].column_dimensions["D"].hidden = True


def beside(made: openpyxl.Workbook) -> None:
    """Author, title and subject of the document, a comment, a defined name, headers and footers, a validation
    list.
    """
    made.properties.creator = made.properties.title = made.properties.subject = (
        f"Zéphyrine Quatresous {EMAILS[0]}"
    )
    made["Arbres"]["A2"].comment = Comment(f"voir {NIRS[5]}", "Aubépinet Hippolyte")
    made.defined_names["suivi"] = DefinedName("suivi", attr_text=f'"{PHONES[5]}"', comment=NIRS[5])
    made["Arbres"].oddHeader.center.text = f"Dossier {NIRS[6]}"
    made["Arbres"].oddFooter.left.text = EMAILS[6]


def packed(**members: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = NIRS[7].encode()
    return out.getvalue()


def photo() -> bytes:
    """A JPEG whose EXIF names its author (tag 0x013B)."""
    said = EMAILS[7].encode() + b"\x00"
    return (
        b"\xff\xd8\xff\xe1\x00\x60Exif\x00\x00II*\x00"
        + struct.pack("<IHHHIII", 8, 1, 0x013B, 2, len(said), 26, 0)
        + said
        + b"\xff\xd9"
    )


def geojson() -> bytes:
    """Foreign members, a name, an id: beside the features and in them."""
    features = [
        {
            "type": "Feature",
            "id": NIRS[i],
            "geometry": {"type": "Point", "coordinates": [3.87 + i / 100, 43.6]},
            "properties": {"quartier": row[0], "arbres": int(row[1])},
            "auteur": EMAILS[1],
        }
        for i, row in enumerate(ROWS[1:])
    ]
    whole = {
        "type": "FeatureCollection",
        "name": f"Relevé de {NIRS[1]}",
        "contact": PHONES[1],
        "metadata": {"auteur": EMAILS[1]},
        "features": features,
    }
    return json.dumps(whole).encode()


def kml() -> bytes:
    place = "".join(
        f"<Placemark><name>{r[0]}</name><Point><coordinates>3.8{i},43.6</coordinates></Point></Placemark>"
        for i, r in enumerate(ROWS[1:])
    )
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>{IBANS[1]}</name><Folder><name>{NIRS[0]}</name>{place}</Folder></Document></kml>'.encode()


FILES: dict[str, tuple[str, bytes]] = {
    "file": (f"arbres_{NIRS[0]}.csv", PLAIN.encode()), "sheet": ("a.xlsx", book(sheet_name)), "hidden-sheet": ("b.xlsx", book(hidden_sheet)),
    "hidden-row": ("c.xlsx", book(hidden_row)), "hidden-column": ("d.xlsx", book(hidden_column)), "beside": ("e.xlsx", book(beside)),
    "header": ("f.csv", PLAIN.replace("arbres", f"arbres ({EMAILS[3]})").encode()), "header-number": ("g.csv", PLAIN.replace("arbres", NIRS[3]).encode()),
    "above": ("h.csv", (f"Suivi par {EMAILS[2]} au {PHONES[2]}\n\n" + PLAIN).encode()), "below": ("i.csv", (PLAIN + f"\nSource : {EMAILS[2]} ({NIRS[4]})\n").encode()),
    "member": ("j.zip", packed(**{f"{NIRS[1]}.csv": PLAIN, "autres.csv": PLAIN.replace("arbres", "bancs")})),
    "notice": ("k.zip", packed(**{"arbres.csv": PLAIN, "lisez-moi.txt": f"Contact : {EMAILS[5]}\nTéléphone {PHONES[5]}\nDossier {NIRS[5]}\n"})),
    "photo": ("l.zip", packed(**{"arbres.csv": PLAIN, "photo.jpg": photo()})), "geojson": ("m.geojson", geojson()), "kml": ("n.kml", kml()),
}  # fmt: skip
WORDS: dict[str, Dataset] = {
    "title": Dataset("words-title", f"Arbres de {NIRS[0]}", "", "vivre"),
    "description": Dataset("words-description", "Arbres", f"Écrire à {EMAILS[0]}.", "vivre"),
    "keyword": Dataset("words-keyword", "Arbres", "", "vivre", keywords=("arbre", PHONES[3])),
    "contact": Dataset(
        "words-contact", "Arbres", "", "vivre", contact=Contact("Suivi des arbres", EMAILS[4])
    ),
    "contact-name": Dataset("words-contact-name", "Arbres", "", "vivre", contact=Contact(f"Poste {NIRS[4]}")),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = canarycity.build(tmp_path_factory.mktemp("canaries"), Clock())
    for name, dataset in WORDS.items():
        with made.db.begin() as conn:
            datasets.save_dataset(conn, dataset)
            datasets.save_resource(conn, Resource(f"{dataset.id}/table", dataset.id, "Arbres"))
        hand_in(made, f"{dataset.id}/table", PLAIN.encode() + b"\n" * (2 + len(name)), "arbres.csv")
    for name in ("resource-title", "resource-description"):
        said = (
            {"title": f"Table de {NIRS[6]}"}
            if name == "resource-title"
            else {"title": "Arbres", "description": f"Vu avec {EMAILS[6]}"}
        )
        with made.db.begin() as conn:
            datasets.save_dataset(conn, Dataset(name, "Arbres", "", "vivre"))
            datasets.save_resource(conn, Resource(f"{name}/table", name, **said))
        hand_in(made, f"{name}/table", PLAIN.encode() + b"\n" * (40 + len(name)), "arbres.csv")
    for name, (file, content) in FILES.items():
        with made.db.begin() as conn:
            datasets.save_dataset(conn, Dataset(f"file-{name}", f"Arbres, {name}", "", "vivre"))
            datasets.save_resource(
                conn, Resource(f"file-{name}/table", f"file-{name}", "Arbres", source=f"upload:{file}")
            )
        hand_in(made, f"file-{name}/table", content, file)
    hand_in(made, "arbres/arbres", canarycity.INNOCENT, "arbres.csv")
    yield made
    made.engine.connection.close()
    made.db.close()


ENTRIES = (
    "/", "/jeux", "/recherche", "/organisations", "/qualite", "/retraits-publics", "/catalog.ttl", "/catalogue.ttl", "/catalogue.jsonld", "/sitemap.xml", "/robots.txt", "/feed.atom",
    "/api/explore/v2.1/catalog/datasets", "/api/explore/v2.1/catalog/exports/json", "/api/explore/v2.1/catalog/exports/ttl", "/data.json", "/openapi.json", "/api/catalogue",
    *(f"/recherche?q={q}" for q in ("arbres", "suivi", NIRS[0], "quatresous")),
)  # fmt: skip
MANUAL = (
    "/connexion",
    "/verifier",
    "/controles",
    "/schemas",
    "/services",
    "/en/controles",
    "/en/schemas",
    "/en/services",
    "/api/docs",
    "/vaccins",
)
"""Pages that say the same in every city."""
ASKED = 2
"""Links with parameters that are followed of one page."""
MOST = 900
"""Addresses that are looked at."""


def faces(city: City) -> dict[str, str]:
    """Every address that a visitor reaches by following links, with what it answers, decoded; each page
    beside its twin.
    """
    seen: dict[str, str] = {}
    asked: dict[str, int] = {}
    with city.db.read() as conn:
        known = [
            f"/jeux/{d.id}"
            for d in datasets.datasets(conn, states=("draft", "published", "archived", "withdrawn"))
        ]
        known += [f"/api/explore/v2.1/catalog/datasets/{k.rpartition('/')[2]}" for k in known]
    with TestClient(create_app(city), follow_redirects=False, raise_server_exceptions=False) as client:
        waiting = [*ENTRIES, *known]
        while waiting and len(seen) < MOST:
            address = waiting.pop(0)
            if address in seen or (
                address.startswith("/en/") and not address.startswith("/en/jeux/file-")
            ):  # one tongue, but for the pages of what was sent
                continue
            answer = client.get(address)
            assert answer.status_code < 500, address
            texts = [
                unquote(str(answer.headers.items())),
                *(text for _, text in decoded(address, answer.content)),
            ]
            seen[address] = "\n".join([*texts, unescape(texts[1])]) if "q=" not in address else ""
            if answer.headers.get("content-type", "").startswith(
                ("text/html", "application/json", "application/xml", "application/atom")
            ):
                for link in _links(answer.text, address):
                    path, asks, _ = link.partition("?")
                    asked[path] = asked.get(path, 0) + bool(asks)
                    if link not in seen and (not asks or asked[path] <= ASKED):
                        waiting.append(link)
    return seen


def _links(text: str, here: str) -> Iterator[str]:
    for said in re.findall(
        r'(?:href|src|action)="([^"#]+)"|<loc>([^<]+)</loc>|"(?:href|url|download_url)": ?"([^"]+)"', text
    ):
        link = unescape(next(s for s in said if s))
        parts = urlsplit(urljoin(f"http://testserver{here}", link))
        if (
            parts.netloc != "testserver"
            or "/static" in parts.path
            or "/assets" in parts.path
            or parts.path.startswith(MANUAL)
        ):
            continue
        yield parts.path + (f"?{parts.query}" if parts.query else "")
        if "." not in parts.path.rpartition("/")[2] and not parts.query and parts.path != "/":
            yield f"{parts.path}.json"


def test_no_canary_is_on_a_public_face(city: City) -> None:
    seen = faces(city)
    assert 60 < len(seen) < MOST, Counter("/".join(a.split("/")[:3]) for a in seen).most_common(12)
    assert any("Halles" in text for text in seen.values())  # what is innocent is there
    told = {
        address: canaries(text) | (canaries(unquote(address)) if "q=" not in address else set())
        for address, text in seen.items()
    }
    assert {address: here for address, here in told.items() if here} == {}


def test_no_canary_is_in_the_open_before_and_nowhere_after_a_takedown(city: City) -> None:
    with city.db.read() as conn:
        every = [
            d.id for d in datasets.datasets(conn, states=("draft", "published", "archived", "withdrawn"))
        ]
        ids = [*every, *(r.id for d in every for r in datasets.resources(conn, d))]
    assert not [one for one in ids if canaries(one)]
    open_files = city.settings.path(city.settings.storage.files)
    laid_open = {
        place: canaries(text)
        for path in sorted(open_files.rglob("*"))
        if path.is_file()
        for place, text in decoded(path.name, path.read_bytes())
    }
    assert {place: here for place, here in laid_open.items() if here} == {}
    for one in every:
        takedown.withdraw(city, one, why="Données personnelles.", actor="ada")
    city.db.scrub()
    assert found(city) == {}
    left = {address: canaries(text) for address, text in faces(city).items()}
    assert {address: here for address, here in left.items() if here} == {}
