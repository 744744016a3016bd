"""Every page of the portal itself: address, handler, template."""

from __future__ import annotations

from parvis.web.page import Page, page
from parvis.web.views.dataset import dataset
from parvis.web.views.home import home
from parvis.web.views.search import search

PAGES: tuple[Page, ...] = (
    page("/", home, "home.html"),
    page("/jeux", search, "search.html"),
    page("/jeux/{id}", dataset, "dataset.html"),
)
