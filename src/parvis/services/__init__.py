"""Public services, one folder each: named inputs, pure compute, named outputs."""
