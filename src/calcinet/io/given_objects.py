"""What a program gives in place of a file: an image, a DICOM data set or a picture that it holds in memory."""

import copy
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from os import PathLike
from typing import Any, Final

import numpy as np
import PIL.Image
import PIL.ImageOps
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import require_size as require_content_size
from calcinet.image import Image
from calcinet.io.ct.hounsfield_check import PADDING_HU, require_hounsfield, without_padding
from calcinet.io.dicom.pixel_spacing import ON_CASSETTE, user_pair
from calcinet.io.file_sources import Source
from calcinet.io.image_size import require_size
from calcinet.io.options import PROJECTIONS
from calcinet.io.radiograph.document_rejection import require_single_film
from calcinet.io.radiograph.film_checks import NEGATIVE_DICOM, check_film
from calcinet.limits import FILE_BYTES
from calcinet.text import say

GREY_OF_PNG: Final = ("1", "L", "LA", "I", "I;16", "P", "RGB", "RGBA")
"""Modes of Pillow that PNG keeps without loss."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenImage:
    """An image that was given as such."""

    image: Image


def take_given(given: Any, number: int, count: int) -> Source | GivenImage | None:
    """What is given in place of a path; None where it is a path.

    Raises
    ------
    BadInput
        If it is none of the kinds that can be examined.
    """
    if isinstance(given, str | PathLike):
        return None
    if isinstance(given, bytes | bytearray):
        return Source("", partial(_take_content, bytes(given)))
    if isinstance(given, Image):
        return GivenImage(given)
    if isinstance(given, Dataset):
        return Source("", partial(_write_dataset, given))
    if isinstance(given, PIL.Image.Image):
        return Source("", partial(_write_picture, given))
    if isinstance(given, np.ndarray):
        raise BadInput(
            f"number {number} of {count} is an array, which does not say what it is: make an image of it with"
            " calcinet.Image.from_array"
        )
    raise BadInput(
        "expected paths, content of files as bytes, calcinet.Image, pydicom data sets or Pillow images; number"
        f" {number} of {count} is of type {type(given).__name__}"
    )


def check_given(image: Image) -> Image:
    """An image that was given as such, looked at as a file of its kind is.

    Raises
    ------
    Unreadable
        If its content can be no such image.
    BadInput
        If its pixels have a size that none has.
    """
    if image.modality in PROJECTIONS:
        return _check_film(image)
    if image.modality == "CT":
        return _check_ct(image)
    return image


def _check_film(image: Image) -> Image:
    require_size(*image.plane.shape)
    if image.pixel_mm is not None:
        user_pair(image.pixel_mm)
    plane, about_polarity = check_film(image.plane, turn_below=NEGATIVE_DICOM)
    require_single_film(plane)
    interval = image.magnification_interval
    if image.spacing_basis == "user" and interval == (1.0, 1.0):
        interval = ON_CASSETTE
    return replace(
        image,
        pixels=plane[np.newaxis],
        cautions=(*image.cautions, *about_polarity),
        magnification_interval=interval,
    )


def _check_ct(image: Image) -> Image:
    require_size(*image.pixels.shape[1:])
    hu = image.pixels
    if hu.min() <= PADDING_HU[0]:
        hu = hu.copy()
        without_padding(hu, None)
    require_hounsfield(hu)
    return replace(image, pixels=hu)


def _take_content(content: bytes) -> bytes:
    """The content of a file, within the bounds of one."""
    require_content_size(len(content), FILE_BYTES)
    return content


def _write_dataset(dataset: Dataset) -> bytes:
    """The file that a data set would be; the data set itself stays as it is."""
    given = copy.copy(dataset)
    meta = copy.copy(getattr(dataset, "file_meta", None)) or FileMetaDataset()
    if "TransferSyntaxUID" not in meta:
        implicit = dataset.original_encoding[0] is True
        meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    given.file_meta = meta
    stream = BytesIO()
    try:
        given.save_as(stream, enforce_file_format=True)
    except Exception as error:
        message = say("the data set cannot be written as DICOM: give one as it was read from its file")
        raise Unreadable(message, code="unsupported-format") from error
    return stream.getvalue()


def _write_picture(picture: PIL.Image.Image) -> bytes:
    """The file that a picture would be: a JPEG stays one, so that what it lost is told."""
    stream = BytesIO()
    if picture.format == "JPEG":
        exif = picture.info.get("exif", b"")
        picture.save(stream, "JPEG", quality="keep", exif=exif)
        return stream.getvalue()
    if picture.mode not in GREY_OF_PNG:
        message = say("found a picture of a kind that PNG cannot keep: convert it to grey, or use Image.from_array")
        raise Unreadable(message, code="unsupported-format")
    PIL.ImageOps.exif_transpose(picture).save(stream, "PNG")
    return stream.getvalue()
