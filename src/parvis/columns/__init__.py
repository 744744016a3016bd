"""Types and meanings of columns, from the whole table: raw cells in, typed Parquet out, nothing dropped.

`type_table` does it and writes; `infer` says the same and writes nothing.
"""

from parvis.columns.extent import coverage
from parvis.columns.row_equality import alike
from parvis.columns.table import Inferred, Typed, column_names, infer, type_table

__all__ = ["Inferred", "Typed", "alike", "column_names", "coverage", "infer", "type_table"]
