"""The raw files of the demo city, one module each."""
