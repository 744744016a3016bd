"""The publisher's saved recipe, replayed between read and check.

A step is one file of `prepare/steps`. `recipe.read` checks what was written, `replay` puts a raw table through it and gives a raw table back.
"""

from parvis.prepare.declaration import Step, Unfit
from parvis.prepare.recipe import Recipe, digest, from_toml, known_steps, read, to_toml
from parvis.prepare.replay import Prepared, Preview, preview, replay

__all__ = ["Prepared", "Preview", "Recipe", "Step", "Unfit", "digest", "from_toml", "known_steps", "preview", "read", "replay", "to_toml"]
