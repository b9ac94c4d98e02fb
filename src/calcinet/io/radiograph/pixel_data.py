"""From the stored pixels of a DICOM file to float32 rising with attenuation."""

from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.arrays import Mask, Pixels
from calcinet.errors import Unreadable
from calcinet.io.dicom.codecs import stored_pixels
from calcinet.io.dicom.header import items, number, tag, text
from calcinet.io.dicom.lookup_table import LookupTable, read_table
from calcinet.io.dicom.rescale import NOT_USED, rescale_of
from calcinet.io.dicom.stored_values import (
    WRONG_BITS,
    bits_of,
    find_padding,
    padding_of,
    require_integers,
    values_of,
)
from calcinet.io.image_size import require_size
from calcinet.io.radiograph.display_window import read_window, turn_window
from calcinet.io.radiograph.film_checks import turn_negative
from calcinet.io.radiograph.grey_samples import look_up_greys, merge_samples
from calcinet.text import say

MOST_PADDINGS: Final = 64
"""Values that stand for nothing in one film. Our choice: devices use one or two, a lossy packing spreads them."""

LEAST_INNER: Final = 0.3
"""Share of such pixels that have none but such about them. Our choice: a frame of ten pixels has 0.8, a dot 0."""

PADDED_TISSUE: Final = say(
    "the value that stands for nothing in this film (Pixel Padding Value) lies among the greys of the body: "
    "not believed"
)

PRESENTED: Final = say(
    "only a processed 'for presentation' image exists: grey values follow the vendor's display curve, not attenuation, "
    "so contrast is not compared in absolute terms"
)

PROCESSING_UNSAID: Final = say(
    "the file does not say whether its grey values were processed for display: they may not follow attenuation, "
    "so contrast is not compared in absolute terms"
)

INTERPRETATIONS: Final = frozenset(
    {
        *("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB"),
        *("YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT"),
    }
)
"""How pixels may be meant, PS3.3 C.7.6.3.1.2."""

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

    shown_between: tuple[float, float] | None = None
    """Values that the file shows black and white, where it says so."""


@dataclass(frozen=True, slots=True)
class StoredFilm:
    """Stored values of one film."""

    values: NDArray[Any]
    """Shape (rows, columns)."""

    padded: Mask | None = None
    """Where they stand for nothing."""

    cautions: tuple[str, ...] = ()


def decode_film(header: Dataset, data: bytes) -> DecodedFilm:
    """Decode the projection image of a parsed file (`data` are its bytes) and turn it so that bone is bright.

    Stored values go through the rescale or the modality LUT; the window, a VOI LUT or a sigmoid is for display and is
    not applied; the window is kept beside the pixels for viewers. For Processing data that are linear in intensity
    become minus their logarithm.

    Raises
    ------
    Unreadable
        If the image is too small, too large, of several frames, cut off, or cannot be decoded.
    """
    _require_one_plane(header)
    stored = _decode_stored(header, data)
    plane = _rescale(stored.values, header)
    intent = text(header, "PresentationIntentType").upper()
    relation = text(header, "PixelIntensityRelationship").upper()
    if intent == "FOR PROCESSING" and relation in ("LIN", "LOG"):
        film = DecodedFilm(_compute_attenuation(plane, header, relation), True, ())
    else:
        film = _make_bone_bright(plane, header, _explain_greys(intent))
    cautions = (*stored.cautions, *_explain_rescale(header), *film.cautions)
    return replace(film, pixels=_fill_padding(film.pixels, stored.padded), cautions=cautions)


def _explain_rescale(header: Dataset) -> tuple[str, ...]:
    """A remark where slope and intercept cannot be right, and no table stands above them."""
    if items(header, "ModalityLUTSequence") or rescale_of(header).is_sound:
        return ()
    return (NOT_USED,)


def _explain_greys(intent: str) -> str:
    """Why the grey values are not taken for attenuation."""
    if intent == "FOR PRESENTATION":
        return PRESENTED
    if intent == "FOR PROCESSING":
        return RELATION_UNSAID
    return PROCESSING_UNSAID


def _require_one_plane(header: Dataset) -> None:
    """Refuse, before anything is decoded, what is no single plane of a possible size."""
    require_integers(header)
    if tag(header, "PixelData") is None:
        message = say(
            "found the header of a film but not its pixels: the file is cut off, export it again from the archive"
        )
        raise Unreadable(message, code="truncated")
    _require_interpretation(header)
    frames = int(number(header, "NumberOfFrames") or 1)
    if frames > 1:
        message = say("found {frames} frames; expected a film of one: export the frame that is meant", frames=frames)
        raise Unreadable(message, code="multi-frame")
    require_size(int(number(header, "Rows") or 0), int(number(header, "Columns") or 0))


def _require_interpretation(header: Dataset) -> None:
    """Refuse pixels of which it is not known how they are meant."""
    stated = text(header, "PhotometricInterpretation").upper()
    if stated not in INTERPRETATIONS:
        message = say(
            "found pixels whose meaning (Photometric Interpretation) is missing or unknown; expected MONOCHROME1 or "
            "MONOCHROME2: export the film again"
        )
        raise Unreadable(message, code="unsupported-pixels")


def _decode_stored(header: Dataset, data: bytes) -> StoredFilm:
    """Stored values, shape (rows, columns); samples or a palette of colour that are all grey count as one."""
    cells = stored_pixels(header, data)
    if cells.ndim == 3:
        return StoredFilm(merge_samples(cells, header))
    values, is_wrong = values_of(cells, bits_of(header))
    if text(header, "PhotometricInterpretation").upper() == "PALETTE COLOR":
        return StoredFilm(look_up_greys(values, header))
    padded = None
    padding = padding_of(header)
    if padding is not None:
        padded = find_padding(cells, values, padding)
    cautions = (WRONG_BITS,) if is_wrong else ()
    if padded is not None and not _is_surface(padded, values):
        return StoredFilm(values, cautions=(*cautions, PADDED_TISSUE))
    return StoredFilm(values, padded, cautions)


def _is_surface(padded: Mask, values: NDArray[Any]) -> bool:
    """Whether pixels that are said to stand for nothing look so: of few values, and in surfaces, not in single dots."""
    if not padded.any():
        return True
    if np.unique(values[padded]).size > MOST_PADDINGS:
        return False
    inner = cv2.erode(padded.astype(np.uint8), np.ones((3, 3), np.uint8))
    return bool(inner.sum() >= LEAST_INNER * padded.sum())


def _rescale(stored: NDArray[Any], header: Dataset) -> Pixels:
    """Stored values through the modality LUT, or slope and intercept."""
    if items(header, "ModalityLUTSequence"):
        return _apply_table(stored, header)
    plane = stored.astype(np.float32)
    rescale = rescale_of(header)
    plane *= np.float32(rescale.slope)
    plane += np.float32(rescale.intercept)
    return plane


def _apply_table(stored: NDArray[Any], header: Dataset) -> Pixels:
    table = _read_lut(header, items(header, "ModalityLUTSequence")[0])
    if table is None:
        message = say("the modality table of the file is damaged: export it again")
        raise Unreadable(message, code="truncated")
    return table.look_up(stored).astype(np.float32)


def _read_lut(header: Dataset, item: Dataset) -> LookupTable | None:
    """The table of an item of Modality LUT or VOI LUT Sequence."""
    is_signed = number(header, "PixelRepresentation") == 1
    is_little = header.file_meta.TransferSyntaxUID.is_little_endian
    return read_table(item, "LUT", is_signed=is_signed, is_little=is_little)


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


def _make_bone_bright(plane: Pixels, header: Dataset, caution: str) -> DecodedFilm:
    """Turn the greys of a film that is shown inverted, and the window that it is shown in with them."""
    window = read_window(header)
    if not _is_shown_inverted(header):
        return DecodedFilm(plane, False, (caution,), window)
    return DecodedFilm(turn_negative(plane), False, (caution,), turn_window(window, plane))


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
    table = _read_lut(header, tables[0])
    return table is not None and bool(table.entries[-1] < table.entries[0])


def _fill_padding(plane: Pixels, padded: Mask | None) -> Pixels:
    """Give padded pixels the lowest attenuation of the film."""
    if padded is None or not padded.any() or padded.all():
        return plane
    return np.where(padded, plane[~padded].min(), plane)
