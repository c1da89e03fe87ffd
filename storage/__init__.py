"""Database engine and session, table base, migrations."""
