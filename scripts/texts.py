"""Every French sentence that the program says, and what translations lack of them.

`python -m scripts.texts` brings the English `.po` files up to the program (new sentences come in empty, those
that are gone go) and names those that lack their English; with `--check` it changes nothing and fails when one
does, or when a file is not up to date. Another language starts from the same files: copy a `.po`, empty it,
fill it.

Sentences are found by Babel: in the templates by Jinja's own extractor, in Python by the syntax tree, where
they stand as a literal argument of what takes sentences (`TAKES`).
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from parvis.checks import answer, mending
from parvis.checks.codes import WHY, codes
from parvis.checks.phrases import LETTERS, PHRASES
from parvis.core.translations import SHIPPED
from parvis.inspection import scanning
from parvis.services.declaration import texts
from parvis.services.effect import texts as effect_texts
from parvis.services.study import texts as study_texts
from parvis.work import alerting, service_runs, studies

SOURCE = Path(__file__).parents[1] / "src" / "parvis"
FIXED = datetime(2026, 1, 1, tzinfo=UTC)
"""Date that the files bear: the same sentences give the same bytes."""

FILES: Mapping[str, tuple[str, ...]] = {
    "pages": ("web",),
    "checks": ("checks", "inspection"),
    "services": ("services", "alerts", "methods"),
    "program": ("",),
}
"""The `.po` files, and the rooms whose sentences each holds; one that several rooms say stands in the first."""

TAKES: Mapping[str, tuple[int | str, ...]] = {
    **dict.fromkeys(
        (
            "ParvisError", "UsageError", "BadQuery", "NotSignedIn", "Refused", "TooSlow", "NotFound", "Gone", "Unreadable", "TooLarge", "HeldBack",
            "TooMany", "Busy", "SourceDown",
        ),
        (0, "message", "mend"),
    ),
    "BadExpression": (0, "message", "mend"),
    "Unfit": (0, "message", "mend"),
    "Sentence": (0,),
    "mark": (0,),
    "gettext": (0,),
    "say": (0,),
    "Function": (3, "title"),
    "Step": ("title",),
    "Parameter": (2, 3, "title", "hint"),
}  # fmt: skip
"""What takes sentences: places and names of the arguments that are one."""
COUNTS: Mapping[str, tuple[int, int]] = {"count": (0, 1), "ngettext": (0, 1), "counting": (1, 2)}
"""What takes a sentence and its plural."""
APART: Mapping[str, tuple[str, ...]] = {
    "query": ("BadQuery", "Function"),
    "api": ("BadQuery",),
    "api/explore.py": ("NotFound", "UsageError"),
    "api/response_cache.py": ("NotFound", "Gone"),
    "cli": ("say",),
}
"""What is something else in a room or a file: the dialect of a query is answered in its own words, in English;
`say` prints.
"""


@dataclass(frozen=True)
class Module:
    """What one file of Python says. sentences: line, function, sentence (with its plural), as Babel has them.
    put_together: lines where a text is put together in place of a sentence with places.
    """

    sentences: Sequence[tuple[int, str, str | tuple[str, str]]]
    put_together: Sequence[int]


@cache
def module(path: Path) -> Module:
    """Read once a process: parsing and walking every file takes 4 CPU s."""
    apart = _apart(path)
    calls, named = _calls(ast.parse(path.read_bytes()))
    sentences: list[tuple[int, str, str | tuple[str, str]]] = []
    together: list[int] = []
    for node in calls:
        name = _called(node)
        if name in COUNTS and len(node.args) > COUNTS[name][1]:
            one, many = (node.args[i] for i in COUNTS[name])
            if (
                isinstance(one, ast.Constant)
                and isinstance(one.value, str)
                and isinstance(many, ast.Constant)
                and isinstance(many.value, str)
            ):
                sentences.append((node.lineno, "ngettext", (one.value, many.value)))
        if name in apart:
            continue
        for place in TAKES.get(name, ()):
            given = _argument(node, place)
            if isinstance(given, ast.JoinedStr | ast.BinOp):
                together.append(given.lineno)
            texts = named.get(given.id, []) if isinstance(given, ast.Name) else [given]
            sentences += [(node.lineno, "gettext", text) for one in texts for text in _literals(one)]
    return Module(sentences, together)


def python(
    source: BinaryIO, keywords: object, comments: object, options: Mapping[str, str]
) -> Iterator[tuple[int, str, str | tuple[str, str], list[str]]]:
    """Babel's way to read one file of Python."""
    return ((*one, []) for one in module(Path(source.name)).sentences)


def _apart(path: Path) -> frozenset[str]:
    at = path.relative_to(SOURCE)
    return frozenset((*APART.get(at.parts[0], ()), *APART.get(at.as_posix(), ())))


def _calls(tree: ast.Module) -> tuple[list[ast.Call], Mapping[str, list[ast.expr]]]:
    """The calls of a module, and what names are given in it: a sentence may be named before it is handed on."""
    calls: list[ast.Call] = []
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            calls.append(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(node.value)
    return calls, named


def _called(call: ast.Call) -> str:
    """The name of what is called."""
    of = call.func
    return of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""


def _argument(call: ast.Call, place: int | str) -> ast.expr | None:
    """What is given at a place, or by a name."""
    if isinstance(place, str):
        return next((k.value for k in call.keywords if k.arg == place), None)
    return call.args[place] if place < len(call.args) else None


def _literals(node: ast.expr | None) -> Iterator[str]:
    """The sentences that an argument may be, where they are written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and any(map(str.isalpha, node.value)):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _literals(value)


TEMPLATES = {
    "trimmed": "true",
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
}


@cache
def extracted() -> Sequence[tuple[str, str | tuple[str, ...]]]:
    """Every sentence (with its plural) of the modules and templates, with the file it stands in, below `SOURCE`.
    Read once a process.
    """
    methods = [
        ("**/demo/**", "ignore"),
        ("**.py", f"{python.__module__}:python"),
        ("**.html", "jinja2.ext:babel_extract"),
    ]
    keywords = {"gettext": None, "_": None, "say": None, "mark": None, "ngettext": (1, 2), "count": (1, 2)}
    every = extract_from_dir(SOURCE, methods, {"**.html": TEMPLATES}, keywords)
    return [(file, message) for file, _, message, _, _ in every]


def sentences(room: str) -> Iterator[str | tuple[str, ...]]:
    """Those of a room; of all rooms, where it has no name."""
    return (message for file, message in extracted() if not room or file.startswith(f"{room}/"))


def declared() -> Iterator[str]:
    """What services and alerts say of themselves, and the words of their results."""
    for service in service_runs.declared():
        yield from (*texts(service), *service.words)
    for study in studies.declared():
        yield from study_texts(study)
    for effect in service_runs.effects():
        yield from effect_texts(effect)
    for alert in alerting.declared().values():
        yield from (alert.title, alert.about, *alert.examples)


def checked() -> Mapping[str, str]:
    """What checks say, with the English that stands beside it: their own words, and phrases within them."""
    pairs = [*PHRASES, *WHY.values(), LETTERS, *scanning.WHY.values(), *answer.TEXTS]
    for code in codes().values():
        own = code.english
        pairs += ((code.title, own.title), (code.why, own.why), (code.fix, own.fix), *code.sentences)
    for repair in mending.titles().values():
        pairs += ((repair.title, repair.english.title), (repair.certain, repair.english.why))
    every: dict[str, str] = {}
    for french, english in pairs:
        if french and not french.startswith("{where} : "):
            every[french] = every.get(french, "") or english
    return every


def templates() -> Mapping[str, Catalog]:
    """What each file is to hold."""
    taken: set[str] = set()
    found: dict[str, Catalog] = {}
    for name, rooms in FILES.items():
        catalog = Catalog(locale="en", project="Parvis", charset="utf-8", creation_date=FIXED)
        for room in rooms:
            for message in (*sentences(room), *OWN.get(room, tuple)()):
                one = message if isinstance(message, str) else message[0]
                if one not in taken or (isinstance(message, tuple) and one in catalog):
                    taken.add(one)
                    catalog.add(message)
        found[name] = catalog
    return found


def po(name: str, code: str = "en") -> Path:
    """Where a file of a language lies."""
    return SHIPPED / code / "LC_MESSAGES" / f"{name}.po"


OWN: Mapping[str, Callable[[], Iterable[str]]] = {"services": declared, "checks": checked}
"""What the declarations of a room say."""

Known = Mapping[tuple[str, str], str | tuple[str, ...]]
"""What is said, by context and French sentence."""


def translated(code: str = "en") -> Known:
    """What the files of a language say."""
    known: dict[tuple[str, str], str | tuple[str, ...]] = {}
    for path in sorted((SHIPPED / code / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale=code):
                if message.id and message.string and all(message.string):
                    one = message.id if isinstance(message.id, str) else message.id[0]
                    said = message.string if isinstance(message.string, str) else tuple(message.string)
                    known[message.context or "", one] = said
    return known


def files() -> tuple[Mapping[str, bytes], list[str]]:
    """The English files as they should be, and the sentences that lack their English."""
    known, beside, lacking = translated(), checked(), list[str]()
    made: dict[str, bytes] = {}
    contexts: dict[str, list[tuple[str, str | tuple[str, ...]]]] = {}
    for (context, of), own in known.items():
        if context:
            contexts.setdefault(of, []).append((context, own))
    for name, catalog in templates().items():
        for message in list(catalog):
            one = message.id if isinstance(message.id, str) else message.id[0]
            if not one:
                continue
            said = (beside.get(one, "") if name == "checks" else "") or known.get(("", one), "")
            if isinstance(message.id, str):
                message.string = said if isinstance(said, str) else said[0]
            else:
                message.string = said if isinstance(said, tuple) else (said, said)
            if not said:
                lacking.append(one)
            for context, own in contexts.get(one, ()):
                catalog.add(message.id, own, context=context)
        out = io.BytesIO()
        write_po(out, catalog, width=160, no_location=True, sort_output=True)
        made[name] = out.getvalue()
    return made, sorted(lacking)


def put_together() -> list[str]:
    """Where a text is put together in place of a sentence with places: it could not be said in another
    language.
    """
    return [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line in module(path).put_together
    ]


def main(arguments: list[str]) -> int:
    made, lacking = files()
    stale = [name for name, data in made.items() if not po(name).exists() or po(name).read_bytes() != data]
    if "--check" not in arguments:
        for name in stale:
            po(name).write_bytes(made[name])
        stale = []
    for name in stale:
        sys.stdout.write(f"{po(name).name} is not up to date: python -m scripts.texts\n")
    for sentence in lacking:
        sys.stdout.write(f"no English: {sentence}\n")
    apart = put_together()
    for where in apart:
        sys.stdout.write(f"a text put together, where Sentence(…) keeps its places: {where}\n")
    return 1 if stale or lacking or apart else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
