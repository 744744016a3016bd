"""Write the reference pages from the declarations, or with --check fail when one is stale: `python -m
scripts.docs [--check]`.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import get_type_hints

import click

from parvis import checks, exports, prepare, privacy, readers
from parvis.api import dcat, explore
from parvis.checks import mending
from parvis.checks.codes import Code, about
from parvis.checks.domains import domains
from parvis.checks.domains.declaration import Domain, Notice
from parvis.cli.all_commands import app
from parvis.core import plugins, settings
from parvis.core.language import language as spoken
from parvis.core.sentence import IN_FRENCH
from parvis.privacy.anonymising import policy
from parvis.privacy.anonymising.declaration import Ladder
from parvis.privacy.vocabulary import known_vocabularies
from parvis.web import pages as web
from parvis.web.views import (
    breaches,
    check,
    data,
    deposits,
    dossier,
    field_checks,
    groups,
    quality,
    recipes,
    register,
    report,
    scan,
    session,
    shared_tables,
    well_known,
    withdrawals,
)
from parvis.web.views import studies as study_pages
from parvis.work import service_runs, studies

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
HEAD = "<!-- Written by `make docs` from the declarations: change those, not this page. -->\n\n"


def settings_page() -> Iterator[str]:
    """Settings, by section."""
    yield "# Settings\n\nIn `parvis.toml`, one section each; the environment variable wins. A misspelt key is an error.\n"
    section = ""
    for each in settings.declared():
        if each.section != section:
            section = each.section
            yield f"\n## [{section}]\n\n| name | variable | type | default | meaning |\n|---|---|---|---|---|\n"
        shown = f"`{each.default}`" if each.default not in ("", ()) else "empty"
        yield f"| `{each.name}` | `{each.env}` | {each.kind} | {shown} | {each.help} |\n"


def commands_page() -> Iterator[str]:
    """Commands, with their arguments and options."""
    yield "# Commands\n\nExit codes: 0 done, 1 not valid, 2 not readable, 3 held or refused, 64 wrong usage, 70 our fault.\n"
    for name, command in commands(app, "parvis"):
        yield f"\n## {name}\n\n{command.help}\n\n"
        for parameter in command.params:
            if getattr(parameter, "hidden", False):
                continue
            said = (
                ", ".join(f"`{o}`" for o in parameter.opts)
                if parameter.param_type_name == "option"
                else f"`{(parameter.name or '').upper()}`"
            )
            yield f"- {said}: {getattr(parameter, 'help', None) or 'argument.'}\n"


def commands(of: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below this one, with its words."""
    below: Mapping[str, click.Command] = getattr(of, "commands", {})
    if not below:
        yield name, of
    for word, command in sorted(below.items()):
        if not command.hidden:
            yield from commands(command, f"{name} {word}")


def readers_page() -> Iterator[str]:
    """Readers."""
    yield "# Readers\n\nA file is recognised by its content, never by its name.\n\n| name | what it reads |\n|---|---|\n"
    yield from (f"| `{r.name}` | {r.title} |\n" for r in readers.readers().values())


def exports_page() -> Iterator[str]:
    """Exporters."""
    yield "# Exports\n\nWhole table, streamed, no silent cap.\n\n| name | title | media type |\n|---|---|---|\n"
    yield from (f"| `{e.name}` | {e.title} | `{e.media_type}` |\n" for e in exports.exporters().values())
    yield (
        "\n## Formulas\n\nA CSV has no types, so a spreadsheet runs a text that begins with `=`, `+`, `-`, `@`, a tabulation or a "
        "line break. What programs ask says exactly what the data say. `protect_formulas=true` (API), `--protect-formulas` "
        "(`parvis export`) and the links of the pages put an apostrophe before such a text, header or cell; taking one "
        "apostrophe away gives it back. Numbers, dates, and texts of digits with a sign (`-12,5 %`, `+33 4 67 00 00 00`) stay "
        "as they are. Annotated copies and lists of changes of `parvis check` are protected, since people read them; a repaired"
        " copy is not, since it is deposited again. A workbook holds texts as texts: never a formula nor a link.\n"
    )


def checks_page() -> Iterator[str]:
    """Every code that a finding may bear, and every repair."""
    yield "# Checks\n\nEvery code of a report has a page on the site, `/controles/<code>`; here, codes of a standard stand together on its page.\n\n"
    yield "| code | severity | dimension | what it says |\n|---|---|---|---|\n"
    yield from (
        f"| [`{c.name}`](checks/{c.name}.md) | {c.severity} | {c.dimension} | {c.title} |\n"
        for c in own_codes()
    )
    yield "\n## Standards\n\n| name | what it judges | codes |\n|---|---|---|\n"
    yield from (
        f"| [`{d.name}`](checks/standard-{d.name}.md) | {d.title} | {len(d.notices)} |\n"
        for d in domains().values()
    )
    yield "\n## Repairs\n\nCertain or not proposed; never made on the file itself.\n\n| name | what it does | when it is certain |\n|---|---|---|\n"
    yield from (f"| `{name}` | {r.title} | {r.certain} |\n" for name, r in mending.titles().items())


def own_codes() -> Iterator[Code]:
    """The codes that are of no standard."""
    yield from (c for c in checks.codes().values() if not isinstance(c.source, Notice))


def standard_page(domain: Domain) -> Iterator[str]:
    """Every code of one standard."""
    yield f"# {domain.title}\n\n| code | severity | what it says | how to mend it |\n|---|---|---|---|\n"
    for code in sorted(domain.notices):
        known = checks.codes()[code]
        yield f"| `{code}` | {known.severity} | {known.title.replace('|', '¦')} | {known.fix.replace('|', '¦')} |\n"


def code_page(code: Code) -> Iterator[str]:
    """One code: its words in both languages, and examples."""
    yield f"# {code.name}\n\n{code.severity}, {code.dimension}\n"
    for language, heads in (
        (IN_FRENCH, ("Pourquoi cela compte", "Comment corriger")),
        (spoken("en"), ("Why it matters", "How to mend it")),
    ):
        said = about(code, language)
        if said.language == language.code:
            yield f"\n## {said.title}\n\n{heads[0]}: {said.why}\n\n{heads[1]}: {said.fix}\n"
    if isinstance(code.source, checks.Check):
        for head, values in (("Right", code.source.right), ("Wrong", code.source.bad)):
            shown = [v for v in values if v.strip()]
            if shown:
                yield f"\n{head}: " + ", ".join(f"`{v!r}`" for v in shown) + "\n"


def detectors_page() -> Iterator[str]:
    """Detectors of personal data and secrets."""
    yield "# Detectors\n\nThe evidence is always masked.\n\n| name | what it finds |\n|---|---|\n"
    yield from (f"| `{d.name}` | {d.title} |\n" for d in privacy.known_detectors().values())
    yield "\n## Told by words\n\nA header or the words of the values, in a table about what they speak of.\n\n| name | what it finds | in tables about "
    "|\n|---|---|---|\n"
    yield from (f"| `{v.name}` | {v.title} | {v.of} |\n" for v in known_vocabularies().values())


def steps_page() -> Iterator[str]:
    """Steps of recipes, with their parameters, and the functions of expressions."""
    yield (
        "# Steps of recipes\n\nA recipe is replayed on each file between reading and checking. It is made on the page `/jeux/<jeu>/recette`,\n"
        "or written in TOML for `parvis prepare` and `parvis publish --recipe`: one `[[steps]]` block a step, its name in `step`.\n"
        "A file beside the recipe is `file:<path>`; any other table is a published resource, `<jeu>/<ressource>`.\n"
    )
    for step in prepare.known_steps().values():
        yield f"\n## {step.name}: {step.title}\n\n| parameter | holds | default | meaning |\n|---|---|---|---|\n"
        for p in step.parameters:
            choices = f" ({', '.join(f'`{c.value}`' for c in p.choices)})" if p.choices else ""
            default = (
                "must be said"
                if p.default is None
                else "empty"
                if p.default in ("", [])
                else f"`{p.default}`"
            )
            hint = f" {p.hint}." if p.hint else ""
            yield f"| `{p.name}` | {p.kind}{choices} | {default} | {p.title}.{hint} |\n".replace(
                "||", "\\|\\|"
            )
        yield f"\n```toml\n{prepare.to_toml(prepare.read([{'step': step.name, **step.examples[0].params}]))}```\n"
    yield "\n## Expressions\n\nColumns (in double quotes when their name is not a plain word), texts in single quotes, numbers, "
    yield "`+ - * / %`, `||`, comparisons,\n`AND`, `OR`, `NOT`, `IN`, `BETWEEN`, `LIKE`, `IS NULL`, `CASE`, `if(condition, alors, sinon)`, and:\n\n"
    yield from (
        f"- `{title.partition(' : ')[0]}` {title.partition(' : ')[2]}".rstrip() + "\n"
        for title in prepare.functions_help()
    )


def policies_page() -> Iterator[str]:
    """Policies of anonymisation: every key, treatment, hierarchy and preset."""
    yield (
        "# Policies of anonymisation\n\nA TOML file for `parvis anonymise`, or a preset's name. A misspelt key is an error; paths start at its folder.\n\n"
        '```toml\n[models]\nk = 11\n\n[[columns]]\nnames = ["age"]\ntreatment = "generalise"\nhierarchy = "ages"\n```\n'
    )
    blocks = (
        ("", policy.TOP),
        ("[models]", policy.MODELS),
        ("[[columns]]", policy.COLUMN),
        ("[[points]]", policy.POINT),
        ("[guard]", policy.GUARD),
        ("[output]", policy.OUTPUT),
    )
    for block, keys in blocks:
        yield f"\n## {block or 'At the top'}\n\n| key | holds | meaning |\n|---|---|---|\n"
        yield from (f"| `{k.name}` | {k.kind} | {k.sentence} |\n" for k in keys)
    own = (("Treatments", policy.TREATMENTS.values()), ("Hierarchies", policy.ladders().values()))
    for title, listed in own:
        yield f"\n## {title}\n\n| name | what it does | keys |\n|---|---|---|\n"
        for each in listed:
            keys = " ".join(f"`{k.name}`: {k.sentence}" for k in each.keys) or "none"
            steps = (
                f" Levels: {', '.join(f'`{s}`' for s in each.steps)}."
                if isinstance(each, Ladder) and each.steps
                else ""
            )
            yield f"| `{each.name}` | {each.title}.{steps} | {keys} |\n"
    yield "\n## Presets\n\n| name | protects | k | mode | rule |\n|---|---|---|---|---|\n"
    yield from (
        f"| `{n}` | {p.title} | {p.models.k} | {p.mode} | {p.source} |\n" for n, p in policy.presets().items()
    )


def services_page() -> Iterator[str]:
    """Public services."""
    yield "# Services\n"
    for each in service_runs.declared():
        yield f"\n## {each.name}: {each.question}\n\n{each.method}\n\n"
        if each.group:
            yield f"- for the group `{each.group}` alone, at `/partages/services/{each.name}`: {each.purpose}\n"
        yield from (f"- reads `{resource}`\n" for resource in each.sources)
        yield from (
            f"- publishes `{o.dataset.id}`: {', '.join(f'`{c.name}`' for c in o.schema.columns)}\n"
            for o in each.outputs.values()
        )
        yield from (f"- {caveat}\n" for caveat in each.caveats)
    yield "\n# Measured effects\n\nWhat services and studies are worth, on `/effets` and in the dataset `effets`, a version at each change.\n\n"
    yield from (
        f"- `{one.name}` ({one.unit}, {one.better} is better): {one.title}; against {one.against}. {one.how}\n"
        for one in service_runs.effects()
    )


def studies_page() -> Iterator[str]:
    """What professionals ask with parameters."""
    yield "# Studies\n\n`parvis study run NAME --set QUESTION=ANSWER`, or `/etudes/NAME`. How one is written: [tutorial](../tutorial-study.md).\n"
    for each in studies.declared():
        yield f"\n## {each.name}: {each.question}\n\n{each.method}\n\n"
        yield from (f"- reads `{one.resource}`\n" for one in each.reads.values())
        yield from (f"- asks `{ask.name}` ({ask.kind}): {ask.title}\n" for ask in each.asks)
        yield from (
            f"- makes `{name}`: {', '.join(f'`{c.name}`' for c in schema.columns)}\n"
            for name, schema in each.schemas.items()
        )
        yield from (f"- {caveat}\n" for caveat in each.caveats)


def routes_page() -> Iterator[str]:
    """Pages, each with its twin, and every other address."""
    yield "# Addresses\n\nEach page also speaks English below `/en`, and answers as JSON when `.json` follows its path: the same fields, listed here.\n"
    for page in web.PAGES:
        yield f"\n## {page.path}\n\n{_first_line(page.context)}\n\n| field | meaning |\n|---|---|\n"
        for name, said in get_type_hints(page.context, include_extras=True).items():
            yield f"| `{name}` | {said.__metadata__[0]} |\n"
    yield "\n## Other addresses\n\n| method | path | what it does |\n|---|---|---|\n"
    for route in (
        *well_known.ROUTES,
        *data.ROUTES,
        *session.ROUTES,
        *deposits.ROUTES,
        *check.ROUTES,
        *scan.ROUTES,
        *report.ROUTES,
        *quality.ROUTES,
        *field_checks.ROUTES,
        *recipes.ROUTES,
        *dossier.ROUTES,
        *shared_tables.ROUTES,
        *groups.ROUTES,
        *register.ROUTES,
        *breaches.ROUTES,
        *withdrawals.ROUTES,
        *study_pages.ROUTES,
        *dcat.ROUTES,
        *explore.ROUTES,
    ):
        if not route.path.startswith("/en/") and not (route.path.endswith("/") and route.path != "/"):
            methods = ", ".join(sorted((route.methods or {"GET"}) - {"HEAD", "OPTIONS"}))
            yield f"| {methods} | `{route.path}` | {_first_line(route.endpoint)} |\n"


def extending_page() -> Iterator[str]:
    """What packages of others may count on: names, fields and arguments of the stable modules."""
    yield (
        "# What plugins may count on\n\nThe public names of the stable modules, with their fields and arguments. A change of this page is a "
        "change for others: CHANGELOG.md says it under « To who extends » ([how](../extending.md)).\n"
    )
    for name in plugins.STABLE:
        module = importlib.import_module(name)
        yield f"\n## {name}\n\n{_first_line(module)}\n\n"
        for word, value in vars(module).items():
            own = getattr(value, "__module__", "") == name or word in getattr(module, "__all__", ())
            if not word.startswith("_") and own:
                yield from _contract(word, value)
        for statement in ast.parse(inspect.getsource(module)).body:
            if not isinstance(statement, ast.Assign):
                continue
            target = ast.unparse(statement.targets[0])
            if not target.startswith("_"):
                yield f"- **{target}** = `{' '.join(ast.unparse(statement.value).split())[:200]}`\n"


def _contract(word: str, value: object) -> Iterator[str]:
    """One name: its sentence, and what it takes."""
    if isinstance(value, type) and dataclasses.is_dataclass(value):
        fields = (
            f"`{f.name}: {f.type}`{'' if _open(f) else ' (needed)'}"
            for f in dataclasses.fields(value)
            if f.init
        )
        yield f"- **{word}**: {_first_line(value)} Fields: {', '.join(fields)}.\n"
    elif isinstance(value, type):
        yield f"- **{word}**: {_first_line(value)}\n"
    elif inspect.isfunction(value):
        yield f"- **{word}** `{inspect.signature(value)}`: {_first_line(value)}\n"


def _open(field: dataclasses.Field[object]) -> bool:
    """Whether it may be left out."""
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


def _first_line(of: object) -> str:
    return " ".join((of.__doc__ or "").strip().split("\n\n")[0].split())


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "extending": extending_page,
    "settings": settings_page, "commands": commands_page, "readers": readers_page, "exports": exports_page, "checks": checks_page, "detectors": detectors_page,
    "services": services_page, "studies": studies_page, "steps": steps_page, "policies": policies_page, "routes": routes_page,
}  # fmt: skip


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of every page."""
    for name, page in PAGES.items():
        yield name, HEAD + "".join(page())
    for code in own_codes():
        yield f"checks/{code.name}", HEAD + "".join(code_page(code))
    for domain in domains().values():
        yield f"checks/standard-{domain.name}", HEAD + "".join(standard_page(domain))


def main(check: bool) -> int:
    """Write every page, or name those that are stale; returns the exit code."""
    stale: list[str] = []
    known: set[Path] = set()
    for name, text in pages():
        path = FOLDER / f"{name}.md"
        known.add(path)
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    for path in set((FOLDER / "checks").glob("*.md")) - known:
        stale.append(path.name)
        if not check:
            path.unlink()
    if check and stale:
        sys.stderr.write(f"stale reference pages: {', '.join(stale)}: run `make docs`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
