"""Every page of the portal itself: address, handler, template."""

from __future__ import annotations

from parvis.web.page import ANY, Page, page
from parvis.web.views import (
    about,
    alerts,
    anonymise,
    breaches,
    check,
    circles,
    codes,
    deposits,
    dossier,
    field,
    metadata,
    password,
    people,
    present,
    programs,
    quality,
    recipes,
    register,
    report,
    scan,
    schemas,
    services,
    shares,
    vaccins,
    withdrawals,
)
from parvis.web.views.dataset import dataset
from parvis.web.views.home import home
from parvis.web.views.organisations import organisation, organisations
from parvis.web.views.search import search

PAGES: tuple[Page, ...] = (
    page("/", home, "home.html"),
    page("/jeux", search, "search.html"),
    page("/jeux/{id}", dataset, "dataset.html", pulse=present.pulse),
    page("/organisations", organisations, "organisations.html"),
    page("/organisations/{id}", organisation, "organisation.html"),
    page("/services", services.service_list, "services.html"),
    *vaccins.PAGES,
    page("/services/{name}", services.service, "service.html", pulse=services.pulse, personal=(ANY,)),
    page("/api", programs.api, "api.html"),
    page("/a-propos", about.about, "about.html"),
    page("/mentions-legales", about.about, "legal.html"),
    page("/accessibilite", about.accessibility, "accessibility.html"),
    page("/donnees-personnelles", about.about, "privacy.html"),
    page("/plan-du-site", about.plan, "plan.html"),
    *alerts.PAGES,
    *check.PAGES,
    *scan.PAGES,
    *codes.PAGES,
    *recipes.PAGES,
    *anonymise.PAGES,
    *report.PAGES,
    *metadata.PAGES,
    *schemas.PAGES,
    *quality.PAGES,
    *field.PAGES,
    *dossier.PAGES,
    *shares.PAGES,
    *circles.PAGES,
    *people.PAGES,
    *password.PAGES,
    *register.PAGES,
    *breaches.PAGES,
    *deposits.PAGES,
    *withdrawals.PAGES,
)
