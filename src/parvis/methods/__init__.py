"""Pure algorithms: arrays in, arrays out, seed and clock as parameters."""
