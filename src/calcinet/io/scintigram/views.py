"""Which frames of a scintigram are examined, and from where the camera looked."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import combining, normalize

import numpy as np
from pydicom.dataset import Dataset

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.image import Projection
from calcinet.io.dicom.header import code_meanings, items, number, numbers, text
from calcinet.text import as_written, say

PHOTOPEAK_KEV: Final = 140.5
"""Energy of the photopeak of technetium-99m; a constant of nature as tabulated."""

SIDE_VIEW: Final = re.compile(
    r"\b(oblique|schrag\w*|obliqu\w*|lateral\w*|seitlich|lat|lao|rao|lpo|rpo)\b|斜位|[側侧][面位]"
)
"""Names of a view that is neither anterior nor posterior."""

ANTERIOR: Final = re.compile(r"\b(ant|anterior\w*|anterieure?|avant|vorne?)\b|^(von )?ventral$|前[面位]")
"""Names of the view from the front. Our choice: the words of seven languages; alone a word may be of a body part."""

POSTERIOR: Final = re.compile(r"\b(post|posterior\w*|posterieure?|arriere|hinten)\b|^(von )?dorsal$|[後后背][面位]")

VIEW_CODES: Final[dict[str, Projection]] = {
    **dict.fromkeys(("399321004", "G-5215"), "anterior"),
    **dict.fromkeys(("399001007", "G-5216"), "posterior"),
    **dict.fromkeys(("49370004", "G-A104", "399118008", "G-5223", "399297009", "G-5222"), "other"),
    **dict.fromkeys(("399074003", "G-5207", "399108003", "G-5206"), "other"),
    **dict.fromkeys(("399136008", "G-5209", "399075002", "G-5208"), "other"),
}
"""View codes, of SNOMED CT and as they were written before, PS3.16 CID 26: whatever language their meaning is in."""

VIEW_ORDER: Final[tuple[Projection, ...]] = ("anterior", "posterior", "other")
"""Order of the views in an image."""

ALONG_AXIS: Final = 0.7
"""Direction cosine above which an edge of the picture runs along an axis of the patient. Our choice: 45 degrees."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a file, and from where it was seen."""

    number: int
    """From 0, in the file."""
    view: Projection
    detector: int
    """Number of its detector, from 1."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Which frames of a file are examined."""

    chosen: tuple[Frame, ...]
    cautions: tuple[str, ...]
    all_used: bool = True
    """Whether no frame of the file was left out."""

    @property
    def views(self) -> tuple[Projection, ...]:
        """The view of each chosen frame."""
        return tuple(frame.view for frame in self.chosen)


def frames_of(dataset: Dataset, count: int) -> Frames:
    """Frames of the photopeak, one a view: anterior, posterior, then the others.

    Raises
    ------
    Unreadable
        If the file has several energy windows and does not tell which holds the photopeak.
    """
    windows = _list_windows(dataset, count)
    detectors = _list_detectors(dataset, windows)
    photopeak, remarks = _find_photopeak(dataset, windows)
    numbers_of_photopeak = [number for number, window in enumerate(windows) if window == photopeak]
    stated = [view_of_detector(dataset, detectors[number]) for number in numbers_of_photopeak]
    views, about_views = _fill_views(stated)
    frames = []
    for frame, view in zip(numbers_of_photopeak, views, strict=True):
        frames.append(Frame(frame, view, detectors[frame]))
    frames.sort(key=_rank_view)
    return Frames(tuple(frames), remarks + about_views, all_used=len(frames) == count)


def require_whole_body_views(frames: Frames) -> Frames:
    """The anterior and the posterior frame; others are left out and that is said.

    Raises
    ------
    Unreadable
        If there is neither, or one of them twice: which belong together is not known.
    """
    kept = Frames(tuple(frame for frame in frames.chosen if frame.view != "other"), frames.cautions, frames.all_used)
    if not kept.views or len(set(kept.views)) < len(kept.views):
        message = say(
            "the views of the file are {views:, }; expected one anterior or posterior view of the whole body, or one "
            "of each: export them so",
            views=[as_written(view) for view in frames.views],
        )
        raise Unreadable(message, code="views")
    if len(kept.chosen) == len(frames.chosen):
        return frames
    remark = say("views that are neither anterior nor posterior were left out")
    return Frames(kept.chosen, (*frames.cautions, remark), all_used=False)


def _rank_view(frame: Frame) -> int:
    return VIEW_ORDER.index(frame.view)


def _fill_views(stated: Sequence[Projection | None]) -> tuple[list[Projection], tuple[str, ...]]:
    """Views where the file does not tell: a single one is taken for anterior, two for anterior and posterior."""
    views = [view or "other" for view in stated]
    if None not in stated:
        return views, ()
    if len(stated) > 2 or set(stated) != {None}:
        return views, (say("the file does not say of every frame from where it was seen"),)
    if len(stated) == 1:
        remark = say(
            "the file does not say from where the camera looked; taken as seen from the front, so that left and right "
            "hold only if that is so"
        )
        return ["anterior"], (remark,)
    remark = say("the file does not say which frame is the anterior view: taken to be the first")
    return ["anterior", "posterior"], (remark,)


def _list_windows(dataset: Dataset, count: int) -> list[int]:
    """Energy window of each frame, from 1.

    Where the vector is missing it is counted by frame if the numbers fit: the detector changes first (PS3.3 C.8.4.8).
    """
    stated = _read_vector(dataset, "EnergyWindowVector", count)
    if stated is not None:
        return stated
    detectors = _count_detectors(dataset)
    windows = max(1, int(number(dataset, "NumberOfEnergyWindows") or 0))
    if detectors * windows != count:
        return [1] * count
    return [1 + frame // detectors for frame in range(count)]


def _list_detectors(dataset: Dataset, windows: Sequence[int]) -> list[int]:
    """Detector of each frame, from 1; counted within its energy window where the vector is missing and that fits."""
    stated = _read_vector(dataset, "DetectorVector", len(windows))
    if stated is not None and len(set(stated)) == 1 == _count_detectors(dataset):
        return [1] * len(windows)  # split from a file of several, of which it keeps the numbers
    if stated is not None:
        return stated
    detectors = _count_detectors(dataset)
    if any(windows.count(window) != detectors for window in windows):
        return [1] * len(windows)
    return [1 + windows[:frame].count(window) for frame, window in enumerate(windows)]


def _count_detectors(dataset: Dataset) -> int:
    stated = int(number(dataset, "NumberOfDetectors") or 0)
    return max(1, stated, len(items(dataset, "DetectorInformationSequence")))


def _read_vector(dataset: Dataset, keyword: str, count: int) -> list[int] | None:
    """One number a frame, from 1 as the standard has it, though some files count from 0; None where none fits."""
    found = [int(value) for value in numbers(dataset, keyword)]
    if len(found) != count:
        return None
    if 0 in found:
        return [1 + number for number in found]
    return found


def windows_with_photopeak(dataset: Dataset) -> list[bool | None]:
    """Of each energy window whether it holds the photopeak; None where its limits are not told."""
    return [_has_photopeak(window) for window in items(dataset, "EnergyWindowInformationSequence")]


def _has_photopeak(window: Dataset) -> bool | None:
    ranges = []
    for item in items(window, "EnergyWindowRangeSequence"):
        low = number(item, "EnergyWindowLowerLimit")
        high = number(item, "EnergyWindowUpperLimit")
        if low is not None and high is not None and 0 <= low < high:
            ranges.append((low, high))
    if not ranges:
        return None
    return any(low <= PHOTOPEAK_KEV <= high for low, high in ranges)


def _find_photopeak(dataset: Dataset, windows: Sequence[int]) -> tuple[int, tuple[str, ...]]:
    """Number of the energy window that holds the photopeak, with a remark where others were left out."""
    held = sorted(set(windows))
    described = windows_with_photopeak(dataset)
    if len(held) == 1 and _look_up(described, held[0]) is not False:
        return held[0], ()
    for window in held:
        if _look_up(described, window):
            remark = say(
                "counts of {n} energy windows are in the file; those of the photopeak alone are used", n=len(held)
            )
            return window, (remark,)
    message = say("the file does not say which energy window holds 140.5 keV: export the images of the photopeak")
    raise Unreadable(message, code="energy-windows")


def _look_up(described: Sequence[bool | None], window: int) -> bool | None:
    """What is described of an energy window, numbered from 1; None where nothing is."""
    if 1 <= window <= len(described):
        return described[window - 1]
    return None


def view_of_detector(dataset: Dataset, detector: int) -> Projection | None:
    """From where a detector looked, by its view code, else by the names of the image and the series."""
    phrases: list[str] = []
    for item in _describe_detector(dataset, detector):
        for code in items(item, "ViewCodeSequence"):
            coded = VIEW_CODES.get(text(code, "CodeValue"))
            if coded is not None:
                return coded
        phrases.extend(code_meanings(item, "ViewCodeSequence"))
    if not phrases and int(number(dataset, "NumberOfFrames") or 1) == 1:
        phrases = [text(dataset, "ImageID"), text(dataset, "SeriesDescription"), text(dataset, "ViewPosition")]
    for phrase in phrases:
        found = view_in_words(phrase)
        if found is not None:
            return found
    return None


def _describe_detector(dataset: Dataset, detector: int) -> list[Dataset]:
    """The item that describes a detector, numbered from 1; none where there is none."""
    if detector < 1:
        return []
    return items(dataset, "DetectorInformationSequence")[detector - 1 : detector]


def view_in_words(phrase: str) -> Projection | None:
    """The view that a phrase names.

    >>> [view_in_words(phrase) for phrase in ("WB_POST", "Antérieure", "left anterior oblique", "BONE", "後面像")]
    ['posterior', 'anterior', 'other', None, 'posterior']
    """
    bare = "".join(letter for letter in normalize("NFKD", phrase.lower()) if not combining(letter))
    said = " ".join(re.findall(r"[^\W\d_]+", bare))
    if SIDE_VIEW.search(said):
        return "other"
    is_anterior, is_posterior = ANTERIOR.search(said) is not None, POSTERIOR.search(said) is not None
    if is_anterior == is_posterior:
        return None
    if is_anterior:
        return "anterior"
    return "posterior"


def turn_upright(plane: Pixels, dataset: Dataset, frame: Frame) -> Pixels:
    """Turn a plane so that the head is up and left and right are as the view has them.

    Seen from the front the patient's left is on the right of the picture, from behind on the left.
    """
    described = items(dataset, "DetectorInformationSequence")[max(0, frame.detector - 1) : frame.detector]
    if not described:
        return plane
    cosines = numbers(described[0], "ImageOrientationPatient")
    if len(cosines) != 6:
        return plane
    rightwards, downwards = cosines[0], cosines[5]
    expected = 1.0
    if frame.view == "posterior":
        expected = -1.0
    if abs(rightwards) > ALONG_AXIS and math.copysign(1.0, rightwards) != expected:
        plane = plane[:, ::-1]
    if downwards > ALONG_AXIS:
        plane = plane[::-1]
    return np.ascontiguousarray(plane)
