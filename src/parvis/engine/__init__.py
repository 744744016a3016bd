"""Runs a query tree on tables: DuckDB, in process.

`connect` opens connections, `scans` turns what a reader left into a relation, `run` binds a bare `Table` (for
the pipeline), `read` binds a `Released` (for all that faces the outside).
"""
