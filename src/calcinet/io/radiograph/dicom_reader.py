"""One DICOM file to one radiograph or planar scintigram, or the sentence why not."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.dicom.body_site import site_of
from calcinet.io.dicom.header import items, number, overlay_keys, parse, quiet, text, words
from calcinet.io.dicom.patient_identity import Person, person_of
from calcinet.io.dicom.pixel_spacing import spacing_of
from calcinet.io.mammogram.rejection import breast_cautions, require_breast_of_a_patient
from calcinet.io.options import PROJECTIONS, Options
from calcinet.io.radiograph.document_rejection import require_single_film
from calcinet.io.radiograph.film_checks import NEGATIVE_DICOM, checked
from calcinet.io.radiograph.pixel_data import decoded
from calcinet.io.refusal import fingerprint, source_name
from calcinet.io.scintigram.reader import read_scintigram, require_planar
from calcinet.text import say

NEVER_FILMS: Final = {
    "MR": say("a magnetic resonance image"),
    "US": say("an ultrasound image"),
    "PT": say("a PET image"),
    "SR": say("a structured report"),
    "DOC": say("a document"),
    "PR": say("a presentation state"),
    "KO": say("a key object note"),
    "SEG": say("a segmentation"),
    "ECG": say("an electrocardiogram"),
    "RTSTRUCT": say("a set of radiotherapy outlines"),
    "RTPLAN": say("a radiotherapy plan"),
    "RTDOSE": say("a radiotherapy dose"),
}
"""Modalities that no word of the caller turns into a radiograph."""

RADIOGRAPH_CLASS: Final = "1.2.840.10008.5.1.4.1.1.1"
"""SOP Class of CR; those of DX, mammograms and dental films lie under it (PS3.4 B.5)."""

OVERLAY_DATA: Final = 0x3000
"""Element of the overlay groups that holds the graphics, PS3.3 C.9.2."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a DICOM file before its pixels are touched."""

    dataset: Dataset
    modality: str | None
    person: Person | None
    instance: str
    """SOP Instance UID."""
    made_from: frozenset[str]
    """SOP Instance UIDs of the images that this one was made from."""
    for_processing: bool
    sloppy: bool
    """Whether the parser complained."""


def header_of(data: bytes) -> Header:
    """Parse a DICOM file as far as identity and kind.

    Raises
    ------
    Unreadable
        If the bytes do not make a data set.
    """
    with quiet() as heard:
        dataset = parse(data)
        made_from = frozenset(text(item, "ReferencedSOPInstanceUID") for item in items(dataset, "SourceImageSequence"))
        return Header(
            dataset,
            text(dataset, "Modality").upper()[:16] or None,
            person_of(dataset),
            text(dataset, "SOPInstanceUID"),
            made_from - {""},
            text(dataset, "PresentationIntentType").upper() == "FOR PROCESSING",
            bool(heard),
        )


def is_ct(header: Header, stated: str | None) -> bool:
    """Whether a file is, or is said to be, a slice of a CT or its scout view."""
    unsaid = header.modality not in PROJECTIONS and header.modality not in NEVER_FILMS
    return header.modality == "CT" or (stated == "CT" and unsaid)


def require_film(header: Header, stated: str | None) -> None:
    """Refuse a file whose header says that it is neither radiograph nor planar scintigram.

    Raises
    ------
    Unreadable
        If it is something else, and the caller's word does not make it one, or no breast of a patient.
    """
    if header.modality == "NM":
        require_planar(header.dataset)
    else:
        _modality(header, stated)
        require_breast_of_a_patient(header.dataset)


def read_dicom(header: Header, data: bytes, options: Options) -> Image:
    """Make the image of a parsed file; `data` are its bytes.

    Raises
    ------
    Unreadable
        If it is neither radiograph nor planar scintigram, or cannot be decoded.
    """
    with quiet() as heard:
        if header.modality == "NM":
            return read_scintigram(header.dataset, data, options)
        return _image(header, data, options, sloppy=header.sloppy or bool(heard))


def _image(header: Header, data: bytes, options: Options, *, sloppy: bool) -> Image:
    dataset = header.dataset
    modality, remarks = _modality(header, options.modality)
    film, sha256 = decoded(dataset, data), fingerprint(data)
    plane, found = checked(film.pixels, turn_below=NEGATIVE_DICOM)
    if _may_be_any_picture(header):
        require_single_film(plane)
    spacing, site = spacing_of(dataset, options.spacing_mm), site_of(dataset, options.anatomy)
    sloppiness = (
        (say("the DICOM header breaks the standard in places; what could not be read was left out"),) if sloppy else ()
    )
    return Image(
        plane[np.newaxis],
        None if spacing.pixel_mm is None else (1.0, *spacing.pixel_mm),
        "1",
        modality=modality,
        spacing_basis=spacing.basis,
        magnification=spacing.magnification,
        magnification_interval=spacing.magnification_interval,
        anatomy="breast" if site.anatomy == "unknown" and modality == "MG" else site.anatomy,
        laterality=site.laterality,
        view=site.view,
        source=source_name(sha256, ".dcm"),
        sha256=sha256,
        linear=film.linear,
        cautions=remarks + spacing.cautions + film.cautions + found + site.cautions + _remarks(dataset) + sloppiness,
    )


def _modality(header: Header, stated: str | None) -> tuple[str, tuple[str, ...]]:
    """DX, CR or MG, with a remark where the file says something else."""
    filed = header.modality
    if filed in PROJECTIONS:
        if stated == "CT":
            remark = say("the file says {filed}, and is examined as such: a radiograph is no CT", filed=filed)
            return str(filed), (remark,)
        differs = stated and stated != filed
        remark = say("the file says {filed}, examined as {stated} as given", filed=filed, stated=stated)
        return stated or str(filed), (remark,) if differs else ()
    if _is_scout(header):
        return "DX", (say("this is the scout view of a {filed} examination: its resolution is coarse", filed=filed),)
    if stated and filed not in NEVER_FILMS:
        remark = say(
            "the file does not call itself a radiograph ({filed}), examined as {stated}",
            filed=filed or say("no modality"),
            stated=stated,
        )
        return stated, (remark,)
    if filed in NEVER_FILMS:
        message = say(
            "found {found}; expected a radiograph (CR, DX or MG) or a CT: choose the image itself",
            found=NEVER_FILMS[filed],
        )
        raise Unreadable(message, code="not-a-radiograph")
    message = say(
        "found {found}; expected a radiograph (CR, DX or MG) or a CT: choose the image itself, or say what it is with "
        "--modality DX",
        found=say("an object of modality {filed}", filed=filed) if filed else say("no modality in the header"),
    )
    raise Unreadable(message, code="not-a-radiograph")


def _is_scout(header: Header) -> bool:
    return header.modality in ("CT", "XA") and "LOCALIZER" in words(header.dataset, "ImageType")


def _may_be_any_picture(header: Header) -> bool:
    """Whether nothing in the header promises a film: a secondary capture may be a sheet or a screenshot."""
    sop_class = text(header.dataset, "SOPClassUID")
    of_radiographs = sop_class == RADIOGRAPH_CLASS or sop_class.startswith(f"{RADIOGRAPH_CLASS}.")
    return not _is_scout(header) and not (of_radiographs and header.modality in PROJECTIONS)


def _remarks(dataset: Dataset) -> tuple[str, ...]:
    """Sentences on elements that make a reading doubtful."""
    said = []
    if text(dataset, "LossyImageCompression") == "01":
        ratio = number(dataset, "LossyImageCompressionRatio")
        said.append(
            say("lossily compressed {ratio:g} to 1: fine lines may be lost or made up", ratio=ratio)
            if ratio
            else say("lossily compressed: fine lines may be lost or made up")
        )
    if text(dataset, "BurnedInAnnotation").upper() == "YES":
        said.append(say("letters are burned into the pixels: they may be taken for dense marks"))
    if overlay_keys(dataset, OVERLAY_DATA):
        said.append(say("the file carries a graphics overlay; it was left out"))
    return (*said, *breast_cautions(dataset))
