"""Every page of the portal itself: address, handler, template."""

from __future__ import annotations

from parvis.web.page import Page, page
from parvis.web.views import about, deposits
from parvis.web.views.dataset import dataset
from parvis.web.views.home import home
from parvis.web.views.organisations import organisation, organisations
from parvis.web.views.search import search
from parvis.web.views.service import service

PAGES: tuple[Page, ...] = (
    page("/", home, "home.html"),
    page("/jeux", search, "search.html"),
    page("/jeux/{id}", dataset, "dataset.html"),
    page("/organisations", organisations, "organisations.html"),
    page("/organisations/{id}", organisation, "organisation.html"),
    page("/services", about.service_list, "services.html"),
    page("/services/{name}", service, "service.html", steady=False),
    page("/a-propos", about.about, "about.html"),
    page("/mentions-legales", about.about, "legal.html"),
    page("/accessibilite", about.accessibility, "accessibility.html"),
    page("/donnees-personnelles", about.about, "privacy.html"),
    page("/plan-du-site", about.plan, "plan.html"),
    *deposits.PAGES,
)
