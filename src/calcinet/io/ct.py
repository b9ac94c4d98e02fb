"""A stack of CT slices to one image: slice by slice into one volume, never all files in memory."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.image import Acquisition, Image
from calcinet.io.anatomy import site_of
from calcinet.io.axes import Turn, Volume, obliqueness, spacing_of_affine, turn_of
from calcinet.io.codecs import stored_pixels
from calcinet.io.header import number, overlay_keys, parse, quiet, text
from calcinet.io.hounsfield import PADDING_BELOW_HU, require_hounsfield, without_padding
from calcinet.io.options import Options
from calcinet.io.places import Layout, layout_of
from calcinet.io.regular import resampled, sheared
from calcinet.io.series import Stack
from calcinet.io.slices import Slice
from calcinet.io.stored import Stored
from calcinet.text import counted, say

WORKERS: Final = 2
"""Slices in work at a time. Our choice: the cores of a small machine; each needs the memory of one file."""

MAX_VOXELS: Final = 600_000_000
"""Our choice: 2200 slices of 512 x 512, 2.4 GB of numbers."""

WRONG_BITS: Final = say("pixel values exceed what the header allows (Bits Stored): they were taken as they are stored")

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
        volume, remarks = _filled(layout, load, turn, shape)
        header = parse(load(layout.chosen[0].file))
        return _image(volume, layout, turn, header, options, identity, (*remarks, *layout.cautions), why)


def in_order(layout: Layout) -> list[Slice]:
    """The slices as Z of the image rises; none where a slice of the image is no slice of the series."""
    turn = turn_of(layout.affine)
    lone_files = len({slice_.file for slice_ in layout.chosen}) == len(layout.chosen)
    if layout.places is not None or not turn.plain or not lone_files or layout.leans:
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


def _filled(layout: Layout, load: Load, turn: Turn, shape: tuple[int, int, int]) -> tuple[Volume, tuple[str, ...]]:
    """The decoded volume in our axes, not yet resampled, and remarks on single slices."""
    volume = turn.blank(shape)
    by_slice = turn.theirs(volume)
    twins: dict[int, list[Slice]] = {}
    for place, slice_ in layout.twins:
        twins.setdefault(place, []).append(slice_)
    remarks: dict[str, None] = {}
    for place, said in _decoded(layout, load, by_slice):
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


def _decoded(layout: Layout, load: Load, by_slice: Volume) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Decode every slice into its place, file by file, two at a time."""
    by_file: dict[int, list[int]] = {}
    for place, slice_ in enumerate(layout.chosen):
        by_file.setdefault(slice_.file, []).append(place)

    def fill(file: int) -> list[tuple[int, tuple[str, ...]]]:
        data = load(file)
        frames = _Frames(data)
        return [(place, _put(layout.chosen[place], frames, by_slice[place])) for place in by_file[file]]

    with ThreadPoolExecutor(WORKERS if len(by_file) > 1 else 1) as workers:
        for done in workers.map(fill, by_file):
            yield from done


class _Frames:
    """The stored pixels of one file; packed ones are unpacked once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._unpacked: NDArray[Any] | None = None
        self._overlays = False

    def of(self, stored: Stored) -> tuple[NDArray[Any], bool]:
        """Pixels of one slice, shape (rows, columns), and whether an old overlay may lie in their upper bits."""
        if stored.start is not None:
            size = stored.shape[0] * stored.shape[1]
            return np.frombuffer(self.data, stored.dtype, size, stored.start).reshape(stored.shape), False
        if self._unpacked is None:
            header = parse(self.data)
            self._overlays = any(number(header, key) for key in overlay_keys(header, 0x0102))
            self._unpacked = stored_pixels(header, self.data)
        pixels = self._unpacked if self._unpacked.ndim == 2 else self._unpacked[stored.frame or 0]
        if pixels.shape != stored.shape:
            raise Unreadable(say("the pixels do not fit the header: export the series again"), code="truncated")
        return pixels, self._overlays


def _put(slice_: Slice, frames: _Frames, out: NDArray[np.float32]) -> tuple[str, ...]:
    """Write the HU of one slice; what is doubtful about them comes back."""
    stored = slice_.stored
    pixels, overlays = frames.of(stored)
    remarks: tuple[str, ...] = ()
    if 0 < stored.bits < 8 * pixels.dtype.itemsize:
        if overlays:
            pixels = _without_upper_bits(pixels, stored.bits)
        elif _exceeds(pixels, stored.bits):
            remarks = (WRONG_BITS,)
    hu = pixels.astype(np.float32)
    if (stored.slope, stored.intercept) != (1.0, 0.0):
        hu *= np.float32(stored.slope)
        hu += np.float32(stored.intercept)
    without_padding(hu, _padded(pixels, stored))
    out[...] = hu
    return remarks


def _without_upper_bits(pixels: NDArray[Any], bits: int) -> NDArray[Any]:
    spare = 8 * pixels.dtype.itemsize - bits
    return (pixels << spare) >> spare


def _exceeds(pixels: NDArray[Any], bits: int) -> bool:
    low, high = (0, 2**bits - 1) if pixels.dtype.kind == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return bool(pixels.max() > high or pixels.min() < low)


def _padded(pixels: NDArray[Any], stored: Stored) -> NDArray[np.bool_] | None:
    """Pixels that the header declares void; None where it declares none, or names values of tissue."""
    if stored.padding is None:
        return None
    low, high = stored.padding
    if max(low, high) * stored.slope + stored.intercept > PADDING_BELOW_HU:
        return None
    return np.asarray((pixels >= low) & (pixels <= high))


def _require_same(twin: Slice, kept: NDArray[np.float32], load: Load) -> None:
    again = np.empty_like(kept, order="C")
    _put(twin, _Frames(load(twin.file)), again)
    if not np.array_equal(again, kept):
        message = say(
            "slices with different pixels stand at one place, and nothing in their headers tells them apart: give one "
            "series, or one phase of it"
        )
        raise Unreadable(message, code="ct-doubles")


def _image(
    volume: Volume,
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
    acquisition = Acquisition(taken.contrast, taken.kvp, taken.kernel, taken.thickness_mm, why)
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
        cautions=(*remarks, *obliqueness(ours), *site.cautions, *_remarks(header, options)),
        affine=ours,
        acquisition=acquisition,
    )


def _remarks(header: Dataset, options: Options) -> tuple[str, ...]:
    """Sentences on what the header or the caller say besides."""
    said = []
    if text(header, "LossyImageCompression") == "01":
        said.append(say("lossily compressed: fine lines may be lost or made up"))
    if options.spacing_mm is not None:
        said.append(say("the pixel spacing that was given is for films: a CT keeps its own"))
    if options.modality not in (None, "CT"):
        said.append(say("the file says CT, and is read as such, not as {stated} as given", stated=options.modality))
    return tuple(said)
