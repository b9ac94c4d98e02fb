"""`calcinet serve` and `calcinet node`, and who may use it: `calcinet user` and `calcinet token`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from calcinet.apps.web.site_rights import SiteRights

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
    oidc: given.ProviderFile = None,
) -> None:
    """Serve the page and the interface for programs; the first start prints a link that makes the first user.

    One folder holds everything: films, results, queue, users. Work goes on after a restart.

    [bold]Examples[/bold]
      calcinet serve
      calcinet serve --data /srv/calcinet --port 9000
      calcinet serve --oidc provider.toml

    [bold]Exit codes[/bold] 0 stopped, 1 the port or the folder is taken, 2 usage, or the extra is missing.
    """
    require_extras(["serve"] if oidc is None else ["serve", "oidc"], "calcinet serve")
    from calcinet.apps.web.provider import read_provider
    from calcinet.apps.web.server import serve as answer

    provider = None if oidc is None else read_provider(oidc)
    answer(host, port, data, workers, show, log_requests=log_requests, provider=provider)


def node(
    accept: given.Accept = None,
    send: given.SendResults = None,
    priors: given.Priors = None,
    config: given.NodeConfig = None,
    title: given.OwnTitle = None,
    host: given.NodeHost = None,
    port: given.NodePort = None,
    data: given.NodeData = None,
    quiet_seconds: given.QuietSeconds = None,
    workers: given.NodeWorkers = None,
    tls_certificate: given.TlsCertificate = None,
    tls_key: given.TlsKey = None,
    tls_authority: given.TlsAuthority = None,
) -> None:
    """Listen as a DICOM node: take studies, examine each when it has come whole, and send the results to archives.

    An object is on the disk before it is acknowledged; what waits for an archive is kept until it is there. With the
    folder of `calcinet serve`, the studies are on its page, too.

    [bold]Examples[/bold]
      calcinet node --accept MODALITY1@192.168.7.20 --send dicom://PACS@192.168.7.2:104
      calcinet node --accept WARD@10.1.0.0/16 --send http://localhost:8042/dicom-web --data calcinet-data
      calcinet node --config node.toml
      echoscu -aet MODALITY1 -aec CALCINET localhost 11112

    [bold]Exit codes[/bold] 0 stopped, 1 the port or the folder is taken, 2 usage, or the extra is missing.
    """
    require_extras(["serve", "hospital"], "calcinet node")
    from calcinet.apps.node.node import run_node
    from calcinet.apps.node.settings import make_order, read_settings

    told: dict[str, Any] = {
        "accept": accept or None,
        "send": [{"to": one} for one in send or []] or None,
        "priors": None if priors is None else {"from": priors},
        "title": title,
        "host": host,
        "port": port,
        "data": data,
        "quiet_seconds": quiet_seconds,
        "workers": workers,
    }
    if tls_certificate is not None or tls_key is not None or tls_authority is not None:
        if tls_certificate is None or tls_key is None:
            raise BadInput("TLS needs both --tls-certificate and --tls-key")
        told["tls"] = {"certificate": tls_certificate, "key": tls_key, "authority": tls_authority}
    settings = read_settings(config, {name: value for name, value in told.items() if value is not None})
    run_node(make_order(settings), show)


def watch(
    folder: given.WatchedFolder,
    out: given.WatchOut = Path("calcinet-watched"),
    quiet_seconds: given.QuietSeconds = None,
    lang: given.Lang = "en",
    send: given.SendTo = None,
    outbox: given.OutboxFolder = None,
) -> None:
    """Watch a folder, and examine what is laid into it: each file, or each folder in it, is one patient's.

    A result lies in a folder that is named by what was examined; no file's name is repeated anywhere. What is there
    already is examined first, and nothing twice.

    [bold]Examples[/bold]
      calcinet watch films
      calcinet watch films -o results --send dicom://PACS@localhost:4242

    [bold]Exit codes[/bold] 0 stopped, 1 failure, 2 usage, or there is no such folder.
    """
    from calcinet.apps.node.watching import WatchOrder
    from calcinet.apps.node.watching import watch as look_after

    quiet_s = 30.0 if quiet_seconds is None else quiet_seconds
    order = WatchOrder(folder=folder, out=out, quiet_s=quiet_s, language=lang, send=send, outbox=outbox)
    look_after(order, show)


@user.command("add", cls=Command)
def add_user(
    name: given.UserName,
    role: given.Role,
    site: given.UserSites = None,
    password_stdin: given.PasswordStdin = False,
    data: given.DataFolder = Path("calcinet-data"),
) -> None:
    """Let somebody in, or give another role or password.

    A reader looks, an editor sends films and corrects findings as well, an admin lets people in, too. Who belongs to
    sites sees their studies alone, an admin all.

    [bold]Examples[/bold]
      calcinet user add ng --role admin
      calcinet user add lam --role reader --site "ward 7"
      calcinet user add ng --role reader --password-stdin < secret

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage.
    """
    people, access = _open(data)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    sites = _open_sites(data)
    if site is not None:  # before the user is there: nobody sees more for a moment
        people.note("command line", "put sites", f"user {name}"[:80], sites=list(sites.put(name, site)))
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
    sites = _open_sites(data)
    for one in people.list_all():
        show(f"{one.name}\t{one.role}\t{', '.join(sorted(sites.read(one.name)))}".rstrip())


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


def _open_sites(data: Path) -> "SiteRights":
    from calcinet.apps.web.data_folder import DataFolder
    from calcinet.apps.web.site_rights import SiteRights

    return SiteRights(DataFolder(data.absolute()).access)


def _require_user(people: "People", name: str) -> None:
    if people.find(name) is None:
        raise BadInput(say("there is no user {name}: calcinet user add makes one", name=name))
