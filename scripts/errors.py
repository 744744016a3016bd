"""The French sentences that errors are made of, read from the syntax tree of every `…Error(...)` of the
program: what their English must hold.

`python -m scripts.errors` brings `core/locale/en/LC_MESSAGES/errors.po` up to them and says what still lacks
its English. A sentence is a template: `{name}` stands for data, which is never translated, `{name*}` for
another of our sentences, and `{name~}` for one or the other.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from parvis.core.english import PLACEHOLDER, PO
from parvis.engine.expressions import functions_help
from parvis.prepare import known_steps

ROOT = Path(__file__).parents[1] / "src"
ERRORS = frozenset({
    "ParvisError", "UsageError", "BadQuery", "NotSignedIn", "Refused", "NotFound", "Gone", "Unreadable", "TooLarge", "HeldBack", "TooMany", "SourceDown",
})  # fmt: skip
DIALECT = ("parvis.query", "parvis.api")
FIXED = datetime(2026, 1, 1, tzinfo=UTC)
"""Date that the file bears: the same sentences give the same bytes."""
MOST = 32
"""Templates that one expression may come to."""
DEEP = 6
"""Names followed from one to the next."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Module:
    """One file: its functions by name, the names given to values at its top, and where its imports come from."""

    path: Path
    tree: ast.Module
    functions: dict[str, list[Function]] = field(default_factory=dict[str, list[Function]])
    constants: dict[str, ast.expr] = field(default_factory=dict[str, ast.expr])
    imports: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    errors: set[str] = field(default_factory=set[str])
    """Classes of errors that it defines."""
    calls: list[tuple[Function | None, ast.Call]] = field(
        default_factory=list[tuple[Function | None, ast.Call]]
    )
    """Every call, with the function that it stands in."""
    outer: dict[Function, Function | None] = field(default_factory=dict[Function, Function | None])
    """The function that a function stands in."""


def modules() -> dict[str, Module]:
    """Every module of the program by its dotted name."""
    found: dict[str, Module] = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        module = Module(path, ast.parse(path.read_text("utf-8")))
        for node in ast.walk(module.tree):
            if isinstance(node, Function):
                module.functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ImportFrom) and node.module:
                module.imports |= {a.asname or a.name: (node.module, a.name) for a in node.names}
        for holder, node in _held(module.tree, None):
            if isinstance(node, ast.Call):
                module.calls.append((holder, node))
            else:
                module.outer[node] = holder
        for node in module.tree.body:
            if isinstance(node, ast.Assign):
                module.constants |= {t.id: node.value for t in node.targets if isinstance(t, ast.Name)}
            elif (
                isinstance(node, ast.AnnAssign)
                and isinstance(node.target, ast.Name)
                and node.value is not None
            ):
                module.constants[node.target.id] = node.value
        found[name] = module
    known = set(ERRORS)
    while True:
        new = {
            (name, node.name)
            for name, m in found.items()
            for node in m.tree.body
            if isinstance(node, ast.ClassDef)
            and node.name not in known
            and any(isinstance(b, ast.Name) and b.id in known for b in node.bases)
        }
        if not new:
            return found
        for name, cls in new:
            found[name].errors.add(cls)
            known.add(cls)


class Reader:
    """Reads the templates that expressions come to; `sentences` gathers all that are found."""

    def __init__(self) -> None:
        self.modules = modules()
        self.classes = ERRORS | {c for m in self.modules.values() for c in m.errors}
        self.sentences: set[str] = set()
        self.gap = False
        """Whether something was met that is no text of ours."""

    def read(self) -> set[str]:
        """Every template of a message or of its remedy, and of what stands inside them. Queries are answered
        in the words of their dialect: English.
        """
        for name, module in self.modules.items():
            for holder, call in module.calls:
                if _name(call.func) == "BadQuery" and name.startswith(DIALECT):
                    continue
                own = (
                    isinstance(call.func, ast.Attribute)
                    and call.func.attr == "__init__"
                    and self._of_error(module, call)
                )
                if own or _name(call.func) in self.classes:
                    asked = [
                        *call.args[:1],
                        *(k.value for k in call.keywords if k.arg in ("message", "mend")),
                    ]
                    for expression in asked:
                        self._keep(self.texts(expression, module, holder, DEEP))
        return {s for s in self.sentences if _telling(s)}

    def _of_error(self, module: Module, call: ast.Call) -> bool:
        """Whether a `super().__init__(…)` stands in a class of errors."""
        return any(
            isinstance(node, ast.ClassDef) and node.name in module.errors and call in ast.walk(node)
            for node in module.tree.body
        )

    def _keep(self, texts: Sequence[str]) -> None:
        self.sentences.update(texts)

    def texts(self, node: ast.expr, module: Module, holder: Function | None, deep: int) -> list[str]:
        """The templates that an expression may come to; none when it is no text of ours."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else self._none(node.value is not None)
        if isinstance(node, ast.JoinedStr):
            return self._joined(node, module, holder, deep)
        if isinstance(node, ast.IfExp):
            return [
                *self.texts(node.body, module, holder, deep),
                *self.texts(node.orelse, module, holder, deep),
            ]
        if isinstance(node, ast.BoolOp):
            return [t for value in node.values for t in self.texts(value, module, holder, deep)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = (
                self._parts(node.left, module, holder, deep),
                self._parts(node.right, module, holder, deep),
            )
            return [a + b for a, b in itertools.islice(itertools.product(left, right), MOST)]
        if isinstance(node, ast.Attribute) and node.attr in ("message", "mend", "todo"):
            return [f"{{{node.attr}*}}"]
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("strip", "removesuffix")
        ):
            return self.texts(node.func.value, module, holder, deep)
        found: list[str] = []
        if (
            isinstance(node, ast.Call)
            and _name(node.func) == "next"
            and node.args
            and isinstance(node.args[0], ast.GeneratorExp)
        ):
            return [
                t
                for value in (node.args[0].elt, *node.args[1:])
                for t in self.texts(value, module, holder, deep)
            ]
        if isinstance(node, ast.Call) and deep:
            found = self._returned(node, module, deep)
        elif isinstance(node, ast.Name) and deep:
            found = self._named(node.id, module, holder, deep)
        elif isinstance(node, ast.Subscript) and deep:
            found = self._entries(node.value, module, deep)
        return found or self._none(True)

    def _none(self, gap: bool) -> list[str]:
        self.gap |= gap
        return []

    def _parts(self, node: ast.expr, module: Module, holder: Function | None, deep: int) -> list[str]:
        return self.texts(node, module, holder, deep) or [f"{{{_label(node)}}}"]

    def _joined(self, node: ast.JoinedStr, module: Module, holder: Function | None, deep: int) -> list[str]:
        """A text with values in it: what is chosen between texts on the spot is written out, other texts of
        ours become a starred placeholder.
        """
        before = self.gap
        pieces: list[list[str]] = []
        names: dict[str, str] = {}
        for part in node.values:
            if not isinstance(part, ast.FormattedValue):
                pieces.append([str(part.value)] if isinstance(part, ast.Constant) else [])
                continue
            self.gap = False
            inner = (
                self.texts(part.value, module, holder, deep)
                if part.format_spec is None and part.conversion == -1
                else []
            )
            if inner and isinstance(part.value, ast.IfExp) and len(inner) <= 4:
                pieces.append(inner)
                continue
            told = [t for t in inner if _telling(t) or t.endswith(("*}", "~}"))]
            self._keep([t for t in told if _telling(t)])
            key = ast.unparse(part.value)
            label = names.setdefault(key, _free(_label(part.value), names))
            mixed = self.gap or any(t.strip() and t not in told for t in inner)
            star = "" if not told else "~" if mixed else "*"
            pieces.append([f"{{{label}{star}}}"])
        self.gap = before
        return ["".join(made) for made in itertools.islice(itertools.product(*pieces), MOST)]

    def _returned(self, call: ast.Call, module: Module, deep: int) -> list[str]:
        """What a function of ours gives back."""
        found: list[str] = []
        for where, function in self._function(call.func, module):
            for node in _own(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    found += self.texts(node.value, where, function, deep - 1)
        return found

    def _function(self, called: ast.expr, module: Module) -> Iterator[tuple[Module, Function]]:
        name = _name(called)
        if (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.value.id in module.imports
        ):
            other = self.modules.get(".".join(module.imports[called.value.id]))
            yield from ((other, f) for f in other.functions.get(name, ())) if other is not None else ()
        elif name in module.functions:
            yield from ((module, f) for f in module.functions[name])
        elif name in module.imports:
            source, original = module.imports[name]
            other = self.modules.get(source)
            if other is not None:
                yield from ((other, f) for f in other.functions.get(original, ()))

    def _named(self, name: str, module: Module, holder: Function | None, deep: int) -> list[str]:
        """What a name stands for: given in the function, handed to it by whoever calls it, or a constant."""
        if holder is not None:
            given = [
                v for node in _own(holder) for v in (*_given(node, name), *self._looped(node, name, module))
            ]
            if given:
                return [t for value in given for t in self.texts(value, module, holder, deep - 1)]
            places = [a.arg for a in (*holder.args.posonlyargs, *holder.args.args, *holder.args.kwonlyargs)]
            if name in places:
                return self._handed(holder, name, module, deep)
            outer = module.outer.get(holder)
            if outer is not None:
                return self._named(name, module, outer, deep)
        if name in module.constants:
            return self.texts(module.constants[name], module, None, deep - 1)
        if name in module.imports:
            source, original = module.imports[name]
            other = self.modules.get(source)
            if other is not None and original in other.constants:
                return self.texts(other.constants[original], other, None, deep - 1)
        return []

    def _looped(self, node: ast.AST, name: str, module: Module) -> Iterator[ast.expr]:
        """What a name stands for in turn, when a loop takes it from a table written at the top of a module."""
        if not isinstance(node, ast.For | ast.comprehension) or not isinstance(node.iter, ast.Name):
            return
        names = [
            t.id if isinstance(t, ast.Name) else ""
            for t in (node.target.elts if isinstance(node.target, ast.Tuple) else (node.target,))
        ]
        source, original = module.imports.get(node.iter.id, ("", ""))
        table = module.constants.get(node.iter.id) or (
            self.modules[source].constants.get(original) if source in self.modules else None
        )
        if name in names and isinstance(table, ast.Tuple | ast.List):
            rows = (row.elts if isinstance(row, ast.Tuple) else [row] for row in table.elts)
            yield from (row[names.index(name)] for row in rows if len(row) == len(names))

    def _handed(self, function: Function, name: str, module: Module, deep: int) -> list[str]:
        """What callers hand to a function under that name."""
        order = [
            a.arg for a in (*function.args.posonlyargs, *function.args.args) if a.arg not in ("self", "cls")
        ]
        found: list[str] = []
        for other in self.modules.values():
            if other is not module and function.name not in other.imports:
                continue
            for holder, call in other.calls:
                if _name(call.func) != function.name:
                    continue
                by_place = dict(zip(order, call.args, strict=False))
                value = next((k.value for k in call.keywords if k.arg == name), by_place.get(name))
                if value is not None:
                    found += self.texts(value, other, holder, deep - 1)
        default = dict(
            zip([a.arg for a in function.args.args][::-1], function.args.defaults[::-1], strict=False)
        ).get(name)
        default = default or dict(
            zip([a.arg for a in function.args.kwonlyargs], function.args.kw_defaults, strict=True)
        ).get(name)
        return [*found, *(self.texts(default, module, None, deep - 1) if default is not None else [])]

    def _entries(self, node: ast.expr, module: Module, deep: int) -> list[str]:
        """Texts of a table written at the top of a module."""
        value = module.constants.get(node.id) if isinstance(node, ast.Name) else node
        if isinstance(value, ast.Call) and value.args:
            value = value.args[0]
        return (
            [t for v in value.values for t in self.texts(v, module, None, deep - 1)]
            if isinstance(value, ast.Dict)
            else []
        )


def _held(node: ast.AST, holder: Function | None) -> Iterator[tuple[Function | None, ast.Call | Function]]:
    """Every call and every function, with the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call | Function):
            yield holder, child
        yield from _held(child, child if isinstance(child, Function) else holder)


def _own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions within it."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, Function):
            stack += ast.iter_child_nodes(node)


def _given(node: ast.AST, name: str) -> Iterator[ast.expr]:
    """Values given to a name by this node."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from (
                    v
                    for t, v in zip(target.elts, node.value.elts, strict=False)
                    if isinstance(t, ast.Name) and t.id == name
                )
    elif (
        isinstance(node, ast.AnnAssign | ast.NamedExpr)
        and isinstance(node.target, ast.Name)
        and node.target.id == name
        and node.value is not None
    ):
        yield node.value


def _name(function: ast.expr) -> str:
    return (
        function.id
        if isinstance(function, ast.Name)
        else function.attr
        if isinstance(function, ast.Attribute)
        else ""
    )


def _label(node: ast.expr) -> str:
    """A word for a value: its name, its attribute, what is counted."""
    if isinstance(node, ast.Call):
        name = _name(node.func)
        if name in ("len", "french_number", "sum") and node.args:
            return "n"
        return (
            _label(node.func.value)
            if isinstance(node.func, ast.Attribute) and name != "join"
            else "list"
            if name == "join"
            else _clean(name)
        )
    if isinstance(node, ast.Subscript):
        return _label(node.value)
    return _clean(
        node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else "said"
    )


def _clean(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower()) or "said"


def _free(label: str, names: Mapping[str, str]) -> str:
    """The label, or the first of its kind that nothing else bears here."""
    taken = set(names.values())
    return next(x for x in (label, *(f"{label}{chr(98 + i)}" for i in range(20))) if x not in taken)


def _telling(template: str) -> bool:
    """Whether it says something in French beside its placeholders: a name of ours (`upload_mb`, `lat`) does
    not.
    """
    said = PLACEHOLDER.sub("", template).strip()
    return (
        re.search(r"[^\W\d_]{2,}", said) is not None
        and re.fullmatch(r"[a-z0-9_.$-]+|[A-Z_]+|Mo", said) is None
        and not re.search("[\\\\\ufffdÃ]|Œœ", said)
    )


def shape(template: str) -> str:
    """The template without the names of its places: two of one shape are one sentence."""
    return PLACEHOLDER.sub("{}", template)


def templates() -> set[str]:
    """Every sentence, as a template; of those of one shape, the first one that holds most of our sentences."""
    found = {shape(t): t for t in declared()}
    for template in sorted(Reader().read(), key=lambda t: (-t.count("*}") - t.count("~}"), t)):
        found.setdefault(shape(template), template)
    return set(found.values())


def declared() -> Mapping[str, str]:
    """What declarations say of themselves, with their English where they bring it: steps, what they want to
    be told, what a function does.
    """
    steps = known_steps().values()
    said = {p.title: p.english[0] for step in steps for p in step.parameters} | {
        step.title: step.english for step in steps
    }
    hints = {p.hint: p.english[1] for step in steps for p in step.parameters if p.hint and _telling(p.hint)}
    return said | hints | dict.fromkeys(functions_help(), "")


def update() -> list[str]:
    """Bring the file up to the program; returns the sentences that lack their English."""
    known: dict[str, str] = {}
    if PO.exists():
        with PO.open("rb") as source:
            known = {str(m.id): str(m.string) for m in read_po(source, locale="en") if m.id}
    said = declared()
    catalog = Catalog(locale="en", project="Parvis", charset="utf-8", creation_date=FIXED)
    for template in sorted(templates()):
        catalog.add(template, known.get(template) or said.get(template, ""))
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as out:
        write_po(out, catalog, width=160, no_location=True, sort_output=True)
    return [str(m.id) for m in catalog if m.id and not m.string]


if __name__ == "__main__":
    for lacking in update():
        sys.stdout.write(f"{lacking}\n")
