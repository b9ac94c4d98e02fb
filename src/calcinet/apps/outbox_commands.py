"""`calcinet outbox`, what waits for archives, and `calcinet echo`, whether an archive is there."""

import json
import time
from typing import Final

import typer

from calcinet.apps import options as given
from calcinet.apps.console import Exit, complain, show
from calcinet.apps.help_pages import Command, Group
from calcinet.extras import require_extras

SETTINGS: Final = {"help_option_names": ["-h", "--help"]}

outbox = typer.Typer(name="outbox", cls=Group, no_args_is_help=True, rich_markup_mode="rich", context_settings=SETTINGS)


@outbox.callback()
def about_outbox() -> None:
    """See what waits for archives, send it again, or give it up.

    [bold]Examples[/bold]
      calcinet outbox list
      calcinet outbox list --outbox calcinet-data/outbox     that of a node
      calcinet echo dicom://PACS@192.168.7.2:104             whether the archive is there

    [bold]Exit codes[/bold] 0 done, 1 some wait or were refused, 2 usage.
    """


@outbox.command("list", cls=Command)
def list_outbox(outbox: given.OutboxFolder = None, as_json: given.AsJson = False) -> None:
    """Show each object: since when it waits, how often it was tried and the last answer; refused for good, apart.

    [bold]Examples[/bold]
      calcinet outbox list
      calcinet outbox list --json     for programs

    [bold]Exit codes[/bold] 0 shown, 2 usage.
    """
    from calcinet.apps.outbox_view import describe_box, list_box

    if as_json:
        show(json.dumps(describe_box(outbox), indent=1))
        return
    show(*list_box(outbox))


@outbox.command("show", cls=Command)
def show_object(uid: given.OneUid, outbox: given.OutboxFolder = None, as_json: given.AsJson = False) -> None:
    """Show all that is known of one object.

    [bold]Examples[/bold]
      calcinet outbox show 2.25.17300811364

    [bold]Exit codes[/bold] 0 shown, 2 usage, or there is no such object.
    """
    from calcinet.apps.outbox_view import describe_one, show_one

    if as_json:
        show(json.dumps(describe_one(uid, outbox), indent=1))
        return
    show(*show_one(uid, outbox))


@outbox.command("retry", cls=Command)
def retry_objects(
    uids: given.Uids = None,
    to: given.Receiver = None,
    outbox: given.OutboxFolder = None,
    quiet: given.Quiet = False,
) -> None:
    """Deliver now what waits; objects that are named, or all for --to, even where they were refused for good.

    [bold]Examples[/bold]
      calcinet outbox retry                                        what waits
      calcinet outbox retry --to dicom://PACS@192.168.7.2:104      and what this archive refused
      calcinet outbox retry 2.25.17300811364

    [bold]Exit codes[/bold] 0 all delivered, 1 some wait or were refused, 2 usage, or there is no such object.
    """
    require_extras(["hospital"], "calcinet outbox retry")
    from calcinet.apps.outbox_view import put_back
    from calcinet.apps.sending import send_objects

    codes = [send_objects([], where, outbox, attempts=1, quiet=quiet) for where in put_back(uids or [], to, outbox)]
    raise typer.Exit(max(codes, default=Exit.DONE))


@outbox.command("drop", cls=Command)
def drop_from_outbox(uids: given.Uids = None, to: given.Receiver = None, outbox: given.OutboxFolder = None) -> None:
    """Delete objects that are named, or all for --to, those refused for good among them.

    [bold]Examples[/bold]
      calcinet outbox drop 2.25.17300811364
      calcinet outbox drop --to http://localhost:8042/gone

    [bold]Exit codes[/bold] 0 deleted, 2 usage, or there is no such object.
    """
    from calcinet.apps.outbox_view import drop_named
    from calcinet.apps.sending import drop_objects

    if uids:
        show(*drop_named(uids, to, outbox))
        return
    show(*drop_objects(to, outbox))


def echo(where: given.Asked) -> None:
    """Ask an archive whether it is there and lets us in; nothing is sent.

    [bold]Examples[/bold]
      calcinet echo dicom://PACS@192.168.7.2:104
      calcinet echo http://localhost:8042/dicom-web

    [bold]Exit codes[/bold] 0 it is, 1 it is not, 2 usage.
    """
    require_extras(["hospital"], "calcinet echo")
    from calcinet.delivery import destination
    from calcinet.delivery.outcome import Unreachable
    from calcinet.delivery.transport import ask

    asked, began = destination(where), time.monotonic()
    try:
        ask(asked)
    except Unreachable as reason:
        complain(f"{asked}: {reason}")
        raise typer.Exit(Exit.FAILURE) from None
    show(f"{asked} answers ({(time.monotonic() - began) * 1000:.0f} ms)")
