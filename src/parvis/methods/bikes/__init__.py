"""Shared bikes: what a station will hold in some minutes, and whether its numbers can be believed."""

from parvis.methods.bikes.calendar import Calendar, calendar
from parvis.methods.bikes.history import History, history
from parvis.methods.bikes.model import (
    HORIZONS_S,
    Model,
    Situation,
    band_level,
    fit,
    forecast,
    levels,
    situate,
)
from parvis.methods.bikes.scores import Scores, judged, persisted

__all__ = [
    "HORIZONS_S", "Calendar", "History", "Model", "Scores", "Situation", "band_level", "calendar", "fit", "forecast", "history", "judged", "levels",
    "persisted", "situate",
]  # fmt: skip
