"""A stack of CT slices to one image: slice by slice into one volume, never all files in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.image import Acquisition, Image
from calcinet.io.ct.frame_decoding import frames_of, put_hu
from calcinet.io.ct.hounsfield_check import require_hounsfield
from calcinet.io.ct.kernels import named
from calcinet.io.ct.orientation import Turn, obliqueness, spacing_of_affine, turn_of
from calcinet.io.ct.resampling import resampled, sheared
from calcinet.io.ct.slice_geometry import Layout, layout_of
from calcinet.io.ct.slice_header import Slice
from calcinet.io.ct.stacks import Stack
from calcinet.io.dicom.body_site import site_of
from calcinet.io.dicom.codecs import BY_GDCM
from calcinet.io.dicom.header import number, parse, quiet, text
from calcinet.io.options import Options
from calcinet.text import counted, say

WORKERS: Final = 2
"""Slices in work at a time. Our choice: the cores of a small machine; each needs the memory of one file."""

BATCH: Final = 32
"""Slices that one process of the JPEG decoder takes. Our choice: its start, a third of a second, is then shared."""

MAX_VOXELS: Final = 600_000_000
"""Our choice: 2200 slices of 512 x 512, 2.4 GB of numbers."""

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
    rows, columns = layout.chosen[0].stored.shape
    shape = (len(layout.chosen), rows, columns)
    _require_room(layout, shape)
    with quiet():
        turn = turn_of(layout.affine)
        volume, remarks = _fill_gaps(layout, load, turn, shape)
        header = parse(load(layout.chosen[0].file))
        return _build_image(volume, layout, turn, header, options, identity, (*remarks, *layout.cautions), why)


def in_order(layout: Layout) -> list[Slice]:
    """The slices as Z of the image rises; none where a slice of the image is no slice of the series.

    Rows and columns may run the other way, as of a patient who lies prone: headers say where each pixel lies.
    """
    turn = turn_of(layout.affine)
    lone_files = len({slice_.file for slice_ in layout.chosen}) == len(layout.chosen)
    if layout.places is not None or turn.order != (0, 1, 2) or not lone_files or layout.leans:
        return []
    return list(layout.chosen[::-1] if turn.flipped[0] else layout.chosen)


def lowest(layout: Layout) -> Slice:
    """The slice at the low end of Z."""
    turn = turn_of(layout.affine)
    return layout.chosen[-1] if turn.order[0] == 0 and turn.flipped[0] else layout.chosen[0]


def _require_room(layout: Layout, shape: tuple[int, int, int]) -> None:
    count = shape[0] if layout.places is None else len(layout.places)
    if count * shape[1] * shape[2] > MAX_VOXELS:
        message = say(
            "found {count} slices of {rows} x {columns}; expected at most {millions} million voxels: give a part of "
            "the series",
            count=count,
            rows=shape[1],
            columns=shape[2],
            millions=MAX_VOXELS // 10**6,
        )
        raise Unreadable(message, code="too-many-pixels")


def _fill_gaps(layout: Layout, load: Load, turn: Turn, shape: tuple[int, int, int]) -> tuple[Pixels, tuple[str, ...]]:
    """The decoded volume in our axes, not yet resampled, and remarks on single slices."""
    volume = turn.blank(shape)
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
        told = counted(
            len(layout.twins),
            "{count} slice is there twice, with the same pixels: one of each was kept",
            "{count} slices are there twice, with the same pixels: one of each was kept",
        )
        remarks[told] = None
    return volume, tuple(remarks)


def _decode_slices(layout: Layout, load: Load, by_slice: Pixels) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Decode every slice into its place, file by file, two at a time."""
    by_file: dict[int, list[int]] = {}
    for place, slice_ in enumerate(layout.chosen):
        by_file.setdefault(slice_.file, []).append(place)

    def fill(batch: list[int]) -> list[tuple[int, tuple[str, ...]]]:
        alike = layout.chosen[by_file[batch[0]][0]].stored
        return [
            (place, put_hu(layout.chosen[place].stored, frames, by_slice[place]))
            for file, frames in zip(batch, frames_of([load(file) for file in batch], alike), strict=True)
            for place in by_file[file]
        ]

    batches = _split_batches({file: layout.chosen[places[0]].stored.syntax for file, places in by_file.items()})
    with ThreadPoolExecutor(min(WORKERS, len(batches))) as workers:
        for done in workers.map(fill, batches):
            yield from done


def _split_batches(syntaxes: Mapping[int, str]) -> list[list[int]]:
    """Files that are packed alike, a handful together where they share the start of a decoder."""
    alike: dict[str, list[int]] = {}
    for file, syntax in syntaxes.items():
        alike.setdefault(syntax, []).append(file)
    sizes = {syntax: BATCH if syntax in BY_GDCM else 1 for syntax in alike}
    return [
        files[start : start + sizes[syntax]]
        for syntax, files in alike.items()
        for start in range(0, len(files), sizes[syntax])
    ]


def _require_same(twin: Slice, kept: Pixels, load: Load) -> None:
    again = np.empty_like(kept, order="C")
    put_hu(twin.stored, frames_of([load(twin.file)], twin.stored)[0], again)
    if not np.array_equal(again, kept):
        message = say(
            "slices with different pixels stand at one place, and nothing in their headers tells them apart: give one "
            "series, or one phase of it"
        )
        raise Unreadable(message, code="ct-doubles")


def _build_image(
    volume: Pixels,
    layout: Layout,
    turn: Turn,
    header: Dataset,
    options: Options,
    identity: Identity,
    cautions: Sequence[str],
    why: str | None,
) -> Image:
    """Resample where the slices ask for it, check, and say how the series was taken."""
    affine, remarks = layout.affine, tuple(cautions)
    if layout.places is not None:
        volume = turn.ours(resampled(turn.theirs(volume), layout.places))
    if layout.leans:
        straight, affine, remark = sheared(turn.theirs(volume), affine)
        volume, remarks = turn.ours(straight), (*remarks, remark)
    theirs = turn.theirs(volume).shape
    require_hounsfield(volume)
    ours = turn.affine(affine, (theirs[0], theirs[1], theirs[2]))
    site, taken = site_of(header, options.anatomy), layout.chosen[0].taken
    acquisition = Acquisition(taken.contrast, taken.kvp, named(taken.kernel), taken.thickness_mm, why)
    return Image(
        volume,
        spacing_of_affine(ours),
        "[hnsf'U]",
        modality="CT",
        spacing_basis="calibrated",
        anatomy=site.anatomy,
        laterality=site.laterality,
        source=identity.source,
        sha256=identity.sha256,
        linear=True,
        cautions=(*remarks, *obliqueness(ours), *site.cautions, *_collect_remarks(header, layout, options)),
        affine=ours,
        acquisition=acquisition,
    )


def _collect_remarks(header: Dataset, layout: Layout, options: Options) -> tuple[str, ...]:
    """Sentences on what the header or the caller say besides."""
    said = []
    tilt = number(header, "GantryDetectorTilt") or 0.0
    if abs(tilt) > TILT_DEG and not layout.leans:
        said.append(
            say(
                "the header states a gantry tilt of {angle:.0f} degrees, but the slices stand upright: their places "
                "were believed",
                angle=tilt,
            )
        )
    if layout.chosen[0].taken.derived:
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
