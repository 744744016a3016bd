"""Network in: feeds and other portals."""
