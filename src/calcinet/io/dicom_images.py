"""A DICOM file that is no CT to its image: its modality chooses the reader."""

from dataclasses import replace
from typing import Final

from calcinet.image import Image
from calcinet.io.dicom.file_header import FileHeader, read_header
from calcinet.io.dicom.header import quiet
from calcinet.io.mammogram.rejection import breast_cautions, require_breast_of_a_patient
from calcinet.io.options import PROJECTIONS, Options
from calcinet.io.radiograph.dicom_reader import NEVER_FILMS, read_radiograph, require_radiograph
from calcinet.io.radiograph.subtracted import contrast_cautions, require_not_subtracted
from calcinet.io.scintigram.reader import read_scintigram, require_planar
from calcinet.text import say

SCINTIGRAM: Final = "NM"
"""DICOM Modality of a scintigram; every other file goes to the reader of radiographs, which may refuse it."""

SLOPPY: Final = say("the DICOM header breaks the standard in places; what could not be read was left out")


def is_ct(header: FileHeader, stated: str | None) -> bool:
    """Whether a file is, or is said to be, a slice of a CT or its scout view."""
    if header.modality == "CT":
        return True
    names_itself = header.modality in PROJECTIONS or header.modality in NEVER_FILMS
    return stated == "CT" and not names_itself


def require_film(header: FileHeader, stated: str | None) -> None:
    """Refuse a file whose header says that it is neither radiograph nor planar scintigram.

    Raises
    ------
    Unreadable
        If it is something else, and the caller's word does not make it one, no breast of a
        patient, or one film taken away from another.
    """
    if header.modality == SCINTIGRAM:
        require_planar(header.dataset)
        return
    require_radiograph(header, stated)
    require_breast_of_a_patient(header.dataset)
    require_not_subtracted(header.dataset)


def read_dicom(data: bytes, options: Options, *, suffix: str) -> Image:
    """Make the image of a file.

    Raises
    ------
    Unreadable
        If it is neither radiograph nor planar scintigram, or cannot be decoded.
    """
    header = read_header(data)
    with quiet():
        if header.modality == SCINTIGRAM:
            return read_scintigram(header.dataset, data, options, suffix=suffix)
        image = read_radiograph(header, data, options, suffix=suffix)
        return replace(image, cautions=(*image.cautions, *_describe_doubts(header)))


def _describe_doubts(header: FileHeader) -> tuple[str, ...]:
    """Sentences on what the header says of a breast and of contrast agent, and on how it is written."""
    cautions = breast_cautions(header.dataset) + contrast_cautions(header.dataset)
    if header.sloppy:
        return (*cautions, SLOPPY)
    return cautions
