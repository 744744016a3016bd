"""Acts of a person at a page, counted: a click, a field that is filled, a file that is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator


@dataclass
class Acts:
    """What was done until now, in order."""

    done: list[str] = field(default_factory=list[str])

    def click(self, what: Locator) -> None:
        self._note("click", what)
        what.click()

    def press(self, what: Locator) -> None:
        """The same by keyboard."""
        self._note("press", what)
        what.press("Enter")

    def fill(self, what: Locator, text: str) -> None:
        self._note("fill", what)
        what.fill(text)

    def choose(self, what: Locator, option: str) -> None:
        self._note("choose", what)
        what.select_option(label=option)

    def file(self, what: Locator, name: str, content: bytes, kind: str = "text/csv") -> None:
        self._note("file", what)
        what.set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def _note(self, act: str, what: Locator) -> None:
        self.done.append(f"{act} {what}")
