"""What each writer of the catalogue keeps of what another one set: who may read, what is held, titles and
corrections; and the sheets of a workbook.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from parvis.catalogue import manifest
from parvis.cli import publish
from parvis.core.errors import UsageError
from parvis.core.types import PUBLIC, Contact, Dataset, Resource
from parvis.publication import describing, pipeline
from parvis.publication.city import SYSTEM, City
from parvis.store import datasets, journal, versions
from parvis.work import nightly, service_runs
from tests.cities import canarycity
from tests.cities.canarycity import INNOCENT, Clock, hand_in


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    city = canarycity.build(tmp_path / "ville", Clock())
    yield city
    city.engine.connection.close()
    city.db.close()


def described(city: City, folder: Path, said: str, resource: str = "", *, publisher: str = "vivre") -> None:
    """Publish a `datasets.toml` that names the dataset of the trees; said: further keys."""
    folder.mkdir(exist_ok=True)
    (folder / "arbres.csv").write_bytes(INNOCENT)
    (folder / manifest.NAME).write_text(
        f'[[dataset]]\nid = "arbres"\ntitle = "Arbres"\npublisher = "{publisher}"\n{said}\n[[dataset.resource]]\nfile = "arbres.csv"\n{resource}\n',
        "utf-8",
    )
    describing.keep(city, manifest.load(folder / manifest.NAME), actor=SYSTEM)


def dataset(city: City, id_: str = "arbres") -> Dataset:
    with city.db.read() as conn:
        found = datasets.dataset(conn, id_)
    assert found is not None
    return found


def resource(city: City, id_: str = "arbres/arbres") -> Resource:
    with city.db.read() as conn:
        found = datasets.resource(conn, id_)
    assert found is not None
    return found


def test_a_publisher_that_nobody_knows_is_no_fault_of_ours(city: City, tmp_path: Path) -> None:
    """It is said before anything is changed, with those that are known."""
    with pytest.raises(UsageError, match="Organisation inconnue : « voirie »") as wrong:
        described(city, tmp_path / "dossier", 'description = "Neuve."', publisher="voirie")
    assert wrong.value.mend == "Organisations : vivre."
    assert dataset(city).description == "Comptés chaque hiver."


def test_a_manifest_keeps_what_it_has_no_word_on(city: City, tmp_path: Path) -> None:
    """Whoever may read, the contact, a policy that holds, corrections and a gate: set elsewhere, a
    description that does not name them leaves them.
    """
    kept = replace(
        dataset(city),
        access="restricted",
        contact=Contact("Garde", "g@ville.example"),
        keywords=("chêne",),
        spatial="34172",
    )
    held = replace(
        resource(city),
        policy="hold",
        corrections={"arbres": "text"},
        gate={"errors": "refuse"},
        description="Comptés.",
    )
    with city.db.begin() as conn:
        datasets.save_dataset(conn, kept)
        datasets.save_resource(conn, held)
    described(city, tmp_path / "envoi", 'frequency = "annual"', 'title = "Arbres comptés"')
    assert dataset(city) == replace(kept, title="Arbres", frequency="annual")
    assert resource(city) == replace(held, title="Arbres comptés")
    assert hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv").state == "held"
    described(city, tmp_path / "envoi", "keywords = []", 'policy = "open"\ncorrections = {}')
    assert (dataset(city).keywords, resource(city).policy, resource(city).corrections) == ((), "open", {})


def test_a_manifest_opens_and_closes_a_dataset_by_name(city: City, tmp_path: Path) -> None:
    """It is an event; what is closed is no longer read by anybody, by its old address neither."""
    assert hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv").state == "published"
    digest = city.served("arbres/arbres").versions[0]
    described(city, tmp_path / "envoi", 'access = "restricted"')
    with city.db.read() as conn:
        assert versions.served(conn, "arbres/arbres", PUBLIC) is None
        (event,) = journal.of(conn, "arbres", limit=1, verb="access-changed")
    assert dict(event.ids) == {"before": "public", "access": "restricted"}
    assert not city.files.exists(versions_of(city, digest))
    assert hand_in(city, "arbres/arbres", INNOCENT + b"Parc;3\n", "arbres.csv").state == "held"
    described(city, tmp_path / "envoi", 'access = "public"')
    assert hand_in(city, "arbres/arbres", INNOCENT + b"Parc;4\n", "arbres.csv").state == "published"
    with pytest.raises(UsageError, match="access"):
        described(city, tmp_path / "envoi", 'access = "ouvert"')


def versions_of(city: City, digest: str) -> str:
    with city.db.read() as conn:
        version = versions.version(conn, digest)
    assert version is not None
    return version.files[0].digest


def test_a_folder_is_held_as_its_command_says(city: City, tmp_path: Path) -> None:
    folder = tmp_path / "envoi"
    described(city, folder, "")
    publish.plan(city, [folder], hold=True)
    assert resource(city).policy == "hold"
    publish.plan(city, [folder])
    assert resource(city).policy == "hold"


def test_the_platform_s_own_tables_stay_held(city: City) -> None:
    """What a service and the night's work publish keeps the policy and the gate that somebody gave it."""
    assert hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv").state == "published"
    assert nightly.publish_state(city)
    name = f"{nightly.STATE.id}/tables"
    with city.db.begin() as conn:
        datasets.save_resource(conn, replace(resource(city, name), policy="hold", gate={"changes": "hold"}))
    assert hand_in(city, "arbres/arbres", INNOCENT + b"Parc;3\n", "arbres.csv").state == "published"
    nightly.publish_state(city)
    assert (resource(city, name).policy, resource(city, name).gate) == ("hold", {"changes": "hold"})
    service = next(s for s in service_runs.declared() if s.outputs and not s.live)
    output = next(iter(service.outputs))
    with city.db.begin() as conn:
        datasets.save_organisation(
            conn, replace(datasets.organisations(conn)[0], id=service.outputs[output].dataset.publisher)
        )
    made = service_runs.target(city, service, output)
    with city.db.begin() as conn:
        datasets.save_resource(conn, replace(made, policy="hold"))
        datasets.save_dataset(conn, replace(service.outputs[output].dataset, access="restricted"))
    assert service_runs.target(city, service, output) == replace(made, policy="hold")
    with city.db.begin() as conn:
        datasets.save_resource(conn, replace(made, policy="hold", title="Ancien titre"))
    assert service_runs.target(city, service, output) == replace(made, policy="hold")
    assert dataset(city, made.dataset).access == "restricted"


# --- the sheets of a workbook -------------------------------------------------------------------------------

Cells = list[list[object]]


def book(sheets: Mapping[str, Cells]) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    made.close()
    return out.getvalue()


def rows(*names: str, of: int = 0) -> Cells:
    return [
        list(names),
        *([f"{n} {i + of}" if p == 0 else i + of for p, n in enumerate(names)] for i in range(6)),
    ]


def sent(city: City, sheets: Mapping[str, Cells]) -> Mapping[str, str]:
    """Hand in a workbook; resource to the first cell of its newest version, and its state after a space."""
    hand_in(city, "arbres/arbres", book(sheets), "arbres.xlsx")
    found: dict[str, str] = {}
    with city.db.read() as conn:
        for one in datasets.resources(conn, "arbres"):
            latest, served = versions.latest(conn, one.id), versions.served(conn, one.id, PUBLIC)
            if latest is not None:
                state = "public" if served is not None and served.digest == latest.digest else "held"
                found[one.id.rpartition("/")[2]] = f"{latest.schema.names[0]} {state}"
    return found


A, B, C = "Relevé", "Équipes", "Tarifs"


def test_a_further_sheet_keeps_what_was_set_on_it(city: City) -> None:
    first = {A: rows("arbre", "n"), B: rows("equipe", "agents")}
    assert sent(city, first) == {"arbres": "arbre public", "arbres-equipes": "equipe public"}
    kept = replace(
        resource(city, "arbres/arbres-equipes"),
        policy="hold",
        title="Équipes de terrain",
        corrections={"agents": "text"},
        gate={"errors": "refuse"},
    )
    with city.db.begin() as conn:
        datasets.save_resource(conn, kept)
    assert sent(city, {A: rows("arbre", "n", of=1), B: rows("equipe", "agents", of=1)}) == {
        "arbres": "arbre public",
        "arbres-equipes": "equipe held",
    }
    assert resource(city, "arbres/arbres-equipes") == kept
    with city.db.read() as conn:
        latest = versions.latest(conn, kept.id)
    assert latest is not None
    assert [c.type for c in latest.schema.columns] == ["text", "text"]


def test_sheets_whose_names_share_a_slug_or_have_none_are_apart(city: City) -> None:
    names = ["Été 2025", "ete-2025", "ÉTÉ (2025)", "№", "…"]
    first = {A: rows("arbre", "n")} | {name: rows(f"colonne{i}", "n") for i, name in enumerate(names)}
    made = sent(city, first)
    assert sorted(made.values()) == ["arbre public", *(f"colonne{i} public" for i in range(5))]
    assert sent(city, dict(reversed(first.items()))) == made, "reordered"
    assert sent(city, {A: first[A], names[2]: rows("colonne2", "n", of=9)}) == made, "some are missing"


def test_a_slug_that_another_resource_bears_is_left_to_it(city: City) -> None:
    with city.db.begin() as conn:
        datasets.save_resource(
            conn, Resource("arbres/arbres-equipes", "arbres", "Autre chose", source="upload:autre.csv")
        )
    hand_in(city, "arbres/arbres-equipes", b"autre;n\nx;1\ny;2\n", "autre.csv")
    assert sent(city, {A: rows("arbre", "n"), B: rows("equipe", "n")})["arbres-equipes"] == "autre public"


@pytest.mark.parametrize("order", [[C, B, A], [B, C, A]])
def test_reordered_and_renamed_sheets_feed_the_same_resources(city: City, order: list[str]) -> None:
    columns = {A: ("arbre", "n"), B: ("equipe", "agents"), C: ("tarif", "euros")}
    made = sent(city, {name: rows(*columns[name]) for name in (A, B, C)})
    with city.db.begin() as conn:
        datasets.save_resource(conn, replace(resource(city, "arbres/arbres-tarifs"), policy="hold"))
    assert sent(city, {name: rows(*columns[name], of=3) for name in order}) == made | {
        "arbres-tarifs": "tarif held"
    }
    renamed = {f"{name} 2027": rows(*columns[name], of=7) for name in order}
    assert sent(city, renamed) == made | {"arbres-tarifs": "tarif held"}


def test_a_sheet_that_nobody_knows_waits_where_a_held_one_is_missing(city: City) -> None:
    """Renamed and changed at once, it may be the one that is held; where nothing held is missing, it is open
    like the first.
    """
    sent(city, {A: rows("arbre", "n"), C: rows("tarif", "euros")})
    assert (
        sent(city, {A: rows("arbre", "n"), C: rows("tarif", "euros"), "Parcs": rows("parc", "m2")})[
            "arbres-parcs"
        ]
        == "parc public"
    )
    with city.db.begin() as conn:
        datasets.save_resource(conn, replace(resource(city, "arbres/arbres-tarifs"), policy="hold"))
    assert (
        sent(city, {A: rows("arbre", "n"), "Parcs": rows("parc", "m2"), "Prix": rows("prix", "euros")})[
            "arbres-prix"
        ]
        == "prix held"
    )


def test_what_was_set_while_a_file_was_being_read_counts(city: City, tmp_path: Path) -> None:
    """The job had read the resource before; the policy is that of the moment of the decision."""

    path = tmp_path / "arbres.csv"
    path.write_bytes(INNOCENT)
    deposit = pipeline.receive(city, path, name="arbres.csv", resource="arbres/arbres")
    drafts = pipeline.draft(city, deposit)
    with city.db.begin() as conn:
        datasets.save_resource(conn, replace(resource(city), policy="hold", title="Titre d’ici"))
    assert pipeline.decide(city, deposit.id, drafts).state == "held"
    assert resource(city).title == "Titre d’ici"
