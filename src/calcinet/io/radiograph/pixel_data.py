"""From the stored pixels of a DICOM file to float32 rising with attenuation."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.io.dicom.codecs import stored_pixels
from calcinet.io.dicom.header import items, number, numbers, overlay_keys, tag, text
from calcinet.io.radiograph.film_checks import require_size, turned
from calcinet.text import say

PRESENTED: Final = say(
    "only a processed 'for presentation' image exists: grey values follow the vendor's display curve, not attenuation, "
    "so contrast is not compared in absolute terms"
)

PROCESSING_UNSAID: Final = say(
    "the file does not say whether its grey values were processed for display: they may not follow attenuation, "
    "so contrast is not compared in absolute terms"
)

COLOURED: Final = say("found a colour image; expected a grey film: export the original film")

RELATION_UNSAID: Final = say(
    "the data are for processing, but the file does not say whether they are linear or logarithmic in intensity, "
    "so contrast is not compared in absolute terms"
)

OVERLAY_BIT_POSITION: Final = 0x0102
"""Element of the overlay groups; above 0 the overlay lies among the pixel's own bits (retired, PS3.5 8.1.2)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Pixels of one film."""

    pixels: Pixels
    """Shape (rows, columns), rising with attenuation."""

    linear: bool
    """Proportional to attenuation."""

    cautions: tuple[str, ...]


def decoded(header: Dataset, data: bytes) -> Decoded:
    """Decode the projection image of a parsed file (`data` are its bytes) and turn it so that bone is bright.

    Stored values go through the rescale or the modality LUT; the window, a VOI LUT or a sigmoid is for display and is
    not applied. For Processing data that are linear in intensity become minus their logarithm.

    Raises
    ------
    Unreadable
        If the image is too small, too large, of several frames, cut off, or cannot be decoded.
    """
    _require_one_plane(header)
    stored = _stored(header, data)
    plane = _rescaled(stored, header)
    intent = text(header, "PresentationIntentType").upper()
    relation = text(header, "PixelIntensityRelationship").upper()
    if intent == "FOR PROCESSING" and relation in ("LIN", "LOG"):
        film = Decoded(_attenuation(plane, header, relation), True, ())
    else:
        film = Decoded(turned(plane) if _shown_inverted(header) else plane, False, (_not_linear(intent),))
    return replace(film, pixels=_without_padding(film.pixels, stored, header))


def _not_linear(intent: str) -> str:
    """Why the grey values are not taken for attenuation."""
    return {"FOR PRESENTATION": PRESENTED, "FOR PROCESSING": RELATION_UNSAID}.get(intent, PROCESSING_UNSAID)


def _require_one_plane(header: Dataset) -> None:
    """Refuse, before anything is decoded, what is no single plane of a possible size."""
    if tag(header, "PixelData") is None:
        message = say(
            "found the header of a film but not its pixels: the file is cut off, export it again from the archive"
        )
        raise Unreadable(message, code="truncated")
    frames = int(number(header, "NumberOfFrames") or 1)
    if frames > 1:
        message = say("found {frames} frames; expected a film of one: export the frame that is meant", frames=frames)
        raise Unreadable(message, code="multi-frame")
    rows, columns = (int(number(header, name) or 0) for name in ("Rows", "Columns"))
    require_size(rows, columns)


def _stored(header: Dataset, data: bytes) -> NDArray[Any]:
    """Stored values, shape (rows, columns); colour samples that are all grey count as one."""
    stored = stored_pixels(header, data)
    if stored.ndim == 3 and text(header, "PhotometricInterpretation").upper().startswith(("RGB", "YBR")):
        return _grey(stored)
    if stored.ndim != 2 or text(header, "PhotometricInterpretation").upper() == "PALETTE COLOR":
        raise Unreadable(COLOURED, code="colour")
    return _without_overlay_bits(stored, header)


def _grey(samples: NDArray[Any]) -> NDArray[Any]:
    """The one channel of a grey image stored in colour; YBR holds it first."""
    red, green, blue = (samples[..., channel].astype(np.int64) for channel in range(3))
    if not (np.array_equal(red, green) and np.array_equal(green, blue)):
        raise Unreadable(COLOURED, code="colour")
    return np.ascontiguousarray(samples[..., 0])


def _without_overlay_bits(stored: NDArray[Any], header: Dataset) -> NDArray[Any]:
    """Clear the bits above Bits Stored where an old overlay lives in them."""
    bits = int(number(header, "BitsStored") or 0)
    positions = (number(header, key) for key in overlay_keys(header, OVERLAY_BIT_POSITION))
    if not any(positions) or not 0 < bits < 16 or stored.dtype.kind != "u":
        return stored
    return stored & ((1 << bits) - 1)


def _rescaled(stored: NDArray[Any], header: Dataset) -> Pixels:
    if items(header, "ModalityLUTSequence"):
        try:
            return np.asarray(apply_modality_lut(stored, header), dtype=np.float32)
        except Exception as error:  # the table does not fit the pixels
            message = say("the modality table of the file is damaged: export it again")
            raise Unreadable(message, code="truncated") from error
    plane = stored.astype(np.float32)
    slope, intercept = number(header, "RescaleSlope"), number(header, "RescaleIntercept")
    if slope and (slope, intercept or 0.0) != (1.0, 0.0):
        plane *= np.float32(slope)
        plane += np.float32(intercept or 0.0)
    return plane


def _attenuation(plane: Pixels, header: Dataset, relation: str) -> Pixels:
    """For Processing values as attenuation; sign 1 means values that rise with the arriving beam (PS3.3 C.8.11.3)."""
    rises_with_beam = (number(header, "PixelIntensityRelationshipSign") or 1.0) > 0
    if relation == "LOG":
        return turned(plane) if rises_with_beam else plane
    beam = plane if rises_with_beam else turned(plane)
    return -np.log(np.maximum(beam, np.float32(0.5)))  # half a step of the converter: no beam has no logarithm


def _shown_inverted(header: Dataset) -> bool:
    """Whether low values are shown white.

    MONOCHROME1 and an INVERSE presentation LUT say the same thing once; a falling table comes before either and turns
    it round.
    """
    inverse_shape = text(header, "PresentationLUTShape").upper() == "INVERSE"
    monochrome1 = text(header, "PhotometricInterpretation").upper() == "MONOCHROME1"
    return (inverse_shape or monochrome1) != _table_falls(header)


def _table_falls(header: Dataset) -> bool:
    """Whether the first VOI LUT runs from white to black."""
    for item in items(header, "VOILUTSequence")[:1]:
        data = tag(item, "LUTData")
        table = np.frombuffer(data, "<u2", len(data) // 2) if isinstance(data, bytes) else numbers(item, "LUTData")
        return len(table) > 1 and bool(table[-1] < table[0])
    return False


def _without_padding(plane: Pixels, stored: NDArray[Any], header: Dataset) -> Pixels:
    """Give padded pixels the lowest attenuation of the film."""
    padding = number(header, "PixelPaddingValue")
    if padding is None:
        return plane
    limit = number(header, "PixelPaddingRangeLimit")
    low, high = sorted((padding, padding if limit is None else limit))
    padded = (stored >= low) & (stored <= high)
    if padded.any() and not padded.all():
        plane = np.where(padded, plane[~padded].min(), plane)
    return plane
