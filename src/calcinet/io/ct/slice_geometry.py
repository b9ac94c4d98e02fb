"""Where the slices of a stack stand: the regular grid that they make, or that can be made of them."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.errors import Unreadable
from calcinet.io.ct.slice_header import Slice
from calcinet.io.ct.stacks import SAME_PLACE_MM, Stack, heights, normal_of
from calcinet.text import counted, say

REGULAR_WITHIN: Final = 0.1
"""How far, in increments, a slice of a regular stack is from its place. Our choice: thin slices are rounded."""

MAX_INCREMENT_MM: Final = 30.0
"""Usual distance of neighbours. Our choice: examinations of single slices leave 10 to 20 mm; more is a wrong header."""

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

DENSE: Final = 0.15
"""Increment over thickness under which slices overlap more than scans do: places in cm, or of another scan. Our choice:
reconstructions overlap by half, slabs by four fifths."""

SPARSE: Final = 1.5
"""Increment over thickness from which there are gaps between slices that nobody saw. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the slices of a stack stand, each place once."""

    chosen: tuple[Slice, ...]
    """One slice for each place, in order."""
    twins: tuple[tuple[int, Slice], ...]
    """Further slices at a place, with the number of the place."""
    places: Floats | None
    """For each slice of the resampled stack which of the chosen ones it is, or between which it lies, in fractions;
    None: as they are."""
    scored_mm: Floats | None = None
    """For each slice of the resampled stack how much of the body's height it stands for where slices are scored; 0 of
    those that were interpolated. None: its increment."""
    step: Floats
    """From one slice of the (resampled) stack to the next, (left, posterior, superior) in mm."""
    cautions: tuple[str, ...] = field(default=())

    @property
    def leans(self) -> bool:
        """Whether the gantry was tilted: the way from slice to slice is not the slices' normal."""
        return tilt_deg(self.chosen[0], self.step) > STRAIGHT_DEG

    @property
    def affine(self) -> Floats:
        """From (slice, row, column, 1) to (left, posterior, superior, 1) in mm."""
        first, matrix = self.chosen[0], np.eye(4)
        matrix[:3, 0] = self.step
        matrix[:3, 1] = np.multiply(first.along_column, first.pixel_mm[0])
        matrix[:3, 2] = np.multiply(first.along_row, first.pixel_mm[1])
        matrix[:3, 3] = first.position
        return matrix


def layout_of(stack: Stack) -> Layout:
    """Find the regular stack that the slices make, or that can be made of them.

    Raises
    ------
    Unreadable
        If slices are missing, too unequal, or do not stand behind one another.
    """
    chosen, twins = _separate_twins(stack)
    if len(chosen) == 1:
        return _describe_single_slice(chosen, twins)
    along = heights(chosen)
    line = _fit_line(chosen, along)
    _require_upright(chosen[0], line)
    increment = (along[-1] - along[0]) / (len(chosen) - 1)
    _require_near(float(np.median(np.diff(along))))
    off = np.abs(along - along[0] - increment * np.arange(len(chosen))) / increment
    places: Floats | None = None
    scored_mm: Floats | None = None
    remarks: tuple[str, ...] = ()
    if off.max() > REGULAR_WITHIN:
        places, increment = _fill_grid(along)
        scored_mm = _share_height(places, along)
        remarks = _explain_grid(places, along, increment)
    cautions = (*remarks, *_warn_of_gaps(stack, increment))
    return Layout(
        chosen=chosen, twins=twins, places=places, scored_mm=scored_mm, step=line * increment, cautions=cautions
    )


def _fill_grid(along: Floats) -> tuple[Floats, float]:
    """Where each slice of the finest regular stack stands among those that are there, and its increment in mm.

    The slice next to each that is there is that one as it was acquired, up to half an increment beside its place: a
    score is defined on acquired slices [agatston1990]. The others lie between their neighbours.
    """
    count = _count_finest(along)
    increment = (along[-1] - along[0]) / (count - 1)
    wanted = along[0] + increment * np.arange(count)
    places = np.interp(wanted, along, np.arange(len(along)))
    nearest = np.rint((along - along[0]) / increment).astype(np.intp)
    farthest_first = np.argsort(-np.abs(along - wanted[nearest]), kind="stable")
    places[nearest[farthest_first]] = farthest_first  # of two at one place the nearer stays
    return places, increment


def _share_height(places: Floats, along: Floats) -> Floats:
    """Height in mm that each acquired slice of a resampled stack stands for, half-way to those beside it; 0 of others.

    The first and the last reach as far out as in.
    """
    is_acquired = places == np.round(places)
    there = along[places[is_acquired].astype(np.intp)]
    steps = np.diff(there)
    shares = np.zeros(len(places))
    shares[is_acquired] = (np.append(steps[0], steps) + np.append(steps, steps[-1])) / 2
    return shares


def _count_finest(along: Floats) -> int:
    """Slices of the regular stack whose distance is the shortest of the neighbours here.

    Raises
    ------
    Unreadable
        If more than one in two of them would be made up, or a gap is too long to fill.
    """
    steps = np.diff(along)
    shortest, usual, longest = float(steps.min()), float(np.median(steps)), float(steps.max())
    count = round(float(along[-1] - along[0]) / shortest) + 1
    if longest > MAX_GAP * usual or count > MAX_FILLED * len(along):
        message = say(
            "slices are missing or too unequal: neighbours stand {shortest:.2f} to {longest:.2f} mm apart, usually "
            "{usual:.2f} mm; at most twice that is filled in: give the whole series",
            shortest=shortest,
            longest=longest,
            usual=usual,
        )
        raise Unreadable(message, code="ct-gap")
    return count


def _explain_grid(places: Floats, along: Floats, increment: float) -> tuple[str, ...]:
    """Say how many slices were made up, and how far one that was acquired lies beside its place."""
    is_acquired = places == np.round(places)
    remarks: tuple[str, ...] = ()
    if not is_acquired.all():
        filled = counted(
            int((~is_acquired).sum()),
            "slices are missing or unequally far apart: {count} of {all} was interpolated, every {mm:.2f} mm",
            "slices are missing or unequally far apart: {count} of {all} were interpolated, every {mm:.2f} mm",
            all=len(places),
            mm=float(increment),
        )
        remarks = (filled,)
    put = along[0] + increment * np.flatnonzero(is_acquired)
    beside = float(np.abs(put - along[places[is_acquired].astype(np.intp)]).max())
    if beside > REGULAR_WITHIN * increment:
        moved = say(
            "slices unequally far apart were put into one row of {mm:.2f} mm steps: up to {beside:.2f} mm beside their "
            "places",
            mm=float(increment),
            beside=beside,
        )
        remarks = (*remarks, moved)
    return remarks


def _separate_twins(stack: Stack) -> tuple[tuple[Slice, ...], tuple[tuple[int, Slice], ...]]:
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


def _describe_single_slice(chosen: tuple[Slice, ...], twins: tuple[tuple[int, Slice], ...]) -> Layout:
    """A slice alone; its thickness stands for the distance to the next, which is not there."""
    thickness = chosen[0].acquisition.thickness_mm
    if thickness:
        remark = say("one slice: no volume; its thickness of {mm:g} mm stands for the distance of slices", mm=thickness)
    else:
        remark = say("one slice: no volume; its thickness is not stated and 1 mm is taken for it")
    step = normal_of(chosen[0]) * (thickness or 1.0)
    return Layout(chosen=chosen, twins=twins, places=None, step=step, cautions=(remark,))


def _fit_line(chosen: tuple[Slice, ...], along: Floats) -> Floats:
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


def tilt_deg(first: Slice, line: Floats) -> float:
    """Angle between the way from slice to slice and the slices' normal."""
    return float(np.degrees(np.arccos(np.clip(normal_of(first) @ line / np.linalg.norm(line), -1, 1))))


def _require_upright(first: Slice, line: Floats) -> None:
    angle = tilt_deg(first, line)
    if angle > MAX_TILT_DEG:
        message = say(
            "the slices lean by {angle:.0f} degrees against the way in which they are stacked; expected at most "
            "{most:.0f}: no gantry tilts so far, export the series again",
            angle=angle,
            most=MAX_TILT_DEG,
        )
        raise Unreadable(message, code="ct-tilt")


def _require_near(usual: float) -> None:
    if usual > MAX_INCREMENT_MM:
        message = say(
            "the slices stand {mm:.6g} mm apart; expected at most {most:.0f} mm: give the whole series",
            mm=usual,
            most=MAX_INCREMENT_MM,
        )
        raise Unreadable(message, code="ct-gap")


def _warn_of_gaps(stack: Stack, increment: float) -> tuple[str, ...]:
    thickness = stack.acquisition.thickness_mm
    if thickness is None or DENSE * thickness <= increment <= SPARSE * thickness:
        return ()
    if increment < DENSE * thickness:
        overlap = say(
            "slices of {thickness:g} mm stand {increment:.2f} mm apart, nearer than any scan has them: are their "
            "places in mm? Volumes, lengths and scores hang on them",
            thickness=thickness,
            increment=float(increment),
        )
        return (overlap,)
    remark = say(
        "slices of {thickness:g} mm stand {increment:.1f} mm apart: what lies between them was not seen",
        thickness=thickness,
        increment=float(increment),
    )
    return (remark,)
