"""`calcinet store` and `calcinet audit`: options in, one call, an exit code out; databases are loaded only then."""

from typing import Final

import typer

from calcinet.apps import options as given
from calcinet.apps.console import show
from calcinet.apps.help_pages import Command, Group
from calcinet.extras import require_extras

SETTINGS: Final = {"help_option_names": ["-h", "--help"]}

store = typer.Typer(name="store", cls=Group, no_args_is_help=True, rich_markup_mode="rich", context_settings=SETTINGS)
audit = typer.Typer(name="audit", cls=Group, no_args_is_help=True, rich_markup_mode="rich", context_settings=SETTINGS)


@store.callback()
def about_store() -> None:
    r"""Keep records of many patients over time: who changed what and why, in one file or in PostgreSQL.

    Patients are pseudonyms: of your own number a keyed hash alone is kept.
    Needs the extra: pip install "calcinet\[store]".

    [bold]Examples[/bold]
      calcinet store add calcinet-out --patient 0012345
      calcinet store list
      calcinet store show 1
      calcinet store add --help         and so of every command

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage, or the store refuses, 3 no record could be read.
    """


@audit.callback()
def about_audit() -> None:
    r"""See what was done in a store, and whether anybody changed that afterwards.

    Needs the extra: pip install "calcinet\[store]".

    [bold]Examples[/bold]
      calcinet audit verify
      calcinet audit list --json

    [bold]Exit codes[/bold] 0 all is as it was written, 1 something is not, 2 usage, or there is no store.
    """


@store.command("add", cls=Command)
def add(
    records: given.RecordsToAdd,
    patient: given.PatientOfStore = None,
    on: given.OnDay = None,
    same_patient: given.SamePatient = False,
    skip_known: given.SkipKnown = False,
    place: given.StorePlace = None,
    who: given.Who = None,
    as_json: given.AsJson = False,
) -> None:
    """Put records of one patient into the store, all or none; the store is made where there is none.

    [bold]Examples[/bold]
      calcinet store add calcinet-out --patient 0012345
      calcinet store add january/ march/ --patient P-ABCD-EFGH-IJKL-MNOP --on 2026-03-09
      calcinet store add calcinet-out --patient 0012345 --store postgresql://ng@localhost/calcinet

    [bold]Exit codes[/bold] 0 added, 1 failure, 2 refused: of two patients, there already, of another version, or the
    store is locked, full or read only; 3 no record could be read.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import add_records, tell_added

    added = add_records(records, patient, on=on, place=place, who=who, same_patient=same_patient, skip_known=skip_known)
    show(*tell_added(added, as_json=as_json))


@store.command("list", cls=Command)
def list_store(
    patient: given.PatientOfStore = None, place: given.StorePlace = None, as_json: given.AsJson = False
) -> None:
    """List the patients of the store, or the records of one in the order of time.

    [bold]Examples[/bold]
      calcinet store list
      calcinet store list --patient 0012345
      calcinet store list --json

    [bold]Exit codes[/bold] 0 listed, 2 there is no such store or patient.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import list_patients, list_records

    if patient is None:
        show(*list_patients(place, as_json=as_json))
    else:
        show(*list_records(patient, place, as_json=as_json))


@store.command("show", cls=Command)
def show_record(record: given.RecordNumber, place: given.StorePlace = None, as_json: given.AsJson = False) -> None:
    """Show a record with what was changed in it; with --json the whole record as it is now, with its history.

    [bold]Examples[/bold]
      calcinet store show 17
      calcinet store show 17 --json

    [bold]Exit codes[/bold] 0 shown, 2 there is no such store or record.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import show_stored

    show(*show_stored(record, place, as_json=as_json))


@store.command("edit", cls=Command)
def edit(
    record: given.RecordNumber,
    field: given.FieldOfRecord,
    value: given.NewValue,
    why: given.Why,
    place: given.StorePlace = None,
    who: given.Who = None,
    as_json: given.AsJson = False,
) -> None:
    """Change a value of a record; what stood there, who changed it, when and why is kept.

    [bold]Examples[/bold]
      calcinet store edit 17 images/0/laterality R --why "marker read wrongly"
      calcinet store edit 17 images/0/findings/2/probability null --why "a skin fold"

    [bold]Exit codes[/bold] 0 changed, 2 no such field, a value that cannot stand there, or the store refuses.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import edit_stored

    show(*edit_stored(record, field, value, why, place=place, who=who, as_json=as_json))


@store.command("export", cls=Command)
def export(
    out: given.ExportFolder,
    form: given.ExportFormat = "redcap",
    patient: given.PatientOfStore = None,
    deidentify: given.Deidentify = False,
    place: given.StorePlace = None,
    who: given.Who = None,
    as_json: given.AsJson = False,
) -> None:
    """Write records for a registry or for statistics; import reads every form again without a loss.

    [bold]Examples[/bold]
      calcinet store export -o registry --deidentify
      calcinet store export -o tables --format parquet
      calcinet store export -o one --format fhir --patient 0012345

    [bold]Exit codes[/bold] 0 written, 1 no room or right to write there, 2 there is no such store, form or patient.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import export_store

    show(*export_store(out, form, patient, deidentify=deidentify, place=place, who=who, as_json=as_json))


@store.command("import", cls=Command)
def take(
    export: given.ExportToTake,
    skip_known: given.SkipKnown = False,
    place: given.StorePlace = None,
    who: given.Who = None,
    as_json: given.AsJson = False,
) -> None:
    """Take records of an export into the store with their edits, all or none; patients keep their pseudonyms.

    [bold]Examples[/bold]
      calcinet store import registry
      calcinet store import registry/records.csv --store other.sqlite

    [bold]Exit codes[/bold] 0 taken, 2 it is no export, or the store refuses, 3 it cannot be read.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import import_store, tell_added

    show(*tell_added(import_store(export, place=place, who=who, skip_known=skip_known), as_json=as_json))


@store.command("purge", cls=Command)
def purge(
    why: given.Why,
    patient: given.PatientOfStore = None,
    record: given.RecordToPurge = None,
    place: given.StorePlace = None,
    who: given.Who = None,
    as_json: given.AsJson = False,
) -> None:
    """Remove a patient or a record for good; that it was done, when, by whom and why stays in the audit.

    [bold]Examples[/bold]
      calcinet store purge --patient 0012345 --why "consent withdrawn"
      calcinet store purge --record 17 --why "added to the wrong patient"

    [bold]Exit codes[/bold] 0 removed, 2 there is no such patient or record, or the store refuses.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import purge_stored

    show(*purge_stored(patient, record, why, place=place, who=who, as_json=as_json))


@store.command("upgrade", cls=Command)
def upgrade(place: given.StorePlace = None) -> None:
    """Bring a store of an earlier version up to this one, with all that is in it; keep a copy before.

    [bold]Examples[/bold]
      calcinet store upgrade
      calcinet store upgrade --store ward.sqlite

    [bold]Exit codes[/bold] 0 done, or there was nothing to do; 2 there is no store, or one of a later version.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import upgrade_tables

    show(*upgrade_tables(place))


@audit.command("verify", cls=Command)
def verify(expected: given.Expected = None, place: given.StorePlace = None, as_json: given.AsJson = False) -> None:
    """Find what was changed, removed or reordered in the audit, and records or edits that are not as it says.

    Each entry is sealed together with the one before it, with a key that is not in the store. That the last
    entries were cut off shows by the count of the store, by records without an entry, and for certain by
    --expect: note the last line of an earlier run elsewhere.

    [bold]Examples[/bold]
      calcinet audit verify
      calcinet audit verify --store ward.sqlite --json

    [bold]Exit codes[/bold] 0 all is as it was written, 1 something is not, 2 there is no store, or another key.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import verify_audit

    lines, code = verify_audit(place, expected, as_json=as_json)
    show(*lines)
    raise typer.Exit(code)


@audit.command("list", cls=Command)
def list_audit(place: given.StorePlace = None, as_json: given.AsJson = False) -> None:
    """List what was done, oldest first.

    [bold]Examples[/bold]
      calcinet audit list
      calcinet audit list --json

    [bold]Exit codes[/bold] 0 listed, 2 there is no store.
    """
    require_extras(["store"], "calcinet store")
    from calcinet.apps.storing import list_entries

    show(*list_entries(place, as_json=as_json))
