"""Alembic's environment and the migration scripts of all rooms."""
