"""Legs on CT with calcium, bones and confounders of exactly known place and volume."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.image import Acquisition, Image
from calcinet.phantoms.ct.confounders import Confounder, Piece
from calcinet.phantoms.ct.contents import place_contents
from calcinet.phantoms.ct.course import SURFACE
from calcinet.phantoms.ct.deposit import Box, Grid, shares
from calcinet.phantoms.ct.limb import Leg, make_leg
from calcinet.phantoms.ct.scanner import SOFT, Scanner, scan
from calcinet.phantoms.ct.scene import draw_scene
from calcinet.phantoms.ct.spec import LOWER_LEG, SOME, Build, Calcium
from calcinet.phantoms.ct.tissue import BLOOD_HU, LegTissue, make_leg_tissue
from calcinet.phantoms.ct.truth import Body, ConfounderTruth, LegTruth, Lesion, LesionTruth
from calcinet.vocabulary import LimbSide

__all__ = ["Build", "Calcium", "Scanner", "leg", "make_legs", "scan_legs"]

MARGIN_MM: Final = 18.0
"""Air about the legs."""

BETWEEN_MM: Final = 14.0
"""Air between two legs."""

TABLE_MM: Final = 20.0
"""How much farther the scan reaches where a table is under the legs."""

BOTH_SIDES: Final[tuple[LimbSide, LimbSide]] = ("R", "L")
"""In the order in which they are drawn."""

Share = tuple[Box, Pixels]
"""A box of voxels, and the share of each that a body fills."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Legs:
    """Legs before they are scanned."""

    seed: int
    build: Build
    limbs: list[Leg]
    contents: list[tuple[list[Lesion], list[Piece]]]
    """Of each leg, in the order of `limbs`; so are the tissues."""
    tissues: list[LegTissue]
    confounders: tuple[Confounder, ...]


def leg(
    seed: int = 0,
    spacing_mm: tuple[float, float, float] = (1.0, 0.6, 0.6),
    *,
    build: Build = LOWER_LEG,
    calcium: Calcium = SOME,
    confounders: Sequence[Confounder] = (),
    scanner: Scanner = SOFT,
) -> tuple[Image, LegTruth]:
    """Scan one leg or two.

    Legs, lesions and confounders follow from the seed alone: another spacing or scanner shows the same body.

    Parameters
    ----------
    seed
        Of all that is random.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    build
        Which part of which legs, with contrast or without.
    calcium
        How many lesions of each kind are looked for; there may be room for fewer.
    confounders
        What else is bright.
    scanner
        Blur, noise and thickness of slices.
    """
    return scan_legs(make_legs(seed, build, calcium, confounders), spacing_mm, scanner)


def make_legs(
    seed: int, build: Build = LOWER_LEG, calcium: Calcium = SOME, confounders: Sequence[Confounder] = ()
) -> Legs:
    """Legs with all that is in them, to be scanned as often as is wanted; parameters as `leg` has them."""
    limbs = _draw_legs(seed, build)
    contents, tissues = [], []
    for number, limb in enumerate(limbs):
        contents.append(place_contents(limb, build.span, calcium, tuple(confounders), _open_stream(seed, 2, number)))
        tissues.append(make_leg_tissue(limb, build.lumen_hu or BLOOD_HU, _open_stream(seed, 1, number)))
    return Legs(seed=seed, build=build, limbs=limbs, contents=contents, tissues=tissues, confounders=tuple(confounders))


def scan_legs(
    legs: Legs,
    spacing_mm: tuple[float, float, float] = (1.0, 0.6, 0.6),
    scanner: Scanner = SOFT,
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> tuple[Image, LegTruth]:
    """Scan legs, the voxels moved against them by `shift_mm` along (Z, Y, X)."""
    seed, build, limbs, tissues = legs.seed, legs.build, legs.limbs, legs.tissues
    grid = _make_grid(limbs, build.span, spacing_mm, scanner, table="table" in legs.confounders)
    z, y, x = (first + mm for first, mm in zip(grid.first, shift_mm, strict=True))
    grid = replace(grid, first=(z, y, x))
    sharp, bone, body = draw_scene(tissues, grid, legs.confounders, _open_stream(seed, 3))
    lesions, seen_confounders = _add_bodies(sharp, grid, legs.contents)
    metal = [piece.box for piece in seen_confounders if piece.name in ("screw", "plate")]
    still = Scanner(blur_fwhm_mm=scanner.blur_fwhm_mm, noise_hu=0.0)
    clean = scan(np.array(sharp), grid, still, metal, _open_stream(seed, 4))
    hu = clean
    if scanner.noise_hu:
        hu = scan(sharp, grid, scanner, metal, _open_stream(seed, 4))
    truth = LegTruth(
        shape=grid.shape,
        lesions=tuple(_describe_lesion(lesion, share, grid, clean) for lesion, share in lesions),
        confounders=tuple(seen_confounders),
        bone=bone,
        body=body,
        arteries=_trace_arteries(limbs, grid),
        lumen_hu=tissues[0].lumen_hu,
    )
    return _make_image(hu, grid, build, scanner), truth


def _open_stream(seed: int, number: int, item: int = 0) -> np.random.Generator:
    return np.random.default_rng([seed, number, item])


def volume_shape(
    seed: int,
    spacing_mm: tuple[float, float, float] = (1.0, 0.6, 0.6),
    *,
    build: Build = LOWER_LEG,
    confounders: Sequence[Confounder] = (),
    scanner: Scanner = SOFT,
) -> tuple[int, int, int]:
    """Slices, rows and columns that `leg` gives with the same options; nothing is drawn."""
    return _make_grid(_draw_legs(seed, build), build.span, spacing_mm, scanner, table="table" in confounders).shape


def _draw_legs(seed: int, build: Build) -> list[Leg]:
    """The legs that are asked for; each of two is moved to its side so far that air is between them."""
    if build.sides != "B":
        return [_make_leg_at(seed, build.sides, 0.0)]
    heights = np.linspace(*build.span, 40)
    widest = float(SURFACE(heights)[:, 0].max())
    legs = []
    for side in BOTH_SIDES:
        limb = _make_leg_at(seed, side, 0.0)
        away = 1.05 * limb.girth * widest + BETWEEN_MM / 2
        legs.append(_make_leg_at(seed, side, limb.sign * away))
    return legs


def _make_leg_at(seed: int, side: LimbSide, x_mm: float) -> Leg:
    return make_leg(side, (0.0, x_mm), _open_stream(seed, 0, BOTH_SIDES.index(side)))


def _make_grid(
    limbs: list[Leg], span: tuple[float, float], spacing: tuple[float, float, float], scanner: Scanner, *, table: bool
) -> Grid:
    """Voxels that hold the legs between two heights, air about them, and the table."""
    low, high = _bound_legs(limbs, span)
    low, high = low - MARGIN_MM, high + MARGIN_MM
    if table:
        high[0] += TABLE_MM
    size = np.array([span[1] - span[0], *(high - low)])
    slices, rows, columns = np.floor(size / spacing).astype(int).tolist()
    z, y, x = (np.array([span[0], *low]) + np.array(spacing) / 2).tolist()
    return Grid(
        first=(z, y, x),
        spacing_mm=spacing,
        shape=(slices, rows, columns),
        thickness_mm=scanner.thickness_mm or spacing[0],
    )


def _bound_legs(limbs: list[Leg], span: tuple[float, float]) -> tuple[Floats, Floats]:
    """Least and greatest (Y, X) of the skin of all legs between two heights."""
    outlines: list[Floats] = []
    for limb in limbs:
        outlines += [limb.outline(round(float(z), 1)) for z in np.linspace(*span, 40)]
    points = np.concatenate(outlines)
    return points.min(axis=0), points.max(axis=0)


def _add_bodies(
    hu: Pixels, grid: Grid, legs: list[tuple[list[Lesion], list[Piece]]]
) -> tuple[list[tuple[Lesion, Share]], list[ConfounderTruth]]:
    """Lay confounders and lesions over the tissue, in place; what is outside the scan is left out."""
    seen_lesions, seen_confounders = [], []
    for lesions, pieces in legs:
        for piece in pieces:
            seen = [share for body in piece.bodies if (share := _add_body(hu, grid, body)) is not None]
            seen_confounders += [ConfounderTruth(piece.name, box, share) for box, share in seen]
        for lesion in lesions:
            share = _add_body(hu, grid, lesion.body)
            if share is not None:
                seen_lesions.append((lesion, share))
    return seen_lesions, seen_confounders


def _add_body(hu: Pixels, grid: Grid, body: Body) -> Share | None:
    """Lay one body over the tissue, in place; None outside the scan."""
    box_and_share = shares(body.cells, grid)
    if box_and_share is not None:
        box, share = box_and_share
        hu[box] += share * (body.hu - hu[box])
    return box_and_share


def _describe_lesion(lesion: Lesion, box_and_share: Share, grid: Grid, clean: Pixels) -> LesionTruth:
    box, share = box_and_share
    brightest = float(clean[box][share > 0].max())
    return LesionTruth(made=lesion, box=box, share=share, line=grid.voxel(lesion.line_mm), seen_hu=brightest)


def _trace_arteries(limbs: list[Leg], grid: Grid) -> dict[str, Floats]:
    """Centre lines of all arteries in voxels, as far as they are on the scan."""
    low, high = grid.first[0], grid.first[0] + grid.spacing_mm[0] * (grid.shape[0] - 1)
    lines = {}
    for limb in limbs:
        for artery in limb.arteries():
            z = np.arange(max(low, artery.span[0]), min(high, artery.span[1]), 1.0)
            if len(z):
                lines[f"{limb.side} {artery.name}"] = grid.voxel(np.column_stack([z, artery.centre(z)]))
    return lines


def _make_image(hu: Pixels, grid: Grid, build: Build, scanner: Scanner) -> Image:
    affine = np.zeros((4, 4))
    affine[2, 0], affine[1, 1], affine[0, 2] = grid.spacing_mm
    affine[:3, 3] = grid.first[::-1]
    affine[3, 3] = 1
    return Image(
        hu,
        grid.spacing_mm,
        "[hnsf'U]",
        modality="CT",
        spacing_basis="calibrated",
        anatomy=build.part,
        laterality=build.sides,
        affine=affine,
        acquisition=Acquisition(contrast=None, kvp=120.0, kernel=scanner.kernel, slice_thickness_mm=grid.thickness_mm),
    )
