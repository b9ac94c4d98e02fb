"""PNG, JPEG and TIFF pictures of films, with every bit they have."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.decoder import Undecodable, decode
from calcinet.io.image_size import MIN_SIDE, refuse_size
from calcinet.io.inflation import refuse_bomb
from calcinet.io.options import Options
from calcinet.io.radiograph.burned_letters import describe_letters
from calcinet.io.radiograph.document_rejection import refuse_page, require_single_film
from calcinet.io.radiograph.export_signs import export_signs
from calcinet.io.radiograph.film_checks import NEGATIVE_PICTURE, check_film, turn_negative
from calcinet.io.radiograph.film_image import make_film
from calcinet.io.radiograph.own_picture import require_foreign
from calcinet.io.radiograph.photograph_signs import check_photograph
from calcinet.io.radiograph.picture_resolution import pixel_aspect
from calcinet.io.radiograph.picture_spacing import picture_spacing
from calcinet.limits import INFLATION, PIXELS
from calcinet.text import say

HEADERLESS: Final = say(
    "a picture without DICOM header: how the greys were processed is not known, so contrast is not compared in "
    "absolute terms"
)

KIND_ASSUMED: Final = say(
    "a picture does not say what kind of image it is: it was read as a radiograph; of a mammogram, say so"
)

NO_LETTERS: Final = say(
    "no letters were found burned into this picture; faint, handwritten or very small ones may be missed, and the "
    "report's pictures show them as this one does"
)

COLOURED: Final = 24
"""Spread of the three channels, of 255, above which a pixel has a colour. Our choice: JPEG grey stays within 12."""

MAX_COLOURED: Final = 0.02
"""Share of coloured pixels that a film with coloured arrows may have. Our choice: ten times an arrow."""

Samples = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Samples as stored, shape (rows, columns) or (rows, columns, 3), and where they are opaque."""

    samples: Samples
    opaque: Mask | None = None
    inverted: bool = False


def read_png(data: bytes, options: Options, *, suffix: str) -> Image:
    """Make the image of a PNG file.

    Raises
    ------
    Unreadable
        If it is cut off, in colour, no radiograph, or said to be a CT.
    """
    return _read_picture(data, options, suffix=suffix, name="PNG")


def read_jpeg(data: bytes, options: Options, *, suffix: str) -> Image:
    """Make the image of a JPEG file.

    Raises
    ------
    Unreadable
        As `read_png`.
    """
    lossy = say("JPEG compression: fine lines may be lost or made up")
    return _read_picture(data, options, suffix=suffix, name="JPEG", cautions=(lossy,))


def read_tiff(data: bytes, options: Options, *, suffix: str) -> Image:
    """Make the image of a TIFF file.

    Raises
    ------
    Unreadable
        As `read_png`.
    """
    return _read_picture(data, options, suffix=suffix, name="TIFF")


def _read_picture(
    data: bytes,
    options: Options,
    *,
    suffix: str,
    name: str,
    cautions: tuple[str, ...] = (),
) -> Image:
    if options.modality == "CT":
        message = say(
            "found a picture; expected the CT itself: a picture holds no Hounsfield units, give its DICOM files"
        )
        raise Unreadable(message, code="not-ct")
    require_foreign(data)
    picture = _decode(data, name)
    shown, about_picture = _flatten(picture)
    plane, about_polarity = check_film(shown, turn_below=NEGATIVE_PICTURE)
    refuse_page(shown)
    require_single_film(plane)
    about_photograph = check_photograph(shown, picture.samples, data)
    spacing = picture_spacing(options.spacing_mm, plane.shape, pixel_aspect(data))
    modality, anatomy = _name_subject(options)
    return replace(
        make_film(plane, spacing, data, suffix),
        modality=modality,
        anatomy=anatomy,
        cautions=(
            *about_photograph,
            *spacing.cautions,
            HEADERLESS,
            *_tell_kind(options, modality),
            *cautions,
            *about_picture,
            *about_polarity,
            describe_letters(plane) or NO_LETTERS,
        ),
        export_signs=export_signs(plane, name=name, bits=8 * picture.samples.dtype.itemsize),
    )


def _tell_kind(options: Options, modality: str) -> tuple[str, ...]:
    """Say what a picture was taken for where nobody has said what it is."""
    if options.modality is None and modality == "DX":
        return (KIND_ASSUMED,)
    return ()


def _name_subject(options: Options) -> tuple[str, str]:
    """Modality and body part, as far as the caller says; a film of a breast is a mammogram and the reverse."""
    anatomy = " ".join((options.anatomy or "").lower().split())
    modality = options.modality
    if modality is None and anatomy == "breast":
        modality = "MG"
    if not anatomy and modality == "MG":
        anatomy = "breast"
    return modality or "DX", anatomy or "unknown"


def _decode(data: bytes, name: str) -> Picture:
    """Decode in a process of its own, which looks at the size first; every way of failing is one sentence."""
    try:
        decoded = decode(name, data, least=MIN_SIDE, most=PIXELS.value, inflation=INFLATION.value)
    except Undecodable as error:
        raise _explain_failure(error, name) from error
    return _separate_opacity(decoded.samples, inverted=bool(decoded.facts.get("inverted")))


def _explain_failure(error: Undecodable, name: str) -> Unreadable:
    if error.why == "size":
        return refuse_size(int(error.facts["rows"]), int(error.facts["columns"]))
    if error.why == "pages":
        count = int(error.facts["count"])
        message = say("found {count} pages; expected a film of one: save the page that is meant", count=count)
        return Unreadable(message, code="multi-frame")
    if error.why == "moving":
        return Unreadable(say("found a moving picture; expected one film: save one frame of it"), code="multi-frame")
    if error.why == "inflation":
        return refuse_bomb()
    if error.why == "damaged":
        message = say("the {kind} file is cut off or damaged: copy it again from where it came", kind=name)
        return Unreadable(message, code="truncated")
    message = say(
        "the {kind} file takes more time or memory than any film, or breaks its decoder: not read; save it as PNG",
        kind=name,
    )
    return Unreadable(message, code="cannot-decode")


def _separate_opacity(samples: Samples, *, inverted: bool = False) -> Picture:
    """Set the last channel of two or four apart: it says where the picture is opaque."""
    if samples.ndim == 2:
        return Picture(samples=samples, inverted=inverted)
    if samples.ndim != 3 or samples.shape[2] not in (2, 3, 4):
        raise Unreadable(
            say("the picture has an unusual number of channels: save it as grey PNG"), code="unsupported-format"
        )
    channels = samples.shape[2]
    if channels == 3:
        return Picture(samples=samples)
    opaque = samples[..., -1] > 0
    if channels == 2:
        return Picture(samples=samples[..., 0], opaque=opaque, inverted=inverted)
    return Picture(samples=samples[..., :3], opaque=opaque, inverted=inverted)


def _flatten(picture: Picture) -> tuple[Pixels, tuple[str, ...]]:
    """One channel of a picture, what is transparent filled with its lowest grey, and remarks."""
    samples = picture.samples
    remarks: tuple[str, ...] = ()
    if samples.ndim == 3:
        samples, remarks = _reduce_to_grey(samples)
    plane = np.asarray(samples, dtype=np.float32)
    if picture.inverted:
        plane = turn_negative(plane)
    if picture.opaque is not None and picture.opaque.any() and not picture.opaque.all():
        plane = np.where(picture.opaque, plane, plane[picture.opaque].min())
        remarks = (*remarks, say("parts of the picture are transparent: taken as air"))
    return plane, remarks


def _reduce_to_grey(samples: Samples) -> tuple[Samples, tuple[str, ...]]:
    """One channel of a picture whose three agree; refuses a colour photograph."""
    spread = samples.max(axis=2).astype(np.float32) - samples.min(axis=2)
    coloured = float((spread > _find_full_scale(samples) * COLOURED / 255).mean())
    if coloured > MAX_COLOURED:
        message = say(
            "found a colour picture ({share:.0%} of it coloured); expected a grey film: give the film itself, "
            "not a photograph of it",
            share=coloured,
        )
        raise Unreadable(message, code="colour")
    if spread.max() == 0:
        return samples[..., 0], ()
    grey = samples.astype(np.float32).mean(axis=2)
    if coloured == 0:
        return grey, ()
    return grey, (say("coloured marks are drawn on the film: they may be taken for dense marks"),)


def _find_full_scale(samples: Samples) -> float:
    """Highest value that a sample can have; of fractions the highest that there is."""
    if samples.dtype.kind in "ui":
        return float(np.iinfo(samples.dtype).max)
    return float(samples.max()) or 1.0
