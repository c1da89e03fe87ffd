"""`hocvuso admin …`: the first users, and help for whoever forgot a password."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from admin import accounts
from admin.permissions import Role
from bot.settings import Settings
from storage import Database, open_database, upgrade

PASSWORD_VARIABLE = "HOCVUSO_ADMIN_PASSWORD"  # noqa: S105 – the name of a variable, not a password
BY = "máy chủ"  # who the audit log names for commands

app = typer.Typer(help="Users of the console.", no_args_is_help=True)


@contextmanager
def _database() -> Iterator[Database]:
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database)
    try:
        upgrade(database)
        yield database
    except accounts.AccountError as error:
        typer.echo(f"✖ {error}", err=True)
        raise typer.Exit(1) from error
    finally:
        database.close()


def read_password() -> str:
    """From the environment, from a pipe, or asked for twice without being shown. Never printed."""
    if given := os.environ.get(PASSWORD_VARIABLE):
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = typer.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu", err=True)
    return asked


@app.command("create-user")
def create_user(
    name: str,
    role: Annotated[Role, typer.Option(help="What the user may do.")],
    commune: Annotated[str | None, typer.Option(help="Code of the one commune the user works for.")] = None,
    full_name: Annotated[str, typer.Option(help="The name citizens read under texts this user confirms.")] = "",
) -> None:
    """Add a user. The password is asked for, or read from HOCVUSO_ADMIN_PASSWORD or standard input."""
    with _database() as database, database.session() as session:
        row = accounts.create_user(session, name, read_password(), role, full_name=full_name, commune=commune, by=BY)
        typer.echo(f"✔ {row.name}: {accounts.describe(row)}")


@app.command("reset-password")
def reset_password(name: str) -> None:
    """Give a user a new password and sign out their browsers."""
    with _database() as database, database.session() as session:
        row = accounts.find_user(session, name)
        if row is None:
            raise accounts.AccountError(f"Không có người dùng tên {name}.")
        accounts.set_password(session, row, read_password(), by=BY)
        typer.echo(f"✔ {row.name}")


@app.command("list-users")
def list_users() -> None:
    """Everybody who has an account."""
    with _database() as database, database.reading() as session:
        for row in accounts.list_users(session):
            typer.echo(f"{row.name:20} {accounts.describe(row)}")
