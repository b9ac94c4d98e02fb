"""One DICOM file of planar nuclear medicine to counts, view by view, or the sentence why not."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.image import Emission, Image, Projection, SpacingBasis
from calcinet.io.dicom.body_site import site_of
from calcinet.io.dicom.header import items, number, numbers, tag, text, words
from calcinet.io.dicom.pixel_spacing import NO_PITCH, user_pair
from calcinet.io.options import Options
from calcinet.io.radiograph.film_checks import require_size
from calcinet.io.refusal import fingerprint, source_name
from calcinet.io.scintigram.counts import counts_of, stored_frames
from calcinet.io.scintigram.radiopharmaceutical import about_agent, half_life_h, require_bone_scan
from calcinet.io.scintigram.timing import dose_mbq, scanned_h, wait_h
from calcinet.io.scintigram.views import Frames, frames_of, of_whole_body, told_view, upright
from calcinet.text import say

REFUSED_TYPES: Final = {
    "RECON": say("a slice reconstructed from a SPECT"),
    "TOMO": say("the projections of a SPECT"),
    "GATED": say("a gated series"),
    "DYNAMIC": say("a dynamic series"),
    "TRANSMISSION": say("a transmission scan"),
}
"""What Image Type (0008,0008) may say that is not planar, most telling first; PS3.3 C.8.4.9."""

PIXEL_MM: Final = (0.5, 12.0)
"""Plausible pixel of a gamma camera. Our choice: 1024 columns over 60 cm give 0.6 mm, 64 columns 9.6 mm."""

MAX_FRAMES: Final = 16
"""Frames of a planar scan. Our choice: two views in several energy windows; more is a dynamic series."""

SAME_SCAN_H: Final = 1.0
"""Two views that began closer together are of one scan. Our choice: a pass over the body takes twenty minutes."""


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
        If it is not planar, not of bone, shows no counts, or cannot be decoded.
    """
    require_planar(dataset)
    stored = stored_frames(dataset, data)
    frames = frames_of(dataset, len(stored))
    frames = of_whole_body(frames) if _whole_body(dataset) else frames
    counts, remarks = counts_of(stored, dataset)
    pixel_mm, basis, about_pixel = _spacing(dataset, options)
    planes = np.stack(
        [
            upright(counts[at], dataset, detector, view)
            for at, view, detector in zip(frames.chosen, frames.views, frames.detectors, strict=True)
        ]
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
        cautions=(*about_agent(dataset), *remarks, *frames.cautions, *about_pixel, *about_time),
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
    view = told_view(dataset, 1)
    if view not in ("anterior", "posterior"):
        return None
    same = ("StudyInstanceUID", "Rows", "Columns", "PixelSpacing", "AcquisitionDate")
    return ViewKey(view, tuple(text(dataset, keyword) for keyword in same), scanned_h(dataset) or 0.0)


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


def _whole_body(dataset: Dataset) -> bool:
    part = text(dataset, "BodyPartExamined").upper().replace(" ", "")
    return _kind(dataset) == "WHOLE BODY" or "WHOLEBODY" in part


def require_planar(dataset: Dataset) -> None:
    """Refuse what is no planar emission image of bone, by its header.

    Raises
    ------
    Unreadable
        If it is a SPECT, a dynamic or gated series, or of another organ, drug or nuclide.
    """
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
    require_bone_scan(dataset)
    if tag(dataset, "PixelData") is None:
        message = say(
            "found the header of a scan but not its pixels: the file is cut off, export it again from the archive"
        )
        raise Unreadable(message, code="truncated")
    require_size(int(number(dataset, "Rows") or 0), int(number(dataset, "Columns") or 0))


def _spacing(dataset: Dataset, options: Options) -> tuple[tuple[float, float] | None, SpacingBasis, tuple[str, ...]]:
    """Size of a pixel in the patient: a parallel-hole camera enlarges nothing."""
    if options.spacing_mm is not None:
        return user_pair(options.spacing_mm), "user", ()
    filed = numbers(dataset, "PixelSpacing")
    low, high = PIXEL_MM
    if len(filed) == 2 and all(low <= mm <= high for mm in filed):
        return (filed[0], filed[1]), "corrected", ()
    return None, "none", (NO_PITCH,)


def _emission(dataset: Dataset, frames: Frames) -> tuple[Emission, tuple[str, ...]]:
    """How it was counted, and what of that is missing or cannot be right."""
    drug = next(iter(items(dataset, "RadiopharmaceuticalInformationSequence")), Dataset())
    dose, about_dose = dose_mbq(drug)
    wait, about_wait = wait_h(dataset, drug)
    seconds = number(dataset, "ActualFrameDuration")
    stated = number(dataset, "CountsAccumulated") if frames.all_used else None
    emission = Emission(
        views=frames.views,
        whole_body=_whole_body(dataset),
        dose_mbq=dose,
        hours_after_injection=wait,
        half_life_h=half_life_h(drug),
        decay_corrected="DECY" in words(dataset, "CorrectedImage"),
        frame_s=tuple(seconds / 1000 if seconds and seconds > 0 else None for _ in frames.views),
        counts_stated=int(stated) if stated and stated > 0 else None,
        scanned_h=scanned_h(dataset),
    )
    return emission, about_dose + about_wait
