"""Looking at a page as its readers do: what axe-core finds, whether it scrolls sideways, what the console
says, its words and links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.sync_api import BrowserContext, Page, expect

from tests.cities import webcity
from tests.conftest import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

WEIGHT = 60_000
"""Bytes that a page may transfer, compressed, without its map."""

CONTRAST = ("color-contrast", "link-in-text-block")
"""Rules whose verdict may change with the colour scheme."""

COLOURS = (*CONTRAST, "target-size")
"""Rules whose verdict may change with scheme or width; the others look at the same tree whatever the screen.
"""

LOOKS = ((320, "light", ()), (320, "dark", COLOURS), (1280, "dark", COLOURS), (1280, "light", COLOURS))
"""Width in pixels, colour scheme, and the rules of axe that are asked (none: all). In an order that changes
one thing at a time.
"""

BOXES = """() => [...document.querySelectorAll("body *")].map(e => { const b = e.getBoundingClientRect();
    return [b.x + scrollX, b.y + scrollY, b.width, b.height].map(n => Math.round(n * 4)) }).join()"""
"""Where every element stands, to a fourth of a pixel: sizes of targets are those of before where nothing
moved.
"""

OVERLAPS = """() => {
    const clips = new Map();
    const clip = (e) => { // what of the page can be seen inside this element
        if (!e || e === document.documentElement) return [-1e6, -1e6, 1e6, 1e6];
        if (clips.has(e)) return clips.get(e);
        let [l, t, r, b] = clip(e.parentElement);
        const style = getComputedStyle(e);
        if (style.overflowX !== "visible" || style.overflowY !== "visible") {
            const box = e.getBoundingClientRect();
            [l, t, r, b] = [Math.max(l, box.left), Math.max(t, box.top), Math.min(r, box.right), Math.min(b, box.bottom)];
        }
        clips.set(e, [l, t, r, b]);
        return [l, t, r, b];
    };
    const boxes = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        const parent = node.parentElement;
        if (!node.data.trim() || !parent.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) || parent.closest("option, datalist, title, .unseen, script, style") || (parent.closest("details:not([open])") && !parent.closest("summary"))) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const [l, t, r, b] = clip(parent);
        for (const rect of range.getClientRects()) {
            // the letters themselves stand in the middle of their line
            const high = rect.height * 0.22;
            const box = [Math.max(l, rect.left), Math.max(t, rect.top + high), Math.min(r, rect.right), Math.min(b, rect.bottom - high)];
            if (box[2] - box[0] > 3 && box[3] - box[1] > 3) boxes.push([box, node.data.trim().slice(0, 40), node]);
        }
    }
    boxes.sort((a, b) => a[0][1] - b[0][1]);
    const said = [];
    boxes.forEach(([one, text, node], i) => {
        for (let j = i + 1; j < boxes.length && boxes[j][0][1] < one[3] - 1; j++) {
            const [other, there, its] = boxes[j];
            if (its !== node && Math.min(one[2], other[2]) - Math.max(one[0], other[0]) > 2 && Math.min(one[3], other[3]) - Math.max(one[1], other[1]) > 1)
                said.push(`« ${text} » meets « ${there} »`);
        }
    });
    return [...new Set(said)].slice(0, 8);
}"""
"""Texts of which one is written upon another, as they are seen: what a scrolling part hides is left out."""

LOADED = """() => [
    ...(document.querySelector("audio, video") ? ["has sound or film: axe must be let load it"] : []),
    ...[...document.styleSheets].flatMap(function conditions(s) { return [...s.cssRules].flatMap(r => [...(r.media ? [r.media.mediaText] : []),
        ...(r.cssRules ? conditions(r) : [])]) }).filter(m => m.includes("orientation")).map(m => `style by orientation: ${m}`)]"""
"""What the only rules of axe that need files of the page loaded again (css-orientation-lock,
no-autoplay-audio) could find something in: there is none of it.
"""


def ready(context: BrowserContext) -> None:
    """Pages of this context are born with axe-core: half a megabyte that need not be sent to each."""
    context.add_init_script(path=AXE)


def axe(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds, in words: with all its rules, RGAA ones among them, or with these only."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        """async (only) => (await axe.run(document, {resultTypes: ["violations"], preload: false, ...(only.length ? {runOnly: {type: "rule", values: only}}
        : {rules: {"target-size": {enabled: true}, "link-in-text-block": {enabled: true}}})})).violations
        .flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`))""",
        list(rules),
    )
    return [*(str(f) for f in found), *(() if rules else page.evaluate(LOADED))]


def sideways(page: Page) -> list[str]:
    """Says that the page is wider than the window, when it is."""
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"scrolls sideways: {wide} > {seen}"] if wide > seen else []


def overlapping(page: Page) -> list[str]:
    """Texts that are written upon one another."""
    return [f"overlaps: {said}" for said in page.evaluate(OVERLAPS)]


def unfold(page: Page) -> None:
    """Open what the page folds to be short: it is a part of it like any other."""
    page.evaluate("document.querySelectorAll('details.fold').forEach(one => one.open = true)")


def looked_at(page: Page) -> list[str]:
    """Axe findings and sideways scrolling of the page as it stands, in both schemes, on the narrowest phone
    and on a desk. What a page folds to be short is looked at unfolded.
    """
    unfold(page)
    said: list[str] = []
    before = ""
    boxes: dict[int, str] = {}
    for width, scheme, rules in LOOKS:
        if page.viewport_size != {"width": width, "height": 800}:
            page.set_viewport_size({"width": width, "height": 800})
        if scheme != before:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        before = scheme
        boxes, were = {width: page.evaluate(BOXES)}, boxes
        if rules == COLOURS and were.get(width) == boxes[width]:
            rules = CONTRAST
        said += [f"{width} {scheme}: {f}" for f in (*sideways(page), *overlapping(page), *axe(page, rules))]
    return said


def listened(page: Page) -> list[str]:
    """What the console and the scripts of the page complain of, from now on, in a list that grows; the status
    of a page that is refused is its own affair.
    """
    said: list[str] = []
    page.on(
        "console",
        lambda m: (
            said.append(f"console: {m.text}")
            if m.type in ("error", "warning") and "status of 4" not in m.text
            else None
        ),
    )
    page.on("pageerror", lambda e: said.append(f"error: {e}"))
    return said


def faults(context: BrowserContext, paths: Iterable[str]) -> list[str]:
    """What is wrong with these pages, each with its address. The context asks for reduced motion: colours
    change at once, not half-way through.
    """
    ready(context)
    page = context.new_page()
    console = listened(page)
    said: list[str] = []
    for path in paths:
        page.goto(path)
        said += [f"{path}: {f}" for f in (*looked_at(page), *console)]
        console.clear()
    page.close()
    return said


def weight(page: Page) -> dict[str, int]:
    """Bytes that each part of the page took, HTML, style, script, font and pictures, compressed. The page was
    opened with a cold cache.
    """
    parts = page.evaluate(
        """async () => { await document.fonts.ready;
        return ["navigation", "resource"].flatMap(t => performance.getEntriesByType(t)).map(e => [new URL(e.name).pathname, e.transferSize]) }"""
    )
    named = {str(name): int(size) for name, size in parts}
    assert len(named) == len(parts), f"fetched twice: {parts}"
    return named


def content(page: Page) -> str:
    """What a reader finds in the page: its words, and where its links lead. Without the buttons that only a
    script can serve: the page is changed by it.
    """
    unfold(page)
    page.evaluate(
        "() => document.querySelectorAll('button[type=button], [data-start], [data-keep]').forEach(b => b.remove())"
    )
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    lines = (re.sub(r"\s+", " ", line).strip() for line in page.locator("main").inner_text().split("\n"))
    return "\n".join([*(line for line in lines if line), *links])


def sign_in(page: Page, email: str = "dpo@montclair.example", *, heading: str = "Mes dépôts") -> None:
    """By the form, as people do. heading: of the page that they come to."""
    page.goto("/connexion")
    page.get_by_label("Adresse de courriel").fill(email)
    page.get_by_label("Mot de passe").fill(webcity.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
