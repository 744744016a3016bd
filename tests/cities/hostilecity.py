"""A city in which everything that somebody may write (names, titles, headers, values, file and sheet names,
reasons, messages) is written against it.

`written("x")` is one such text: markup that opens elements or closes those it may stand in, marks of
Python's, Jinja's and Vega's formats, a formula, line breaks that would begin a header or a line of a
calendar, controls and marks of direction. Whoever shows one shows a text, or refuses it in words.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from parvis.alerts.message import Area, Message, Part, Words
from parvis.catalogue.search import Index
from parvis.core.types import Column, Contact, Dataset, Finding, Organisation, Resource, Row
from parvis.decisions import deciding, takedown
from parvis.demo.writing import workbook
from parvis.people import accounts, groups
from parvis.people.passwords import Passwords
from parvis.privacy import checklist
from parvis.publication import pipeline, policies, recipes
from parvis.publication.city import City
from parvis.store import datasets, register
from parvis.store.register import Breach
from parvis.work import alerting
from tests.cities import sharecity, webcity

ELEMENT = "parvis-x"
"""An element that nothing of ours has."""
BREAK = "\r\nX-Parvis: 1\r\n"
"""A line of a header, a mail or a calendar, begun inside a text."""


def written(label: str, *, one_line: bool = False) -> str:
    """A text made to do harm, that begins with a label. one_line: without breaks and controls, where a header
    or a name of a sheet can't have them.
    """
    text = (
        f"{label} \"'--></option></select></textarea></title></script><{ELEMENT} id=oops onclick=alert(1)>"
        '<img src=x onerror=alert(1)>&lt;b&gt; %(n)s %s %d 100 % {0} {name} {{ 7*7 }} {% raw %} #import "x" $x$ _y_ *z* [a](javascript:alert(1)) \u202ebidi\u2066'
    )
    return text if one_line else f"{text}{BREAK}\t\x07\x1b[31m"


HEADERS = (
    f'commune<{ELEMENT}>"', "taux (%)", "%(n)s %s", "{0} {{ 7*7 }}", "=HYPERLINK(\"http://x\")", "a'b\"c`d", "</script><img src=x onerror=alert(1)>",
    "datum['x'] + 1", "\u202enoitcerid", "%%%", "#set page(width: 1pt)",
)  # fmt: skip
"""Headers of the table: markup, per cent signs, braces, quotes, an expression, a formula, a direction, and
one without a letter.
"""


def table(rows: int = 40) -> str:
    """A CSV with those headers; its values are hostile texts, numbers and dates."""
    said = [h.replace('"', '""') for h in HEADERS]
    lines = [";".join(f'"{h}"' for h in said)]
    for i in range(rows):
        cells = [
            written(f"v{i % 4}", one_line=True),
            str(i * 1.5).replace(".", ","),
            str(i),
            f"2026-01-{i % 28 + 1:02d}",
            "=1+1",
            "@x",
            "-5",
            "+33 4",
            "oui",
            str(i % 3),
            "x",
        ]
        lines.append(";".join('"' + c.replace('"', '""') + '"' for c in cells))
    return "\n".join(lines) + "\n"


def build(folder: Path) -> dict[str, str]:
    """Make the city in an empty folder; returns addresses of what was made there by kind."""
    sharecity.build(folder)
    city = webcity.open_again(folder, base_url="http://testserver")
    _people(city)
    _tables(city, folder)
    found = _decisions(city) | _alerts(city)
    Index.open(city.settings.path(city.settings.storage.index)).rebuild(city.db)
    city.engine.connection.close()
    city.db.scrub()
    city.db.close()
    return found


def _people(city: City) -> None:
    kept = Passwords().hash(webcity.PASSWORD)
    with city.db.begin() as conn:
        datasets.save_organisation(
            conn,
            Organisation(
                "hostile", written("organisation"), written("presentation"), "body", "javascript:alert(1)"
            ),
        )
        for name in ("dpo", "publisher", "delegate", "steward", "admin"):
            accounts.make(
                conn,
                email=f"h{name}@montclair.example",
                name=written(name, one_line=True),
                password_hash=kept,
                actor="system",
                at=webcity.NOW,
                person_id=f"h{name}",
            )
            accounts.give_role(conn, f"h{name}", "hostile", name, actor="system", at=webcity.NOW)  # type: ignore[arg-type]
            accounts.give_role(conn, f"h{name}", "education", name, actor="system", at=webcity.NOW)  # type: ignore[arg-type]
        accounts.set_city_admin(conn, "hadmin", True, actor="system", at=webcity.NOW)
        groups.make(
            conn, "hostile", written("groupe", one_line=True), "education", actor="system", at=webcity.NOW
        )
        groups.enrol(conn, "hostile", "hpublisher@montclair.example", actor="system", at=webcity.NOW)


def _dataset(name: str) -> Dataset:
    return Dataset(
        name,
        written("titre"),
        written("description"),
        "hostile",
        Contact(written("contact"), "x@montclair.example\r\nBcc: a@b.example", "javascript:alert(1)"),
        themes=("TRAN",),
        keywords=(written("mot", one_line=True), "%s", "{0}"),
        spatial="",
        frequency="daily",
        state="published",
        language="fr",
    )


def _tables(city: City, folder: Path) -> None:
    """A CSV and a workbook by the pipeline, and a version with every text of a report hostile by the store."""
    raw = folder / "raw"
    raw.mkdir()
    with city.db.begin() as conn:
        for name in ("hostile", "classeur", "archive"):
            datasets.save_dataset(conn, replace(_dataset(name), issued=webcity.NOW, modified=webcity.NOW))
            datasets.save_resource(
                conn,
                Resource(
                    f"{name}/table", name, written("ressource"), written("explication"), source="upload:x"
                ),
            )
    (raw / "a.csv").write_text(table(), "utf-8")
    sheet = [
        ["commune", "taux (%)", f"<{ELEMENT}>"],
        *([f"Ville {i}", str(i), "<img src=x onerror=alert(1)>"] for i in range(12)),
    ]
    (raw / "b.xlsx").write_bytes(workbook({f"<{ELEMENT}>%s{{0}}": sheet, "=1+1 (%)": sheet}))
    with zipfile.ZipFile(raw / "c.zip", "w") as packed:
        packed.writestr(
            f"<{ELEMENT}> %s {{0}}.csv", "commune;n\n" + "".join(f"Ville {i};{i}\n" for i in range(12))
        )
        packed.writestr("lisez <b>moi %s.txt", "x")
    for file, resource in (("a.csv", "hostile"), ("b.xlsx", "classeur"), ("c.zip", "archive")):
        deposit = pipeline.receive(
            city,
            raw / file,
            name=written(file, one_line=True).replace("/", "-"),
            resource=f"{resource}/table",
            actor="hpublisher",
        )
        pipeline.decide(city, deposit.id, pipeline.draft(city, deposit))
    title = written("politique", one_line=True).replace("\\", "").replace('"', "")
    policies.save(
        city, "classeur/table", f'title = "{title}"\nothers = "keep"\n[models]\nk = 2\n', actor="hpublisher"
    )
    recipes.save(
        city,
        "archive/table",
        ({"step": "rename", "columns": {"commune": f"<{ELEMENT}>%s"}},),
        actor="hpublisher",
    )
    text = written("colonne", one_line=True)
    finding = Finding(
        "type-error",
        written("constat"),
        "error",
        "validity",
        text,
        2,
        (Row(written("feuille"), 2, 1, written("valeur")),),
        written("remede"),
    )
    webcity.publish(
        city.db,
        city.files,
        city.settings.path("var/spool"),
        _dataset("ecrit"),
        Resource("ecrit/table", "ecrit", written("ressource"), source="upload:x"),
        [
            {text: written(f"v{i}"), "%s": float(i), "_point": {"lon": 3.8 + i / 1000, "lat": 43.6}}
            for i in range(30)
        ],
        (
            Column(text, "text", written("intitule"), written("sens"), unit=written("unite")),
            Column("%s", "number", "%s", "%d", unit="%"),
        ),
        geometry="point",
        at=webcity.NOW,
        findings=(finding,),
    )


def _decisions(city: City) -> dict[str, str]:
    """A share, an opinion, a checklist, a decision, a breach and a takedown, with hostile reasons."""
    share = deciding.share(
        city,
        sharecity.restricted(city).digest,
        replace(sharecity.AIDES, purpose=written("finalite")),
        why=written("motif"),
        actor="admin",
    )
    held = sharecity.held(city)
    deciding.advise(city, held.digest, "ccas", "conditional", written("avis"), actor="hdpo")
    deciding.sign(
        city,
        held.digest,
        {q.name: "no" for q in checklist.QUESTIONS},
        {q.name: written("note") for q in checklist.QUESTIONS},
        actor="hpublisher",
    )
    asked = deciding.DecisionRequest(
        "released",
        replace(sharecity.AIDES, purpose=written("joindre")),
        written("but"),
        "mission",
        written("texte"),
        written("pourquoi"),
        written("garanties"),
        criteria=("vulnerables", "croisement"),
    )
    record = deciding.settle(city, held.digest, asked, actor="hdelegate")
    assert isinstance(record, register.Record)
    late = Breach(
        "b" * 32,
        "education",
        webcity.NOW - timedelta(hours=80),
        written("violation"),
        ("confidentiality",),
        "hdpo",
        webcity.NOW,
        risk="high",
    )
    with city.db.begin() as conn:
        register.save_breach(conn, late)
    gone = takedown.withdraw(city, "prenoms/prenoms", why=written("retrait"), actor="hdpo")
    return {
        "share": share.release,
        "record": record.id,
        "breach": late.id,
        "takedown": gone.id,
        "version": held.digest,
    }


def _alerts(city: City) -> dict[str, str]:
    start = webcity.NOW - timedelta(hours=1)
    words = Words(written("fr"), written("en"))
    part = Part(words, words, words, "Moderate", "Immediate", "Observed", start, start + timedelta(days=1))
    said = Message(
        "travaux",
        "works",
        "works.1",
        1,
        "open",
        Area(written("zone"), "34172"),
        (part,),
        start,
        {"source": written("source")},
        False,
    )
    waiting = replace(said, episode="works.2")
    with city.db.begin() as conn:
        step = alerting.post(conn, city, said)
        alerting.post(conn, city, waiting)
    alerting.approve(city, step.id, "hadmin")
    return {"step": step.id}
