"""`calcinet serve`, and who may use it: `calcinet user` and `calcinet token`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from calcinet.apps import options as given
from calcinet.apps.console import show
from calcinet.apps.help_pages import Command, Group
from calcinet.errors import BadInput
from calcinet.extras import require_extras
from calcinet.text import say

if TYPE_CHECKING:
    from calcinet.apps.web.access import Access
    from calcinet.apps.web.people import People

user = typer.Typer(name="user", cls=Group, no_args_is_help=True, rich_markup_mode="rich")
token = typer.Typer(name="token", cls=Group, no_args_is_help=True, rich_markup_mode="rich")


@user.callback()
def about_users() -> None:
    """Say who may use a server.

    [bold]Examples[/bold]
      calcinet user add ng --role admin
      calcinet user list

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage.
    """


@token.callback()
def about_tokens() -> None:
    """Make and revoke what programs show a server.

    [bold]Examples[/bold]
      calcinet token new ng > token
      calcinet token revoke ng

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage.
    """


def serve(
    host: given.Host = "127.0.0.1",
    port: given.Port = 8080,
    data: given.DataFolder = Path("calcinet-data"),
    workers: given.Workers = 1,
    log_requests: given.LogRequests = False,
) -> None:
    """Serve the page and the interface for programs; the first start prints a link that makes the first user.

    One folder holds everything: films, results, queue, users. Work goes on after a restart.

    [bold]Examples[/bold]
      calcinet serve
      calcinet serve --data /srv/calcinet --port 9000

    [bold]Exit codes[/bold] 0 stopped, 1 the port or the folder is taken, 2 usage, or the extra is missing.
    """
    require_extras(["serve"], "calcinet serve")
    from calcinet.apps.web.server import serve as answer

    answer(host, port, data, workers, show, log_requests=log_requests)


@user.command("add", cls=Command)
def add_user(
    name: given.UserName,
    role: given.Role,
    password_stdin: given.PasswordStdin = False,
    data: given.DataFolder = Path("calcinet-data"),
) -> None:
    """Let somebody in, or give another role or password.

    A reader looks, an editor sends films and corrects findings as well, an admin lets people in, too.

    [bold]Examples[/bold]
      calcinet user add ng --role admin
      calcinet user add ng --role reader --password-stdin < secret

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage.
    """
    people, access = _open(data)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    people.put(name, role, password, who="command line")
    access.close_sessions_of(name)
    show(say("{name} is let in as {role}", name=name, role=role))


@user.command("list", cls=Command)
def list_users(data: given.DataFolder = Path("calcinet-data")) -> None:
    """Show who may log in.

    [bold]Examples[/bold]
      calcinet user list

    [bold]Exit codes[/bold] 0 shown, 1 failure, 2 usage.
    """
    people, _ = _open(data)
    show(*(f"{one.name}\t{one.role}" for one in people.list_all()))


@user.command("remove", cls=Command)
def remove_user(name: given.UserName, data: given.DataFolder = Path("calcinet-data")) -> None:
    """Let somebody in no more; what was done stays theirs.

    [bold]Examples[/bold]
      calcinet user remove ng

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage, or there is no such user.
    """
    people, access = _open(data)
    _require_user(people, name)
    people.shut_out(name, who="command line")
    access.close_sessions_of(name)
    access.revoke_tokens(name)
    show(say("{name} is let in no more", name=name))


@token.command("new", cls=Command)
def new_token(name: given.UserName, data: given.DataFolder = Path("calcinet-data")) -> None:
    """Make a token for a program of a user and print it, alone and once.

    [bold]Examples[/bold]
      calcinet token new ng > token

    [bold]Exit codes[/bold] 0 printed, 1 failure, 2 usage, or there is no such user.
    """
    people, access = _open(data)
    _require_user(people, name)
    people.note("command line", "made token", f"user {name}")
    show(access.make_token(name))


@token.command("revoke", cls=Command)
def revoke_tokens(name: given.UserName, data: given.DataFolder = Path("calcinet-data")) -> None:
    """Make every token of a user worthless.

    [bold]Examples[/bold]
      calcinet token revoke ng

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage, or there is no such user.
    """
    people, access = _open(data)
    _require_user(people, name)
    people.note("command line", "revoked tokens", f"user {name}")
    show(say("{count} tokens of {name} are worth nothing any more", count=access.revoke_tokens(name), name=name))


def _open(data: Path) -> "tuple[People, Access]":
    require_extras(["serve"], "calcinet serve")
    from calcinet.apps.web.access import Access
    from calcinet.apps.web.data_folder import DataFolder
    from calcinet.apps.web.people import People

    folder = DataFolder(data.absolute())
    folder.make()
    return People(folder), Access(folder.access)


def _require_user(people: "People", name: str) -> None:
    if people.find(name) is None:
        raise BadInput(say("there is no user {name}: calcinet user add makes one", name=name))
