"""Car parks: where they are, and how many places are free now."""
