"""Slices to stacks: what stands behind one another in one series, sorted by place, never by number or name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.io.ct.pixel_quantity import not_hu
from calcinet.io.ct.slice_header import AcquisitionParameters, Slice

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
    def taken(self) -> AcquisitionParameters:
        """How it was taken, by its first slice."""
        return self.slices[0].taken

    @property
    def files(self) -> list[int]:
        """Numbers of its files in the call, each once."""
        return sorted({slice_.file for slice_ in self.slices})

    def require_quantity(self) -> None:
        """Refuse a stack whose header says that its values are no HU of a conventional CT."""
        if self.taken.quantity is not None:
            raise not_hu(self.taken.quantity)

    @property
    def heights_mm(self) -> Floats:
        """Place of each slice along the normal."""
        return heights(self.slices)

    @property
    def increment_mm(self) -> float | None:
        """Usual distance of neighbours; None of one slice."""
        steps = np.diff(self.heights_mm)
        steps = steps[steps > SAME_PLACE_MM]
        return float(np.median(steps)) if steps.size else None

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
    loose: list[list[Slice]] = []
    for slice_ in slices:
        home = next((stack for stack in loose if _belongs_to_stack(slice_, stack[0])), None)
        if home is None:
            loose.append([slice_])
        else:
            home.append(slice_)
    return [stack for group in loose for stack in _split_phases(_sort_slices(group))]


def _belongs_to_stack(slice_: Slice, other: Slice) -> bool:
    a, b = slice_.taken, other.taken
    same_series = (a.series, a.frame_of_reference, a.kernel, a.kvp, a.quantity) == (
        *(b.series, b.frame_of_reference, b.kernel, b.kvp, b.quantity),
    )
    same_pixels = slice_.stored.shape == other.stored.shape and all(
        abs(p - q) <= SAME_PIXEL * q for p, q in zip(slice_.pixel_mm, other.pixel_mm, strict=True)
    )
    return same_series and same_pixels and _are_parallel(slice_, other)


def _are_parallel(a: Slice, b: Slice) -> bool:
    pairs = ((a.along_row, b.along_row), (a.along_column, b.along_column))
    return all(sum(p * q for p, q in zip(u, v, strict=True)) >= SAME_DIRECTION for u, v in pairs)


def _sort_slices(group: list[Slice]) -> list[Slice]:
    order = np.argsort(heights(group), kind="stable")
    return [group[index] for index in order]


def _split_phases(group: list[Slice]) -> list[Stack]:
    """One stack, or several where one element of the header tells the slices at one place apart."""
    most = max(Counter(np.round(heights(group) / (2 * SAME_PLACE_MM)).tolist()).values())
    if most > 1:
        for number in range(len(group[0].phase)):
            parts: dict[str, list[Slice]] = {}
            for slice_ in group:
                parts.setdefault(slice_.phase[number], []).append(slice_)
            if 1 < len(parts) <= 2 * most and not any(_find_doubles(part) for part in parts.values()):
                return [Stack(tuple(part)) for part in parts.values()]
    return [Stack(tuple(group))]


def _find_doubles(part: list[Slice]) -> bool:
    return bool((np.diff(heights(part)) <= SAME_PLACE_MM).any())
