"""The command line: options in, one call, an exit code out."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from calcinet.apps.console import Exit, complain, prepare_terminal, reader_is_gone, show
from calcinet.apps.stopping import Stopped, stoppable
from calcinet.errors import BadInput, BadWeights, CalcinetError, Unreadable
from calcinet.machine import FAULTS, TOO_LITTLE_MEMORY, explain_fault
from calcinet.version import __version__

app = typer.Typer(
    name="calcinet",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

BROKEN_PIPE: Final = 141
"""Exit code where what reads our output went away: 128 and SIGPIPE, as of other programs in a pipe."""

CODES: Final = {
    BadInput: Exit.USAGE,
    Unreadable: Exit.NOTHING_EXAMINED,
    BadWeights: Exit.WEIGHTS_MISSING,
    CalcinetError: Exit.FAILURE,
}

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="DICOM, PNG, JPEG or TIFF films, CT series, bone scans, NIfTI, folders, zips, DICOMDIRs; none with --case"
        " alone."
    ),
]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder to write into.")]
Lang = Annotated[str, typer.Option(help="Language of page and paper: en or zh-Hant.")]
Formats = Annotated[
    str,
    typer.Option(
        help="Any of json, html, pdf, png, csv, parquet, gltf, fhir, dicom, with commas between; gltf is the surfaces"
        " of a CT; dicom is sr, seg, sc and encapsulated-pdf, which can be named alone. DICOM objects name the patient"
        " as the film does."
    ),
]
"""Those of its default that cannot be written with what is installed are left out; one that is named is refused."""
Anonymous = Annotated[
    bool, typer.Option("--anonymous", help="DICOM objects and FHIR without the patient: PS3.15 basic profile.")
]
Spacing = Annotated[
    str | None,
    typer.Option(
        metavar="MM",
        help="Pixel size at the detector in mm, one number or rows,columns; stands above what the file says.",
    ),
]
Modality = Annotated[
    str | None, typer.Option(help="CR, DX, MG or CT; stands above what the file says. NIfTI needs CT.")
]
Anatomy = Annotated[
    str | None, typer.Option(help='Body part, for instance "lower leg"; stands above what the file says.')
]
Calibration = Annotated[
    float | None,
    typer.Option(
        "--calcium-calibration",
        help="Of a CT: mg/cm3 of hydroxyapatite that one HU stands for, from inserts scanned alike; else no mass.",
    ),
]
Labels = Annotated[
    Path | None,
    typer.Option(
        "--labels", help="Of a CT: folder of masks of bones and arteries as TotalSegmentator writes them; never needed."
    ),
]
Classes = Annotated[
    str | None,
    typer.Option("--calibre-classes", help="Smallest widths in mm of small, medium and large vessels: 0.5,2,4."),
]
CaseFile = Annotated[Path | None, typer.Option("--case", help="The patient: YAML, JSON or a FHIR R4 bundle.")]
PRIOR_HELP: Final = (
    "Pre-test probability, 0.3 or 30%, or a published figure by its name; no default."
    " registry-germany (0.04 %), registry-uk (0.167 %), chain-us (0.349 %), centre-winnipeg (4.5 %): new cases a year"
    " on dialysis; dialysis-jiangsu (1.24 %), dialysis-fraser (1.9 %): people on haemodialysis who have it."
)
"""Written out, for the help answers at once and reads no table."""
GivenPrior = Annotated[str | None, typer.Option("--prior", help=PRIOR_HELP)]
Secondary = Annotated[
    bool, typer.Option("--include-secondary", help="Weigh figures read at second hand or recalled, too; marked.")
]
SendTo = Annotated[
    str | None,
    typer.Option("--send", help="Deliver the DICOM objects: dicom://TITLE@host:port or http(s)://host/dicom-web."),
]
OutboxFolder = Annotated[
    Path | None,
    typer.Option("--outbox", help="Where objects wait until they are confirmed; ~/.local/state/calcinet/outbox."),
]
KeepNames = Annotated[
    bool,
    typer.Option(
        "--keep-names", help="Write names.csv beside the record: which file is which image. It may name a patient."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Write even among files of someone else; those stay.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no sentences: files and exit code only.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same film.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        show(f"calcinet {__version__}")
        raise typer.Exit


@app.callback()
def calcinet(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an unexpected failure happened.")] = False,
) -> None:
    """Find, measure and report calcium outside bone on radiographs, CT, mammograms and bone scans.

    Decision support for research on calciphylaxis; not a diagnosis.
    """


@app.command()
def examine(
    context: typer.Context,
    paths: Paths = None,
    case: CaseFile = None,
    prior: GivenPrior = None,
    include_secondary: Secondary = False,
    out: Out = Path("calcinet-out"),
    lang: Lang = "en",
    formats: Formats = "json,html,pdf,png,csv",
    spacing_mm: Spacing = None,
    modality: Modality = None,
    anatomy: Anatomy = None,
    calibre_classes: Classes = None,
    calcium_calibration: Calibration = None,
    labels: Labels = None,
    anonymous: Anonymous = False,
    send: SendTo = None,
    outbox: OutboxFolder = None,
    keep_names: KeepNames = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Examine the films and CT of one patient, with the case beside them or the case alone, and write the report.

    [bold]Examples[/bold]

    calcinet examine film.dcm

    calcinet examine study/ -o report

    calcinet examine scan.png --spacing-mm 0.15 --anatomy "lower leg"

    calcinet examine ct-series/ --formats json,html,gltf

    calcinet examine ct.nii.gz --modality CT

    calcinet examine study/ --case case.yaml --prior 0.3

    calcinet examine before.dcm after.dcm   (two bone scans of a patient are compared)

    calcinet examine study/ --formats html,dicom,fhir

    calcinet examine study/ --send dicom://PACS@localhost:4242

    [bold]Writes[/bold] record.json and masks/ always; page, PDF, measures.csv and overlay pictures as asked.

    [bold]Exit codes[/bold]  0 done, 1 failure, 2 usage, 3 no case and every image refused, 5 weights unusable.
    """
    from calcinet.apps.examination import ExamineOptions, Order, examine_and_write
    from calcinet.report.documents import Wanted

    make_wanted: Callable[..., Wanted] = Wanted
    if _is_default(context, "formats"):
        make_wanted = Wanted.of_installed
    options = ExamineOptions(
        case=case,
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
        paths=paths or [],
        folder=out,
        wanted=make_wanted(_split_formats(formats), language=lang, anonymous=anonymous),
        options=options,
        force=force,
        quiet=quiet,
        keep_names=keep_names,
        send=send,
        outbox=outbox,
    )
    raise typer.Exit(examine_and_write(order))


@app.command()
def demo(
    out: Out = Path("calcinet-demo"),
    seed: Seed = 7,
    lang: Lang = "en",
    prior: GivenPrior = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page.")] = False,
    force: Force = False,
) -> None:
    """Examine the patient of the case report with generated films of both calves, and open the report.

    [bold]Examples[/bold]

    calcinet demo -o demo-out

    calcinet demo --prior 0.3 --lang zh-Hant
    """
    from calcinet.apps.demonstration import demonstrate

    code = demonstrate(out, seed, prior=prior, language=lang, force=force)
    if not no_open and sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("CI"):
        typer.launch((out / "report.html").absolute().as_uri())
    raise typer.Exit(code)


@app.command()
def send(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="DICOM objects, or folders of them, as results are.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="dicom://TITLE@host:port for C-STORE, http(s)://host/dicom-web for STOW-RS.")
    ] = None,
    outbox: OutboxFolder = None,
    waiting: Annotated[bool, typer.Option("--list", help="Say what waits, and send nothing.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Delete what waits for --to, and what it refused.")] = False,
    quiet: Quiet = False,
) -> None:
    """Deliver DICOM objects to an archive; what it has not confirmed waits in an outbox and is tried again.

    [bold]Examples[/bold]

    calcinet send calcinet-out --to dicom://PACS@localhost:4242

    calcinet send report.sr.dcm --to http://localhost:8042/dicom-web

    calcinet send          (what waits)

    calcinet send --drop --to http://localhost:8042/gone   (delete what waits for a wrong address)

    [bold]Exit codes[/bold]  0 all delivered, 1 some wait or were refused, 2 usage.
    """
    from calcinet.apps.sending import drop_objects, list_waiting, send_objects

    if waiting or drop:
        show(*(list_waiting(outbox) if waiting else drop_objects(to, outbox)))
        return
    raise typer.Exit(send_objects(paths or [], to, outbox, quiet=quiet))


@app.command()
def casereport(
    records: Annotated[list[Path], typer.Argument(help="record.json, or folders that hold one, in the order of time.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="draft.md or draft.docx.")] = Path("draft.docx"),
    lang: Lang = "en",
    calendar_dates: Annotated[
        bool, typer.Option("--calendar-dates", help="Days of the calendar; without it days are counted from the first.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a draft that is there.")] = False,
) -> None:
    """Draft a case report by CARE from records: what they do not say is a question to the author, nothing is invented.

    [bold]Examples[/bold]

    calcinet casereport calcinet-out -o draft.docx

    calcinet casereport january/ march/ -o draft.md --lang zh-Hant
    """
    from calcinet.apps.casereport import write_case_report

    show(*write_case_report(records, out, language=lang, calendar=calendar_dates, force=force))


@app.command()
def phantom(
    out: Out = Path("calcinet-phantoms"),
    kind: Annotated[str, typer.Option("--kind", help="film, ct, mammogram or bone-scan.")] = "film",
    seed: Seed = 0,
    count: Annotated[int, typer.Option(min=1, help="How many, with seeds that follow on.")] = 1,
    anatomy: Annotated[
        str | None,
        typer.Option(help='Of a film "lower leg", "foot" or "hand", else chance; of a CT part of a leg.'),
    ] = None,
    net: Annotated[
        bool | None, typer.Option("--net/--no-net", help="With or without a net, on a bone scan patches; else chance.")
    ] = None,
    vessels: Annotated[
        bool | None,
        typer.Option("--vessels/--no-vessels", help="With or without, on a bone scan a raised calf; else chance."),
    ] = None,
    traps: Annotated[bool, typer.Option("--traps", help="Look-alikes among them, on films and CT.")] = False,
    force: Force = False,
) -> None:
    """Write synthetic films, CTs, mammograms or bone scans as DICOM, each with its exact truth in the folder truth.

    [bold]Examples[/bold]

    calcinet phantom --seed 3 --net

    calcinet phantom --count 20 --traps -o films

    calcinet phantom --kind ct --anatomy leg -o ct && calcinet examine ct/phantom-0
    """
    from calcinet.apps.phantom import PhantomRequest, write_phantom

    request = PhantomRequest(kind=kind, anatomy=anatomy, net=net, vessels=vessels, traps=traps)
    for number in range(seed, seed + count):
        show(str(write_phantom(request, number, out, force=force)[0]))


@app.command()
def info(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show versions, formats, modalities, the detector and the exit codes."""
    from calcinet.apps.about import about, about_in_words

    if as_json:
        show(json.dumps(about(), indent=1))
    else:
        show(about_in_words())


@app.command()
def train(
    films: Annotated[Path, typer.Argument(help="Folder of radiographs without calcium.")],
    out: Out = Path("calcinet-training"),
    recipe: Annotated[Path | None, typer.Option(help="TOML recipe; that of the own weights where not given.")] = None,
    start: Annotated[
        Path | None, typer.Option(help="Weights to train further: folder of an earlier run, or an exported NAME.onnx.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    steps: Annotated[int | None, typer.Option(min=1, help="Instead of the recipe's.")] = None,
    quiet: Quiet = False,
) -> None:
    r"""Train the detector anew; a broken run goes on where it stopped.

    Needs the extra: pip install "calcinet\[train]".

    [bold]Example[/bold]

    calcinet train backgrounds/ -o run
    """
    from calcinet.apps.training import TrainOrder, train_weights

    order = TrainOrder(films=films, folder=out, recipe=recipe, start=start, device=device, steps=steps, quiet=quiet)
    raise typer.Exit(train_weights(order))


@app.command()
def schema(what: Annotated[str, typer.Argument(help="record or case.")] = "record") -> None:
    """Print the JSON Schema of record.json, or of a case file."""
    from calcinet.apps.validation import schema_of

    show(json.dumps(schema_of(what), indent=1))


@app.command()
def validate(case: Annotated[Path, typer.Argument(help="Case file: YAML, JSON or a FHIR R4 bundle.")]) -> None:
    """Check a case file: list its mistakes, or what it leaves open.

    [bold]Example[/bold]

    calcinet validate case.yaml

    [bold]Exit codes[/bold]  0 read, with or without questions; 2 malformed or impossible.
    """
    from calcinet.apps.validation import check_case

    show(*check_case(case))


@app.command("new-case")
def new_case(
    file: Annotated[Path, typer.Argument(help="Where to write it; never over a file that is there.")] = Path(
        "case.yaml"
    ),
) -> None:
    """Write a case file to fill in: every block with one line on what it is, and an example commented out.

    Take away the "# " before what you know, and leave the rest: what is left out is not known, never "no".

    [bold]Examples[/bold]

    calcinet new-case

    calcinet new-case patients/17.yaml && calcinet validate patients/17.yaml

    [bold]Exit codes[/bold]  0 written; 1 none can be written there; 2 there is a file already.
    """
    from calcinet.apps.new_case import write_new_case

    show(*write_new_case(file))


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; an expected error is one sentence on stderr."""
    given = sys.argv[1:]
    if arguments is not None:
        given = arguments
    prepare_terminal()
    try:
        with stoppable():
            app(args=given, prog_name="calcinet")
    except SystemExit as end:
        sys.exit(BROKEN_PIPE if reader_is_gone() and not end.code else end.code)
    except Stopped as stop:
        complain(str(stop))
        sys.exit(stop.code)
    except CalcinetError as error:
        complain(str(error))
        sys.exit(next(code for kind, code in CODES.items() if isinstance(error, kind)))
    except Exception as error:
        if "--debug" in given:
            raise
        complain(_explain(error))
        sys.exit(Exit.FAILURE)


def _explain(error: Exception) -> str:
    """What a failure that nothing foresaw has to say: of the machine the reason, of ours its kind."""
    if isinstance(error, MemoryError):
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
