"""Table Schemas by name: ours, those that a city keeps in its folder; which one fits a file. `templates` makes a file to begin with, `syncing` takes catalogues in."""

from parvis.schemas.library import Known, Library, library, national
from parvis.schemas.ranking import Fit, Match, rank

__all__ = ["Fit", "Known", "Library", "Match", "library", "national", "rank"]
