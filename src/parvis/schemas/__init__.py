"""Table Schemas by name: ours, those that a city keeps in its folder; which one fits a file; a template of each."""

from parvis.schemas.library import Known, Library, library, national
from parvis.schemas.ranking import Fit, Match, rank
from parvis.schemas.templates import blank, filled

__all__ = ["Fit", "Known", "Library", "Match", "blank", "filled", "library", "national", "rank"]
