"""PNG, JPEG and TIFF pictures of films, with every bit they have."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import cv2
import numpy as np
import PIL.Image
import PIL.ImageOps
import tifffile
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.arrays import Mask, Pixels
from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.dicom.pixel_spacing import spacing_of
from calcinet.io.file_types import SUFFIX, Kind
from calcinet.io.options import Options
from calcinet.io.radiograph.document_rejection import require_single_film
from calcinet.io.radiograph.film_checks import (
    NEGATIVE_PICTURE,
    checked,
    require_size,
    too_many_pixels,
    turned,
)
from calcinet.io.refusal import fingerprint, source_name
from calcinet.text import say

HEADERLESS: Final = say(
    "a picture without DICOM header: how the greys were processed is not known, so contrast is not compared in "
    "absolute terms"
)

COLOURED: Final = 24
"""Spread of the three channels, of 255, above which a pixel has a colour. Our choice: JPEG grey stays within 12."""

MAX_COLOURED: Final = 0.02
"""Share of coloured pixels that a film with coloured arrows may have. Our choice: ten times an arrow."""

Samples = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Picture:
    """Samples as stored, shape (rows, columns) or (rows, columns, 3), and where they are opaque."""

    samples: Samples
    opaque: Mask | None = None
    inverted: bool = False


def read_raster(data: bytes, kind: Kind, options: Options) -> Image:
    """Make the image of a picture file.

    Raises
    ------
    Unreadable
        If it is cut off, in colour, no radiograph, or said to be a CT.
    """
    if options.modality == "CT":
        message = say(
            "found a picture; expected the CT itself: a picture holds no Hounsfield units, give its DICOM files"
        )
        raise Unreadable(message, code="not-ct")
    plane, remarks = _plane(_picture(data, kind))
    plane, found = checked(plane, turn_below=NEGATIVE_PICTURE)
    require_single_film(plane)
    sha256, spacing = fingerprint(data), spacing_of(Dataset(), options.spacing_mm)
    lossy = (say("JPEG compression: fine lines may be lost or made up"),) if kind == "jpeg" else ()
    anatomy = " ".join((options.anatomy or "").lower().split())
    modality = options.modality or ("MG" if anatomy == "breast" else "DX")
    unnamed = "breast" if modality == "MG" else "unknown"
    return Image(
        plane[np.newaxis],
        None if spacing.pixel_mm is None else (1.0, *spacing.pixel_mm),
        "1",
        modality=modality,
        spacing_basis=spacing.basis,
        magnification_interval=spacing.magnification_interval,
        anatomy=anatomy or unnamed,
        source=source_name(sha256, SUFFIX[kind]),
        sha256=sha256,
        cautions=(*spacing.cautions, HEADERLESS, *lossy, *remarks, *found),
    )


def _picture(data: bytes, kind: Kind) -> _Picture:
    """Decode after the header has told the size; every way of failing is one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _tiff(data) if kind == "tiff" else _pillow(data)
    except Unreadable:
        raise
    except Exception as error:  # damaged bytes fail in as many ways as there are codecs
        message = say("the {kind} file is cut off or damaged: copy it again from where it came", kind=kind.upper())
        raise Unreadable(message, code="truncated") from error


def _tiff(data: bytes) -> _Picture:
    """TIFF of any depth; what tifffile has no codec for goes to Pillow."""
    with tifffile.TiffFile(BytesIO(data)) as file:
        if len(file.pages) > 1:
            message = say(
                "found {count} pages; expected a film of one: save the page that is meant", count=len(file.pages)
            )
            raise Unreadable(message, code="multi-frame")
        page = file.pages.first
        require_size(page.imagelength, page.imagewidth)
        photometric = getattr(page.photometric, "name", "")
        if photometric not in ("MINISWHITE", "MINISBLACK", "RGB"):
            return _pillow(data)
        try:
            samples = page.asarray()
        except ValueError:  # a codec that is not installed
            return _pillow(data)
    return _split(np.squeeze(samples), photometric == "MINISWHITE")


def _split(samples: Samples, inverted: bool) -> _Picture:
    """Set the last channel of two or four apart: it says where the picture is opaque."""
    if samples.ndim == 2:
        return _Picture(samples, inverted=inverted)
    if samples.ndim != 3 or samples.shape[2] not in (2, 3, 4):
        raise Unreadable(
            say("the picture has an unusual number of channels: save it as grey PNG"), code="unsupported-format"
        )
    channels = samples.shape[2]
    if channels == 3:
        return _Picture(samples)
    colours = samples[..., 0] if channels == 2 else samples[..., :3]
    return _Picture(colours, samples[..., -1] > 0, inverted)


def _pillow(data: bytes) -> _Picture:
    try:
        return _opened(data)
    except PIL.Image.DecompressionBombError as error:  # raised from the header, before anything is decoded
        most = 2 * (PIL.Image.MAX_IMAGE_PIXELS or 0)
        raise too_many_pixels(say("more than {count:.2g} pixels", count=most)) from error


def _opened(data: bytes) -> _Picture:
    with PIL.Image.open(BytesIO(data)) as picture:
        require_size(picture.height, picture.width)
        if getattr(picture, "n_frames", 1) > 1:
            message = say("found a moving picture; expected one film: save one frame of it")
            raise Unreadable(message, code="multi-frame")
        if _is_deep_colour_png(data):
            picture.verify()
            deep = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
            return _split(np.asarray(deep), False)
        picture.load()
        upright = PIL.ImageOps.exif_transpose(picture)
        if upright.mode not in ("L", "LA", "I", "I;16", "I;16B", "F", "RGB", "RGBA"):
            upright = upright.convert("RGBA" if "transparency" in upright.info or upright.mode == "PA" else "RGB")
        return _split(np.asarray(upright), False)


def _is_deep_colour_png(data: bytes) -> bool:
    """Whether a PNG has 16 bits in several channels, of which Pillow would keep 8."""
    return data.startswith(b"\x89PNG") and data[24] == 16 and data[25] in (2, 4, 6)


def _plane(picture: _Picture) -> tuple[Pixels, tuple[str, ...]]:
    samples = picture.samples
    remarks: tuple[str, ...] = ()
    if samples.ndim == 3:
        samples, remarks = _grey(samples)
    plane = np.asarray(samples, dtype=np.float32)
    if picture.inverted:
        plane = turned(plane)
    if picture.opaque is not None and picture.opaque.any() and not picture.opaque.all():
        plane = np.where(picture.opaque, plane, plane[picture.opaque].min())
        remarks = (*remarks, say("parts of the picture are transparent: taken as air"))
    return plane, remarks


def _grey(samples: Samples) -> tuple[Samples, tuple[str, ...]]:
    """One channel of a picture whose three agree; refuses a colour photograph."""
    full = float(np.iinfo(samples.dtype).max) if samples.dtype.kind in "ui" else float(samples.max()) or 1.0
    spread = samples.max(axis=2).astype(np.float32) - samples.min(axis=2)
    coloured = float((spread > full * COLOURED / 255).mean())
    if coloured > MAX_COLOURED:
        message = say(
            "found a colour picture ({share:.0%} of it coloured); expected a grey film: give the film itself, "
            "not a photograph of it",
            share=coloured,
        )
        raise Unreadable(message, code="colour")
    if spread.max() == 0:
        return samples[..., 0], ()
    marks = coloured > 0
    grey = samples.astype(np.float32).mean(axis=2)
    remark = say("coloured marks are drawn on the film: they may be taken for dense marks")
    return grey, (remark,) if marks else ()
