"""Table Schemas by name: ours and those in a city’s folder; which one fits a file. `templates` makes a file
to begin with, `syncing` takes catalogues in.
"""

from parvis.schemas.library import Known, Library, at, library, national
from parvis.schemas.ranking import Fit, Match, rank
from parvis.schemas.unfit import unfit

__all__ = ["Fit", "Known", "Library", "Match", "at", "library", "national", "rank", "unfit"]
