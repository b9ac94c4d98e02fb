"""Calcium that is neither artery nor net, put into real limb films: whether it is marked as such, and false foci."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from scipy import ndimage as ndi

from benchmarks.agreement import Mask
from benchmarks.goals import Figure, at_least, at_most, figure_table, log_figures
from benchmarks.limb_calcium import find_body
from benchmarks.patients import (
    OPEN_LIMB_MM,
    PatientFilm,
    first_of_each_patient,
    mean_by_patient,
    open_limbs,
    read_upright,
    share_by_patient,
)
from benchmarks.tables import Cell, Table, progress
from calcinet.errors import BadInput, NotMeasurable, Unreadable
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.mask_labels import FOCUS, VESSEL, Tissue
from calcinet.phantoms.implant import Implant, add_growths
from calcinet.phantoms.random_deposits import grow
from calcinet.protocols import examine_image

FIRST_SEED: Final = 7000

GROWTHS: Final = 2
"""Deposits of each film, each of one to five stones, or of one node or granuloma."""

ONE_LESION_MM: Final = 2.0
"""Pieces nearer than this are one lesion. Our choice: the grains of a lymph node."""

SENSITIVITY: Final = at_least(0.7)
FALSE_FOCI: Final = at_most(0.2)
"""A film as it is."""

BANDS_MM: Final = ((0.0, 2.0), (2.0, 5.0), (5.0, 99.0))
"""Diameter of the disc as large as the lesion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """One lesion that was put in."""

    patient: str
    diameter_mm: float
    is_found: bool
    """A pixel marked as other calcium lies in it."""
    has_vessel: bool
    """A pixel marked as vessel does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFoci:
    """One film, as it is and with calcium."""

    patient: str
    false_foci: int
    lesions: tuple[Lesion, ...]


def focus_tables(data: Path, films: int | None = None) -> list[Table]:
    """Sensitivity by lesions, and false foci; empty where the films are not there."""
    chosen = first_of_each_patient(open_limbs(data))[:films]
    judged: list[JudgedFoci] = []
    for number, film in enumerate(chosen):
        progress(f"other calcium: film {number + 1} of {len(chosen)}")
        try:
            one = judge_foci(film, FIRST_SEED + number)
        except (BadInput, NotMeasurable, Unreadable) as refusal:
            progress(f"  left out: {refusal}")
            continue
        found = sum(lesion.is_found for lesion in one.lesions)
        progress(f"  {found} of {len(one.lesions)} lesions found, {one.false_foci} false foci")
        judged.append(one)
    if not judged:
        return []
    lesions: list[Lesion] = []
    for one in judged:
        lesions += one.lesions
    figures = _count(judged, lesions)
    log_figures("limb-other", figures)
    note = (
        f"Open limb films of held-out patients, one of each. Pieces nearer than {ONE_LESION_MM:g} mm are one lesion; "
        "it is found where a pixel marked as other calcium lies in it or in its hollow. Intervals resample patients."
    )
    return [figure_table("Other calcium put into limb films", figures, note), _tabulate_sizes(lesions)]


def judge_foci(film: PatientFilm, seed: int) -> JudgedFoci:
    """Examine a film as it is, and with other calcium.

    Raises
    ------
    BadInput
        If it has no room for calcium.
    NotMeasurable, Unreadable
        If it is no film of a limb.
    """
    image, pixel_mm = read_upright(film), film.spacing_mm or OPEN_LIMB_MM
    record, _ = examine_image(image, "img-1")
    made = _put_foci(image, pixel_mm, seed)
    _, examined = examine_image(replace(image, pixels=made.film[None]), "img-1")
    found = examined.mask
    lesions = [
        Lesion(
            patient=film.patient,
            diameter_mm=float(2 * np.sqrt(lesion.sum() / np.pi)) * pixel_mm,
            is_found=bool((found[lesion] == FOCUS).any()),
            has_vessel=bool((found[lesion] == VESSEL).any()),
        )
        for lesion in find_lesions(made.mask == FOCUS, ONE_LESION_MM / pixel_mm)
    ]
    return JudgedFoci(patient=film.patient, false_foci=len(record.findings_of("focus")), lesions=tuple(lesions))


def _put_foci(image: Image, pixel_mm: float, seed: int) -> Implant:
    regions = find_regions(image)
    where = regions[Tissue.SOFT] & find_body(image.plane, regions[Tissue.BORDER])
    rng = np.random.default_rng(seed)
    return add_growths(image.plane, [grow("focus", where, rng, pixel_mm=pixel_mm) for _ in range(GROWTHS)])


def find_lesions(mask: Mask, gap_px: float) -> list[Mask]:
    """Each lesion with its hollows, shape of the mask; pieces that are nearer than `gap_px` are one."""
    reach = round(gap_px / 2)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    near = cv2.dilate(mask.astype(np.uint8), kernel)
    labels, count = ndi.label(near, np.ones((3, 3)))
    lesions: list[Mask] = []
    for number, box in enumerate(ndi.find_objects(labels, count), start=1):
        lesion = np.zeros(mask.shape, bool)
        lesion[box] = ndi.binary_fill_holes(mask[box] & (labels[box] == number))
        lesions.append(lesion)
    return lesions


def _count(judged: Sequence[JudgedFoci], lesions: Sequence[Lesion]) -> list[Figure]:
    owners = [lesion.patient for lesion in lesions]
    found = share_by_patient([lesion.is_found for lesion in lesions], owners)
    as_vessel = share_by_patient([lesion.has_vessel for lesion in lesions], owners)
    false = mean_by_patient([film.false_foci for film in judged], [film.patient for film in judged])
    return [
        Figure(name="lesions found", reached=found, of=len(lesions), goal=SENSITIVITY),
        Figure(name="lesions with a mark of a vessel", reached=as_vessel, of=len(lesions)),
        Figure(name="false foci a film as it is", reached=false, of=len(judged), goal=FALSE_FOCI),
    ]


def _tabulate_sizes(lesions: Sequence[Lesion]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for low, high in BANDS_MM:
        band = [lesion for lesion in lesions if low <= lesion.diameter_mm < high]
        found = share_by_patient([lesion.is_found for lesion in band], [lesion.patient for lesion in band])
        rows.append((f"from {low:g} mm", found, len(band), sum(lesion.has_vessel for lesion in band)))
    note = "Diameter of the disc that is as large as the lesion."
    return Table("The same by size", ("lesions", "found", "of", "with a mark of a vessel"), tuple(rows), note)
