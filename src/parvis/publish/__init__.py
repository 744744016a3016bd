"""Network out: other portals."""
