"""Every bound on what is read, unpacked, decoded or waited for: what exceeds it is refused before memory is taken.

A bound is raised or lowered by an environment variable, `CALCINET_MAX_` and its name, for instance
`CALCINET_MAX_FILE_BYTES=2147483648`. The table for users stands in docs/limits.md.
"""

import os
from dataclasses import dataclass
from typing import Final

from calcinet.errors import BadInput

PREFIX: Final = "CALCINET_MAX_"
"""How the environment variable of every bound begins."""

LARGEST: Final = 2**50
"""No bound is set higher. Our choice: a thousand times the memory of a large machine."""

KIB: Final = 2**10
MIB: Final = 2**20
GIB: Final = 2**30

BYTE_UNITS: Final = ((GIB, "GiB"), (MIB, "MiB"), (10**6, "MB"), (KIB, "KiB"))
"""What numbers of bytes are written in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A bound, which may be reached but not exceeded."""

    name: str
    """Without the beginning that all variables have."""
    default: int
    unit: str
    what: str
    """What it bounds, in a few words."""
    why: str
    """Where the number comes from."""

    @property
    def variable(self) -> str:
        """Environment variable that sets it."""
        return PREFIX + self.name

    @property
    def value(self) -> int:
        """The number that holds, read from the environment each time.

        Raises
        ------
        BadInput
            If the variable is set to something else than a whole number above 0.
        """
        given = os.environ.get(self.variable, "").strip()
        if not given:
            return self.default
        if not (given.isascii() and given.isdigit() and len(given) <= len(str(LARGEST)) and 0 < int(given) <= LARGEST):
            raise BadInput(f"the environment variable {self.variable} must be a whole number of {self.unit} above 0")
        return int(given)


def check_all() -> None:
    """Read every bound once, so that a mistake in the environment is told before any work begins.

    Raises
    ------
    BadInput
        As `Limit.value`; also if a variable that begins alike names no bound.
    """
    known = {limit.variable: limit for limit in list_all()}
    for variable in os.environ:
        if variable.startswith(PREFIX) and variable not in known:
            raise BadInput(f"the environment variable {variable[:60]} names no bound: docs/limits.md lists them")
    for limit in known.values():
        _ = limit.value


def list_all() -> list[Limit]:
    """Every bound, in the order in which they stand here."""
    return [value for value in globals().values() if isinstance(value, Limit)]


def write_table() -> str:
    """The table of docs/limits.md."""
    lines = ["| Variable | Bounds | Value | Why |", "| --- | --- | --- | --- |"]
    for limit in list_all():
        lines.append(f"| `{limit.variable}` | {limit.what} | {write_value(limit)} | {limit.why} |")
    return "\n".join(lines) + "\n"


def write_value(limit: Limit) -> str:
    """The number that holds unless another is set, with its unit.

    >>> write_value(Limit(name="X", default=2**31, unit="bytes", what="", why=""))
    '2 GiB'
    """
    value = limit.default
    if limit.unit == "bytes":
        for size, name in BYTE_UNITS:
            if value >= size and value * 4 % size == 0:
                return f"{value / size:g} {name}"
    if value >= 10_000_000:
        return f"{value / 1e6:g} million {limit.unit}"
    return f"{value:,} {limit.unit}".replace(",", " ")


# Files as they are given

FILE_BYTES: Final = Limit(
    name="FILE_BYTES",
    default=GIB,
    unit="bytes",
    what="one file of an image, or one member of a zip",
    why="Larger than any single radiograph and than 1000 slices of CT in one file. Our choice.",
)

CASE_BYTES: Final = Limit(
    name="CASE_BYTES",
    default=64 * MIB,
    unit="bytes",
    what="a case file or a FHIR bundle",
    why="A record of 100 000 entries has 50 MB. Our choice.",
)

CASE_CHARACTERS: Final = Limit(
    name="CASE_CHARACTERS",
    default=256 * KIB,
    unit="characters",
    what="the text of a case file that is no FHIR bundle",
    why="A hundred times the longest case. Our choice.",
)

CASE_DEPTH: Final = Limit(
    name="CASE_DEPTH",
    default=12,
    unit="levels",
    what="nesting of a case file",
    why="Twice that of the format. Our choice.",
)

BUNDLE_DEPTH: Final = Limit(
    name="BUNDLE_DEPTH",
    default=100,
    unit="levels",
    what="nesting of JSON that is not a case file: a bundle, a record, an answer",
    why="Five times the deepest resource of FHIR R4 in use. Our choice.",
)

BUNDLE_ENTRIES: Final = Limit(
    name="BUNDLE_ENTRIES",
    default=200_000,
    unit="entries",
    what="entries of a FHIR bundle",
    why="Twice what 64 MB of bundle hold in practice. Our choice.",
)

NUMBER_DIGITS: Final = Limit(
    name="NUMBER_DIGITS",
    default=40,
    unit="digits",
    what="a number in a case file, a bundle or a unit, its sign, point and exponent among them",
    why="More than a double holds, and no laboratory prints as many. Our choice.",
)

UNIT_CHARACTERS: Final = Limit(
    name="UNIT_CHARACTERS",
    default=24,
    unit="characters",
    what="a unit",
    why="Twice the longest in use. Our choice.",
)

UNIT_EXPONENT: Final = Limit(
    name="UNIT_EXPONENT",
    default=15,
    unit="powers",
    what="the power that a part of a unit is raised to, or a power of ten in it",
    why="Laboratories print up to 10*12/L. Our choice.",
)

RECORD_BYTES: Final = Limit(
    name="RECORD_BYTES",
    default=256 * MIB,
    unit="bytes",
    what="a record.json that is read again",
    why="A thousand images with a hundred findings each. Our choice.",
)

RECIPE_BYTES: Final = Limit(
    name="RECIPE_BYTES",
    default=MIB,
    unit="bytes",
    what="a recipe, a list or another small text that is given as a file",
    why="A hundred times the longest. Our choice.",
)

PHOTOGRAPH_BYTES: Final = Limit(
    name="PHOTOGRAPH_BYTES",
    default=30_000_000,
    unit="bytes",
    what="the file of a clinical photograph",
    why="Three times the photograph of a good camera. Our choice.",
)

PHOTOGRAPH_PIXELS: Final = Limit(
    name="PHOTOGRAPH_PIXELS",
    default=60_000_000,
    unit="pixels",
    what="a clinical photograph",
    why="Above every usual camera, 180 MB decoded. Our choice.",
)

# Folders, zips and discs

FOLDER_FILES: Final = Limit(
    name="FOLDER_FILES",
    default=100_000,
    unit="files",
    what="what lies in one folder that is given, with all below it",
    why="Five times the files of the largest study on a disc. Our choice.",
)

ZIP_BYTES: Final = Limit(
    name="ZIP_BYTES",
    default=8 * GIB,
    unit="bytes",
    what="what one zip unpacks to",
    why="A study on a disc, twice over. Our choice.",
)

ZIP_MEMBERS: Final = Limit(
    name="ZIP_MEMBERS",
    default=20_000,
    unit="files",
    what="files in one zip, or listed by one DICOMDIR",
    why="Ten thin-slice series. Our choice.",
)

DIRECTORY_BYTES: Final = Limit(
    name="DIRECTORY_BYTES",
    default=64 * MIB,
    unit="bytes",
    what="a DICOMDIR",
    why="3 kB for each of 20 000 files. Our choice.",
)

# What is unpacked and decoded

INFLATION: Final = Limit(
    name="INFLATION",
    default=250,
    unit="times",
    what="how many times larger than its file packed pixels of more than 64 MiB may become",
    why="Images with noise pack to a half, with much air to a hundredth; deflate itself stops at 1032. Our choice.",
)

HEADER_BYTES: Final = Limit(
    name="HEADER_BYTES",
    default=512 * MIB,
    unit="bytes",
    what="what a deflated DICOM file unpacks to",
    why="Half of the largest file: it is held twice. Our choice.",
)

ELEMENTS: Final = Limit(
    name="ELEMENTS",
    default=50_000,
    unit="elements",
    what="elements of a DICOM file outside its sequences",
    why="Fifty times the longest header in use. Our choice.",
)

ITEMS: Final = Limit(
    name="ITEMS",
    default=100_000,
    unit="items",
    what="items of the sequences of a DICOM file, and pieces of its packed pixels",
    why="An enhanced CT of 5000 slices with 20 groups for each. Our choice.",
)

PIXELS: Final = Limit(
    name="PIXELS",
    default=100_000_000,
    unit="pixels",
    what="one film",
    why="A 35 x 43 cm film at 0.05 mm has 60 million. Our choice.",
)

SLICE_SIDE: Final = Limit(
    name="SLICE_SIDE",
    default=4096,
    unit="pixels",
    what="a side of a CT slice",
    why="Four times what a scanner of the highest resolution makes. Our choice.",
)

VOXELS: Final = Limit(
    name="VOXELS",
    default=600_000_000,
    unit="voxels",
    what="one CT volume",
    why="2200 slices of 512 x 512, 2.4 GB in memory. Our choice.",
)

DECODER_BYTES: Final = Limit(
    name="DECODER_BYTES",
    default=1792 * MIB,
    unit="bytes",
    what="memory of the process that decodes packed pixels",
    why="Three times what the largest film needs. Our choice.",
)

DECODER_SECONDS: Final = Limit(
    name="DECODER_SECONDS",
    default=120,
    unit="s",
    what="decoding of one film, or of a handful of slices",
    why="A hundred times the usual. Our choice.",
)

# What is sent and waited for

OBJECT_BYTES: Final = Limit(
    name="OBJECT_BYTES",
    default=2 * GIB,
    unit="bytes",
    what="a DICOM object that is sent",
    why="What is larger does not fit twice into the memory of a usual machine. Our choice.",
)

ANSWER_BYTES: Final = Limit(
    name="ANSWER_BYTES",
    default=MIB,
    unit="bytes",
    what="the answer of a server",
    why="A thousand times the answer to one object. Our choice.",
)

SILENT_SECONDS: Final = Limit(
    name="SILENT_SECONDS",
    default=1800,
    unit="s",
    what="an examination by `calcinet serve`, from one sign of progress to the next",
    why="Ten times the longest step of a large CT on a busy machine. Our choice.",
)

SESSION_SECONDS: Final = Limit(
    name="SESSION_SECONDS",
    default=43_200,
    unit="s",
    what="a session of a browser, from the log-in",
    why="A working day. Our choice.",
)

IDLE_SECONDS: Final = Limit(
    name="IDLE_SECONDS",
    default=3600,
    unit="s",
    what="a session of a browser in which nobody does anything; what an open page asks by itself does not count",
    why="A ward round; NIST SP 800-63B 4.2.3 asks for 30 minutes where the data are of the highest grade. Our choice.",
)

ANSWER_SECONDS: Final = Limit(
    name="ANSWER_SECONDS",
    default=30,
    unit="s",
    what="the answer of a server to one object, from the last byte sent to the last received",
    why="A busy archive answers within seconds. Our choice.",
)

# The store

STORE_SECONDS: Final = Limit(
    name="STORE_SECONDS",
    default=20,
    unit="s",
    what="for another program that writes to the same store, and for its server to answer",
    why="A record is written in a hundredth of a second. Our choice.",
)

# An archive of many patients

WORKER_SECONDS: Final = Limit(
    name="WORKER_SECONDS",
    default=300,
    unit="s",
    what="a run of `calcinet cohort` while no worker is there",
    why="A worker that died is there again within seconds, a machine that is started within minutes. Our choice.",
)

QUESTION_SECONDS: Final = Limit(
    name="QUESTION_SECONDS",
    default=300,
    unit="s",
    what="a question in SQL of `calcinet cohort`",
    why="One to an index of a million films takes seconds; a join of all with all would take for ever. Our choice.",
)

QUESTION_BYTES: Final = Limit(
    name="QUESTION_BYTES",
    default=4 * GIB,
    unit="bytes",
    what="memory of a question in SQL of `calcinet cohort`, the tables that it asks among it",
    why="200,000 invented headers take 30 MB, so that ten million take a third of it. Our choice.",
)

# What a server takes

UPLOAD_BYTES: Final = Limit(
    name="UPLOAD_BYTES",
    default=8 * GIB,
    unit="bytes",
    what="what is sent to `calcinet serve` at once",
    why="As much as one zip unpacks to. Our choice.",
)

UPLOAD_FILES: Final = Limit(
    name="UPLOAD_FILES",
    default=20_000,
    unit="files",
    what="files that are sent to `calcinet serve` at once",
    why="As many as one zip holds. Our choice.",
)

# What a node takes from the network

ASSOCIATIONS: Final = Limit(
    name="ASSOCIATIONS",
    default=16,
    unit="associations",
    what="associations that a node holds at a time",
    why="A department with that many modalities sends at once. Our choice.",
)

ASSOCIATE_BYTES: Final = Limit(
    name="ASSOCIATE_BYTES",
    default=MIB,
    unit="bytes",
    what="what opens an association",
    why="128 contexts with every transfer syntax have 200 kB. Our choice.",
)

RECEIVED_UNIT_BYTES: Final = Limit(
    name="RECEIVED_UNIT_BYTES",
    default=128 * KIB,
    unit="bytes",
    what="a unit (PDU) of an association",
    why="Larger ones are not faster. Our choice.",
)

RECEIVED_OBJECT_BYTES: Final = Limit(
    name="RECEIVED_OBJECT_BYTES",
    default=512 * MIB,
    unit="bytes",
    what="an object that a node receives; it is in memory until it is on the disk",
    why="A CT of 1000 slices in one object. Our choice.",
)

RECEIVED_BYTES: Final = Limit(
    name="RECEIVED_BYTES",
    default=GIB,
    unit="bytes",
    what="objects that arrive at a node at the same time",
    why="Two of the largest, or 16 films of 60 MB. Our choice.",
)

RECEIVED_STUDY_BYTES: Final = Limit(
    name="RECEIVED_STUDY_BYTES",
    default=8 * GIB,
    unit="bytes",
    what="the objects of one study that a node receives",
    why="As much as may be sent to a server at once. Our choice.",
)

RECEIVED_STUDY_OBJECTS: Final = Limit(
    name="RECEIVED_STUDY_OBJECTS",
    default=20_000,
    unit="objects",
    what="objects of one study that a node receives",
    why="As many as may be sent to a server at once. Our choice.",
)

RECEIVING_SECONDS: Final = Limit(
    name="RECEIVING_SECONDS",
    default=60,
    unit="seconds",
    what="a node waits for the next word of a caller",
    why="Twice what archives take between two objects. Our choice.",
)

SPARE_BYTES: Final = Limit(
    name="SPARE_BYTES",
    default=2 * GIB,
    unit="bytes",
    what="what stays free on the disk of a node: with less, no object is taken",
    why="Results of what was taken find room. Our choice.",
)
