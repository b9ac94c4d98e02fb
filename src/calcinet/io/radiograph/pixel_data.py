"""From the stored pixels of a DICOM file to float32 rising with attenuation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.io.dicom.codecs import stored_pixels
from calcinet.io.dicom.header import OVERLAY_BIT_POSITION, items, number, numbers, overlay_keys, tag, text
from calcinet.io.image_size import require_size
from calcinet.io.radiograph.film_checks import turn_negative
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


@dataclass(frozen=True, slots=True)
class DecodedFilm:
    """Pixels of one film."""

    pixels: Pixels
    """Shape (rows, columns), rising with attenuation."""

    linear: bool
    """Whether they are proportional to attenuation."""

    cautions: tuple[str, ...]


def decode_film(header: Dataset, data: bytes) -> DecodedFilm:
    """Decode the projection image of a parsed file (`data` are its bytes) and turn it so that bone is bright.

    Stored values go through the rescale or the modality LUT; the window, a VOI LUT or a sigmoid is for display and is
    not applied. For Processing data that are linear in intensity become minus their logarithm.

    Raises
    ------
    Unreadable
        If the image is too small, too large, of several frames, cut off, or cannot be decoded.
    """
    _require_one_plane(header)
    stored = _decode_stored(header, data)
    plane = _rescale(stored, header)
    intent = text(header, "PresentationIntentType").upper()
    relation = text(header, "PixelIntensityRelationship").upper()
    if intent == "FOR PROCESSING" and relation in ("LIN", "LOG"):
        film = DecodedFilm(_compute_attenuation(plane, header, relation), True, ())
    else:
        film = DecodedFilm(_make_bone_bright(plane, header), False, (_explain_greys(intent),))
    return replace(film, pixels=_fill_padding(film.pixels, stored, header))


def _explain_greys(intent: str) -> str:
    """Why the grey values are not taken for attenuation."""
    if intent == "FOR PRESENTATION":
        return PRESENTED
    if intent == "FOR PROCESSING":
        return RELATION_UNSAID
    return PROCESSING_UNSAID


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
    require_size(int(number(header, "Rows") or 0), int(number(header, "Columns") or 0))


def _decode_stored(header: Dataset, data: bytes) -> NDArray[Any]:
    """Stored values, shape (rows, columns); colour samples that are all grey count as one."""
    stored = stored_pixels(header, data)
    photometric = text(header, "PhotometricInterpretation").upper()
    if stored.ndim == 3 and photometric.startswith(("RGB", "YBR")):
        return _reduce_to_grey(stored)
    if stored.ndim != 2 or photometric == "PALETTE COLOR":
        raise Unreadable(COLOURED, code="colour")
    return _clear_overlay_bits(stored, header)


def _reduce_to_grey(samples: NDArray[Any]) -> NDArray[Any]:
    """The one channel of a grey image stored in colour; YBR holds it first."""
    red, green, blue = np.moveaxis(samples[..., :3].astype(np.int64), -1, 0)
    if not (np.array_equal(red, green) and np.array_equal(green, blue)):
        raise Unreadable(COLOURED, code="colour")
    return np.ascontiguousarray(samples[..., 0])


def _clear_overlay_bits(stored: NDArray[Any], header: Dataset) -> NDArray[Any]:
    """Clear the bits above Bits Stored where an old overlay lives in them."""
    bits = int(number(header, "BitsStored") or 0)
    has_overlay = any(number(header, key) for key in overlay_keys(header, OVERLAY_BIT_POSITION))
    if has_overlay and 0 < bits < 16 and stored.dtype.kind == "u":
        return stored & ((1 << bits) - 1)
    return stored


def _rescale(stored: NDArray[Any], header: Dataset) -> Pixels:
    """Stored values through the modality LUT, or slope and intercept."""
    if items(header, "ModalityLUTSequence"):
        return _apply_table(stored, header)
    plane = stored.astype(np.float32)
    slope = number(header, "RescaleSlope")
    intercept = number(header, "RescaleIntercept") or 0.0
    if slope and (slope, intercept) != (1.0, 0.0):
        plane *= np.float32(slope)
        plane += np.float32(intercept)
    return plane


def _apply_table(stored: NDArray[Any], header: Dataset) -> Pixels:
    try:
        return np.asarray(apply_modality_lut(stored, header), dtype=np.float32)
    except Exception as error:  # the table does not fit the pixels
        message = say("the modality table of the file is damaged: export it again")
        raise Unreadable(message, code="truncated") from error


def _compute_attenuation(plane: Pixels, header: Dataset, relation: str) -> Pixels:
    """For Processing values as attenuation: minus the logarithm of the beam that arrived.

    Values rise with the beam where the sign of their relationship is 1, and fall where it is -1 (PS3.3 C.8.11.3).
    """
    rises_with_beam = (number(header, "PixelIntensityRelationshipSign") or 1.0) > 0
    if relation == "LOG" and rises_with_beam:
        return turn_negative(plane)
    if relation == "LOG":
        return plane
    beam = plane
    if not rises_with_beam:
        beam = turn_negative(plane)
    return -np.log(np.maximum(beam, np.float32(0.5)))  # half a step of the converter: no beam has no logarithm


def _make_bone_bright(plane: Pixels, header: Dataset) -> Pixels:
    """Turn the greys of a film that is shown inverted."""
    if _is_shown_inverted(header):
        return turn_negative(plane)
    return plane


def _is_shown_inverted(header: Dataset) -> bool:
    """Whether low values are shown white.

    MONOCHROME1 and an INVERSE presentation LUT say the same thing once; a falling table comes before either and turns
    it round.
    """
    inverse_shape = text(header, "PresentationLUTShape").upper() == "INVERSE"
    monochrome1 = text(header, "PhotometricInterpretation").upper() == "MONOCHROME1"
    return (inverse_shape or monochrome1) != _has_falling_table(header)


def _has_falling_table(header: Dataset) -> bool:
    """Whether the first VOI LUT runs from white to black."""
    tables = items(header, "VOILUTSequence")
    if not tables:
        return False
    first, last = _read_table_ends(tables[0])
    return last < first


def _read_table_ends(item: Dataset) -> tuple[float, float]:
    """First and last value of a lookup table; equal where it has none."""
    data = tag(item, "LUTData")
    values: Sequence[float] = numbers(item, "LUTData")
    if isinstance(data, bytes):
        values = np.frombuffer(data, "<u2", len(data) // 2).tolist()
    if not values:
        return 0.0, 0.0
    return values[0], values[-1]


def _fill_padding(plane: Pixels, stored: NDArray[Any], header: Dataset) -> Pixels:
    """Give padded pixels the lowest attenuation of the film."""
    padding = number(header, "PixelPaddingValue")
    if padding is None:
        return plane
    limit = number(header, "PixelPaddingRangeLimit")
    if limit is None:
        limit = padding
    padded = (stored >= min(padding, limit)) & (stored <= max(padding, limit))
    if not padded.any() or padded.all():
        return plane
    return np.where(padded, plane[~padded].min(), plane)
