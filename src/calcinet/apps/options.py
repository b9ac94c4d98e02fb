"""Arguments and options of the command line: what each is called, what stands for its value, what it says of itself."""

from pathlib import Path
from typing import Annotated, Final

import typer

from calcinet.apps.completion import (
    offer_devices,
    offer_formats,
    offer_kinds,
    offer_languages,
    offer_modalities,
    offer_priors,
    offer_schemas,
)
from calcinet.apps.help_pages import TERMINAL

PATIENT: Final = "The patient"
IMAGES: Final = "What stands above the files"
WRITTEN: Final = "What is written"
DELIVERY: Final = "Delivery"

PRIOR_HELP: Final = (
    "Pre-test probability, 0.3 or 30%, or a published figure by its name; no default."
    " registry-germany (0.04 %), registry-uk (0.167 %), chain-us (0.349 %), centre-winnipeg (4.5 %): new cases a year"
    " on dialysis; dialysis-jiangsu (1.24 %), dialysis-fraser (1.9 %): people on haemodialysis who have it."
)
"""Written out, for the help answers at once and reads no table."""

ARCHIVE: Final = "dicom://TITLE@host:port (C-STORE) or http(s)://host/dicom-web (STOW-RS)"
"""How the address of an archive is written."""

# What is examined

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FILE",
        readable=False,
        help="DICOM, PNG, JPEG or TIFF films, CT series, bone scans, NIfTI, folders, zips, DICOMDIRs, all of one"
        " patient; - is one file from standard input; none with --case alone.",
    ),
]
CaseFile = Annotated[
    Path | None,
    typer.Option(
        "--case",
        metavar="FILE",
        readable=False,
        rich_help_panel=PATIENT,
        help="The patient: YAML, JSON or a FHIR R4 bundle; - is standard input.",
    ),
]
GivenPrior = Annotated[
    str | None,
    typer.Option(
        "--prior", metavar="SHARE|NAME", rich_help_panel=PATIENT, help=PRIOR_HELP, autocompletion=offer_priors
    ),
]
Secondary = Annotated[
    bool,
    typer.Option(
        "--include-secondary",
        rich_help_panel=PATIENT,
        help="Weigh figures read at second hand or recalled, too; each is marked.",
    ),
]
Spacing = Annotated[
    str | None,
    typer.Option(
        "--spacing-mm",
        metavar="MM",
        rich_help_panel=IMAGES,
        help="Pixel size at the detector, 0.15, or of rows and columns, 0.2,0.1; of a picture it stays an assumption.",
    ),
]
Modality = Annotated[
    str | None,
    typer.Option(
        metavar="CODE",
        rich_help_panel=IMAGES,
        help="CR, DX, MG or CT. NIfTI that does not say so needs CT.",
        autocompletion=offer_modalities,
    ),
]
Anatomy = Annotated[
    str | None, typer.Option(metavar="WORDS", rich_help_panel=IMAGES, help='Body part, for instance "lower leg".')
]
Classes = Annotated[
    str | None,
    typer.Option(
        "--calibre-classes",
        metavar="MM,MM,MM",
        rich_help_panel=IMAGES,
        help="Smallest widths of small, medium and large vessels; 0.5,2,4 where not given.",
    ),
]
Calibration = Annotated[
    float | None,
    typer.Option(
        "--calcium-calibration",
        metavar="NUMBER",
        rich_help_panel=IMAGES,
        help="Of a CT: mg/cm3 of hydroxyapatite that one HU stands for, from inserts scanned alike; else no mass.",
    ),
]
Labels = Annotated[
    Path | None,
    typer.Option(
        "--labels",
        metavar="FOLDER",
        readable=False,
        rich_help_panel=IMAGES,
        help="Of a CT: masks of bones and arteries as TotalSegmentator writes them; never needed.",
    ),
]

# What is written

Out = Annotated[
    Path, typer.Option("-o", "--out", metavar="FOLDER", rich_help_panel=WRITTEN, help="Folder to write into.")
]
Lang = Annotated[
    str,
    typer.Option(
        metavar="CODE",
        rich_help_panel=WRITTEN,
        help="Language of page, paper, pictures and terminal: en or zh-Hant.",
        autocompletion=offer_languages,
    ),
]
Formats = Annotated[
    str,
    typer.Option(
        metavar="NAMES",
        rich_help_panel=WRITTEN,
        help="Any of json, html, pdf, png, csv, parquet, gltf, fhir, dicom, with commas between; gltf is the surfaces"
        " of a CT; dicom is sr, seg, sc and encapsulated-pdf, which can be named alone. DICOM objects name the patient"
        " as the film does.",
        autocompletion=offer_formats,
    ),
]
"""Those of its default that cannot be written with what is installed are left out; one that is named is refused."""
Anonymous = Annotated[
    bool,
    typer.Option(
        "--anonymous",
        rich_help_panel=WRITTEN,
        help="DICOM objects and FHIR without the patient: basic profile of PS3.15.",
    ),
]
KeepNames = Annotated[
    bool,
    typer.Option(
        "--keep-names",
        rich_help_panel=WRITTEN,
        help="Write names.csv beside the record: which file is which image. It may name a patient.",
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", rich_help_panel=WRITTEN, help="Write even among files of someone else; those stay."),
]
ReplaceDraft = Annotated[bool, typer.Option("--force", rich_help_panel=WRITTEN, help="Replace a draft that is there.")]
ReplacePhantom = Annotated[
    bool, typer.Option("--force", rich_help_panel=WRITTEN, help="Replace a phantom that is there.")
]
Draft = Annotated[
    Path, typer.Option("-o", "--out", metavar="FILE", rich_help_panel=WRITTEN, help="draft.md or draft.docx.")
]
Calendar = Annotated[
    bool,
    typer.Option(
        "--calendar-dates",
        rich_help_panel=WRITTEN,
        help="Days of the calendar; without it days are counted from the first.",
    ),
]

# Delivery

SendTo = Annotated[
    str | None,
    typer.Option(
        "--send", metavar="ADDRESS", rich_help_panel=DELIVERY, help=f"Deliver the DICOM objects to {ARCHIVE}."
    ),
]
OutboxFolder = Annotated[
    Path | None,
    typer.Option(
        "--outbox",
        metavar="FOLDER",
        rich_help_panel=DELIVERY,
        help="Where objects wait until they are confirmed; ~/.local/state/calcinet/outbox where not given.",
    ),
]
Objects = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE", readable=False, help="DICOM objects, or folders of them, as results are."),
]
Receiver = Annotated[
    str | None, typer.Option("--to", metavar="ADDRESS", rich_help_panel=DELIVERY, help=f"Where to: {ARCHIVE}.")
]
Waiting = Annotated[bool, typer.Option("--list", rich_help_panel=DELIVERY, help="Say what waits, and send nothing.")]
Drop = Annotated[
    bool,
    typer.Option("--drop", rich_help_panel=DELIVERY, help="Delete what waits for --to, and what it refused."),
]

Uids = Annotated[
    list[str] | None, typer.Argument(metavar="UID", help="SOP Instance UIDs of objects, as list shows them.")
]
OneUid = Annotated[str, typer.Argument(metavar="UID", help="SOP Instance UID of an object, as list shows it.")]
Asked = Annotated[str, typer.Argument(metavar="DESTINATION", help=f"Whom to ask: {ARCHIVE}.")]

# Phantoms

Kind = Annotated[
    str, typer.Option("--kind", metavar="KIND", help="film, ct, mammogram or bone-scan.", autocompletion=offer_kinds)
]
Seed = Annotated[int, typer.Option(metavar="N", min=0, help="The same seed gives the same phantom.")]
Count = Annotated[int, typer.Option(metavar="N", min=1, help="How many, with seeds that follow on.")]
Part = Annotated[
    str | None,
    typer.Option(
        "--anatomy",
        metavar="WORDS",
        help='Of a film "lower leg", "foot" or "hand", else chance; of a CT part of a leg.',
    ),
]
Net = Annotated[
    bool | None, typer.Option("--net/--no-net", help="With or without a net, on a bone scan patches; else chance.")
]
Vessels = Annotated[
    bool | None,
    typer.Option("--vessels/--no-vessels", help="With or without, on a bone scan a raised calf; else chance."),
]
Traps = Annotated[bool, typer.Option("--traps", help="Look-alikes among them, on films and CT.")]

# Training

Films = Annotated[
    Path, typer.Argument(metavar="FOLDER", readable=False, help="Radiographs without calcium, as PNG or JPEG.")
]
Recipe = Annotated[
    Path | None, typer.Option(metavar="FILE", help="TOML recipe; that of the own weights where not given.")
]
Start = Annotated[
    Path | None,
    typer.Option(metavar="PATH", help="Weights to train further: folder of an earlier run, or an exported NAME.onnx."),
]
Device = Annotated[str, typer.Option(metavar="NAME", help="cpu or cuda.", autocompletion=offer_devices)]
Steps = Annotated[int | None, typer.Option(metavar="N", min=1, help="Instead of the recipe's.")]

# Records and cases

Records = Annotated[
    list[Path],
    typer.Argument(
        metavar="RECORD", readable=False, help="record.json, or folders that hold one, in the order of time."
    ),
]
Course = Annotated[
    list[Path],
    typer.Argument(metavar="RECORD", readable=False, help="record.json, or folders that hold one, of one patient."),
]
BaselineRecord = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="RECORD",
        readable=False,
        help="Earlier record of the patient: the same vessels and nets keep its tracking identifiers. Needs "
        "--baseline-films.",
    ),
]
BaselineFilms = Annotated[
    list[Path] | None,
    typer.Option(
        "--baseline-films",
        metavar="PATH",
        readable=False,
        help="Films and CTs of that record; may be given several times.",
    ),
]
FilmsOfCourse = Annotated[
    list[Path] | None,
    typer.Option(
        "--films",
        metavar="PATH",
        readable=False,
        help="Films and CTs of the records, or folders of them; may be given several times. Each later one is laid on "
        "the first of its place.",
    ),
]
TimelineOut = Annotated[
    Path, typer.Option("-o", "--out", metavar="FOLDER", rich_help_panel=WRITTEN, help="Folder to write into.")
]
TimelineFormats = Annotated[
    str,
    typer.Option(
        metavar="NAMES", rich_help_panel=WRITTEN, help="Any of json, html, pdf, with commas between; json always."
    ),
]
ReplaceTimeline = Annotated[
    bool, typer.Option("--force", rich_help_panel=WRITTEN, help="Replace a time line that is there.")
]
CaseToCheck = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", readable=False, help="Case file: YAML, JSON or a FHIR R4 bundle; - is standard input."
    ),
]
NewCase = Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; never over a file that is there.")]
Schema = Annotated[str, typer.Argument(metavar="WHAT", help="record, case or timeline.", autocompletion=offer_schemas)]

# The store

StorePlace = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="FILE|URL",
        help="A file, or postgresql://user@host:port/database; $CALCINET_STORE or ~/.local/state/calcinet/store.sqlite"
        " where not given.",
    ),
]
Who = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Who does this; stands in the audit. The name of the login where not given."),
]
RecordsToAdd = Annotated[
    list[Path],
    typer.Argument(metavar="RECORD", readable=False, help="record.json, or folders that hold one, all of one patient."),
]
PatientOfStore = Annotated[
    str | None,
    typer.Option(
        "--patient",
        metavar="NUMBER",
        help="Your own number of the patient, of which a keyed hash alone is kept, or a pseudonym (P-...); - reads it"
        " from standard input, where no list of processes shows it.",
    ),
]
OnDay = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="DAY",
        help="Day of the examination, 2026-03-09; else the latest that the record carries.",
    ),
]
SamePatient = Annotated[
    bool,
    typer.Option("--same-patient", help="Take records that differ in the sex: they are of one patient all the same."),
]
SkipKnown = Annotated[bool, typer.Option("--skip-known", help="Pass over records that are in the store already.")]
RecordNumber = Annotated[int, typer.Argument(metavar="RECORD", min=1, help="Number of a record, as list shows it.")]
RecordToPurge = Annotated[int | None, typer.Option("--record", metavar="N", min=1, help="Number of a record.")]
ExportFolder = Annotated[
    Path, typer.Option("-o", "--out", metavar="FOLDER", help="Folder to write into; never over one that is there.")
]
ExportFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="NAME",
        help="redcap (dictionary.csv and records.csv), csv or parquet (a file a table), or fhir (a bundle a record).",
    ),
]
Deidentify = Annotated[
    bool,
    typer.Option(
        "--deidentify",
        help="Other pseudonyms, days shifted by whole weeks patient by patient, no hash of a film, nothing that a"
        " person typed, no edits.",
    ),
]
ExportToTake = Annotated[
    Path, typer.Argument(metavar="EXPORT", readable=False, help="Folder that export wrote, or one of its files.")
]
FieldOfRecord = Annotated[
    str, typer.Argument(metavar="FIELD", help="Its path in record.json, for instance images/0/laterality.")
]
NewValue = Annotated[str, typer.Argument(metavar="VALUE", help="JSON; a word that is no JSON is a text.")]
Why = Annotated[str, typer.Option("--why", metavar="WORDS", help="The reason; it is kept, so name nobody.")]
Expected = Annotated[
    str | None,
    typer.Option(
        "--expect",
        metavar="N:SEAL",
        help="An entry that you noted earlier: that it is there still shows that nothing before it was cut off.",
    ),
]

# The server

Host = Annotated[
    str, typer.Option(metavar="NAME", help="Address that it listens at; this machine alone where not given.")
]
Port = Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="0: any that is free.")]
DataFolder = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="Folder with everything that the server keeps; made if need be.")
]
Workers = Annotated[
    int, typer.Option(metavar="N", min=1, max=64, help="Studies that are examined at a time; each needs about 1 GB.")
]
LogRequests = Annotated[
    bool, typer.Option("--log-requests", help="Write a line of JSON for each request to standard error; names nobody.")
]
NodeHost = Annotated[
    str | None,
    typer.Option("--host", metavar="NAME", help="Address that it listens at; all of this machine where not given."),
]
NodePort = Annotated[
    int | None,
    typer.Option("--port", metavar="N", min=0, max=65535, help="11112 where not given; 0: any that is free."),
]
NodeData = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder with everything that it keeps; calcinet-data where not given."),
]
NodeWorkers = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", min=1, max=64, help="Studies that are examined at a time; 1 where not given."
    ),
]
NodeConfig = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        readable=False,
        help="The same in a TOML file, with rules which results go where; an option stands above it.",
    ),
]
TlsCertificate = Annotated[
    Path | None,
    typer.Option(metavar="FILE", readable=False, help="Listen over TLS and show this certificate, a PEM file."),
]
TlsKey = Annotated[Path | None, typer.Option(metavar="FILE", readable=False, help="Its private key, a PEM file.")]
TlsAuthority = Annotated[
    Path | None,
    typer.Option(metavar="FILE", readable=False, help="Let in those alone who show a certificate of this authority."),
]
WatchedFolder = Annotated[
    Path, typer.Argument(metavar="FOLDER", readable=False, help="Folder that files are laid into.")
]
WatchOut = Annotated[Path, typer.Option("-o", "--out", metavar="FOLDER", help="Folder of the results.")]
OwnTitle = Annotated[
    str | None,
    typer.Option("--title", metavar="TITLE", help="Title that it answers to; CALCINET where not given."),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="TITLE[@ADDRESS]",
        help="Who may call: a title, and the address or network that it calls from; several times if need be.",
    ),
]
SendResults = Annotated[
    list[str] | None,
    typer.Option(
        "--send",
        metavar="DESTINATION",
        help="Archive that every result is sent to: dicom://TITLE@host:port or http(s)://host/dicom-web; several times"
        " if need be.",
    ),
]
Priors = Annotated[
    str | None,
    typer.Option(
        metavar="ARCHIVE",
        help="Archive that earlier studies of a patient are fetched from, to compare with: dicom://TITLE@host:port or"
        " http(s)://host/dicom-web.",
    ),
]
QuietSeconds = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        min=0.5,
        max=3600,
        help="A study has come whole when nothing of it came for so long; 30 where not given.",
    ),
]
UserName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the user.")]
Role = Annotated[str, typer.Option("--role", metavar="ROLE", help="reader, editor or admin.")]
ProviderFile = Annotated[
    Path | None,
    typer.Option("--oidc", metavar="FILE", help="Let people sign in with a provider of OpenID Connect, by this file."),
]
UserSites = Annotated[
    list[str] | None,
    typer.Option("--site", metavar="SITE", help="Site whose studies the user sees; several times for several."),
]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, one line; else it is asked.")
]

# The terminal

Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", rich_help_panel=TERMINAL, help="No progress and no sentences: files and exit code only."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", rich_help_panel=TERMINAL, help="The result as JSON on stdout, and nothing else there.")
]
NoOpen = Annotated[bool, typer.Option("--no-open", rich_help_panel=TERMINAL, help="Do not open the page.")]

# An archive

Archive = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A folder with all below it, a zip, a list of files (.txt, one path a line), or an address of fsspec:"
        " s3://bucket/folder, or a DICOMweb service: http://host/dicom-web.",
    ),
]
CohortOut = Annotated[
    Path,
    typer.Option("-o", "--out", metavar="DIR", help="Folder for the tables; a run that is there already goes on."),
]
CHOICE: Final = "Which films"
WORK: Final = "Where the work is done"
CohortModality = Annotated[
    str,
    typer.Option(
        "--modality", metavar="LIST", rich_help_panel=CHOICE, help="Modalities; picture is PNG, JPEG and TIFF."
    ),
]
CohortPart = Annotated[
    str | None,
    typer.Option("--body-part", metavar="LIST", rich_help_panel=CHOICE, help='Body parts in words: "lower leg,foot".'),
]
CohortView = Annotated[
    str | None, typer.Option("--view", metavar="LIST", rich_help_panel=CHOICE, help="View positions: AP,LAT.")
]
CohortAge = Annotated[
    str | None,
    typer.Option("--age", metavar="FROM-TO", rich_help_panel=CHOICE, help="Ages in years, both included: 18-, 40-65."),
]
CohortWhere = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar="SQL",
        rich_help_panel=CHOICE,
        help="A condition over the columns of docs/scale.md; it can read no file and no network.",
    ),
]
CohortLimit = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=1, rich_help_panel=CHOICE, help="At most so many films, for a trial."),
]
KeepCopies = Annotated[
    bool,
    typer.Option("--keep-copies", rich_help_panel=CHOICE, help="Examine the same film each time that it is there."),
]
Project = Annotated[
    str,
    typer.Option(
        "--project",
        metavar="NAME",
        rich_help_panel=PATIENT,
        help="In all runs of one project with one key a patient has the same pseudonym; of two projects nothing is"
        " alike.",
    ),
]
KeepIdentifiers = Annotated[
    bool,
    typer.Option(
        "--keep-identifiers",
        rich_help_panel=PATIENT,
        help="Write identifiers, places and days as they are: for a registry that may.",
    ),
]
Prevalence = Annotated[
    str | None,
    typer.Option(
        "--prevalence",
        metavar="SHARE|NAME",
        rich_help_panel=WRITTEN,
        help="Share of the films that show a net, 0.01 or 1%, or the name of a published figure (as of examine"
        " --prior), for the predictive value.",
        autocompletion=offer_priors,
    ),
]
CohortFolder = Annotated[Path, typer.Argument(metavar="OUT", help="Folder that calcinet cohort wrote.")]
AnswerFile = Annotated[Path, typer.Argument(metavar="FILE", help="answers.csv, as the page saved it.")]
ViewOfRun = Annotated[
    str,
    typer.Option(
        "--show",
        metavar="VIEW",
        help="overall, by_year, by_device, by_body_part, failures_by_code, control_chart or answers_by_rank.",
    ),
]
Question = Annotated[
    str | None,
    typer.Option("--sql", metavar="SQL", help="A question over results, patients, failures, answers and cost."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", rich_help_panel=WORK, help="Of a Dask cluster: tcp://host:8786; else here."
    ),
]
WorkerCount = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=1, rich_help_panel=WORK, help="Processes here; else one a core."),
]
WorkerMemory = Annotated[
    float,
    typer.Option(
        "--memory", metavar="GIB", min=0.5, rich_help_panel=WORK, help="Memory of a process here; beyond it dies."
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", rich_help_panel=WORK, help="Go on, and refuse where there is nothing to go on with.")
]
