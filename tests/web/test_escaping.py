"""What people wrote never becomes markup, nor a format: held by the syntax trees of the templates and of the
code that builds markup.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import jinja2
import pytest
from jinja2 import nodes
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from parvis.core import settings
from parvis.core.language import language
from parvis.core.types import Column, Json
from parvis.methods.events import lines
from parvis.web import chart, pdf
from parvis.web.render import TEMPLATES, environment
from tests.conftest import ROOT

SOURCES = ROOT / "src" / "parvis"

MARKUP = {
    ("web/render.py", "chart_of"): "the SVG of a chart, drawn by vl-convert, which escapes its texts",
    ("web/render.py", "trend_of"): "the same, of the score",
    ("web/render.py", "answer_chart"): "the same, of a service",
}
"""Where a text that is not a constant is declared to be markup: file, function, and why that is right."""

BUILT = {
    ("api/describe.py", "flat"): "paragraphs, each escaped: Opendatasoft's own dialect gives HTML",
    ("catalogue/rdf.py", "rdfxml"): "its head and its end: names of namespaces that are constants",
    ("catalogue/rdf.py", "_xml_node"): "RDF/XML: names are terms of vocabularies, texts are escaped",
    ("exports/gpx.py", "_chunks"): "constants and escaped texts",
    ("exports/gpx.py", "_about"): "names of columns, which are identifiers (core.text.slug)",
    ("exports/gpx.py", "_positions"): "element names that the caller has as constants",
    ("exports/kml.py", "_chunks"): "constants and escaped texts",
    ("exports/kml.py", "_opening"): "attribute and text, both escaped",
    ("exports/xlsx.py", ""): "constants",
    ("exports/xlsx.py", "_number"): "a number of a style",
    ("exports/xlsx.py", "_top"): "cells made by _text_cell",
    ("exports/xlsx.py", "_note_sheet"): "cells made by _text_cell",
    ("exports/xlsx.py", "_text_cell"): "an escaped text",
    ("exports/xlsx.py", "_parts"): "constants, numbers and quoted names of sheets",
    ("services/circulation/datex.py", "export"): "constants, a moment and what _site made",
    ("services/circulation/datex.py", "_site"): "numbers of a set form, a quoted name and an escaped moment",
    ("services/feux/sumo_junction.py", "net"): "numbers, and names made of them: a net for SUMO",
    ("services/feux/sumo_junction.py", "_edge"): "numbers, and names made of them",
    ("services/feux/sumo_junction.py", "_dead_end"): "numbers, and names made of them",
    ("services/feux/sumo_junction.py", "_requests"): "numbers, and rows of 0 and 1",
    ("services/feux/sumo_junction.py", "program"): "a quoted name, numbers and letters of a state",
    ("services/feux/sumo_junction.py", "day"): "quoted names, minutes and what program made",
    ("services/feux/sumo_junction.py", "traffic"): "numbers, and names made of them",
    ("services/feux/sumo_plans.py", "_simulated"): "what program made, for SUMO",
    ("services/feux/sumo_loops.py", "additional"): "names that are escaped, and numbers: a file for SUMO",
    ("services/feux/sumo_trial.py", "_run"): "what additional made, for SUMO",
    (
        "web/views/embed.py",
        "code",
    ): "a line to paste, as text: its address and title are escaped inside it, and it is again where it is shown",
    ("web/chart.py", "svg"): "ids that the templates have as constants, around what vl-convert drew",
    ("web/views/well_known.py", "_sitemap"): "lines made by _page",
    ("web/views/well_known.py", "_page"): "escaped addresses and a day",
    ("web/views/report.py", "_svg"): "numbers, a colour of ours and escaped texts",
}
"""Where markup is written as a formatted string of Python, and why what goes in can't open an element."""


def _trees() -> Iterator[tuple[str, nodes.Template]]:
    """Every template as Jinja reads it, `{% trans %}` as the calls that it stands for."""
    env = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    for path in sorted(TEMPLATES.rglob("*.html")):
        yield path.relative_to(TEMPLATES).as_posix(), env.parse(path.read_text("utf-8"))


SENTENCES = {"_": 1, "gettext": 1, "ngettext": 2, "count": 2}
"""Functions of a template that translate, with how many of their first arguments are sentences."""


def test_templates_translate_only_what_they_say_themselves() -> None:
    """A name, a title or a value handed to `_` would be looked up, formatted and shown as markup."""
    seen, wrong = 0, list[str]()
    for name, tree in _trees():
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in SENTENCES:
                seen += 1
                first = call.args[: SENTENCES[call.node.name]]
                if len(first) < SENTENCES[call.node.name] or not all(
                    isinstance(a, nodes.Const) and isinstance(a.value, str) for a in first
                ):
                    wrong.append(f"{name}:{call.lineno}: {call.node.name}")
            elif isinstance(call.node, nodes.Name) and call.node.name in ("pgettext", "npgettext", "Markup"):
                wrong.append(f"{name}:{call.lineno}: {call.node.name}")
    assert seen > 1000
    assert wrong == []


def test_templates_declare_nothing_safe() -> None:
    """No `|safe`, no `autoescape` block: what is markup says so where it is made (MARKUP)."""
    wrong: list[str] = []
    for name, tree in _trees():
        wrong += [
            f"{name}:{f.lineno}: {f.name}"
            for f in tree.find_all(nodes.Filter)
            if f.name in ("safe", "xmlattr", "urlize")
        ]
        wrong += [
            f"{name}: {type(n).__name__}"
            for n in tree.find_all(
                (nodes.EvalContextModifier, nodes.ScopedEvalContextModifier, nodes.MarkSafe)
            )
        ]
    assert wrong == []


def _functions(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every node with the innermost function that it stands in."""

    def walk(node: ast.AST, name: str) -> Iterator[tuple[ast.AST, str]]:
        yield node, name
        inner = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else name
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inner)

    return walk(tree, "")


def test_python_declares_and_builds_markup_in_few_places() -> None:
    """`Markup(x)` of what is not a constant, and formatted strings with a tag in them, in the rooms that
    write for people and programs.
    """
    declared, built = set[tuple[str, str]](), set[tuple[str, str]]()
    rooms = ("web", "api", "exports", "catalogue", "alerts", "alerting", "services")
    for path in sorted(p for room in rooms for p in (SOURCES / room).rglob("*.py")):
        where = path.relative_to(SOURCES).as_posix()
        for node, function in _functions(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Markup"
            ):
                if not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant)):
                    declared.add((where, function))
            elif isinstance(node, ast.JoinedStr):
                plain = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
                if re.search(r"</?[A-Za-z]|<[!?]|</?$", plain):
                    built.add((where, function))
    assert declared == set(MARKUP)
    assert built == set(BUILT)


HOSTILE = (
    '<form action="/comptes">',
    "taux (%)",
    "%(n)s %s %%",
    "{0} {{ 7*7 }} {% raw %}",
    "a\u202eb\u0007\u0000",
    "&amp;<b>'\"",
)


@pytest.mark.parametrize("code", ["fr", "en"])
def test_a_name_handed_to_a_sentence_stays_that_name(
    code: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The three ways by which a template says a sentence, with a name in it or, against the rule, as the
    sentence.
    """
    env = environment(language(code), settings.Settings(tmp_path_factory.mktemp("city")), {})
    for name in HOSTILE:
        shown = {
            how: env.from_string(text).render(name=name, page=(Column(name),))
            for how, text in {
                "as the sentence": "{{ _(name) }}",
                "trans": "{% trans title=name %}Recette : {{ title }}{% endtrans %}",
                "trans plural": "{% trans n=2, title=name %}{{ title }}{% pluralize %}{{ title }}{% endtrans %}",
                "say": "{{ name | say }}",
                "word": "{{ name | word({}) }}",
                "cell": "{{ name | cell }}",
                "paragraphs": "{{ name | paragraphs }}",
            }.items()
        }
        for how, html in shown.items():
            assert "<form" not in html, how
            assert "<b>" not in html, how
            assert str(
                jinja2.Environment(autoescape=True).from_string("{{ name }}").render(name=name.strip())
            ) in html.replace("\xa0", " "), (how, html)


@pytest.mark.parametrize("text", ["a\u0007b", "a\u0000", "\ufffe\uffff", "\u001b[31m", "a<b>&\"'", "\u202e"])
def test_no_text_ends_the_process_that_draws(text: str) -> None:
    """A control character among the categories of a chart ended the server: the drawing library panics across
    the language border.
    """
    values: list[Json] = [{"x": text, "y": 1}, {"x": "b", "y": 2}]
    spec: dict[str, Json] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "mark": "bar",
        "title": text,
        "encoding": {"y": {"field": "x", "type": "nominal"}, "x": {"field": "y", "type": "quantitative"}},
    }
    drawn = chart.svg(spec, french=True, labelled="a")
    assert etree.fromstring(drawn.encode()).tag.endswith("svg")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u0007",
        "a\tb\r\nc",
        '#import "x" $x$ *a* \\ @b <c> ]',
        "😀 日本語",
        "\ufeff",
        '\ue000`"',
        "é → ≥ Ελ Жук",
    ],
)
def test_a_document_comes_out_whatever_it_says(text: str) -> None:
    """PDF/UA has no document with a hole: a character without a font (an emoji in a name) answered 500."""
    made = pdf.pdf(
        text, [pdf.Part(text, ((text, text),))], language="fr", author=text, opening=text, head=("a", "b")
    )
    assert made.startswith(b"%PDF-")


def test_a_line_of_a_calendar_never_begins_another() -> None:
    """An address with a line break wrote lines of its own into everybody's calendar."""
    line = lines.folded(
        lines.joined(lines.Line("URL", (), "https://a.example/\r\nATTACH:file:///etc\rX\nY\u0000"))
    )
    assert line == "URL:https://a.example/ATTACH:file:///etcXY\r\n"


def test_links_to_what_people_wrote_go_through_one_door() -> None:
    """`javascript:` in the address of an organisation: the security policy stops it, the page never offers
    it.
    """
    ours = re.compile(
        r"visit\.|asset\(|without_filter\(|[\"']|(page\.(dcat|feed|data|document|geojson|geo|otpauth|qr)|one\.(osm|geo)|d\.value|picture|c)$|licences\["
    )
    seen, wrong = 0, list[str]()
    for path in sorted(TEMPLATES.rglob("*.html")):
        for expression in re.findall(
            r'(?:href|src|action|formaction)="\{\{ (.*?) \}\}', path.read_text("utf-8")
        ):
            seen += 1
            if not ours.match(expression) and not expression.endswith("| address"):
                wrong.append(f"{path.name}: {expression}")
    assert seen > 150
    assert wrong == [], wrong
