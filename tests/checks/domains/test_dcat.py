"""DCAT-AP: the violations and recommendations of the official shapes, the malformed files by their line, and
never a word to the network.
"""

from __future__ import annotations

import socket
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph

from parvis.checks.domains import domains, recognise
from parvis.checks.domains.dcat.shapes import full
from tests.checks.domains.domain_packages import package

# rdflib's JSON-LD reader calls what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

DCAT = domains()["dcat"]
OF_SHAPES = (
    "dcat-missing",
    "dcat-too-many",
    "dcat-not-literal",
    "dcat-not-resource",
    "dcat-not-iri",
    "dcat-datatype",
)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a connection anywhere fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the checker opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def _official(text: bytes, shapes: Path) -> set[tuple[str, str]]:
    """Class of the focus and property of each result of the official shapes."""
    data = Graph().parse(data=text, format="turtle")
    _, report, _ = pyshacl.validate(
        data, shacl_graph=Graph().parse(shapes), do_owl_imports=False, allow_warnings=True, advanced=True
    )
    found: set[tuple[str, str]] = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        found.add((str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultPath))))
    return found


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "errors"),
    [
        ("cat.ttl", set()),
        ("cat_bad.ttl", {("dcat-missing", "dct:title"), ("dcat-not-resource", "dcat:accessURL")}),
    ],
)
def test_a_good_catalogue_passes_and_a_bad_one_has_its_two_faults(
    shared: Path, tmp_path: Path, file: str, errors: set[tuple[str, str]]
) -> None:
    """And as many recommendations as the official shapes give: 13."""
    data = (shared / "standards" / "dcat-ap" / file).read_bytes()
    outcome = DCAT.check(package({file: data}, tmp_path), "")
    assert {(f.check, f.column) for f in outcome.findings if f.severity == "error"} == errors
    assert sum(f.count for f in outcome.findings if f.check == "dcat-missing-recommended") == 13
    assert all(f.rows[0].line > 0 for f in outcome.findings if f.severity != "info")


@pytest.mark.shared
def test_every_official_example_has_the_violations_of_the_official_shapes(
    shared: Path, tmp_path: Path
) -> None:
    """The same objects and properties, in all Turtle examples of DCAT-AP and of its annex for high-value
    datasets.
    """
    standard = shared / "standards" / "dcat-ap"
    examples = sorted(
        [
            *(standard / "3.0.1" / "examples").glob("*.ttl"),
            *(standard / "3.0.0-hvd" / "examples").glob("*.ttl"),
            standard / "cat_bad.ttl",
        ]
    )
    compared = 0
    for path in examples:
        data = path.read_bytes()
        expected = {
            pair
            for pair in _official(data, standard / "3.0.1" / "shacl" / "shapes.ttl")
            if pair[1].startswith("http")
        }
        outcome = DCAT.check(package({path.name: data}, tmp_path / path.stem), "")
        ours = {
            ((r.value or "").split(" : ")[0], full(f.column))
            for f in outcome.findings
            if f.check in OF_SHAPES
            for r in f.rows
            if (r.value or "").startswith("http")
        }
        assert ours == {pair for pair in expected if pair[0].startswith("http")}, path.name
        compared += 1
    assert compared > 25


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("example-bee-population-dataset-series-api", 20),
        ("example-bee-population-dataset-series-combined", 32),
        ("hvd-example-bees_wasps_dataset", 2),
    ],
)
def test_a_malformed_file_is_named_with_its_line(shared: Path, tmp_path: Path, name: str, line: int) -> None:
    """Recognised for what it should be, and told where it breaks."""
    made = package(
        {f"{name}.ttl": (shared / "standards" / "dcat-ap" / "malformed" / f"{name}.ttl").read_bytes()},
        tmp_path,
    )
    found = recognise(made)
    assert found is not None
    assert found[0].name == "dcat"
    (finding,) = DCAT.check(made, "").findings
    assert (finding.check, finding.rows[0].line) == ("dcat-unreadable", line)


@pytest.mark.shared
def test_an_example_with_a_remote_context_is_read_without_the_network(shared: Path, tmp_path: Path) -> None:
    """The context is told to lie on the network; what the file says is judged all the same."""
    for path in sorted((shared / "standards" / "dcat-ap" / "3.0.1" / "examples").glob("example-*.jsonld")):
        remote = '"@context": "http' in path.read_text("utf-8")
        codes = {
            f.check
            for f in DCAT.check(package({path.name: path.read_bytes()}, tmp_path / path.stem), "").findings
        }
        assert "dcat-unreadable" not in codes, path.name
        assert ("dcat-remote-context" in codes) == remote, path.name


TURTLE = DCAT.examples[0].files["catalogue.ttl"].decode()


def test_the_three_writings_of_one_catalogue_have_one_judgement(tmp_path: Path) -> None:
    """Turtle, JSON-LD, RDF/XML: the same faults."""
    broken = TURTLE.replace('dct:title "Fontaines"@fr ; ', "").replace("file-type/CSV>", "file-type/CSVX>")
    graph = Graph().parse(data=broken, format="turtle")
    told: list[set[tuple[str, str]]] = []
    for form, name in (("turtle", "c.ttl"), ("json-ld", "c.jsonld"), ("xml", "c.rdf")):
        made = package({name: graph.serialize(format=form)}, tmp_path / form)
        assert recognise(made) is not None
        told.append({(f.check, f.column) for f in DCAT.check(made, "").findings})
    assert told[0] == told[1] == told[2]
    assert {("dcat-missing", "dct:title"), ("dcat-unknown-code", "dct:format")} <= told[0]


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ('dct:identifier "fontaines"', 'dct:issued "hier"', "dcat-datatype", "dct:issued"),
        ('dct:identifier "fontaines"', 'dct:issued "2026-13-45"^^xsd:date', "dcat-datatype", "dct:issued"),
        ("data-theme/ENVI>", "data-theme/EAU>", "dcat-unknown-code", "dcat:theme"),
        (
            "<http://publications.europa.eu/resource/authority/data-theme/ENVI>",
            "<https://ville.example.org/eau>",
            "dcat-own-code",
            "dcat:theme",
        ),
        (
            "<http://publications.europa.eu/resource/authority/data-theme/ENVI>",
            '"eau"',
            "dcat-not-iri",
            "dcat:theme",
        ),
        ("a foaf:Agent", "a dcat:Dataset", "dcat-wrong-class", "dct:publisher"),
        (
            'dct:title "Fontaines"@fr',
            "dct:title <https://ville.example.org/titre>",
            "dcat-not-literal",
            "dct:title",
        ),
        (
            "dct:publisher <https://ville.example.org/>",
            "dct:publisher <https://ville.example.org/>, <https://ailleurs.example.org/>",
            "dcat-too-many",
            "dct:publisher",
        ),
    ],
)
def test_each_kind_of_fault_is_told(tmp_path: Path, old: str, new: str, code: str, column: str) -> None:
    """By property."""
    assert old in TURTLE
    outcome = DCAT.check(package({"c.ttl": TURTLE.replace(old, new, 1)}, tmp_path), "")
    assert (code, column) in {(f.check, f.column) for f in outcome.findings}


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"{",
        b'{"@context": {"@vocab": 3}, "@graph": 7}',
        b"<rdf:RDF",
        b'{"@context": "https://x.example/c", "@graph": ' + b"[" * 3000 + b"]" * 3000 + b"}",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
        b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">'
        b'<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">]>'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>&h;</rdf:Description></rdf:RDF>',
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&a;</rdf:RDF>',
    ],
)
def test_a_hostile_file_is_told_not_raised(tmp_path: Path, content: bytes) -> None:
    """Bombs, outside entities, rubbish: an error among the findings, and no file or address opened."""
    outcome = DCAT.check(package({"c.ttl": content}, tmp_path), "")
    assert any(f.severity == "error" for f in outcome.findings)
    assert not any("root:" in (r.value or "") for f in outcome.findings for r in f.rows)
