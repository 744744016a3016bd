"""The order of the answers at an address: what stands open, and what is folded."""

from __future__ import annotations

from parvis.services.answers import Said, Tone
from parvis.web.views.at_home import OPEN, AtHomeAnswer, Ranked, in_order


def ranked(name: str, rank: int = 0, tone: Tone = "", *, near: bool = True) -> Ranked:
    return Ranked(AtHomeAnswer(name, name, "fr", Said(f"{name}.", tone=tone), None, folded=False), rank, near)


def test_what_everybody_comes_for_then_what_is_bad_stands_open() -> None:
    """In the order of their ranks, whatever the order of the services; what is near first."""
    answers = [
        ranked("sorties"),
        ranked("air", 2, "bad"),
        ranked("crue", tone="bad", near=False),
        ranked("eau", tone="bad"),
        ranked("collecte", 1),
    ]
    shown = in_order(answers)
    assert [one.service for one in shown] == ["collecte", "air", "eau", "crue", "sorties"]
    assert [one.folded for one in shown] == [False, False, False, False, True]


def test_a_bad_day_does_not_make_the_page_longer() -> None:
    """Beyond so many, what is bad is folded, above what is not."""
    answers = [
        ranked("fine"),
        *(ranked(f"everyday {n}", n) for n in range(1, OPEN)),
        *(ranked(f"bad {n}", tone="bad") for n in range(3)),
    ]
    shown = in_order(answers)
    assert [one.service for one in shown if not one.folded] == [
        *(f"everyday {n}" for n in range(1, OPEN)),
        "bad 0",
    ]
    assert [one.service for one in shown if one.folded] == ["bad 1", "bad 2", "fine"]


def test_what_everybody_comes_for_is_never_folded() -> None:
    answers = [ranked(f"everyday {n}", n) for n in range(1, OPEN + 3)] + [ranked("eau", tone="bad")]
    assert [one.folded for one in in_order(answers)] == [False] * (OPEN + 2) + [True]
