"""What an open city has for alerts: which ones there are, who lets them out, who sends, the key of addresses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from parvis import alerts as room
from parvis import services
from parvis.alerts.declaration import Alert, Approval
from parvis.catalogue.entries import base_url
from parvis.core import registry
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.people import city_secret
from parvis.publication.city import City


@cache
def declared() -> Mapping[str, Alert]:
    """Every alert, by name: those that services raise, and those that people write."""
    by_name = dict(registry.declared(room, Alert)) | dict(registry.declared(services, Alert))
    return {name: by_name[name] for name in sorted(by_name)}


def key(city: City) -> bytes:
    """The city's key for addresses."""
    of = city.settings
    return city_secret.storage_key(of, "alerts")


def sender(city: City) -> str:
    """Who sends, by mail and in CAP."""
    of = city.settings
    return of.alerts.sender or of.city.contact or f"parvis@{urlsplit(base_url(of)).hostname or 'localhost'}"


def policy(city: City, alert: Alert) -> Approval:
    """Who lets the messages of an alert out. Raises UsageError when the setting is none that we know."""
    setting = city.settings.alerts.approval
    if setting in ("none", "first", "each"):
        return setting
    if setting != "declared":
        raise UsageError(
            Sentence("alerts.approval : « {asked} » n’est pas un choix connu.", asked=setting),
            mend="Choix possibles : declared, none, first, each.",
        )
    return alert.approval
