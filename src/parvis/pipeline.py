"""The way of a file, step by step: the one place where rooms meet. Each step is a function of values; `jobs` makes them durable."""
