"""The publisher's saved recipe, replayed between read and check."""
