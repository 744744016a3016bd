"""Acts of a person at a page, counted and timed: a click, a field that is filled, a file that is chosen.

The time is that of the keystroke-level model (Card, Moran and Newell, CACM 23(7), 1980) for somebody who keeps one
hand on the mouse: what the portal takes to answer is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator

POINT_S, PRESS_S, HOME_S, THINK_S = 1.1, 0.2, 0.4, 1.35
"""To point at something, to press and leave the button, to bring the hand to the keys or back, to make up one's mind."""
KEY_S = 0.5
"""A key, by one hand that looks for it: the model's slowest typist but one."""
CLICK_S = THINK_S + POINT_S + PRESS_S
DIALOG = 3
"""Clicks in the window that chooses a file: its folder, itself, and done."""


@dataclass
class Acts:
    """What was done until now, in order. seconds: that a person needs for it."""

    done: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    def click(self, what: Locator) -> None:
        self._note("click", what, CLICK_S)
        what.click()

    def press(self, what: Locator) -> None:
        """The same by keyboard."""
        self._note("press", what, THINK_S + 2 * HOME_S + KEY_S)
        what.press("Enter")

    def fill(self, what: Locator, text: str) -> None:
        self._note("fill", what, CLICK_S + 2 * HOME_S + KEY_S * len(text))
        what.fill(text)

    def choose(self, what: Locator, option: str) -> None:
        self._note("choose", what, CLICK_S + POINT_S + PRESS_S)
        what.select_option(label=option)

    def file(self, what: Locator, name: str, content: bytes, kind: str = "text/csv") -> None:
        self._note("file", what, CLICK_S + DIALOG * CLICK_S)
        what.set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def _note(self, act: str, what: Locator, seconds: float) -> None:
        self.done.append(f"{act} {what}")
        self.seconds += seconds
