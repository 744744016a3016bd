"""Names of the frame of all pages: `base.html` is rendered after its child's own, so a name that both set is the frame's."""

from __future__ import annotations

import re

from tests.conftest import ROOT

TEMPLATES = ROOT / "src" / "parvis" / "web" / "templates"
SET = re.compile(r"{%-?\s*set\s+(\w+)")


def test_no_page_sets_a_name_that_the_frame_sets() -> None:
    frame = set(SET.findall((TEMPLATES / "base.html").read_text("utf-8")))
    pages = [p for p in TEMPLATES.rglob("*.html") if p.name != "base.html"]
    taken = {p.name: frame & set(SET.findall(p.read_text("utf-8"))) for p in pages}
    assert frame
    assert len(pages) > 50
    assert {page: names for page, names in taken.items() if names} == {}
