"""Slices to stacks, and where the slices of a stack stand: sorted by place, never by number or name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.errors import Unreadable
from calcinet.io.axes import Affine
from calcinet.io.slices import Slice, Taken
from calcinet.text import counted, say

SAME_PLACE_MM: Final = 0.01
"""Slices nearer to each other stand at one place. Our choice: thirty times finer than the thinnest increment."""

SAME_DIRECTION: Final = 0.9999
"""Cosine between directions of one stack. Our choice: 0.8 degrees, above rounding and below any tilt."""

SAME_PIXEL: Final = 0.001
"""Relative difference of pixel sizes of one stack. Our choice: rounding of decimal strings."""

REGULAR_WITHIN: Final = 0.1
"""How far, in increments, a slice of a regular stack is from its place. Our choice: thin slices are rounded to 0.1 mm."""

MAX_GAP: Final = 2.2
"""Longest distance of neighbours in usual increments that is filled: one slice missing, and rounding."""

MAX_FILLED: Final = 2.0
"""Slices of the resampled stack over those that are there. Our choice: more would mostly be made up."""

STRAIGHT_WITHIN_PX: Final = 0.5
"""How far the corner of a slice may be beside the line through all. Our choice: half a pixel moves no outline."""

STRAIGHT_DEG: Final = 0.5
"""Angle between stacking and the slices' normal under which nothing is sheared: 0.9 % of the height of the stack."""

MAX_TILT_DEG: Final = 30.0
"""Gantries do not tilt further; beyond it the header is wrong."""

SPARSE: Final = 1.5
"""Increment over thickness from which there are gaps between slices that nobody saw. Our choice."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Slices of one series that stand behind one another, sorted along their normal."""

    slices: tuple[Slice, ...]

    @property
    def taken(self) -> Taken:
        """How it was taken, by its first slice."""
        return self.slices[0].taken

    @property
    def files(self) -> list[int]:
        """Numbers of its files in the call, each once."""
        return sorted({slice_.file for slice_ in self.slices})

    def require_quantity(self) -> None:
        """Refuse a stack whose header says that its values are no HU."""
        if self.taken.quantity is not None:
            message = say(
                "found {what}; expected the CT itself, in Hounsfield units: give the series it was made from",
                what=self.taken.quantity,
            )
            raise Unreadable(message, code="ct-not-hu")

    @property
    def heights_mm(self) -> NDArray[np.float64]:
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


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the slices of a stack stand, each place once."""

    chosen: tuple[Slice, ...]
    """One slice for each place, in order."""
    twins: tuple[tuple[int, Slice], ...]
    """Further slices at a place, with the number of the place."""
    places: NDArray[np.float64] | None
    """For each slice of the resampled stack where it stands among the chosen ones, in fractions; None: as they are."""
    step: NDArray[np.float64]
    """From one slice of the (resampled) stack to the next, (left, posterior, superior) in mm."""
    cautions: tuple[str, ...] = field(default=())

    @property
    def leans(self) -> bool:
        """Whether the gantry was tilted: the way from slice to slice is not the slices' normal."""
        return tilt_deg(self.chosen[0], self.step) > STRAIGHT_DEG

    @property
    def affine(self) -> Affine:
        """From (slice, row, column, 1) to (left, posterior, superior, 1) in mm."""
        first, matrix = self.chosen[0], np.eye(4)
        matrix[:3, 0] = self.step
        matrix[:3, 1] = np.multiply(first.along_column, first.pixel_mm[0])
        matrix[:3, 2] = np.multiply(first.along_row, first.pixel_mm[1])
        matrix[:3, 3] = first.position
        return matrix


def normal_of(slice_: Slice) -> NDArray[np.float64]:
    """Direction through the slice, of length 1."""
    across = np.cross(slice_.along_row, slice_.along_column)
    return np.asarray(across / np.linalg.norm(across))


def heights(slices: Sequence[Slice]) -> NDArray[np.float64]:
    """Place of each slice along the normal of the first, in mm."""
    return np.array([slice_.position for slice_ in slices]) @ normal_of(slices[0])


def stacks_of(slices: Iterable[Slice]) -> list[Stack]:
    """Put together what stands behind one another in one series, and apart what was taken twice at one place."""
    loose: list[list[Slice]] = []
    for slice_ in slices:
        home = next((stack for stack in loose if _belongs(slice_, stack[0])), None)
        if home is None:
            loose.append([slice_])
        else:
            home.append(slice_)
    return [stack for group in loose for stack in _phases(_sorted(group))]


def _belongs(slice_: Slice, other: Slice) -> bool:
    a, b = slice_.taken, other.taken
    same_series = (a.series, a.frame_of_reference, a.kernel, a.kvp, a.quantity) == (
        *(b.series, b.frame_of_reference, b.kernel, b.kvp, b.quantity),
    )
    same_pixels = slice_.stored.shape == other.stored.shape and all(
        abs(p - q) <= SAME_PIXEL * q for p, q in zip(slice_.pixel_mm, other.pixel_mm, strict=True)
    )
    return same_series and same_pixels and _parallel(slice_, other)


def _parallel(a: Slice, b: Slice) -> bool:
    pairs = ((a.along_row, b.along_row), (a.along_column, b.along_column))
    return all(sum(p * q for p, q in zip(u, v, strict=True)) >= SAME_DIRECTION for u, v in pairs)


def _sorted(group: list[Slice]) -> list[Slice]:
    order = np.argsort(heights(group), kind="stable")
    return [group[index] for index in order]


def _phases(group: list[Slice]) -> list[Stack]:
    """One stack, or several where one element of the header tells the slices at one place apart."""
    most = max(Counter(np.round(heights(group) / (2 * SAME_PLACE_MM)).tolist()).values())
    if most > 1:
        for number in range(len(group[0].phase)):
            parts: dict[str, list[Slice]] = {}
            for slice_ in group:
                parts.setdefault(slice_.phase[number], []).append(slice_)
            if 1 < len(parts) <= 2 * most and not any(_doubled(part) for part in parts.values()):
                return [Stack(tuple(part)) for part in parts.values()]
    return [Stack(tuple(group))]


def _doubled(part: list[Slice]) -> bool:
    return bool((np.diff(heights(part)) <= SAME_PLACE_MM).any())


def layout_of(stack: Stack) -> Layout:
    """Find the regular stack that the slices make, or that can be made of them.

    Raises
    ------
    Unreadable
        If slices are missing, too unequal, or do not stand behind one another.
    """
    chosen, twins = _apart(stack)
    if len(chosen) == 1:
        return _of_one(chosen, twins)
    along = heights(chosen)
    line = _line(chosen, along)
    _require_upright(chosen[0], line)
    increment = (along[-1] - along[0]) / (len(chosen) - 1)
    off = np.abs(along - along[0] - increment * np.arange(len(chosen))) / increment
    if off.max() <= REGULAR_WITHIN:
        return Layout(chosen, twins, None, line * increment, _sparse(stack, increment))
    return _filled(stack, chosen, twins, along, line)


def _apart(stack: Stack) -> tuple[tuple[Slice, ...], tuple[tuple[int, Slice], ...]]:
    chosen: list[Slice] = []
    twins: list[tuple[int, Slice]] = []
    last = -np.inf
    for slice_, place in zip(stack.slices, stack.heights_mm, strict=True):
        if place - last <= SAME_PLACE_MM:
            twins.append((len(chosen) - 1, slice_))
            continue
        chosen.append(slice_)
        last = place
    return tuple(chosen), tuple(twins)


def _of_one(chosen: tuple[Slice, ...], twins: tuple[tuple[int, Slice], ...]) -> Layout:
    """A slice alone; its thickness stands for the distance to the next, which is not there."""
    thickness = chosen[0].taken.thickness_mm
    remark = (
        say("one slice: no volume; its thickness of {mm:g} mm stands for the distance of slices", mm=thickness)
        if thickness
        else say("one slice: no volume; its thickness is not stated and 1 mm is taken for it")
    )
    return Layout(chosen, twins, None, normal_of(chosen[0]) * (thickness or 1.0), (remark,))


def _line(chosen: tuple[Slice, ...], along: NDArray[np.float64]) -> NDArray[np.float64]:
    """Way in the patient for each mm along the normal.

    Raises
    ------
    Unreadable
        If the slices do not stand on one line.
    """
    places = np.array([slice_.position for slice_ in chosen])
    line = (places[-1] - places[0]) / (along[-1] - along[0])
    beside = np.linalg.norm(places - places[0] - np.outer(along - along[0], line), axis=1)
    if beside.max() > STRAIGHT_WITHIN_PX * max(chosen[0].pixel_mm):
        message = say(
            "the slices do not stand behind one another: one lies {mm:.1f} mm beside the line of the others; export "
            "the series again, or give its parts apart",
            mm=float(beside.max()),
        )
        raise Unreadable(message, code="ct-geometry")
    return np.asarray(line)


def tilt_deg(first: Slice, line: NDArray[np.float64]) -> float:
    """Angle between the way from slice to slice and the slices' normal."""
    return float(np.degrees(np.arccos(np.clip(normal_of(first) @ line / np.linalg.norm(line), -1, 1))))


def _require_upright(first: Slice, line: NDArray[np.float64]) -> None:
    angle = tilt_deg(first, line)
    if angle > MAX_TILT_DEG:
        message = say(
            "the slices lean by {angle:.0f} degrees against the way in which they are stacked; expected at most "
            "{most:.0f}: no gantry tilts so far, export the series again",
            angle=angle,
            most=MAX_TILT_DEG,
        )
        raise Unreadable(message, code="ct-tilt")


def _filled(
    stack: Stack,
    chosen: tuple[Slice, ...],
    twins: tuple[tuple[int, Slice], ...],
    along: NDArray[np.float64],
    line: NDArray[np.float64],
) -> Layout:
    steps = np.diff(along)
    usual, longest = float(np.median(steps)), float(steps.max())
    count = round((along[-1] - along[0]) / float(steps.min())) + 1
    if longest > MAX_GAP * usual or count > MAX_FILLED * len(chosen):
        message = say(
            "slices are missing or too unequal: neighbours stand {shortest:.2f} to {longest:.2f} mm apart, usually "
            "{usual:.2f} mm; at most twice that is filled in: give the whole series",
            shortest=float(steps.min()),
            longest=longest,
            usual=usual,
        )
        raise Unreadable(message, code="ct-gap")
    increment = (along[-1] - along[0]) / (count - 1)
    wanted = along[0] + increment * np.arange(count)
    places = np.interp(wanted, along, np.arange(len(chosen)))
    near = np.round(places)
    places = np.where(np.abs(wanted - along[near.astype(int)]) <= REGULAR_WITHIN * increment, near, places)
    made = int((places != np.round(places)).sum())
    remark = counted(
        made,
        "slices are missing or unequally far apart: {count} of {all} was interpolated, every {mm:.2f} mm",
        "slices are missing or unequally far apart: {count} of {all} were interpolated, every {mm:.2f} mm",
        all=count,
        mm=float(increment),
    )
    return Layout(chosen, twins, places, line * increment, (remark, *_sparse(stack, increment)))


def _sparse(stack: Stack, increment: float) -> tuple[str, ...]:
    thickness = stack.taken.thickness_mm
    if thickness is None or increment <= SPARSE * thickness:
        return ()
    remark = say(
        "slices of {thickness:g} mm stand {increment:.1f} mm apart: what lies between them was not seen",
        thickness=thickness,
        increment=float(increment),
    )
    return (remark,)
