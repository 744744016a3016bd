"""One handler a page: it gathers one frozen context from the store, the catalogue and the engine."""

from __future__ import annotations

from parvis.web.page import Page, page
from parvis.web.views.home import home

PAGES: tuple[Page, ...] = (page("/", home, "home.html"),)
"""Every page of the portal itself."""
