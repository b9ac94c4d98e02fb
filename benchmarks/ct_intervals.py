"""Whether the intervals of volume, mass, Agatston score and calcified length on CT hold the truth, slice by slice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import ndimage

from benchmarks.agreement import clopper_pearson
from benchmarks.ct import PARTS, TOUCHED, Match, matched
from benchmarks.tables import Cell, Table, progress
from calcinet.arrays import Mask
from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.image import Acquisition, Image
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.measure.ct.agatston import agatston_score
from calcinet.phantoms.ct.leg import Build, Calcium, Legs, Scanner, make_legs, scan_legs
from calcinet.phantoms.ct.spec import SPANS_MM
from calcinet.phantoms.ct.truth import LegTruth
from calcinet.protocols.ct.protocol import examine_ct
from calcinet.record import ImageRecord

SEEDS: Final = tuple(range(1510, 1516))
"""Legs that nothing was set on."""

SLICES_MM: Final = (0.6, 1.0, 2.0, 3.0, 5.0)
HEIGHT_MM: Final = 110.0
"""Of the stretch of a leg that is scanned."""

SHIFTS: Final = 3
"""Places of the slices over which the true score is averaged."""

MG_PER_CM3_PER_HU: Final = 0.77
"""What the scans are calibrated by; the true mass follows from it."""

LEAST_MM3: Final = 2.0
"""True volume from which single findings are judged: a ball of 1.6 mm."""

Spacing = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One quantity of one scan or of one lesion."""

    quantity: str
    slice_mm: float
    true: float
    value: float
    interval: tuple[float, float]

    @property
    def held(self) -> bool:
        """Whether the interval holds the truth."""
        return self.interval[0] <= self.true <= self.interval[1]


def interval_table(seeds: Sequence[int] = SEEDS) -> Table:
    """Bias and share of the truths that are held, by quantity and slices."""
    judged = [one for seed in seeds for one in judge_leg(seed)]
    rows: list[tuple[Cell, ...]] = []
    for quantity in dict.fromkeys(one.quantity for one in judged):
        own = [one for one in judged if one.quantity == quantity]
        for mm in SLICES_MM:
            rows.append(_row(f"{quantity}, slices of {mm:g} mm", [one for one in own if one.slice_mm == mm]))
        rows.append(_row(f"{quantity}, all", own))
    note = (
        f"{len(seeds)} stretches of {HEIGHT_MM:g} mm of legs, seeds {SEEDS[0]} to {SEEDS[-1]}, each with slices "
        f"of {', '.join(f'{mm:g}' for mm in SLICES_MM)} mm; pixels, blur, kernel, noise and the place of the slices by "
        "chance. Truth: volume and length of the lesions that were marked, as `phantoms.definitions` says it; their "
        f"score without noise, mean over {SHIFTS} places of the slices. What was not marked is in no interval. Goals: "
        "bias at most 5 %, 90 to 98 % held."
    )
    columns = ("quantity", "count", "sum found / sum true", "intervals that hold the truth", "half width, median, %")
    return Table("Intervals on CT of legs", columns, tuple(rows), note)


def _row(name: str, own: Sequence[Judged]) -> tuple[Cell, ...]:
    if not own:
        return (name, 0, None, None, None)
    ratio = sum(one.value for one in own) / sum(one.true for one in own)
    wide = [50 * (one.interval[1] - one.interval[0]) / one.value for one in own if one.value]
    return (name, len(own), ratio, clopper_pearson(sum(one.held for one in own), len(own)), float(np.median(wide)))


def judge_leg(seed: int) -> Iterator[Judged]:
    """All quantities of one stretch of a leg in every thickness of slices."""
    rng = np.random.default_rng([seed, 15])
    part = PARTS[seed % 3]
    low, high = SPANS_MM[part]
    start = float(rng.uniform(low, high - HEIGHT_MM))
    amount = Calcium("patchy" if seed % 2 else "heavy", small_vessels=2, nets=0, in_skin=1, in_subcutis=4, in_muscle=4)
    legs = make_legs(seed, Build(part, "L", span_mm=(start, start + HEIGHT_MM)), amount)
    for mm in SLICES_MM:
        progress(f"intervals of leg {seed}, slices of {mm:g} mm")
        pixel = float(rng.uniform(0.5, 0.8))
        scanner = Scanner(
            blur_fwhm_mm=float(rng.uniform(0.5, 0.9)),
            noise_hu=float(rng.uniform(6, 22)),
            kernel="soft" if rng.random() < 0.7 else "sharp",
        )
        yield from _judge_scan(legs, (mm, pixel, pixel), scanner, float(rng.uniform(0, 1)) * mm)


def _judge_scan(legs: Legs, spacing: Spacing, scanner: Scanner, shift_mm: float) -> Iterator[Judged]:
    image, truth = scan_legs(legs, spacing, scanner, (shift_mm, 0.0, 0.0))
    calibrated = replace(image, acquisition=Acquisition(contrast=False, kvp=120.0, mg_per_cm3_per_hu=MG_PER_CM3_PER_HU))
    record, _ = examine_ct(calibrated, "img-1", CalibreClasses())
    match = matched(find_calcium_on_ct(image), truth)
    ids = {finding.id: number for number, finding in enumerate(record.findings)}
    yield from _judge_findings(record, match, spacing[0])
    marked = [n for n in range(len(truth.lesions)) if match.of(n)]
    arteries = [n for n in marked if any(one.compartment == "artery" for one in match.of(n))]
    if record.measures["ct.volume_mm3"] and marked:
        yield _judge(record, "ct.volume_mm3", "volume of all", spacing[0], _sum_volume(truth, marked))
        mass = sum(truth.lesions[n].integral_hu_mm3 for n in marked) * MG_PER_CM3_PER_HU / 1000
        yield _judge(record, "ct.mass_mg", "mass of all", spacing[0], mass)
    if record.measures["ct.agatston"] and arteries:
        yield _judge(record, "ct.artery_volume_mm3", "volume in arteries", spacing[0], _sum_volume(truth, arteries))
        score = true_score(legs, spacing, scanner, arteries)
        yield _judge(record, "ct.agatston", "Agatston score", spacing[0], score)
    on_paths = _find_on_paths(record, match, ids)
    if on_paths:
        length = sum(truth.lesions[n].length_mm or 0.0 for n in on_paths)
        yield _judge(record, "ct.calcified_length_mm", "calcified length", spacing[0], length)


def _judge(record: ImageRecord, name: str, quantity: str, slice_mm: float, true: float) -> Judged:
    return Judged(
        quantity=quantity,
        slice_mm=slice_mm,
        true=true,
        value=record.measures[name] or 0.0,
        interval=record.intervals95[name],
    )


def _judge_findings(record: ImageRecord, match: Match, slice_mm: float) -> Iterator[Judged]:
    """Volumes of the findings whose lesions are theirs alone."""
    for finding, hit in zip(record.findings, match.touched, strict=True):
        true = _sum_volume(match.truth, hit)
        shared = any(len(match.of(number)) > 1 for number in hit)
        if shared or true < LEAST_MM3 or finding.volume_mm3 is None or finding.volume_interval_mm3 is None:
            continue
        yield Judged(
            quantity=f"volume of one finding, {finding.form}",
            slice_mm=slice_mm,
            true=true,
            value=finding.volume_mm3,
            interval=finding.volume_interval_mm3,
        )


def _find_on_paths(record: ImageRecord, match: Match, ids: dict[str, int]) -> set[int]:
    """Numbers of the true lesions of arteries that lie on the arteries of the record."""
    numbers: set[int] = set()
    for artery in () if record.ct is None else record.ct.arteries:
        for finding in artery.findings:
            numbers |= set(match.touched[ids[finding]])
    return {n for n in numbers if match.truth.lesions[n].made.compartment == "artery"}


def _sum_volume(truth: LegTruth, numbers: Sequence[int]) -> float:
    return sum(truth.lesions[n].volume_mm3 for n in numbers)


def true_score(legs: Legs, spacing: Spacing, scanner: Scanner, numbers: Sequence[int]) -> float:
    """Score of some lesions without noise, mean over places of the slices."""
    still = replace(scanner, noise_hu=0.0)
    scores = []
    for place in range(SHIFTS):
        image, truth = scan_legs(legs, spacing, still, (spacing[0] * place / SHIFTS, 0.0, 0.0))
        scores.append(agatston_score(image, _mark(image, truth, numbers), contrast=False).score)
    return float(np.mean(scores))


def _mark(image: Image, truth: LegTruth, numbers: Sequence[int]) -> Mask:
    """Voxels of some lesions and those that blur carries them to within a slice."""
    marked = np.zeros(image.pixels.shape, dtype=bool)
    for number in numbers:
        lesion = truth.lesions[number]
        marked[lesion.box] |= lesion.share > TOUCHED
    return np.asarray(ndimage.binary_dilation(marked, np.ones((1, 5, 5), dtype=bool)))
