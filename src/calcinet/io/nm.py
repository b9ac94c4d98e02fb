"""One DICOM file of planar nuclear medicine to counts, view by view, or the sentence why not."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.image import Emission, Image, Projection, SpacingBasis
from calcinet.io.anatomy import site_of
from calcinet.io.checks import require_size
from calcinet.io.codecs import stored_pixels
from calcinet.io.header import items, number, numbers, tag, text, words
from calcinet.io.options import Options
from calcinet.io.refusal import fingerprint, source_name
from calcinet.io.spacing import NO_PITCH, user_pair
from calcinet.text import say

PLANAR: Final = ("WHOLE BODY", "STATIC")
"""Value 3 of Image Type (0008,0008) of what is examined, PS3.3 C.8.4.9.1.2."""

REFUSED_TYPES: Final = {
    "RECON": say("a slice reconstructed from a SPECT"),
    "TOMO": say("the projections of a SPECT"),
    "GATED": say("a gated series"),
    "DYNAMIC": say("a dynamic series"),
    "TRANSMISSION": say("a transmission scan"),
}
"""What else Image Type may say, most telling first."""

MAX_FRAMES: Final = 16
"""Frames of a planar scan. Our choice: two views in several energy windows; more is a dynamic series."""

PIXEL_MM: Final = (0.5, 12.0)
"""Plausible pixel of a gamma camera. Our choice: 1024 columns over 60 cm give 0.6 mm, 64 columns 9.6 mm."""

BECQUEREL_FROM: Final = 1e5
"""A dose above this is in Bq, not in MBq as PS3.3 C.8.4.10 has it. Our choice: nobody is given 100 GBq."""

TECHNETIUM_H: Final = 6.0067
"""Half-life of technetium-99m in hours; a constant of nature as tabulated."""

PHOTOPEAK_KEV: Final = 140.5
"""Of technetium-99m; a constant of nature as tabulated."""

LONGEST_WAIT_H: Final = 72.0
"""From injection to scan. Our choice: twelve half-lives; a longer time is a mistake in the header."""

SAME_SCAN_H: Final = 1.0
"""Two views that began closer together are of one scan. Our choice: a pass over the body takes twenty minutes."""

Counts = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Frames:
    """Which frames of a file are examined, and how each was seen."""

    chosen: tuple[int, ...]
    views: tuple[Projection, ...]
    cautions: tuple[str, ...]


def read_scintigram(dataset: Dataset, data: bytes, options: Options) -> Image:
    """Make the image of a parsed planar scan; its pixels are counts.

    Parameters
    ----------
    dataset, data
        The parsed file and its bytes.
    options
        The caller's word.

    Raises
    ------
    Unreadable
        If it is not planar, shows no counts, or cannot be decoded.
    """
    _require_planar(dataset)
    stored = _stored(dataset, data)
    frames = _frames(dataset, len(stored))
    counts, remarks = _counts(stored, dataset)
    pixel_mm, basis, about_pixel = _spacing(dataset, options)
    planes = np.stack(
        [_upright(counts[at], dataset, at, view) for at, view in zip(frames.chosen, frames.views, strict=True)]
    )
    site, sha256 = site_of(dataset, options.anatomy), fingerprint(data)
    emission, about_time = _emission(dataset, frames)
    return Image(
        planes,
        None if pixel_mm is None else (1.0, *pixel_mm),
        "{counts}",
        modality="NM",
        spacing_basis=basis,
        anatomy="whole body" if emission.whole_body and options.anatomy is None else site.anatomy,
        laterality=None if emission.whole_body else site.laterality,
        view=" + ".join(emission.views),
        source=source_name(sha256, ".dcm"),
        sha256=sha256,
        linear=True,
        cautions=(*remarks, *frames.cautions, *about_pixel, *about_time),
        emission=emission,
    )


@dataclass(frozen=True, slots=True)
class ViewKey:
    """What tells whether two files are the two views of one scan."""

    view: Projection
    scan: tuple[str, ...]
    scanned_h: float

    def completes(self, other: "ViewKey") -> bool:
        """Whether this is the posterior view to that anterior one."""
        seen = (other.view, self.view) == ("anterior", "posterior")
        return seen and self.scan == other.scan and abs(self.scanned_h - other.scanned_h) < SAME_SCAN_H


def view_key(dataset: Dataset) -> ViewKey | None:
    """The key of a whole-body file of a single, named view; None for every other file."""
    if _kind(dataset) != "WHOLE BODY" or int(number(dataset, "NumberOfFrames") or 1) > 1:
        return None
    view = _told_view(dataset, 1)
    if view not in ("anterior", "posterior"):
        return None
    same = ("StudyInstanceUID", "Rows", "Columns", "PixelSpacing", "AcquisitionDate")
    return ViewKey(view, tuple(text(dataset, keyword) for keyword in same), _scanned_h(dataset) or 0.0)


def joined(anterior: Image, posterior: Image) -> Image:
    """Put the two views of one scan, read from two files, into one image."""
    first, second = anterior.emission, posterior.emission
    stated = (
        None
        if None in (first.counts_stated, second.counts_stated)
        else ((first.counts_stated or 0) + (second.counts_stated or 0))
    )
    emission = replace(
        first, views=first.views + second.views, frame_s=first.frame_s + second.frame_s, counts_stated=stated
    )
    sha256 = fingerprint((anterior.sha256 + posterior.sha256).encode())
    return replace(
        anterior,
        sha256=sha256,
        source=source_name(sha256, ".dcm"),
        pixels=np.concatenate([anterior.pixels, posterior.pixels]),
        view=" + ".join(emission.views),
        cautions=tuple(dict.fromkeys((*anterior.cautions, *posterior.cautions))),
        emission=emission,
    )


def _kind(dataset: Dataset) -> str:
    return next(iter(words(dataset, "ImageType")[2:3]), "")


def _require_planar(dataset: Dataset) -> None:
    """Refuse what is no planar emission image, by Image Type."""
    told = " ".join(words(dataset, "ImageType"))
    found = next((what for word, what in REFUSED_TYPES.items() if word in told), None)
    frames = int(number(dataset, "NumberOfFrames") or 1)
    if found is None and frames > MAX_FRAMES:
        found = say("{frames} frames, as of a dynamic series or a SPECT", frames=frames)
    if found is not None:
        message = say(
            "found {found}; expected a planar bone scan, whole body or spot view: choose the planar images", found=found
        )
        raise Unreadable(message, code="not-planar")
    if tag(dataset, "PixelData") is None:
        message = say(
            "found the header of a scan but not its pixels: the file is cut off, export it again from the archive"
        )
        raise Unreadable(message, code="truncated")
    require_size(int(number(dataset, "Rows") or 0), int(number(dataset, "Columns") or 0))


def _stored(dataset: Dataset, data: bytes) -> NDArray[Any]:
    """Stored values, shape (frames, rows, columns)."""
    stored = stored_pixels(dataset, data)
    if text(dataset, "PhotometricInterpretation").upper() not in ("MONOCHROME1", "MONOCHROME2"):
        raise Unreadable(
            say("found a coloured picture of a scan; expected its counts: export the original images"), code="colour"
        )
    return stored[np.newaxis] if stored.ndim == 2 else stored


def _counts(stored: NDArray[Any], dataset: Dataset) -> tuple[Counts, tuple[str, ...]]:
    """Stored values as counts, and what is doubtful about that."""
    slope, intercept = number(dataset, "RescaleSlope") or 1.0, number(dataset, "RescaleIntercept") or 0.0
    counts = np.asarray(stored * slope + intercept, dtype=np.float32)
    if not np.isfinite(counts).all() or counts.max() <= 0 or counts.min() < 0:
        message = say("the pixels hold no counts (none above 0, or some below): export the original images")
        raise Unreadable(message, code="no-counts")
    stated, summed = number(dataset, "CountsAccumulated"), float(counts.sum(dtype=np.float64))
    if stated is None or stated <= 0:
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


def _frames(dataset: Dataset, count: int) -> _Frames:
    """Frames of the photopeak, one a view: anterior, posterior, then the others."""
    window, detector = _vector(dataset, "EnergyWindowVector", count), _vector(dataset, "DetectorVector", count)
    peak, remarks = _photopeak(dataset, window)
    chosen = [at for at in range(count) if window[at] == peak]
    views = [_told_view(dataset, detector[at]) for at in chosen]
    if None in views:
        views, more = _assumed(views)
        remarks += more
    known = [view or "other" for view in views]
    order = {"anterior": 0, "posterior": 1, "other": 2}
    ranked = sorted(range(len(chosen)), key=lambda k: (order[known[k]], k))
    return _Frames(tuple(chosen[k] for k in ranked), tuple(known[k] for k in ranked), remarks)


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


def _told_view(dataset: Dataset, detector: int) -> Projection | None:
    """From where a detector looked, by its view code, else by the names of the image and the series."""
    info = items(dataset, "DetectorInformationSequence")
    own = info[detector - 1 : detector] if detector >= 1 else []
    told = [text(code, "CodeMeaning") for item in own for code in items(item, "ViewCodeSequence")]
    if not told and int(number(dataset, "NumberOfFrames") or 1) == 1:
        told = [text(dataset, "ImageID"), text(dataset, "SeriesDescription"), text(dataset, "ViewPosition")]
    for phrase in told:
        found = _in_words(phrase)
        if found is not None:
            return found
    return None


def _in_words(phrase: str) -> Projection | None:
    """The view that a phrase names.

    >>> _in_words("WB POST"), _in_words("Anterior"), _in_words("left anterior oblique"), _in_words("BONE")
    ('posterior', 'anterior', 'other', None)
    """
    said = re.findall(r"[a-z]+", phrase.lower())
    if any(word in ("oblique", "lateral", "lat", "lao", "rao", "lpo", "rpo") for word in said):
        return "other"
    front = any(word in ("ant", "anterior") for word in said)
    back = any(word in ("post", "posterior") for word in said)
    return None if front == back else "anterior" if front else "posterior"


def _upright(plane: Counts, dataset: Dataset, frame: int, view: Projection) -> Counts:
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


def _spacing(dataset: Dataset, options: Options) -> tuple[tuple[float, float] | None, SpacingBasis, tuple[str, ...]]:
    """Size of a pixel in the patient: a parallel-hole camera enlarges nothing."""
    if options.spacing_mm is not None:
        return user_pair(options.spacing_mm), "user", ()
    filed = numbers(dataset, "PixelSpacing")
    low, high = PIXEL_MM
    if len(filed) == 2 and all(low <= mm <= high for mm in filed):
        return (filed[0], filed[1]), "corrected", ()
    return None, "none", (NO_PITCH,)


def _emission(dataset: Dataset, frames: _Frames) -> tuple[Emission, tuple[str, ...]]:
    """How it was counted, and what of that is missing or cannot be right."""
    drug = next(iter(items(dataset, "RadiopharmaceuticalInformationSequence")), Dataset())
    dose, about_dose = _dose(drug)
    wait, about_wait = _wait_h(dataset, drug)
    half_life = number(drug, "RadionuclideHalfLife")
    seconds = number(dataset, "ActualFrameDuration")
    stated = number(dataset, "CountsAccumulated")
    emission = Emission(
        views=frames.views,
        whole_body=_kind(dataset) == "WHOLE BODY" or "WHOLE BODY" in text(dataset, "BodyPartExamined").upper(),
        dose_mbq=dose,
        hours_after_injection=wait,
        half_life_h=half_life / 3600 if half_life and half_life > 0 else TECHNETIUM_H,
        decay_corrected="DECY" in words(dataset, "CorrectedImage"),
        frame_s=tuple(seconds / 1000 if seconds and seconds > 0 else None for _ in frames.views),
        counts_stated=int(stated) if stated and stated > 0 else None,
        scanned_h=_scanned_h(dataset),
    )
    return emission, about_dose + about_wait


def _dose(drug: Dataset) -> tuple[float | None, tuple[str, ...]]:
    """Activity given in MBq."""
    dose = number(drug, "RadionuclideTotalDose")
    if dose is None or dose <= 0:
        return None, ()
    if dose >= BECQUEREL_FROM:
        return dose / 1e6, (say("the dose in the file is too large for MBq and was taken as Bq"),)
    return dose, ()


def _wait_h(dataset: Dataset, drug: Dataset) -> tuple[float | None, tuple[str, ...]]:
    """Hours from injection to scan."""
    scanned = _moment(text(dataset, "AcquisitionDate"), text(dataset, "AcquisitionTime"))
    given = text(drug, "RadiopharmaceuticalStartDateTime")
    injected = _moment(given[:8], given[8:]) if given else None
    clock = text(drug, "RadiopharmaceuticalStartTime")
    if injected is None and clock and scanned is not None:
        injected = _moment(text(dataset, "AcquisitionDate"), clock)
        if injected is not None and injected > scanned:
            injected -= timedelta(days=1)  # the clock passed midnight
    if scanned is None or injected is None:
        return None, ()
    hours = (scanned - injected).total_seconds() / 3600
    if 0 <= hours <= LONGEST_WAIT_H:
        return hours, ()
    return None, (say("the times of injection and scan in the file cannot both be right: decay was not corrected for"),)


def _scanned_h(dataset: Dataset) -> float | None:
    moment = _moment(text(dataset, "AcquisitionDate") or text(dataset, "SeriesDate"), text(dataset, "AcquisitionTime"))
    return None if moment is None else (moment - datetime(1970, 1, 1)).total_seconds() / 3600


def _moment(day: str, clock: str) -> datetime | None:
    """A DICOM date and time; the time may be cut short."""
    digits = re.sub(r"[^0-9]", "", clock.split(".")[0].split("+")[0])[:6].ljust(6, "0")
    try:
        return datetime.strptime(day + digits, "%Y%m%d%H%M%S")
    except ValueError:
        return None
