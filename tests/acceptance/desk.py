"""The publisher's desk as a browser without script uses it: forms with their token, cookies, redirects."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

PASSWORD = "un parvis pavé de granit"
EMAIL = "ada@ville.example"


@dataclass(frozen=True)
class Desk:
    """A browser on one portal. cookies: what it holds, shared with `at`."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)

    def at(self, base: str) -> Desk:
        """The same browser on another portal of the city."""
        return replace(self, base=base)

    def get(self, path: str) -> httpx.Response:
        """Follow a link."""
        answer = httpx.get(self.base + path, cookies=self.cookies, timeout=30)
        self.cookies.update(answer.cookies)
        return answer

    def page(self, path: str) -> str:
        """A page as HTML."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer.text

    def json(self, path: str) -> dict[str, Any]:
        """The JSON twin of a page."""
        answer = self.get(path + ".json")
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return dict(answer.json())

    def send(
        self, page: str, fields: dict[str, str], *, to: str = "", file: tuple[str, bytes] | None = None
    ) -> httpx.Response:
        """Fill in the form of a page and send it; the answer, redirects not followed."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page(page))
        assert token, f"{page} has no form"
        files = {"fichier": (file[0], file[1], "application/octet-stream")} if file else None
        answer = httpx.post(
            self.base + (to or page),
            data=fields | {"csrf": token[1]},
            files=files,
            cookies=self.cookies,
            timeout=60,
        )
        self.cookies.update(answer.cookies)
        return answer

    def upload(self, name: str, content: bytes, **fields: str) -> str:
        """Hand in a file; the address of its deposit."""
        answer = self.send("/depots/nouveau", fields, file=(name, content))
        assert answer.status_code == 303, (answer.status_code, answer.text[:2000])
        return answer.headers["location"].partition("?")[0]


def sign_in(base: str, email: str = EMAIL, password: str = PASSWORD) -> Desk:
    """Sign in by the form."""
    desk = Desk(base)
    answer = desk.send("/connexion", {"email": email, "password": password, "suite": "/depots"})
    assert answer.status_code == 303, answer.text[:2000]
    return desk
