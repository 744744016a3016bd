"""The checklist that someone signs: complete, with reasons, or refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parvis.core.errors import UsageError
from parvis.privacy.checklist import QUESTIONS, raised, sign

AT = datetime(2026, 3, 1, tzinfo=UTC)
NO = {q.name: "no" for q in QUESTIONS}


def test_a_complete_checklist_is_clear_only_when_all_is_no() -> None:
    """One « unsure » with its reason is signed, and not clear."""
    assert sign("v", "p1", AT, NO).clear
    one = sign(
        "v",
        "p1",
        AT,
        {**NO, "small-counts": "unsure"},
        {"small-counts": "trois écoles de moins de cinq élèves"},
    )
    assert not one.clear


@pytest.mark.parametrize(
    ("who", "replies", "notes"),
    [
        ("p1", {k: v for k, v in NO.items() if k != "public-security"}, {}),
        ("p1", {**NO, "public-security": "peut-être"}, {}),
        ("p1", {**NO, "public-security": "yes"}, {"public-security": "  "}),
        (" ", NO, {}),
    ],
)
def test_an_open_question_is_refused(who: str, replies: dict[str, str], notes: dict[str, str]) -> None:
    """A missing reply, another word, a « yes » without a reason, no signature."""
    with pytest.raises(UsageError):
        sign("v", who, AT, replies, notes)


def test_findings_raise_their_questions() -> None:
    """Camera sites put public security first."""
    assert [q.name for q in raised(frozenset({"camera-sites"}))] == ["public-security"]
    assert raised(frozenset()) == ()
