"""« Where can I park, now, near here? »: the nearest park where places are counted free, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from parvis.core.types import Column
from parvis.services.answers import Asked, Block, Blocks, Map, Mark, Rows, Said, Tone
from parvis.services.nearest import Near, closest, nearest, straight_line
from parvis.services.stationnement.parks import Park, parks

LISTED = 8
TONES: Mapping[str, Tone] = {"de la place": "ok", "presque plein": "warn", "plein": "bad", "fermé": "bad"}
"""What is not here is not known: never green."""
WITH_PLACES = ("de la place", "presque plein")


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """One sentence with its moment, the parks around, the map."""
    if "parcs" not in tables:
        return ()
    height = asked.amount("hauteur")
    fit = [
        p
        for p in parks(tables["parcs"], tables.get("places"), asked.now)
        if (p.disabled > 0 or not asked.ticked("pmr"))
        and (p.free or not asked.ticked("gratuit"))
        and (height is None or p.height_m is None or height < p.height_m)
    ]
    if not fit:
        return (Said(asked.say("Aucun parc de stationnement ne répond à cette demande."), "warn"),)
    spot = asked.spot("lieu")
    if spot is None:
        order = sorted(range(len(fit)), key=lambda n: (fit[n].state not in WITH_PLACES, fit[n].name))
        return [_overview(asked, fit), *_parks(asked, fit, [Near(n, 0, False) for n in order])]
    near = nearest(spot, [(p.lon, p.lat) for p in fit], tables.get("rues"))
    if not near:
        number, far = closest(spot, [(p.lon, p.lat) for p in fit])
        text = asked.say(
            "Aucun parc à moins de vingt minutes à pied de « %(place)s » : le plus proche, « %(name)s », est à %(far)s km.",
            place=spot.name or asked.say("votre position"),
            name=fit[number].name,
            far=asked.number(far, 1),
        )
        return [Said(text, "warn", dated=fit[number].counted), *_parks(asked, fit, [Near(number, 0, False)])]
    return [_lead(asked, fit, near), *_parks(asked, fit, near)]


def _lead(asked: Asked, fit: Sequence[Park], near: Sequence[Near]) -> Said:
    """The nearest with places; else the nearest of which nothing is known; else the nearest, full."""
    best = next((n for n in near if fit[n.index].state in WITH_PLACES), None)
    unknown = next((n for n in near if fit[n.index].state not in TONES), None)
    if best is not None:
        park = fit[best.index]
        text = asked.say(
            "De la place à « %(name)s », à %(walk)s min à pied : %(left)s à %(hour)s.",
            **_values(asked, park, best),
        )
        first = fit[near[0].index]
        return Said(text, TONES[park.state], _note(asked, park, first), dated=park.counted)
    if unknown is not None:
        park = fit[unknown.index]
        values = _values(asked, park, unknown)
        if park.counted is not None:
            text = asked.say(
                "« %(name)s » est à %(walk)s min à pied, mais on ne sait plus s’il y reste de la place : le dernier compte est trop vieux ou impossible.",
                **values,
            )
        else:
            text = asked.say(
                "« %(name)s » est à %(walk)s min à pied ; personne ne dit ici combien de ses places sont libres.",
                **values,
            )
        return Said(text, "", dated=park.counted)
    park = fit[near[0].index]
    text = asked.say(
        "Aucune place comptée libre à moins de vingt minutes à pied : « %(name)s », le plus proche, est %(state)s.",
        state=asked.say(park.state),
        **_values(asked, park, near[0]),
    )
    return Said(text, "bad", dated=park.counted)


def _values(asked: Asked, park: Park, near: Near) -> dict[str, str]:
    return {
        "name": park.name,
        "walk": asked.number(near.minutes),
        "left": _left(asked, park),
        "hour": asked.hour(park.counted) if park.counted else "",
    }


def _left(asked: Asked, park: Park) -> str:
    if park.total is None:
        return asked.count("%(n)s place libre", "%(n)s places libres", park.left or 0)
    of = asked.number(park.total)
    return asked.count(
        "%(n)s place libre sur %(of)s", "%(n)s places libres sur %(of)s", park.left or 0, of=of
    )


def _note(asked: Asked, park: Park, first: Park) -> str:
    """What makes it doubtful, and why no nearer one."""
    parts = [asked.say("Une place comptée libre peut être prise avant votre arrivée.")]
    if first is not park:
        parts.insert(
            0,
            asked.say("« %(name)s », plus près : %(state)s.", name=first.name, state=asked.say(first.state)),
        )
    return " ".join(parts)


def _overview(asked: Asked, fit: Sequence[Park]) -> Said:
    sure = [p for p in fit if p.state in TONES]
    note = asked.say("Dites où vous allez pour savoir lequel.")
    if not sure:
        text = asked.count(
            "%(n)s parc de stationnement est connu ; personne ne dit en ce moment combien de ses places sont libres.",
            "%(n)s parcs de stationnement sont connus ; personne ne dit en ce moment combien de leurs places sont libres.",
            len(fit),
        )
        return Said(text, "", note)
    free = [p for p in sure if p.state in WITH_PLACES]
    text = asked.count(
        "%(n)s parc sur %(of)s a de la place : %(left)s en tout.",
        "%(n)s parcs sur %(of)s ont de la place : %(left)s en tout.",
        len(free),
        of=asked.number(len(fit)),
        left=asked.count("%(n)s place libre", "%(n)s places libres", sum(p.left or 0 for p in free)),
    )
    if len(sure) < len(fit):
        more = asked.count(
            "De %(n)s autre, on ne sait rien en ce moment.",
            "De %(n)s autres, on ne sait rien en ce moment.",
            len(fit) - len(sure),
        )
        note = f"{more} {note}"
    dated = min((p.counted for p in sure if p.counted), default=None)
    return Said(text, "ok" if 2 * len(free) >= len(sure) else "warn", note, dated=dated)


def _parks(asked: Asked, fit: Sequence[Park], near: Sequence[Near]) -> list[Block]:
    """The table, and the map of what stands in it."""
    listed = [n for n in near if fit[n.index].state in WITH_PLACES][: LISTED // 2]
    listed = sorted({*listed, *near[:LISTED]}, key=near.index) if near[0].minutes else list(near)
    title = asked.say("Les parcs de stationnement")
    walked = bool(near[0].minutes)
    columns = [
        Column("nom", title=asked.say("Parc")),
        *([Column("pied", "integer", title=asked.say("À pied"), unit="min")] if walked else []),
        Column("etat", title=asked.say("État")),
        Column("libres", "integer", title=asked.say("Places libres")),
        Column("total", "integer", title=asked.say("Places en tout")),
        Column("compte", title=asked.say("Compté")),
        Column("prix", title=asked.say("Prix d’une heure")),
        Column("hauteur", "number", title=asked.say("Hauteur maximale"), unit="m"),
    ]
    rows = tuple(_row(asked, fit[n.index], n) for n in listed)
    how = (
        ""
        if not walked
        else asked.say("Temps à pied par les rues, du parc au lieu demandé.")
        if all(n.by_streets for n in listed)
        else straight_line(asked)
    )
    marks = tuple(
        Mark(
            "point",
            ((p.lon, p.lat),),
            p.name,
            _short(asked, p),
            TONES.get(p.state, ""),
            0.0 if p.state in TONES else 0.6,
        )
        for p in (fit[n.index] for n in listed)
    )
    key = {
        "ok": asked.say("de la place"),
        "warn": asked.say("presque plein"),
        "bad": asked.say("plein ou fermé"),
        "": asked.say("on ne sait pas"),
    }
    return [Rows(title, tuple(columns), rows, how), Map(asked.say("Où ils sont"), marks, title, key)]


def _row(asked: Asked, park: Park, near: Near) -> Mapping[str, object]:
    certain = park.state in TONES
    return {
        "nom": park.name,
        "pied": near.minutes,
        "etat": asked.say(park.state),
        "libres": park.left if certain else None,
        "total": park.total if park.total is not None else park.places,
        "compte": _when(asked, park),
        "prix": _price(asked, park),
        "hauteur": park.height_m,
    }  # fmt: skip


def _price(asked: Asked, park: Park) -> str:
    """« 1,40 € »; "" where it is not known."""
    if park.free:
        return asked.say("gratuit")
    if park.price is None:
        return ""
    whole, cents = divmod(round(park.price * 100), 100)
    point = "," if asked.speech.code == "fr" else "."
    return asked.say("%(price)s €", price=f"{asked.number(whole)}{point}{cents:02d}")


def _when(asked: Asked, park: Park) -> str:
    return "" if park.counted is None else asked.at_hour(park.counted)


def _short(asked: Asked, park: Park) -> str:
    if park.state in WITH_PLACES:
        return asked.count("%(n)s libre", "%(n)s libres", park.left or 0)
    return asked.say(park.state)
