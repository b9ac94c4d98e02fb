"""In how many findings, and on how many courses, an artery of a phantom is found; and what is joined wrongly."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from benchmarks.agreement import Estimate, bootstrap
from benchmarks.tables import Table, progress
from calcinet.findings.projection_calcium import Calcium
from calcinet.findings.radiograph.finder import find_calcium
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.truth import VesselTruth

SEEDS: Final = (*range(7100, 7140), *range(7200, 7240))
"""Phantoms that the limits of `findings.joining` were not set by; those were 7000 to 7055."""

LEAST_CALCIUM_MM: Final = 15.0
"""An artery with less of it is not asked for."""

LEAST_FOUND_MM: Final = 8.0
"""A finding that follows it for less is none of its stretches."""

NEAR_PX: Final = 2.5
"""So far from a centre line, or inside its wall, a finding follows an artery."""

BRANCHES_MM: Final = 2.0
"""An artery that begins so near to another one is its branch."""

OTHER: Final = "two arteries"
BRANCH: Final = "trunk and branch"
NONE: Final = "no artery at one end"
SAME: Final = "one artery"
VERDICTS: Final = (OTHER, BRANCH, NONE, SAME)
"""What two stretches lie on that were joined, worst first."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Split:
    """One artery that was found."""

    findings: int
    courses: int


def course_tables(seeds: Sequence[int] = SEEDS) -> list[Table]:
    """Find the arteries of phantoms, and count."""
    splits: list[Split] = []
    joined: list[tuple[str, ...]] = []
    for number, seed in enumerate(seeds, start=1):
        progress(f"courses of phantom {number} of {len(seeds)}")
        phantom = limb(random_spec(seed, net=seed % 5 == 0, vessels=True))
        calcium, pixel_mm = find_calcium(phantom.image, find_regions(phantom.image)), phantom.spec.pixel_mm
        splits += splits_of(calcium, phantom.truth.vessels, pixel_mm)
        joined += joins_of(calcium, phantom.truth.vessels, pixel_mm)
    every = Counter(verdict for course in joined for verdict in course)
    worst = Counter(min(course, key=VERDICTS.index) for course in joined)
    return [
        Table("Found arteries of phantoms: how many of each", ("", f"mean of {len(splits)}"), _means(splits)),
        Table(
            "Stretches that were joined lie on",
            ("", "joins", "courses"),
            tuple((verdict, every[verdict], worst[verdict]) for verdict in VERDICTS),
            "Courses by the worst of their joins.",
        ),
    ]


def _means(splits: Sequence[Split]) -> tuple[tuple[str, Estimate], ...]:
    found = {"findings": [split.findings for split in splits], "courses": [split.courses for split in splits]}
    return tuple((name, _mean(np.array(counts))) for name, counts in found.items())


def _mean(counts: NDArray[np.intp]) -> Estimate:
    if not counts.size:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    return bootstrap(lambda some: float(counts[some].mean()), len(counts))


def splits_of(calcium: Calcium, vessels: Sequence[VesselTruth], pixel_mm: float) -> Iterator[Split]:
    """In how many findings and courses each artery comes, of those that were found at all."""
    course_of = {piece: number for number, course in enumerate(calcium.courses) for piece in course.pieces}
    lines = {piece: calcium.findings[piece].centre_lines[0] for piece in course_of}
    for vessel in vessels:
        steps = np.append(np.hypot(*np.diff(vessel.centre_line, axis=0).T), 0.0) * pixel_mm
        if steps[vessel.calcified].sum() < LEAST_CALCIUM_MM or not lines:
            continue
        away = np.stack([_away(line, vessel.centre_line) for line in lines.values()])
        away[away >= np.maximum(NEAR_PX, vessel.diameter_mm / pixel_mm / 2)] = np.inf
        nearest = np.where(np.isfinite(away).any(axis=0), away.argmin(axis=0), -1)
        along = [piece for k, piece in enumerate(lines) if steps[nearest == k].sum() >= LEAST_FOUND_MM]
        if along:
            yield Split(len(along), len({course_of[piece] for piece in along}))


def joins_of(calcium: Calcium, vessels: Sequence[VesselTruth], pixel_mm: float) -> Iterator[tuple[str, ...]]:
    """What each two stretches that follow one another lie on, for each course that has several."""
    for course in calcium.courses:
        on = [_followed(calcium.findings[piece].centre_lines[0], vessels, pixel_mm) for piece in course.pieces]
        if len(on) > 1:
            yield tuple(_verdict(one, other, vessels, pixel_mm) for one, other in pairwise(on))


def _verdict(one: set[int], other: set[int], vessels: Sequence[VesselTruth], pixel_mm: float) -> str:
    if not one or not other:
        return NONE
    if one & other:
        return SAME
    return BRANCH if any(_branch(vessels[a], vessels[b], pixel_mm) for a in one for b in other) else OTHER


def _followed(line: Array, vessels: Sequence[VesselTruth], pixel_mm: float) -> set[int]:
    """The arteries that half of a line lies on: several, where they lie over one another."""
    found = set()
    for number, vessel in enumerate(vessels):
        away, at = cKDTree(vessel.centre_line).query(line)
        if np.mean(away <= np.maximum(NEAR_PX, vessel.diameter_mm[at] / pixel_mm / 2 + 1)) >= 0.5:
            found.add(number)
    return found


def _branch(one: VesselTruth, other: VesselTruth, pixel_mm: float) -> bool:
    starts = ((one.centre_line[:1], other.centre_line), (other.centre_line[:1], one.centre_line))
    return any(float(_away(line, start)[0]) * pixel_mm < BRANCHES_MM for start, line in starts)


def _away(line: Array, points: Array) -> Array:
    """Distance of points from a line's nearest point."""
    return np.asarray(cKDTree(line).query(points)[0], np.float64)
