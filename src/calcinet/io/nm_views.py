"""Which frames of a scintigram are examined, and from where the camera looked."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.image import Projection
from calcinet.io.header import items, number, numbers, text
from calcinet.text import say

PHOTOPEAK_KEV: Final = 140.5
"""Of technetium-99m; a constant of nature as tabulated."""

Counts = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Frames:
    """Which frames of a file are examined, and how each was seen."""

    chosen: tuple[int, ...]
    views: tuple[Projection, ...]
    cautions: tuple[str, ...]


def frames_of(dataset: Dataset, count: int) -> Frames:
    """Frames of the photopeak, one a view: anterior, posterior, then the others."""
    window, detector = _vector(dataset, "EnergyWindowVector", count), _vector(dataset, "DetectorVector", count)
    peak, remarks = _photopeak(dataset, window)
    chosen = [at for at in range(count) if window[at] == peak]
    views = [told_view(dataset, detector[at]) for at in chosen]
    if None in views:
        views, more = _assumed(views)
        remarks += more
    known = [view or "other" for view in views]
    order = {"anterior": 0, "posterior": 1, "other": 2}
    ranked = sorted(range(len(chosen)), key=lambda k: (order[known[k]], k))
    return Frames(tuple(chosen[k] for k in ranked), tuple(known[k] for k in ranked), remarks)


def _assumed(views: Sequence[Projection | None]) -> tuple[list[Projection | None], tuple[str, ...]]:
    """Views where the file does not tell: a single one is taken for anterior, two for anterior and posterior."""
    if len(views) > 2 or any(view is not None for view in views):
        return list(views), (say("the file does not say of every frame from where it was seen"),)
    remark = say(
        "the file does not say from where the camera looked; taken as seen from the front, so that left and right hold "
        "only if that is so"
    )
    if len(views) == 1:
        return ["anterior"], (remark,)
    both = say("the file does not say which frame is the anterior view: taken to be the first")
    return ["anterior", "posterior"], (both,)


def _vector(dataset: Dataset, keyword: str, count: int) -> list[int]:
    """One number a frame; all 1 where the file has none that fits."""
    found = [int(value) for value in numbers(dataset, keyword)]
    return found if len(found) == count else [1] * count


def _photopeak(dataset: Dataset, window: Sequence[int]) -> tuple[int, tuple[str, ...]]:
    """Number of the energy window that holds the photopeak, with a remark where others were left out."""
    held = sorted(set(window))
    if len(held) == 1:
        return held[0], ()
    peak = held[0]
    for number_, item in enumerate(items(dataset, "EnergyWindowInformationSequence"), start=1):
        for span in items(item, "EnergyWindowRangeSequence"):
            low, high = number(span, "EnergyWindowLowerLimit"), number(span, "EnergyWindowUpperLimit")
            if low is not None and high is not None and low <= PHOTOPEAK_KEV <= high and number_ in held:
                peak = number_
    remark = say("counts of {n} energy windows are in the file; those of the photopeak alone are used", n=len(held))
    return peak, (remark,)


def told_view(dataset: Dataset, detector: int) -> Projection | None:
    """From where a detector looked, by its view code, else by the names of the image and the series."""
    info = items(dataset, "DetectorInformationSequence")
    own = info[detector - 1 : detector] if detector >= 1 else []
    told = [text(code, "CodeMeaning") for item in own for code in items(item, "ViewCodeSequence")]
    if not told and int(number(dataset, "NumberOfFrames") or 1) == 1:
        told = [text(dataset, "ImageID"), text(dataset, "SeriesDescription"), text(dataset, "ViewPosition")]
    for phrase in told:
        found = view_in_words(phrase)
        if found is not None:
            return found
    return None


def view_in_words(phrase: str) -> Projection | None:
    """The view that a phrase names.

    >>> [view_in_words(phrase) for phrase in ("WB POST", "Anterior", "left anterior oblique", "BONE")]
    ['posterior', 'anterior', 'other', None]
    """
    said = re.findall(r"[a-z]+", phrase.lower())
    if any(word in ("oblique", "lateral", "lat", "lao", "rao", "lpo", "rpo") for word in said):
        return "other"
    front = any(word in ("ant", "anterior") for word in said)
    back = any(word in ("post", "posterior") for word in said)
    return None if front == back else "anterior" if front else "posterior"


def upright(plane: Counts, dataset: Dataset, frame: int, view: Projection) -> Counts:
    """Turn a plane so that the head is up and left and right are as the view has them.

    Seen from the front the patient's left is on the right of the picture, from behind on the left.
    """
    vector = numbers(dataset, "DetectorVector")
    detector = int(vector[frame]) if frame < len(vector) else 1
    info = items(dataset, "DetectorInformationSequence")[max(0, detector - 1) : detector]
    along = numbers(info[0], "ImageOrientationPatient") if info else ()
    if len(along) != 6:
        return plane
    rightwards, downwards = along[0], along[5]
    expected = -1.0 if view == "posterior" else 1.0
    turned = plane[:, ::-1] if abs(rightwards) > 0.7 and math.copysign(1.0, rightwards) != expected else plane
    turned = turned[::-1] if downwards > 0.7 else turned
    return np.ascontiguousarray(turned)
