"""One DICOM file of planar nuclear medicine to counts, view by view, or the sentence why not."""

from dataclasses import replace
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.image import Emission, Image
from calcinet.io.dicom.body_site import site_of
from calcinet.io.dicom.header import items, number, tag, text, words
from calcinet.io.dicom.pixel_spacing import NO_PITCH, Spacing, choose_spacing, read_pitch
from calcinet.io.dicom.stored_values import require_integers
from calcinet.io.image_size import require_size
from calcinet.io.options import Options
from calcinet.io.refusal import fingerprint, source_name
from calcinet.io.scintigram.counts import counts_of, stored_frames
from calcinet.io.scintigram.dose import dose_mbq
from calcinet.io.scintigram.equipment import digest_camera, digest_collimator
from calcinet.io.scintigram.image_type import is_whole_body, require_planar_type
from calcinet.io.scintigram.radiopharmaceutical import (
    bone_scan_cautions,
    half_life_h,
    name_bone_drug,
    require_bone_scan,
)
from calcinet.io.scintigram.timing import timing_of
from calcinet.io.scintigram.views import Frames, frames_of, require_whole_body_views, turn_upright
from calcinet.text import say

UNIT: Final = "{counts}"
"""UCUM code of a pixel."""

VIEW_MM: Final = 1.0
"""Distance along Z of an image whose planes are views: a convention, nothing depends on it."""

PIXEL_MM: Final = (0.5, 12.0)
"""Plausible pixel of a gamma camera. Our choice: 1024 columns over 60 cm give 0.6 mm, 64 columns 9.6 mm."""

FRAME_S: Final = (5.0, 7200.0)
"""Plausible duration of a view. Our choice: a spot view of the blood pool takes a minute, a slow pass over the body
one hour; less is a number in seconds where PS3.3 C.8.4.8 has milliseconds."""

DECAY_CORRECTED: Final = ("START", "ADMIN")
"""Values of Decay Correction (0054,1102) that say so, PS3.3 C.8.9.1."""

INJECTION: Final = (
    *("RadionuclideTotalDose", "RadiopharmaceuticalStartDateTime", "RadiopharmaceuticalStartTime"),
    "RadionuclideHalfLife",
)
"""Elements that tell one injection from another."""


def require_planar(dataset: Dataset) -> None:
    """Refuse what is no planar emission image of bone, by its header.

    Raises
    ------
    Unreadable
        If it is a SPECT, a dynamic or gated series, or of another organ, drug or nuclide.
    """
    require_planar_type(dataset)
    require_bone_scan(dataset)
    require_integers(dataset)
    if tag(dataset, "PixelData") is None:
        message = say(
            "found the header of a scan but not its pixels: the file is cut off, export it again from the archive"
        )
        raise Unreadable(message, code="truncated")
    require_size(int(number(dataset, "Rows") or 0), int(number(dataset, "Columns") or 0))


def read_scintigram(dataset: Dataset, data: bytes, options: Options, *, suffix: str) -> Image:
    """Make the image of a parsed planar scan; its pixels are counts.

    Parameters
    ----------
    dataset, data
        The parsed file and its bytes.
    options
        The caller's word.
    suffix
        Suffix that the file keeps downstream.

    Raises
    ------
    Unreadable
        If it is not planar, not of bone, shows no counts, or cannot be decoded.
    """
    require_planar(dataset)
    stored = stored_frames(dataset, data)
    frames = _choose_frames(dataset, len(stored))
    counts, about_counts = counts_of(stored, dataset)
    spacing = _find_spacing(dataset, options)
    emission, about_time = _describe_emission(dataset, frames)
    anatomy, laterality = _find_site(dataset, options, emission)
    sha256 = fingerprint(data)
    spacing_mm = None
    if spacing.pixel_mm is not None:
        spacing_mm = (VIEW_MM, *spacing.pixel_mm)
    return Image(
        _arrange_views(counts, dataset, frames),
        spacing_mm,
        UNIT,
        modality="NM",
        spacing_basis=spacing.basis,
        anatomy=anatomy,
        laterality=laterality,
        view=" + ".join(emission.views),
        source=source_name(sha256, suffix),
        sha256=sha256,
        linear=True,
        cautions=(
            *bone_scan_cautions(dataset),
            *about_counts,
            *frames.cautions,
            *spacing.cautions,
            *about_time,
        ),
        emission=emission,
    )


def _choose_frames(dataset: Dataset, count: int) -> Frames:
    frames = frames_of(dataset, count)
    if is_whole_body(dataset):
        return require_whole_body_views(frames)
    return frames


def _arrange_views(counts: Pixels, dataset: Dataset, frames: Frames) -> Pixels:
    """The chosen frames, each turned upright, shape (views, rows, columns)."""
    planes = []
    for frame in frames.chosen:
        planes.append(turn_upright(counts[frame.number], dataset, frame))
    return np.stack(planes)


def _find_site(dataset: Dataset, options: Options, emission: Emission) -> tuple[str, str | None]:
    """Body part and side; a whole body has no side."""
    site = site_of(dataset, options.anatomy)
    if not emission.whole_body:
        return site.anatomy, site.laterality
    if options.anatomy is None:
        return "whole body", None
    return site.anatomy, None


def _find_spacing(dataset: Dataset, options: Options) -> Spacing:
    """Size of a pixel in the patient: a parallel-hole camera enlarges nothing."""
    pixel_mm, remarks = read_pitch(dataset, "PixelSpacing", within=PIXEL_MM)
    filed = Spacing(cautions=(*remarks, NO_PITCH))
    if pixel_mm is not None:
        filed = Spacing(pixel_mm=pixel_mm, basis="corrected")
    chosen = choose_spacing(dataset, filed, options.spacing_mm)
    return replace(chosen, magnification_interval=(1.0, 1.0))


def _describe_emission(dataset: Dataset, frames: Frames) -> tuple[Emission, tuple[str, ...]]:
    """How it was counted, and what of that is missing or cannot be right."""
    drug, about_drug = _read_drug(dataset)
    dose, about_dose = dose_mbq(drug)
    timing = timing_of(dataset, drug)
    seconds, about_duration = _read_frame_s(dataset)
    is_corrected, about_decay = _read_decay_correction(dataset)
    emission = Emission(
        views=frames.views,
        whole_body=is_whole_body(dataset),
        dose_mbq=dose,
        hours_after_injection=timing.wait_h,
        half_life_h=half_life_h(drug),
        decay_corrected=is_corrected,
        frame_s=(seconds,) * len(frames.views),
        counts_stated=_read_counts_stated(dataset, frames),
        camera=digest_camera(dataset),
        collimator=digest_collimator(dataset),
        drug=name_bone_drug(dataset),
        scanned_h=timing.scanned_h,
        utc_offset_h=timing.utc_offset_h,
    )
    return emission, about_drug + about_dose + timing.cautions + about_duration + about_decay


def _read_drug(dataset: Dataset) -> tuple[Dataset, tuple[str, ...]]:
    """The one injection that the file tells of; none where it tells of several, for their doses and times differ."""
    drugs = items(dataset, "RadiopharmaceuticalInformationSequence")
    if not drugs:
        return Dataset(), ()
    if any(_tell_injection(drug) != _tell_injection(drugs[0]) for drug in drugs):
        return Dataset(), (say("the file tells of several injections: their doses and times were not used"),)
    return drugs[0], ()


def _tell_injection(drug: Dataset) -> tuple[str, ...]:
    return tuple(text(drug, keyword) for keyword in INJECTION)


def _read_decay_correction(dataset: Dataset) -> tuple[bool | None, tuple[str, ...]]:
    """Whether Corrected Image (0028,0051) or Decay Correction (0054,1102) says so; None where they contradict."""
    corrections, moment = words(dataset, "CorrectedImage"), text(dataset, "DecayCorrection").upper()
    if "DECY" not in corrections:
        return moment in DECAY_CORRECTED, ()
    if moment != "NONE":
        return True, ()
    remark = say(
        "Corrected Image (0028,0051) says that the counts were corrected for decay (DECY), Decay Correction "
        "(0054,1102) says NONE: which holds is not known, and the counts are not compared by dose and time"
    )
    return None, (remark,)


def _read_frame_s(dataset: Dataset) -> tuple[float | None, tuple[str, ...]]:
    """Duration of a frame in seconds, where it can be that of a planar scan."""
    duration_ms = number(dataset, "ActualFrameDuration")
    if duration_ms is None:
        return None, ()
    low, high = FRAME_S
    if low <= duration_ms / 1000 <= high:
        return duration_ms / 1000, ()
    remark = say(
        "the duration of a view in the file, {seconds:g} s, is none of a planar scan ({low:g} to {high:g} s): not used",
        seconds=duration_ms / 1000,
        low=low,
        high=high,
    )
    return None, (remark,)


def _read_counts_stated(dataset: Dataset, frames: Frames) -> int | None:
    """Counts of the file; None as well where some of its frames were left out."""
    stated = number(dataset, "CountsAccumulated")
    if frames.all_used and stated and stated > 0:
        return int(stated)
    return None
