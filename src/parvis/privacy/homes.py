"""Where people live: addresses and points beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parvis.core.types import Row, Sensitivity, Severity
from parvis.privacy.addresses import dwellings, own, says_address, says_home, says_lived, shaped
from parvis.privacy.cells import number_filled
from parvis.privacy.confidence import confidence
from parvis.privacy.detection import Detection
from parvis.privacy.headers import says_number
from parvis.privacy.looking import SURE, WORDS, Look, message_of
from parvis.privacy.people import Named
from parvis.privacy.row_cells import point
from parvis.privacy.rows import NO_PERSON, About

_ADDRESS_FIX = "Une adresse précise désigne un foyer : gardez la commune, le quartier ou l’IRIS."


def addresses(look: Look, names: Mapping[str, Named], about: About) -> Iterator[Detection]:
    """Columns of addresses: somebody's in a table about people, a place's elsewhere."""
    for name in look.samples:
        values = look.values(name, WORDS)
        if name in names or not values:
            continue
        shape = shaped(values)
        by_header = says_address(name)
        apart = (
            about.named and shape.street >= 0.5 and any(says_number(c.name) for c in look.schema.columns)
        )  # the number has a column of its own
        dwelt = dwellings(values) if about.persons and not about.bodies else 0.0
        if about.named and not about.bodies and says_lived(name) and own(values, look.filled(name)[0]):
            dwelt = 1.0  # hamlets and lone houses have no street
        if dwelt < 0.6 and shape.numbered < 0.05 and not (by_header and shape.street >= 0.5) and not apart:
            continue
        numbered = shape.numbered + (
            shape.street if apart else 0.6 * shape.street if by_header and shape.numbered >= 0.02 else 0
        )
        numbered = max(numbered, dwelt)
        sure = confidence("address", {"header": by_header, "shaped": numbered, "people": about.persons})
        if sure < SURE:
            continue
        count, rows = look.filled(name)
        theirs = says_home(name) or (about.persons and not about.bodies)
        message = message_of(
            "adresses postales", name, count, count, "" if theirs and not about.ground else _NOBODY
        )
        seen = Detection(
            "postal-address",
            name,
            Sensitivity.DIRECT,
            Sensitivity.DIRECT,
            "error",
            count,
            count,
            sure,
            message,
            _ADDRESS_FIX,
            rows,
        )
        yield seen if theirs and not about.ground else seen.allowed(about.ground or NO_PERSON)


_NOBODY = " Rien ne dit que ce soit chez quelqu’un."


_HOME_FIX = "Un point exact à côté d’une personne montre où elle vit : agrégez par quartier ou par maille, ou déplacez les points."


def homes(look: Look, about: About) -> Iterator[Detection]:
    """Coordinates beside people: where they live."""
    if not about.persons or about.bodies or about.ground:
        return
    sure = confidence("home", {"people": 1})
    placed = [c.name for c in look.schema.columns if point(c)]
    for name in placed:
        cells = number_filled(look.con, look.paths, name)
        rows = tuple(Row("", 0, r, "•") for r in range(1, min(cells, 3) + 1))
        level: Sensitivity = Sensitivity.DIRECT if about.named else Sensitivity.INDIRECT
        severity: Severity = "error" if about.persons else "warning"
        message = message_of("points qui situent des personnes", name, cells, cells)
        yield Detection(
            "home-point",
            name,
            Sensitivity.DIRECT,
            level,
            severity,
            cells,
            cells,
            sure,
            message,
            _HOME_FIX,
            rows,
        )
