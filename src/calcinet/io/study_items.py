"""What a call holds: its files as they were found, and the series that several of them are."""

from dataclasses import dataclass

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.ct.series_reader import Identity
from calcinet.io.ct.slice_header import Slice
from calcinet.io.ct.stacks import Stack
from calcinet.io.dicom.file_header import FileHeader
from calcinet.io.file_formats import FileFormat
from calcinet.io.file_sources import Source
from calcinet.io.refusal import Refusal, source_name
from calcinet.io.scintigram.view_pairing import ViewKey
from calcinet.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What is known of a file before its pixels are touched."""

    sha256: str
    format: FileFormat | None = None
    """None where it is none that is read."""
    suffix: str = ""
    """Suffix that it keeps downstream; empty where its format is unknown."""
    source: Source | None = None
    refusal: Refusal | None = None
    """Why it is not read at all."""
    header: FileHeader | None = None
    """Header of a DICOM file; its data set is dropped."""
    image: Image | None = None
    """Of what was given as an image: that image."""
    slices: tuple[Slice, ...] = ()
    """Slices of a CT file."""
    is_ct: bool = False
    """Whether it belongs to a CT series, be it readable or not."""
    series: str = ""
    """Series Instance UID of a DICOM file; empty where it is unknown."""
    examination: int | None = None
    """Number of its study within the call."""
    is_object: bool = False
    """Whether it is a DICOM object that is no image: a report, a presentation state, outlines."""
    is_localizer: bool = False
    is_copy: bool = False
    """Whether an earlier file has the same bytes."""
    number: int = 0
    """Place among the files of the call, from 0."""
    view_key: ViewKey | None = None
    """Key of a whole-body scintigram of one view."""
    posterior: "File | None" = None
    """The posterior view that this anterior one is examined with."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Places of the files that the item is made from."""
        if self.posterior is None:
            return (self.number,)
        return (self.number, self.posterior.number)

    @property
    def name(self) -> str:
        """Path as given or found; goes into no record, page or log."""
        if self.source is not None:
            return self.source.name
        return self.refusal.name if self.refusal is not None else ""

    @property
    def modality(self) -> str | None:
        """DICOM Modality; None where the file does not name one."""
        if self.image is not None:
            return self.image.modality
        if self.header is None:
            return None
        return self.header.modality

    @property
    def is_unprocessed(self) -> bool:
        """Whether its header says that the pixels are for processing."""
        return self.header is not None and self.header.for_processing

    def refuse(self, error: Unreadable) -> Refusal:
        """Refuse the file for `error`."""
        name = source_name(self.sha256, self.suffix)
        if self.refusal is not None:
            name = self.refusal.source
        return Refusal(source=name, sha256=self.sha256, reason=str(error), code=error.code, modality=self.modality)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Slices of a CT that are one image, or files of any series that are refused for one reason."""

    identity: Identity
    stack: Stack | None = None
    refusal: Refusal | None = None
    why: str | None = None
    """Why it was chosen among several."""
    rivals: tuple[tuple[Stack, str], ...] = ()
    """Series of the same body that are examined instead where they can be read, and in what each is better."""
    numbers: tuple[int, ...] = ()
    """Places of its files among those of the call, from 0."""
    copies: int = 0
    """Files that were given twice and are left out."""
    modality: str | None = "CT"

    def refuse(self, error: Unreadable) -> Refusal:
        """Refuse the series for `error`."""
        return Refusal(
            source=self.identity.source,
            sha256=self.identity.sha256,
            reason=str(error),
            code=error.code,
            modality=self.modality,
        )

    def refuse_beside_better(self, why: str) -> Refusal:
        """Refuse the series because another of the same body is examined."""
        message = say(
            "another series of the same body is examined instead, so that nothing is counted twice: {why}", why=why
        )
        return self.refuse(Unreadable(message, code="other-series"))


Item = File | Series


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file of the call by its place; its name goes into no record, page or log."""

    number: int
    """From 1, in the order in which files are given and found."""
    name: str
    sha256: str
