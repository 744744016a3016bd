"""Anonymity of tables as integer codes: distinct tuples with weights, hierarchies as maps, classes that meet
k, l and t.

`anonymise` chooses; `fulldomain`, `local` and `splitting` are the three methods; `measures` judges what comes
out, whoever made it.
"""

from parvis.methods.anonymity.anonymise import Mode, Outcome, anonymise
from parvis.methods.anonymity.hierarchy import Hierarchy, hierarchy, single
from parvis.methods.anonymity.measures import Measures, Risk, measure
from parvis.methods.anonymity.models import Models
from parvis.methods.anonymity.recoding import Recoding
from parvis.methods.anonymity.tuples import Tuples, compress

__all__ = [
    "Hierarchy", "Measures", "Mode", "Models", "Outcome", "Recoding", "Risk", "Tuples", "anonymise", "compress", "hierarchy", "measure", "single",
]  # fmt: skip
