"""One DICOM file to one radiograph, or the sentence why not."""

from dataclasses import replace
from typing import Final

from pydicom.dataset import Dataset

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.dicom.body_site import site_of
from calcinet.io.dicom.file_header import FileHeader
from calcinet.io.dicom.header import number, overlay_keys, tag, text, words
from calcinet.io.dicom.pixel_spacing import spacing_of
from calcinet.io.options import PROJECTIONS, Options
from calcinet.io.radiograph.burned_letters import describe_letters
from calcinet.io.radiograph.display_window import turn_window
from calcinet.io.radiograph.document_rejection import require_single_film
from calcinet.io.radiograph.film_checks import NEGATIVE_DICOM, check_film
from calcinet.io.radiograph.film_image import make_film
from calcinet.io.radiograph.photograph_signs import check_photograph
from calcinet.io.radiograph.pixel_data import decode_film
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
"""SOP Class of CR; those of DX, mammograms and dental films begin with it (PS3.4 B.5)."""

SECONDARY_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
"""Beginning of the SOP Classes of secondary captures: screenshots and digitised films (PS3.4 B.5)."""

OWN_MODEL: Final = "calcinet"
"""Manufacturer's Model Name of the objects that this program writes."""

OVERLAY_DATA: Final = 0x3000
"""Element of the overlay groups that holds the graphics, PS3.3 C.9.2."""


def require_radiograph(header: FileHeader, stated: str | None) -> None:
    """Refuse a file that does not call itself a radiograph and that the caller's word does not make one.

    Raises
    ------
    Unreadable
        If it is something else.
    """
    _identify_modality(header, stated)


def is_own_picture(dataset: Dataset) -> bool:
    """Whether it is a film with marks that this program drew: an archive gives it out with the study."""
    is_capture = text(dataset, "SOPClassUID").startswith(SECONDARY_CAPTURE)
    return is_capture and text(dataset, "ManufacturerModelName") == OWN_MODEL


def read_radiograph(header: FileHeader, data: bytes, options: Options, *, suffix: str) -> Image:
    """Make the image of a parsed file; `data` are its bytes.

    Raises
    ------
    Unreadable
        If it is no radiograph, or cannot be decoded.
    """
    dataset = header.dataset
    modality, remarks = _identify_modality(header, options.modality)
    film = decode_film(dataset, data)
    plane, about_polarity = check_film(film.pixels, turn_below=NEGATIVE_DICOM)
    window = film.shown_between
    if about_polarity:
        window = turn_window(window, film.pixels)
    about_photograph: tuple[str, ...] = ()
    if _may_be_any_picture(header):
        require_single_film(plane)
        about_photograph = check_photograph(film.pixels)
    signs = _list_export_signs(dataset)
    spacing = spacing_of(dataset, options.spacing_mm)
    if signs and spacing.basis == "user":
        spacing = replace(spacing, basis="assumed")
    site = site_of(dataset, options.anatomy)
    about_pixels = spacing.cautions + film.cautions + about_polarity
    return replace(
        make_film(plane, spacing, data, suffix),
        modality=modality,
        anatomy=_name_anatomy(site.anatomy, modality),
        laterality=site.laterality,
        view=site.view,
        shown_between=window,
        linear=film.linear,
        cautions=about_photograph + remarks + about_pixels + site.cautions + _describe_doubts(dataset, plane),
        export_signs=signs,
    )


def _list_export_signs(dataset: Dataset) -> tuple[str, ...]:
    """List what makes the pixels of a file those of a screen; a film of a radiograph's class has none."""
    if text(dataset, "SOPClassUID").startswith(SECONDARY_CAPTURE):
        return (say("a secondary capture"),)
    return ()


def _name_anatomy(anatomy: str, modality: str) -> str:
    """A mammogram that does not name its body part shows a breast."""
    if anatomy == "unknown" and modality == "MG":
        return "breast"
    return anatomy


def _identify_modality(header: FileHeader, stated: str | None) -> tuple[str, tuple[str, ...]]:
    """DX, CR or MG, with a remark where the file says something else."""
    filed = header.modality
    if is_own_picture(header.dataset):
        message = say("found a picture with marks that calcinet made; expected the film itself: give that one")
        raise Unreadable(message, code="not-a-radiograph")
    if filed in PROJECTIONS:
        return _reconcile_modality(str(filed), stated)
    if _is_scout(header):
        return "DX", (say("this is the scout view of a {filed} examination: its resolution is coarse", filed=filed),)
    if filed in NEVER_FILMS:
        message = say(
            "found {found}; expected a radiograph (CR, DX or MG) or a CT: choose the image itself",
            found=NEVER_FILMS[filed],
        )
        raise Unreadable(message, code="not-a-radiograph")
    if stated:
        remark = say(
            "the file does not call itself a radiograph ({filed}), examined as {stated}",
            filed=filed or say("no known modality"),
            stated=stated,
        )
        return stated, (remark,)
    if not filed and tag(header.dataset, "PixelData") is None:
        message = say("found a DICOM file without pixels: it is cut off, or no image; export the film again")
        raise Unreadable(message, code="truncated")
    raise _refuse_modality(filed)


def _reconcile_modality(filed: str, stated: str | None) -> tuple[str, tuple[str, ...]]:
    """Of a file that calls itself a radiograph: the caller's word counts, except that it is a CT."""
    if stated == "CT":
        remark = say("the file says {filed}, and is examined as such: a radiograph is no CT", filed=filed)
        return filed, (remark,)
    if not stated or stated == filed:
        return filed, ()
    remark = say("the file says {filed}, examined as {stated} as given", filed=filed, stated=stated)
    return stated, (remark,)


def _refuse_modality(filed: str | None) -> Unreadable:
    found = say("no known modality in the header")
    if filed:
        found = say("an object of modality {filed}", filed=filed)
    message = say(
        "found {found}; expected a radiograph (CR, DX or MG) or a CT: choose the image itself, or say what it is with "
        "--modality DX",
        found=found,
    )
    return Unreadable(message, code="not-a-radiograph")


def _is_scout(header: FileHeader) -> bool:
    return header.modality in ("CT", "XA") and "LOCALIZER" in words(header.dataset, "ImageType")


def _may_be_any_picture(header: FileHeader) -> bool:
    """Whether nothing in the header promises a film: a secondary capture may be a sheet or a screenshot."""
    if _is_scout(header):
        return False
    sop_class = text(header.dataset, "SOPClassUID")
    is_radiograph_class = sop_class == RADIOGRAPH_CLASS or sop_class.startswith(f"{RADIOGRAPH_CLASS}.")
    return not (is_radiograph_class and header.modality in PROJECTIONS)


def _describe_doubts(dataset: Dataset, plane: Pixels) -> tuple[str, ...]:
    """Sentences on elements that make a reading doubtful."""
    remarks = []
    if text(dataset, "LossyImageCompression") == "01":
        remarks.append(_describe_compression(number(dataset, "LossyImageCompressionRatio")))
    if text(dataset, "BurnedInAnnotation").upper() == "YES":
        remarks.append(say("letters are burned into the pixels: they may be taken for dense marks"))
    letters = describe_letters(plane)
    if letters is not None:
        remarks.append(letters)
    if overlay_keys(dataset, OVERLAY_DATA):
        remarks.append(say("the file carries a graphics overlay; it was left out"))
    return tuple(remarks)


def _describe_compression(ratio: float | None) -> str:
    if ratio:
        return say("lossily compressed {ratio:g} to 1: fine lines may be lost or made up", ratio=ratio)
    return say("lossily compressed: fine lines may be lost or made up")
