"""From what was handed in to versions that their audience reads: the one place where rooms meet."""
