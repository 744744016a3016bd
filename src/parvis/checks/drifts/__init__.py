"""One file for each kind of change between two versions."""
