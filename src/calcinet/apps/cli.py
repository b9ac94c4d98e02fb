"""The command line: options in, one call, an exit code out."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from calcinet import limits
from calcinet.apps import options as given
from calcinet.apps.cohort_commands import cohort
from calcinet.apps.console import Exit, complain, log_shown, note, prepare_terminal, progress_bar, reader_is_gone, show
from calcinet.apps.given_paths import read_if_piped, read_standard_input, require_there
from calcinet.apps.help_pages import Command, Group
from calcinet.apps.outbox_commands import echo, outbox
from calcinet.apps.server_commands import node, serve, token, user, watch
from calcinet.apps.stopping import Stopped, stoppable
from calcinet.apps.store_commands import audit, store
from calcinet.errors import BadInput, BadWeights, CalcinetError, Unreadable
from calcinet.machine import FAULTS, TOO_LITTLE_MEMORY, explain_fault, is_want_of_memory, require_address_space
from calcinet.version import __version__

app = typer.Typer(
    name="calcinet",
    cls=Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(store)
app.add_typer(cohort)
app.add_typer(audit)
app.command(cls=Command)(serve)
app.command(cls=Command)(node)
app.command(cls=Command)(watch)
app.add_typer(outbox)
app.command(cls=Command)(echo)
app.add_typer(user)
app.add_typer(token)

BROKEN_PIPE: Final = 141
"""Exit code where what reads our output went away: 128 and SIGPIPE, as of other programs in a pipe."""

CODES: Final = {
    BadInput: Exit.USAGE,
    Unreadable: Exit.NOTHING_EXAMINED,
    BadWeights: Exit.WEIGHTS_MISSING,
    CalcinetError: Exit.FAILURE,
}


def _show_version(wanted: bool) -> None:
    if wanted:
        show(f"calcinet {__version__}")
        raise typer.Exit


@app.callback()
def calcinet(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an unexpected failure happened, and the log.")
    ] = False,
) -> None:
    """Find, measure and report calcium outside bone on radiographs, CT, mammograms and bone scans.

    Decision support for research on calciphylaxis; not a diagnosis.

    [bold]Begin with[/bold]
      calcinet demo                     a patient with generated films
      calcinet examine film.dcm         what a film shows, in calcinet-out
      calcinet examine --help           and so of every command
      calcinet --install-completion     commands and options by the Tab key
    """
    del version  # was answered before
    if debug:
        context.with_resource(log_shown())


@app.command(cls=Command)
def examine(
    context: typer.Context,
    paths: given.Paths = None,
    case: given.CaseFile = None,
    prior: given.GivenPrior = None,
    include_secondary: given.Secondary = False,
    spacing_mm: given.Spacing = None,
    modality: given.Modality = None,
    anatomy: given.Anatomy = None,
    calibre_classes: given.Classes = None,
    calcium_calibration: given.Calibration = None,
    labels: given.Labels = None,
    baseline: given.BaselineRecord = None,
    baseline_films: given.BaselineFilms = None,
    out: given.Out = Path("calcinet-out"),
    lang: given.Lang = "en",
    formats: given.Formats = "json,html,pdf,png,csv",
    anonymous: given.Anonymous = False,
    keep_names: given.KeepNames = False,
    force: given.Force = False,
    send: given.SendTo = None,
    outbox: given.OutboxFolder = None,
    as_json: given.AsJson = False,
    quiet: given.Quiet = False,
) -> None:
    """Examine the images of one patient, with the case beside them or the case alone, and write the report.

    [bold]Examples[/bold]
      calcinet examine film.dcm
      calcinet examine study/ -o report
      calcinet examine scan.png --spacing-mm 0.15 --anatomy "lower leg"
      calcinet examine ct-series/ --formats json,html,gltf
      calcinet examine ct.nii.gz --modality CT
      calcinet examine before.dcm after.dcm      two bone scans are compared
      calcinet examine study/ --case case.yaml --prior 0.3
      calcinet examine --case case.yaml          the case alone
      calcinet examine - --json < film.dcm       for programs
      calcinet examine march/ --baseline one --baseline-films january -o two
      calcinet examine study/ --send dicom://PACS@localhost:4242

    [bold]Writes[/bold] record.json and masks/ always; the rest as asked.

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage, 3 no case and every image refused,
    5 weights unusable.
    """
    from calcinet.apps.examination import ExamineOptions, Order, examine_and_write
    from calcinet.report.documents import Wanted

    require_there(paths or [])
    require_there([case] if case else [], "case file")
    require_there([labels] if labels else [], "folder of masks")
    files, patient = read_standard_input(paths or [], case)
    make_wanted: Callable[..., Wanted] = Wanted
    if _is_default(context, "formats"):
        make_wanted = Wanted.of_installed
    options = ExamineOptions(
        case=patient,
        prior=prior,
        include_secondary=include_secondary,
        calibre_classes=_parse_widths(calibre_classes),
        spacing_mm=_parse_spacing(spacing_mm),
        modality=modality,
        anatomy=anatomy,
        mg_per_cm3_per_hu=calcium_calibration,
        labels=labels,
    )
    order = Order(
        paths=files,
        folder=out,
        wanted=make_wanted(_split_formats(formats), language=lang, anonymous=anonymous),
        options=options,
        force=force,
        quiet=quiet,
        keep_names=keep_names,
        as_json=as_json,
        send=send,
        outbox=outbox,
        baseline=baseline,
        baseline_films=baseline_films or (),
    )
    raise typer.Exit(examine_and_write(order))


@app.command(cls=Command)
def demo(
    seed: given.Seed = 7,
    prior: given.GivenPrior = None,
    out: given.Out = Path("calcinet-demo"),
    lang: given.Lang = "en",
    force: given.Force = False,
    no_open: given.NoOpen = False,
) -> None:
    """Examine the patient of the case report with generated films of both calves, and open the report.

    [bold]Examples[/bold]
      calcinet demo
      calcinet demo -o demo-out --no-open
      calcinet demo --prior 0.3 --lang zh-Hant

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage, 5 weights unusable.
    """
    from calcinet.apps.demonstration import demonstrate

    code = demonstrate(out, seed, prior=prior, language=lang, force=force)
    if not no_open and sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("CI"):
        typer.launch((out / "report.html").absolute().as_uri())
    raise typer.Exit(code)


@app.command(cls=Command)
def module(
    contract: Annotated[str, typer.Argument(metavar="CONTRACT", help="mercure, or map (MONAI Application Package).")],
) -> None:
    """Run as a module of another platform: a study in its folder, objects in the other one.

    The platform names both folders by variables: MERCURE_IN_DIR and MERCURE_OUT_DIR; HOLOSCAN_INPUT_PATH and
    HOLOSCAN_OUTPUT_PATH.

    [bold]Examples[/bold]
      calcinet module mercure
      HOLOSCAN_INPUT_PATH=in HOLOSCAN_OUTPUT_PATH=out calcinet module map

    [bold]Exit codes[/bold] 0 done, 1 failure, 2 usage, 3 no image could be examined, 5 weights unusable.
    """
    from calcinet.apps.module_folders import run_module

    raise typer.Exit(run_module(contract))


@app.command(cls=Command)
def send(
    paths: given.Objects = None,
    to: given.Receiver = None,
    outbox: given.OutboxFolder = None,
    waiting: given.Waiting = False,
    drop: given.Drop = False,
    as_json: given.AsJson = False,
    quiet: given.Quiet = False,
) -> None:
    """Deliver DICOM objects to an archive; what it has not confirmed waits in an outbox and is tried again.

    [bold]Examples[/bold]
      calcinet send calcinet-out --to dicom://PACS@localhost:4242
      calcinet send report.sr.dcm --to http://localhost:8042/dicom-web
      calcinet send                     what waits, again
      calcinet send --list              what waits, and since when; for programs --json
      calcinet send --drop --to http://localhost:8042/gone

    [bold]Exit codes[/bold] 0 all delivered, 1 some wait or were refused, 2 usage.
    """
    from calcinet.apps.sending import drop_objects, list_as_json, list_waiting, send_all, send_objects

    if waiting and as_json:
        show(json.dumps(list_as_json(outbox), indent=1))
        return
    if waiting:
        show(*list_waiting(outbox))
        return
    if drop:
        show(*drop_objects(to, outbox))
        return
    if as_json:
        sent = send_all(paths or [], to, outbox, quiet=quiet)
        show(json.dumps(sent.as_json(), indent=1))
        raise typer.Exit(sent.exit)
    raise typer.Exit(send_objects(paths or [], to, outbox, quiet=quiet))


@app.command(cls=Command)
def casereport(
    records: given.Records,
    out: given.Draft = Path("draft.docx"),
    lang: given.Lang = "en",
    calendar_dates: given.Calendar = False,
    force: given.ReplaceDraft = False,
) -> None:
    """Draft a case report by CARE from records: what they do not say is a question to the author, nothing is invented.

    [bold]Examples[/bold]
      calcinet casereport calcinet-out -o draft.docx
      calcinet casereport january/ march/ -o draft.md --lang zh-Hant

    [bold]Exit codes[/bold] 0 written, 1 failure, 2 usage, or no record there.
    """
    from calcinet.apps.casereport import write_case_report

    show(*write_case_report(records, out, language=lang, calendar=calendar_dates, force=force))


@app.command(cls=Command)
def follow(
    context: typer.Context,
    records: given.Course,
    films: given.FilmsOfCourse = None,
    out: given.TimelineOut = Path("calcinet-timeline"),
    lang: given.Lang = "en",
    formats: given.TimelineFormats = "json,html,pdf",
    force: given.ReplaceTimeline = False,
    as_json: given.AsJson = False,
) -> None:
    """Put several records of one patient on one time line: what changed beyond the error of measurement, on one page.

    The day of a record is examined_on of its case file, else the day of its film; the order of the paths does not
    matter. With --films the same vessels and nets are followed one by one.

    [bold]Examples[/bold]
      calcinet follow january/ march/ june/ -o course
      calcinet follow january/record.json march/record.json --lang zh-Hant
      calcinet follow one two --films january --films march
      calcinet follow visits/* --formats json --json

    [bold]Exit codes[/bold] 0 written, 1 failure, 2 usage, or the records are not of one course.
    """
    from calcinet.apps.following import FollowOrder, follow_and_write

    wanted = _split_formats(formats)
    order = FollowOrder(
        paths=records,
        films=films or (),
        folder=out,
        formats=tuple(wanted),
        formats_asked=not _is_default(context, "formats"),
        language=lang,
        force=force,
    )
    lines, timeline = follow_and_write(order)
    if as_json:
        show(timeline.to_json().rstrip())
        return
    show(*lines)


@app.command(cls=Command)
def phantom(
    kind: given.Kind = "film",
    seed: given.Seed = 0,
    count: given.Count = 1,
    anatomy: given.Part = None,
    net: given.Net = None,
    vessels: given.Vessels = None,
    traps: given.Traps = False,
    out: given.Out = Path("calcinet-phantoms"),
    force: given.ReplacePhantom = False,
) -> None:
    """Write synthetic films, CTs, mammograms or bone scans as DICOM, each with its exact truth in the folder truth.

    [bold]Examples[/bold]
      calcinet phantom --seed 3 --net
      calcinet phantom --count 20 --traps -o films
      calcinet phantom --kind ct --anatomy foot -o ct
      calcinet examine ct/phantom-0

    [bold]Exit codes[/bold] 0 written, 1 failure, or no room for it, 2 usage, or it is there already.
    """
    from calcinet.apps.phantom import PhantomRequest, tell_room, write_phantom

    request = PhantomRequest(kind=kind, anatomy=anatomy, net=net, vessels=vessels, traps=traps)
    seeds = range(seed, seed + count)
    room = tell_room(request, seeds, out)
    if room is not None:
        note(room)
    with progress_bar(f"drawing, {kind}") as progress:
        for done, number in enumerate(seeds, start=1):
            show(str(write_phantom(request, number, out, force=force)[0]))
            if progress is not None:
                progress(done, count)


@app.command(cls=Command)
def info(as_json: given.AsJson = False) -> None:
    """Show versions, formats, modalities, the weights of each, and the exit codes.

    [bold]Examples[/bold]
      calcinet info
      calcinet info --json

    [bold]Exit codes[/bold] 0 shown.
    """
    from calcinet.apps.about import about, about_in_words

    if as_json:
        show(json.dumps(about(), indent=1))
    else:
        show(about_in_words())


@app.command(cls=Command)
def train(
    films: given.Films,
    recipe: given.Recipe = None,
    start: given.Start = None,
    device: given.Device = "cpu",
    steps: given.Steps = None,
    out: given.Out = Path("calcinet-training"),
    quiet: given.Quiet = False,
) -> None:
    r"""Train the detector anew; a broken run goes on where it stopped.

    Needs the extra: pip install "calcinet\[train]".

    [bold]Examples[/bold]
      calcinet train backgrounds/ -o run
      calcinet train backgrounds/ -o trial --steps 50

    [bold]Exit codes[/bold] 0 trained, 1 failure, 2 usage, or the extra is missing.
    """
    from calcinet.apps.training import TrainOrder, train_weights

    order = TrainOrder(films=films, folder=out, recipe=recipe, start=start, device=device, steps=steps, quiet=quiet)
    raise typer.Exit(train_weights(order))


@app.command(cls=Command)
def schema(what: given.Schema = "record") -> None:
    """Print the JSON Schema of record.json, of a case file or of timeline.json.

    [bold]Examples[/bold]
      calcinet schema > record.schema.json
      calcinet schema case
      calcinet schema timeline

    [bold]Exit codes[/bold] 0 printed, 2 there is no such schema.
    """
    from calcinet.apps.validation import schema_of

    show(json.dumps(schema_of(what), indent=1))


@app.command(cls=Command)
def validate(case: given.CaseToCheck, as_json: given.AsJson = False) -> None:
    """Check a case file: list its mistakes, or what it leaves open.

    [bold]Examples[/bold]
      calcinet validate case.yaml
      calcinet validate - --json < case.yaml     for programs

    [bold]Exit codes[/bold] 0 read, with or without questions; 2 malformed or impossible.
    """
    from calcinet.apps.validation import check_as_json, check_case

    require_there([case], "case file")
    content = read_if_piped(case, limits.CASE_BYTES)
    if not as_json:
        show(*check_case(content))
        return
    told, error = check_as_json(content)
    show(json.dumps(told, indent=1))
    if error is not None:
        raise error


@app.command("new-case", cls=Command)
def new_case(file: given.NewCase = Path("case.yaml")) -> None:
    """Write a case file to fill in: every block with one line on what it is, and an example commented out.

    Take away the "# " before what you know, and leave the rest: what is left out is
    not known, never "no".

    [bold]Examples[/bold]
      calcinet new-case
      calcinet new-case patients/17.yaml && calcinet validate patients/17.yaml

    [bold]Exit codes[/bold] 0 written, 1 none can be written there, 2 there is a file already.
    """
    from calcinet.apps.new_case import write_new_case

    show(*write_new_case(file))


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; an expected error is one sentence on stderr."""
    words = sys.argv[1:]
    if arguments is not None:
        words = arguments
    prepare_terminal()
    try:
        limits.check_all()
        require_address_space()
        with stoppable():
            app(args=words, prog_name="calcinet")
    except SystemExit as end:
        sys.exit(BROKEN_PIPE if is_cut_off(end) else end.code)
    except Stopped as stop:
        complain(str(stop))
        sys.exit(stop.code)
    except CalcinetError as error:
        complain(str(error))
        sys.exit(next(code for kind, code in CODES.items() if isinstance(error, kind)))
    except Exception as error:
        if "--debug" in words:
            raise
        complain(_explain(error))
        sys.exit(Exit.FAILURE)


def is_cut_off(end: SystemExit) -> bool:
    """Whether a command, or the print of a help page, ended because `head` had read enough.

    A help page is printed by typer and rich, which end with 1 while they handle the broken pipe.
    """
    return isinstance(end.__context__, BrokenPipeError) or (reader_is_gone() and not end.code)


def _explain(error: Exception) -> str:
    """What a failure that nothing foresaw has to say: of the machine the reason, of ours its kind."""
    if is_want_of_memory(error):
        return TOO_LITTLE_MEMORY
    if isinstance(error, OSError) and error.errno in FAULTS:
        return str(explain_fault(error, _name_place(error)))
    return f"unexpected failure ({type(error).__name__}); `calcinet --debug ...` shows what and where"


def _name_place(error: OSError) -> str:
    """Where it was, without the name of a file, which may be that of a patient."""
    temporary = Path(os.environ.get("TMPDIR", "/tmp"))
    if isinstance(error.filename, str) and not Path(error.filename).is_relative_to(temporary):
        return "a folder that is needed"
    return f"a folder that is needed, or that for temporary files ({temporary})"


def _is_default(context: typer.Context, name: str) -> bool:
    """Whether nobody gave an option."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "DEFAULT"


def _split_formats(formats: str) -> list[str]:
    return [name.strip() for name in formats.split(",") if name.strip()]


def _parse_spacing(given: str | None) -> float | tuple[float, float] | None:
    if given is None:
        return None
    try:
        sides = [float(side) for side in given.split(",")]
    except ValueError:
        sides = []
    if len(sides) == 1:
        return sides[0]
    if len(sides) == 2:
        return sides[0], sides[1]
    raise BadInput(
        f"--spacing-mm takes the pixel size in mm, one number or that of rows and of columns (0.2,0.1), got {given!r}"
    )


def _parse_widths(listed: str | None) -> list[float] | None:
    if listed is None:
        return None
    try:
        return [float(width) for width in listed.split(",")]
    except ValueError:
        raise BadInput(f"--calibre-classes takes widths in mm with commas between, got {listed!r}") from None
