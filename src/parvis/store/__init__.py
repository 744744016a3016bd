"""The state of a city: a database (SQLite, or PostgreSQL), files by digest (a folder, or an object store),
and the journal.

Functions take an open `Connection` first, and values of `core/types` go in and out. `Database.begin()` is one
writer at a time on both databases; `Database.read()` sees one moment and can't write.
"""
