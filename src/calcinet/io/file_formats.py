"""The file formats that are read: one row each says how a file is recognised, what reads it and what that needs.

To add a format is to write its reader and its row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Final, Protocol

from calcinet.image import Image
from calcinet.io.ct.nifti_reader import needs_modality, read_nifti
from calcinet.io.dicom_images import read_dicom
from calcinet.io.file_signatures import (
    is_dicom,
    is_jpeg,
    is_nifti,
    is_packed_nifti,
    is_png,
    is_tiff,
    is_zip,
    may_be_dicom,
)
from calcinet.io.options import Options
from calcinet.io.radiograph.raster_reader import read_jpeg, read_png, read_tiff


class Reader(Protocol):
    """Makes the image of a whole file; raises Unreadable."""

    def __call__(self, data: bytes, options: Options, *, suffix: str) -> Image:
        """Read `data`; `suffix` is the one that the file keeps downstream."""


def accept_options(options: Options) -> None:
    """Need nothing of the caller."""
    del options


def require_ct_stated(options: Options) -> None:
    """Need the caller to say that a file is a CT, as it cannot say so itself.

    Raises
    ------
    Unreadable
        If the caller does not.
    """
    if options.modality != "CT":
        raise needs_modality()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A format of image files."""

    name: str
    """As the field writes it."""

    suffixes: tuple[str, ...]
    """How names of such files end; the first is kept downstream."""

    recognises: Callable[[bytes], bool]
    """Whether a file that begins with these bytes is of this format."""

    reader: Reader

    may_recognise: Callable[[bytes], bool] | None = None
    """A weaker sign, asked for where no format recognises the file."""

    require: Callable[[Options], None] = accept_options
    """Refuses a file where the caller has not said what its format leaves open; raises Unreadable."""

    @property
    def suffix(self) -> str:
        """Suffix that a file keeps downstream."""
        return self.suffixes[0]

    def read(self, data: bytes, options: Options) -> Image:
        """Make the image of a file of this format.

        Raises
        ------
        Unreadable
            If it cannot be read, or is no image that is examined.
        """
        return self.reader(data, options, suffix=self.suffix)


DICOM: Final = FileFormat(
    name="DICOM",
    suffixes=(".dcm", ".dicom"),
    recognises=is_dicom,
    may_recognise=may_be_dicom,
    reader=read_dicom,
)
"""Slices of a CT are not read file by file: see `calcinet.io.ct.series_reader`."""

FORMATS: Final = (
    DICOM,
    FileFormat(
        name="NIfTI",
        suffixes=(".nii",),
        recognises=is_nifti,
        reader=read_nifti,
        require=require_ct_stated,
    ),
    FileFormat(
        name="packed NIfTI",
        suffixes=(".nii.gz",),
        recognises=is_packed_nifti,
        reader=read_nifti,
        require=require_ct_stated,
    ),
    FileFormat(name="PNG", suffixes=(".png",), recognises=is_png, reader=read_png),
    FileFormat(name="JPEG", suffixes=(".jpg", ".jpeg", ".jpe"), recognises=is_jpeg, reader=read_jpeg),
    FileFormat(name="TIFF", suffixes=(".tif", ".tiff"), recognises=is_tiff, reader=read_tiff),
)
"""In the order in which they are asked: a DICOM preamble may hold the first bytes of a TIFF file."""

IMAGE_SUFFIXES: Final = frozenset(chain.from_iterable(row.suffixes for row in FORMATS))
"""A file in a folder whose name ends like this was meant to be an image."""


def format_of(head: bytes) -> FileFormat | None:
    """Format of the file that begins with `head` (its first `HEAD_BYTES`); None where it is none that is read."""
    for row in FORMATS:
        if row.recognises(head):
            return row
    for row in FORMATS:
        if row.may_recognise is not None and row.may_recognise(head):
            return row
    return None


def suffix_of(head: bytes) -> str:
    """Suffix that the file that begins with `head` keeps downstream; empty where its format is unknown.

    >>> suffix_of(b"PK" + bytes((3, 4))), suffix_of(b"Dear colleague")
    ('.zip', '')
    """
    found = format_of(head)
    if found is not None:
        return found.suffix
    if is_zip(head):
        return ".zip"
    return ""
