"""Stored values of a scintigram as counts; a picture made of counts is refused."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.io.dicom.codecs import stored_pixels
from calcinet.io.dicom.header import number, text, words
from calcinet.text import say

LEAST_CAP: Final = 64
"""Counts of a pixel from which a scan may be cut off. Our choice: scans of few counts share their highest by chance."""

LEAST_CAPPED: Final = 20
"""Pixels that share the highest value where a scan is cut off. Our choice: chance gives one or two."""

BELOW_THE_CAP: Final = 0.8
"""Those that share the highest value outnumber those from this share of it, where a scan is cut off. Our choice."""


def stored_frames(dataset: Dataset, data: bytes) -> NDArray[Any]:
    """Stored values, shape (frames, rows, columns).

    Raises
    ------
    Unreadable
        If they cannot be decoded, or have colours.
    """
    stored = stored_pixels(dataset, data)
    if text(dataset, "PhotometricInterpretation").upper() not in ("MONOCHROME1", "MONOCHROME2"):
        raise Unreadable(
            say("found a coloured picture of a scan; expected its counts: export the original images"), code="colour"
        )
    return stored[np.newaxis] if stored.ndim == 2 else stored


def counts_of(stored: NDArray[Any], dataset: Dataset) -> tuple[Pixels, tuple[str, ...]]:
    """Stored values as counts, and what is doubtful about that.

    Raises
    ------
    Unreadable
        If they are no counts, or a picture made of them.
    """
    slope, intercept = number(dataset, "RescaleSlope") or 1.0, number(dataset, "RescaleIntercept") or 0.0
    counts = np.asarray(stored * slope + intercept, dtype=np.float32)
    if not np.isfinite(counts).all() or counts.max() <= 0 or counts.min() < 0:
        message = say("the pixels hold no counts (none above 0, or some below): export the original images")
        raise Unreadable(message, code="no-counts")
    stated, summed = number(dataset, "CountsAccumulated"), float(counts.sum(dtype=np.float64))
    if stated is None or stated <= 0:
        if _picture(counts, dataset):
            message = say("the pixels are a picture made of a scan, not its counts: export the original images")
            raise Unreadable(message, code="no-counts")
        remark = say("the file does not state how many counts were taken: that its pixels are counts is taken on trust")
        return counts, (remark,)
    if abs(summed - stated) > 0.5:
        remark = say(
            "the pixels sum up to {summed:,.0f}, the file states {stated:,.0f} counts: they may have been scaled, and "
            "intervals from counting would then be wrong",
            summed=summed,
            stated=stated,
        )
        return counts, (remark,)
    return counts, ()


def _picture(counts: Pixels, dataset: Dataset) -> bool:
    """Whether pixels are a picture of counts: called secondary, or cut off at a highest value that many share."""
    most = float(counts.max())
    capped = int((counts == most).sum())
    below = int(((counts >= BELOW_THE_CAP * most) & (counts < most)).sum())
    cut = most >= LEAST_CAP and capped >= LEAST_CAPPED and capped > below
    return cut or words(dataset, "ImageType")[1:2] == ("SECONDARY",)
