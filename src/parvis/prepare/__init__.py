"""The publisher's saved recipe, replayed between read and check.

A step is one file of `prepare/steps`. `recipe.read` checks what was written, `replay` puts a raw table
through it and gives a raw table back.
"""

from parvis.prepare.declaration import Parameter, Step, Unfit
from parvis.prepare.expressions import columns_of, functions_help
from parvis.prepare.frame import emptied, head
from parvis.prepare.recipe import Recipe, digest, from_toml, known_steps, read, references, to_toml, values
from parvis.prepare.replay import Prepared, Preview, Sight, Stop, preview, read_by, replay, traced
from parvis.prepare.tracing import Origin, Traced

__all__ = [
    "Origin", "Parameter", "Prepared", "Preview", "Recipe", "Sight", "Step", "Stop", "Traced", "Unfit", "columns_of", "digest", "emptied", "from_toml",
    "functions_help", "head", "known_steps", "preview", "read", "read_by", "references", "replay", "to_toml", "traced", "values",
]  # fmt: skip
