"""Slices to stacks: what stands behind one another in one series, sorted by place, never by number or name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.io.ct.pixel_quantity import not_hu
from calcinet.io.ct.slice_header import AcquisitionParameters, Slice, Triple
from calcinet.io.dicom.stored_values import Pair

SAME_PLACE_MM: Final = 0.01
"""Slices nearer to each other stand at one place. Our choice: thirty times finer than the thinnest increment."""

SAME_DIRECTION: Final = 0.9999
"""Cosine between directions of one stack. Our choice: 0.8 degrees, above rounding and below any tilt."""

SAME_PIXEL: Final = 0.001
"""Relative difference of pixel sizes of one stack. Our choice: rounding of decimal strings."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Slices of one series that stand behind one another, sorted along their normal."""

    slices: tuple[Slice, ...]

    @property
    def acquisition(self) -> AcquisitionParameters:
        """How it was taken, by its first slice."""
        return self.slices[0].acquisition

    @property
    def files(self) -> list[int]:
        """Numbers of its files in the call, each once."""
        return sorted({slice_.file for slice_ in self.slices})

    def require_quantity(self) -> None:
        """Refuse a stack whose header says that its values are no HU of a conventional CT."""
        if self.acquisition.quantity is not None:
            raise not_hu(self.acquisition.quantity)

    @property
    def heights_mm(self) -> Floats:
        """Place of each slice along the normal."""
        return heights(self.slices)

    @property
    def increment_mm(self) -> float | None:
        """Usual distance of neighbours; None of one slice."""
        steps = np.diff(self.heights_mm)
        steps = steps[steps > SAME_PLACE_MM]
        if not steps.size:
            return None
        return float(np.median(steps))

    @property
    def extent_mm(self) -> float:
        """From the first slice to the last."""
        along = self.heights_mm
        return float(along[-1] - along[0])


def normal_of(slice_: Slice) -> Floats:
    """Direction through the slice, of length 1."""
    across = np.cross(slice_.along_row, slice_.along_column)
    return np.asarray(across / np.linalg.norm(across))


def heights(slices: Sequence[Slice]) -> Floats:
    """Place of each slice along the normal of the first, in mm."""
    return np.array([slice_.position for slice_ in slices]) @ normal_of(slices[0])


def stacks_of(slices: Iterable[Slice]) -> list[Stack]:
    """Put together what stands behind one another in one series, and apart what was taken twice at one place."""
    groups: list[list[Slice]] = []
    for slice_ in slices:
        _add_to_group(slice_, groups)
    stacks = []
    for group in groups:
        stacks.extend(_split_phases(_sort_slices(group)))
    return stacks


def _add_to_group(slice_: Slice, groups: list[list[Slice]]) -> None:
    """Put a slice into the first group that it belongs to, or begin a new one with it."""
    for group in groups:
        if _belongs_to_stack(slice_, group[0]):
            group.append(slice_)
            return
    groups.append([slice_])


def _belongs_to_stack(slice_: Slice, other: Slice) -> bool:
    return (
        _is_same_series(slice_.acquisition, other.acquisition)
        and slice_.stored.shape == other.stored.shape
        and _is_same_size(slice_.pixel_mm, other.pixel_mm)
        and _are_parallel(slice_.along_row, other.along_row)
        and _are_parallel(slice_.along_column, other.along_column)
    )


def _is_same_series(a: AcquisitionParameters, b: AcquisitionParameters) -> bool:
    return (
        a.series == b.series
        and a.frame_of_reference == b.frame_of_reference
        and a.kernel == b.kernel
        and a.kvp == b.kvp
        and a.quantity == b.quantity
    )


def _is_same_size(a: Pair, b: Pair) -> bool:
    return abs(a[0] - b[0]) <= SAME_PIXEL * b[0] and abs(a[1] - b[1]) <= SAME_PIXEL * b[1]


def _are_parallel(a: Triple, b: Triple) -> bool:
    cosine = sum(p * q for p, q in zip(a, b, strict=True))
    return cosine >= SAME_DIRECTION


def _sort_slices(group: list[Slice]) -> list[Slice]:
    order = np.argsort(heights(group), kind="stable")
    return [group[index] for index in order]


def _split_phases(group: list[Slice]) -> list[Stack]:
    """One stack, or several where one element of the header tells the slices at one place apart."""
    most = _count_at_one_place(group)
    if most > 1:
        for number in range(len(group[0].phase)):
            phases = _group_by_phase(group, number)
            if 1 < len(phases) <= 2 * most and not any(_find_doubles(phase) for phase in phases):
                return [Stack(tuple(phase)) for phase in phases]
    return [Stack(tuple(group))]


def _count_at_one_place(group: list[Slice]) -> int:
    """The most slices that share a place."""
    places = np.round(heights(group) / (2 * SAME_PLACE_MM))
    return max(Counter(places.tolist()).values())


def _group_by_phase(group: list[Slice], number: int) -> list[list[Slice]]:
    """Slices by the value of one of the elements that may tell phases apart, in the order in which values come."""
    phases: dict[str, list[Slice]] = {}
    for slice_ in group:
        phases.setdefault(slice_.phase[number], []).append(slice_)
    return list(phases.values())


def _find_doubles(group: list[Slice]) -> bool:
    return bool((np.diff(heights(group)) <= SAME_PLACE_MM).any())
