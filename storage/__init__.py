"""Database engine and session, table base, migrations. Knows no other room."""

from storage.base import Base, Json, UtcDateTime, utc_now
from storage.engine import Database, open_database
from storage.migrate import upgrade

__all__ = ["Base", "Database", "Json", "UtcDateTime", "open_database", "upgrade", "utc_now"]
