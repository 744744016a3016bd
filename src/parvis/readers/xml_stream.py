"""Walk an XML document tag by tag: no entity is expanded, nothing is fetched, depth is bounded, memory stays
flat.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import IO, TYPE_CHECKING, Protocol, cast

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.sentence import Number, Sentence
from parvis.core.settings import Limits
from parvis.readers.limits import past

if TYPE_CHECKING:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]
else:
    etree = late("lxml.etree")


class Element(Protocol):
    """What is used of an lxml element."""

    text: str | None
    tail: str | None

    @property
    def tag(self) -> object: ...
    @property
    def attrib(self) -> Collection[str]: ...
    def get(self, key: str) -> str | None: ...
    def getparent(self) -> Element | None: ...
    def getprevious(self) -> Element | None: ...
    def clear(self, keep_tail: bool = False) -> None: ...
    def remove(self, element: Element) -> None: ...
    def __iter__(self) -> Iterator[Element]: ...
    def __len__(self) -> int: ...


_MANY = 64
"""Attributes from which one pass over them costs less than to look each of them up by its name."""


def attributes(element: Element) -> dict[str, str]:
    """Every attribute by its qualified name, in the order of the document; the cost is linear in their number.

    lxml's own `items()` looks each value up from the first attribute on: two elements of 15,000 cost 4 CPU s.
    """
    if len(element.attrib) < _MANY:
        return dict(cast("dict[str, str]", element.attrib))
    return {value.attrname: str(value) for value in cast("list[_Value]", _every()(element))}


class _Value(Protocol):
    """What is used of lxml's text of an attribute."""

    attrname: str


@cache
def _every() -> Callable[[Element], object]:
    return cast("Callable[[Element], object]", etree.XPath("@*", smart_strings=True))


class BadXml(ValueError):
    """The document is not well-formed."""


def local(element: Element) -> str:
    """The tag without its namespace; "" for comments and instructions."""
    return name(element.tag) if isinstance(element.tag, str) else ""


def name(qualified: str) -> str:
    """A name without its namespace."""
    return qualified.rpartition("}")[2]


def walk(source: IO[bytes], limits: Limits) -> Iterator[tuple[str, Element]]:
    """("start" or "end", element) for each element, in order. The caller forgets what it has used (`forget`).

    Raises BadXml when the document is not well-formed, Unreadable when it nests too deep, gives an element
    more attributes than a table has columns, or declares entities.
    """
    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    events = etree.iterparse(source, events=("start", "end"), remove_comments=True, remove_pis=True, **safe)
    depth = 0
    try:
        for event, element in events:
            if event == "start":
                if not depth:
                    _refuse_entities(element)
                depth += 1
                if depth > limits.nesting:
                    raise past(
                        "nesting", limits.nesting, Sentence("Le document XML imbrique trop d’éléments")
                    )
                count = len(element.attrib)
                if count > limits.columns:
                    raise past("columns", limits.columns, _too_many(local(element), count))
            else:
                depth -= 1
            yield cast(str, event), cast(Element, element)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise past(
                "nesting", limits.nesting, Sentence("Le document XML imbrique trop d’éléments")
            ) from error
        raise BadXml(" ".join(str(error).split())[:150]) from error


def _too_many(tag: str, count: int) -> Sentence:
    return Sentence("Un élément « {tag} » du XML a {n} attributs", tag=tag[:80], n=Number(count))


def _refuse_entities(root: etree._Element) -> None:  # pyright: ignore[reportPrivateUsage, reportUnknownParameterType]
    document = root.getroottree().docinfo.internalDTD
    if document is not None and next(iter(document.iterentities()), None) is not None:
        raise Unreadable(
            "Le document déclare des entités XML : il pourrait épuiser la mémoire, il est refusé.",
            mend="Ôtez la déclaration DOCTYPE.",
        )


def forget(element: Element) -> None:
    """Let go of an element that was used, and of those before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None:
        before = element.getprevious()
        if before is None:
            break
        parent.remove(before)
