"""State: the database (SQLAlchemy Core on SQLite or PostgreSQL), files by digest (obstore), and the journal."""
