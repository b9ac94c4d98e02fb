"""Stored values of a scintigram as counts; a picture made of counts is refused."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.io.dicom.codecs import stored_pixels
from calcinet.io.dicom.header import number, text, words
from calcinet.io.dicom.rescale import NOT_USED, rescale_of
from calcinet.io.dicom.stored_values import bits_of, values_of
from calcinet.text import say

LEAST_CAP: Final = 64
"""Counts of a pixel from which a scan may be cut off. Our choice: scans of few counts share their highest by chance."""

LEAST_CAPPED: Final = 20
"""Pixels that share the highest value where a scan is cut off. Our choice: chance gives one or two."""

BELOW_THE_CAP: Final = 0.8
"""Where a scan is cut off, more pixels have the highest value than lie between this share of it and it. Our choice."""


def stored_frames(dataset: Dataset, data: bytes) -> NDArray[Any]:
    """Stored values, shape (frames, rows, columns).

    Raises
    ------
    Unreadable
        If they cannot be decoded, or have colours.
    """
    stored, _ = values_of(stored_pixels(dataset, data), bits_of(dataset))
    if text(dataset, "PhotometricInterpretation").upper() not in ("MONOCHROME1", "MONOCHROME2"):
        raise Unreadable(
            say("found a coloured picture of a scan; expected its counts: export the original images"), code="colour"
        )
    if stored.ndim == 2:
        return stored[np.newaxis]
    return stored


def counts_of(stored: NDArray[Any], dataset: Dataset) -> tuple[Pixels, tuple[str, ...]]:
    """Stored values as counts, and what is doubtful about that.

    Raises
    ------
    Unreadable
        If they are no counts, or a picture made of them.
    """
    counts, remarks = _rescale(stored, dataset)
    stated = number(dataset, "CountsAccumulated")
    if stated is not None and stated > 0:
        return counts, remarks + _compare_with_stated(counts, stated)
    if _is_picture(counts, dataset):
        message = say("the pixels are a picture made of a scan, not its counts: export the original images")
        raise Unreadable(message, code="no-counts")
    remark = say("the file does not state how many counts were taken: that its pixels are counts is taken on trust")
    return counts, (*remarks, remark)


def _rescale(stored: NDArray[Any], dataset: Dataset) -> tuple[Pixels, tuple[str, ...]]:
    """Stored values through slope and intercept, with a remark where these cannot be right.

    What is negative or empty is refused.
    """
    rescale = rescale_of(dataset)
    counts = np.asarray(stored * rescale.slope + rescale.intercept, dtype=np.float32)
    if not np.isfinite(counts).all() or counts.max() <= 0 or counts.min() < 0:
        message = say("the pixels hold no counts (none above 0, or some below): export the original images")
        raise Unreadable(message, code="no-counts")
    if rescale.is_sound:
        return counts, ()
    return counts, (NOT_USED,)


def _compare_with_stated(counts: Pixels, stated: float) -> tuple[str, ...]:
    """A remark where the pixels do not sum up to what the file states."""
    summed = float(counts.sum(dtype=np.float64))
    if abs(summed - stated) <= 0.5:
        return ()
    remark = say(
        "the pixels sum up to {summed:,.0f}, the file states {stated:,.0f} counts: they may have been scaled, and "
        "intervals from counting would then be wrong",
        summed=summed,
        stated=stated,
    )
    return (remark,)


def _is_picture(counts: Pixels, dataset: Dataset) -> bool:
    """Whether pixels are a picture of counts: called secondary, or cut off at a highest value that many share."""
    is_secondary = words(dataset, "ImageType")[1:2] == ("SECONDARY",)
    return is_secondary or _is_cut_off(counts)


def _is_cut_off(counts: Pixels) -> bool:
    most = float(counts.max())
    capped = int((counts == most).sum())
    below = int(((counts >= BELOW_THE_CAP * most) & (counts < most)).sum())
    return most >= LEAST_CAP and capped >= LEAST_CAPPED and capped > below
