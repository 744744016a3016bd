"""What is kept by the journal alone is known where bytes are swept."""

from __future__ import annotations

from parvis.publication import policies, recipes, version_files


def test_every_state_that_the_journal_names_is_spared() -> None:
    """`holding` stands below the rooms that keep recipes and policies: it repeats their verbs, and must
    repeat them all.
    """
    assert set(version_files.RECIPES) == {recipes.SAVED, recipes.FILE, policies.SAVED}
