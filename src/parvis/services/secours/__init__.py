"""Where posts of rescue or of care for public space should stand."""
