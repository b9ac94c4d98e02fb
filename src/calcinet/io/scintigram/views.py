"""Which frames of a scintigram are examined, and from where the camera looked."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.image import Projection
from calcinet.io.dicom.header import items, number, numbers, text
from calcinet.text import say

PHOTOPEAK_KEV: Final = 140.5
"""Of technetium-99m; a constant of nature as tabulated."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Which frames of a file are examined, and how each was seen."""

    chosen: tuple[int, ...]
    views: tuple[Projection, ...]
    detectors: tuple[int, ...]
    """Number of the detector of each."""
    cautions: tuple[str, ...]
    all_used: bool = True
    """Whether no frame of the file was left out."""


def frames_of(dataset: Dataset, count: int) -> Frames:
    """Frames of the photopeak, one a view: anterior, posterior, then the others.

    Raises
    ------
    Unreadable
        If the file has several energy windows and does not tell which holds the photopeak.
    """
    window, detector = _numbered(dataset, count)
    peak, remarks = _photopeak(dataset, window)
    chosen = [at for at in range(count) if window[at] == peak]
    views = [told_view(dataset, detector[at]) for at in chosen]
    if None in views:
        views, more = _assumed(views)
        remarks += more
    known = [view or "other" for view in views]
    order = {"anterior": 0, "posterior": 1, "other": 2}
    ranked = sorted(range(len(chosen)), key=lambda k: (order[known[k]], k))
    frames = tuple(chosen[k] for k in ranked)
    return Frames(
        frames, tuple(known[k] for k in ranked), tuple(detector[at] for at in frames), remarks, len(frames) == count
    )


def of_whole_body(frames: Frames) -> Frames:
    """The anterior and the posterior frame; others are left out and that is said.

    Raises
    ------
    Unreadable
        If there is neither, or one of them twice: which belong together is not known.
    """
    kept = [k for k, view in enumerate(frames.views) if view != "other"]
    views = [frames.views[k] for k in kept]
    if not views or len(set(views)) < len(views):
        message = say(
            "the views of the file are {views:, }; expected one anterior or posterior view of the whole body, or one "
            "of each: export them so",
            views=[say(view) for view in frames.views],
        )
        raise Unreadable(message, code="views")
    if len(kept) == len(frames.views):
        return frames
    remark = say("views that are neither anterior nor posterior were left out")
    return Frames(
        tuple(frames.chosen[k] for k in kept),
        tuple(views),
        tuple(frames.detectors[k] for k in kept),
        (*frames.cautions, remark),
        all_used=False,
    )


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


def _numbered(dataset: Dataset, count: int) -> tuple[list[int], list[int]]:
    """Energy window and detector of each frame, counted from 1.

    Where a vector is missing they are counted by frame if their numbers fit: the detector changes first (PS3.3
    C.8.4.8).
    """
    told = number(dataset, "NumberOfDetectors"), number(dataset, "NumberOfEnergyWindows")
    detectors = max(1, int(told[0] or 0), len(items(dataset, "DetectorInformationSequence")))
    fits = detectors * max(1, int(told[1] or 0)) == count
    window = _vector(dataset, "EnergyWindowVector", count)
    if window is None:
        window = [1 + at // detectors if fits else 1 for at in range(count)]
    detector = _vector(dataset, "DetectorVector", count)
    if detector is None:
        within = [window[:at].count(window[at]) for at in range(count)]
        even = all(window.count(one) == detectors for one in window)
        detector = [1 + place if even else 1 for place in within]
    return window, detector


def _vector(dataset: Dataset, keyword: str, count: int) -> list[int] | None:
    """One number a frame; None where the file has none that fits."""
    found = [int(value) for value in numbers(dataset, keyword)]
    return found if len(found) == count else None


def windows_with_photopeak(dataset: Dataset) -> list[bool | None]:
    """Of each energy window whether it holds the photopeak; None where its limits are not told."""
    return [_holds(item) for item in items(dataset, "EnergyWindowInformationSequence")]


def _holds(window: Dataset) -> bool | None:
    spans = [
        (number(span, "EnergyWindowLowerLimit"), number(span, "EnergyWindowUpperLimit"))
        for span in items(window, "EnergyWindowRangeSequence")
    ]
    told = [(low, high) for low, high in spans if low is not None and high is not None and 0 <= low < high]
    return any(low <= PHOTOPEAK_KEV <= high for low, high in told) if told else None


def _photopeak(dataset: Dataset, window: Sequence[int]) -> tuple[int, tuple[str, ...]]:
    """Number of the energy window that holds the photopeak, with a remark where others were left out."""
    held, holds = sorted(set(window)), windows_with_photopeak(dataset)
    told = {one: holds[one - 1] if 1 <= one <= len(holds) else None for one in held}
    peak = next((one for one in held if told[one]), None)
    if peak is None and len(held) == 1 and told[held[0]] is None:
        return held[0], ()
    if peak is None:
        message = say("the file does not say which energy window holds 140.5 keV: export the images of the photopeak")
        raise Unreadable(message, code="energy-windows")
    if len(held) == 1:
        return peak, ()
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


def upright(plane: Pixels, dataset: Dataset, detector: int, view: Projection) -> Pixels:
    """Turn a plane so that the head is up and left and right are as the view has them.

    Seen from the front the patient's left is on the right of the picture, from behind on the left.
    """
    info = items(dataset, "DetectorInformationSequence")[max(0, detector - 1) : detector]
    along = numbers(info[0], "ImageOrientationPatient") if info else ()
    if len(along) != 6:
        return plane
    rightwards, downwards = along[0], along[5]
    expected = -1.0 if view == "posterior" else 1.0
    turned = plane[:, ::-1] if abs(rightwards) > 0.7 and math.copysign(1.0, rightwards) != expected else plane
    turned = turned[::-1] if downwards > 0.7 else turned
    return np.ascontiguousarray(turned)
