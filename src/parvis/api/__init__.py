"""HTTP dialects for programs."""
