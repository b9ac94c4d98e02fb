"""A stack of CT slices to one image: slice by slice into one volume, never all files in memory."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.arrays import Floats, Pixels
from calcinet.errors import Unreadable
from calcinet.image import Acquisition, Image
from calcinet.io.ct.frame_decoding import Frames, put_hu
from calcinet.io.ct.hounsfield_check import require_hounsfield
from calcinet.io.ct.kernels import named
from calcinet.io.ct.orientation import obliqueness, spacing_of_affine, turn_of
from calcinet.io.ct.resampling import resampled, sheared
from calcinet.io.ct.slice_geometry import MAX_TILT_DEG, Layout, layout_of
from calcinet.io.ct.slice_header import Slice
from calcinet.io.ct.stacks import Stack, normal_of
from calcinet.io.dicom.body_site import site_of
from calcinet.io.dicom.header import parse, quiet, text
from calcinet.io.dicom.pixel_shape import aspect_of, contradicts_sides
from calcinet.io.options import Options
from calcinet.limits import VOXELS
from calcinet.text import counted, say

WORKERS: Final = 2
"""Slices in work at a time. Our choice: the cores of a small machine; each needs the memory of one file."""

TILT_DEG: Final = 1.0
"""A stated tilt below this moves nothing by a pixel from slice to slice. Our choice."""

Load = Callable[[int], bytes]
"""Reads a file of the call by its number, and raises Unreadable where it has changed since it was looked at."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What names a series downstream."""

    source: str
    sha256: str


def read_series(stack: Stack, load: Load, options: Options, identity: Identity, why: str | None = None) -> Image:
    """Decode a stack into an image in HU.

    Raises
    ------
    Unreadable
        If slices are missing, do not fit together, cannot be decoded, or hold no HU.
    """
    stack.require_quantity()
    layout = layout_of(stack)
    _require_room(layout)
    with quiet():
        decoded, remarks = _decode_volume(layout, load)
        header = parse(load(layout.chosen[0].file))
        volume, affine, moved = _straighten(decoded, layout)
        require_hounsfield(volume)
        site = site_of(header, options.anatomy)
        said = (*remarks, *layout.cautions, *moved, *obliqueness(affine), *_warn_of_planes(layout), *site.cautions)
        return Image(
            volume,
            spacing_of_affine(affine),
            "[hnsf'U]",
            modality="CT",
            spacing_basis="calibrated",
            anatomy=site.anatomy,
            laterality=site.laterality,
            source=identity.source,
            sha256=identity.sha256,
            linear=True,
            cautions=(*said, *_collect_remarks(header, layout, options)),
            affine=affine,
            scored_mm=_arrange_shares(layout),
            acquisition=_describe_acquisition(layout.chosen[0], why),
        )


def in_order(layout: Layout) -> list[Slice]:
    """The slices as Z of the image rises; none where a slice of the image is no slice of the series.

    Rows and columns may run the other way, as of a patient who lies prone: headers say where each pixel lies.
    """
    turn = turn_of(layout.affine)
    files = {slice_.file for slice_ in layout.chosen}
    if len(files) != len(layout.chosen):
        return []
    if layout.places is not None or turn.order != (0, 1, 2) or layout.leans:
        return []
    if turn.flipped[0]:
        return list(layout.chosen[::-1])
    return list(layout.chosen)


def lowest(layout: Layout) -> Slice:
    """The slice at the low end of Z."""
    turn = turn_of(layout.affine)
    if turn.order[0] == 0 and turn.flipped[0]:
        return layout.chosen[-1]
    return layout.chosen[0]


def _require_room(layout: Layout) -> None:
    rows, columns = layout.chosen[0].stored.shape
    count = len(layout.chosen)
    if layout.places is not None:
        count = len(layout.places)
    if count * rows * columns > VOXELS.value:
        message = say(
            "found {count} slices of {rows} x {columns}; expected at most {millions} million voxels: give a part of "
            "the series",
            count=count,
            rows=rows,
            columns=columns,
            millions=VOXELS.value // 10**6,
        )
        raise Unreadable(message, code="too-many-pixels")


def _decode_volume(layout: Layout, load: Load) -> tuple[Pixels, tuple[str, ...]]:
    """The decoded slices in our axes, not yet resampled, and remarks on single ones."""
    rows, columns = layout.chosen[0].stored.shape
    turn = turn_of(layout.affine)
    volume = turn.blank((len(layout.chosen), rows, columns))
    by_slice = turn.theirs(volume)
    twins: dict[int, list[Slice]] = {}
    for place, slice_ in layout.twins:
        twins.setdefault(place, []).append(slice_)
    remarks: dict[str, None] = {}
    for place, said in _decode_slices(layout, load, by_slice):
        remarks |= dict.fromkeys(said)
        for twin in twins.get(place, ()):
            _require_same(twin, by_slice[place], load)
    if layout.twins:
        doubled = counted(
            len(layout.twins),
            "{count} slice is there twice, with the same pixels: one of each was kept",
            "{count} slices are there twice, with the same pixels: one of each was kept",
        )
        remarks[doubled] = None
    return volume, (*remarks, *_warn_of_empty(by_slice))


def _warn_of_empty(by_slice: Pixels) -> tuple[str, ...]:
    """A sentence on slices between others that hold one value alone: their pixels were lost on the way."""
    holds_something = np.flatnonzero([np.ptp(plane) > 0 for plane in by_slice])
    if not holds_something.size:
        return ()
    empty = int(holds_something[-1] - holds_something[0] + 1 - holds_something.size)
    if not empty:
        return ()
    remark = counted(
        empty,
        "{count} slice between others is empty: calcium in it is missing from every measure; export it again",
        "{count} slices between others are empty: calcium in them is missing from every measure; export it again",
    )
    return (remark,)


def _decode_slices(layout: Layout, load: Load, by_slice: Pixels) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Decode every slice into its place, file by file, two at a time."""
    by_file: dict[int, list[int]] = {}
    for place, slice_ in enumerate(layout.chosen):
        by_file.setdefault(slice_.file, []).append(place)

    def fill(file: int) -> list[tuple[int, tuple[str, ...]]]:
        frames = Frames(load(file))
        remarks = []
        for place in by_file[file]:
            remarks.append((place, put_hu(layout.chosen[place].stored, frames, by_slice[place])))
        return remarks

    with ThreadPoolExecutor(min(WORKERS, len(by_file))) as workers:
        for done in workers.map(fill, by_file):
            yield from done


def _straighten(decoded: Pixels, layout: Layout) -> tuple[Pixels, Floats, tuple[str, ...]]:
    """The volume and its affine, resampled and sheared where the slices ask for it, and what there is to say of it."""
    turn = turn_of(layout.affine)
    volume, affine = decoded, layout.affine
    remarks: tuple[str, ...] = ()
    if layout.places is not None:
        volume = turn.ours(resampled(turn.theirs(volume), layout.places))
    if layout.leans:
        upright, affine, remark = sheared(turn.theirs(volume), affine)
        volume, remarks = turn.ours(upright), (remark,)
    slices, rows, columns = turn.theirs(volume).shape
    return volume, turn.affine(affine, (slices, rows, columns)), remarks


def _arrange_shares(layout: Layout) -> tuple[float, ...] | None:
    """Height that each slice stands for, as Z of the image rises; None where all are alike, or Z counts no slices."""
    turn = turn_of(layout.affine)
    if layout.scored_mm is None or turn.order[0] != 0:
        return None
    shares = layout.scored_mm
    if turn.flipped[0]:
        shares = shares[::-1]
    return tuple(shares.tolist())


def _warn_of_planes(layout: Layout) -> tuple[str, ...]:
    """A sentence where the slices are not transverse."""
    if turn_of(layout.affine).order[0] == 0:
        return ()
    return (
        say(
            "the slices are not transverse: an Agatston score, defined on transverse slices, is that of planes cut "
            "through them"
        ),
    )


def _describe_acquisition(first: Slice, why: str | None) -> Acquisition:
    stated = first.acquisition
    return Acquisition(stated.contrast, stated.kvp, named(stated.kernel), stated.thickness_mm, why)


def _require_same(twin: Slice, kept: Pixels, load: Load) -> None:
    again = np.empty_like(kept, order="C")
    put_hu(twin.stored, Frames(load(twin.file)), again)
    if not np.array_equal(again, kept):
        message = say(
            "slices with different pixels stand at one place, and nothing in their headers tells them apart: give one "
            "series, or one phase of it"
        )
        raise Unreadable(message, code="ct-doubles")


def _collect_remarks(header: Dataset, layout: Layout, options: Options) -> tuple[str, ...]:
    """Sentences on what the header or the caller say besides."""
    said = list(_compare_tilt(layout))
    aspect, _ = aspect_of(header)
    if contradicts_sides(aspect, layout.chosen[0].pixel_mm):
        said.append(say("Pixel Aspect Ratio in the file contradicts its Pixel Spacing, which was believed"))
    if layout.chosen[0].acquisition.derived:
        said.append(
            say("made from other slices of the examination: calcium may be larger or fainter than in those as acquired")
        )
    if text(header, "LossyImageCompression") == "01":
        said.append(say("lossily compressed: fine lines may be lost or made up"))
    if options.spacing_mm is not None:
        said.append(say("the pixel spacing that was given is for films: a CT keeps its own"))
    if options.modality not in (None, "CT"):
        said.append(say("the file says CT, and is read as such, not as {stated} as given", stated=options.modality))
    return tuple(said)


def _compare_tilt(layout: Layout) -> tuple[str, ...]:
    """A sentence where a tilt is stated that the slices do not show, and what it would mean for volume and score."""
    first = layout.chosen[0]
    tilt = abs(first.acquisition.tilt_deg or 0.0)
    leans_to_body = np.degrees(np.arccos(np.clip(np.abs(normal_of(first)).max(), -1, 1)))
    if not TILT_DEG < tilt <= MAX_TILT_DEG or layout.leans or abs(leans_to_body - tilt) <= TILT_DEG:
        return ()
    remark = say(
        "the header states a gantry tilt of {angle:.0f} degrees, but the slices stand upright: their places were "
        "believed; if they leaned, volumes and scores are {excess:.1f} % too large",
        angle=tilt,
        excess=100 * (1 / np.cos(np.radians(tilt)) - 1),
    )
    return (remark,)
