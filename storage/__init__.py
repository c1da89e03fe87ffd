"""Database engine and session, table base, migrations. Knows no other room."""

from storage.base import Base, Json, UtcDateTime, insert_or_ignore, table_of, utc_now
from storage.engine import Database, open_database
from storage.migrate import upgrade

__all__ = ["Base", "Database", "Json", "UtcDateTime", "insert_or_ignore", "open_database", "table_of", "upgrade", "utc_now"]
