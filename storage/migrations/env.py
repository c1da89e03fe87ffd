"""Run by Alembic: hands it the connection that `storage.migrate` opened."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.base import Json, UtcDateTime


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own types by their own names, with the import that makes them known."""
    if kind == "type" and (item is Json or isinstance(item, UtcDateTime)):
        name = "Json" if item is Json else "UtcDateTime"
        autogen.imports.add(f"from storage.base import {name}")
        return name if item is Json else "UtcDateTime()"
    return False


attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=attributes.get("metadata"),
    render_as_batch=True,  # SQLite alters a table by making a new one
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
