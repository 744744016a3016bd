"""Streets and junctions with more injury accidents than alike ones. Places and years, never a person."""
