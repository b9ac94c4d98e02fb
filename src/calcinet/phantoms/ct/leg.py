"""Legs on CT with calcium, bones and confounders of exactly known place and volume."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.image import Acquisition, Image
from calcinet.phantoms.ct.confounders import Confounder, Piece
from calcinet.phantoms.ct.contents import contents
from calcinet.phantoms.ct.course import SURFACE
from calcinet.phantoms.ct.deposit import Box, Grid, shares
from calcinet.phantoms.ct.limb import Leg, make_leg
from calcinet.phantoms.ct.scanner import SOFT, Scanner, scanned
from calcinet.phantoms.ct.scene import scene
from calcinet.phantoms.ct.spec import LOWER_LEG, SOME, Build, Calcium
from calcinet.phantoms.ct.tissue import BLOOD_HU, make_stuff
from calcinet.phantoms.ct.truth import ConfounderTruth, LegTruth, Lesion, LesionTruth
from calcinet.vocabulary import LimbSide

__all__ = ["Build", "Calcium", "Scanner", "leg"]

MARGIN_MM: Final = 18.0
"""Air about the legs."""

BETWEEN_MM: Final = 14.0
"""Air between two legs."""

Laid = tuple[Lesion, tuple[Box, Pixels]]


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
    limbs = _legs(seed, build)
    grid = _grid(limbs, build.span, spacing_mm, scanner, table="table" in confounders)
    bodies = [
        contents(limb, build.span, calcium, tuple(confounders), _stream(seed, 2, k)) for k, limb in enumerate(limbs)
    ]
    stuff = [make_stuff(limb, build.lumen_hu or BLOOD_HU, _stream(seed, 1, k)) for k, limb in enumerate(limbs)]
    sharp, bone, skin = scene(stuff, grid, tuple(confounders), _stream(seed, 3))
    lesions, confounders_seen = _laid(sharp, grid, bodies)
    metal = [confounder.box for confounder in confounders_seen if confounder.name in ("screw", "plate")]
    clean = np.array(sharp)
    hu = scanned(sharp, grid, scanner, metal, _stream(seed, 4))
    clean = scanned(clean, grid, Scanner(scanner.blur_fwhm_mm, 0.0), metal, _stream(seed, 4))
    truth = LegTruth(
        grid.shape,
        tuple(_lesion_truth(one, grid, clean) for one in lesions),
        tuple(confounders_seen),
        bone,
        skin,
        _lines(limbs, grid),
        stuff[0].lumen_hu,
    )
    return _image(hu, grid, build, scanner), truth


def _stream(seed: int, part: int, item: int = 0) -> np.random.Generator:
    return np.random.default_rng([seed, part, item])


def _legs(seed: int, build: Build) -> list[Leg]:
    sides: tuple[LimbSide, ...] = ("R", "L") if build.sides == "B" else (build.sides,)
    heights = np.linspace(*build.span, 40)
    made = []
    for side in sides:
        limb = make_leg(side, (0.0, 0.0), _stream(seed, 0, "RL".index(side)))
        if build.sides == "B":
            away = 1.05 * limb.girth * float(SURFACE(heights)[:, 0].max()) + BETWEEN_MM / 2
            limb = make_leg(side, (0.0, limb.sign * away), _stream(seed, 0, "RL".index(side)))
        made.append(limb)
    return made


def _grid(
    limbs: list[Leg], span: tuple[float, float], spacing: tuple[float, float, float], scanner: Scanner, *, table: bool
) -> Grid:
    outlines = np.concatenate([limb.outline(round(float(z), 1)) for limb in limbs for z in np.linspace(*span, 40)])
    low, high = outlines.min(axis=0) - MARGIN_MM, outlines.max(axis=0) + MARGIN_MM
    high[0] += 20 if table else 0
    size = np.array([span[1] - span[0], *(high - low)])
    shape = np.floor(size / spacing).astype(int)
    first = np.array([span[0], *low]) + np.array(spacing) / 2
    return Grid(
        (float(first[0]), float(first[1]), float(first[2])),
        spacing,
        (int(shape[0]), int(shape[1]), int(shape[2])),
        scanner.thickness_mm or spacing[0],
    )


def _laid(
    hu: Pixels, grid: Grid, bodies: list[tuple[list[Lesion], list[Piece]]]
) -> tuple[list[Laid], list[ConfounderTruth]]:
    """Lay confounders and lesions over the tissue, in place; what lies outside the scan is left out."""
    lesions, seen = [], []
    for own, others in bodies:
        for piece in others:
            for body in piece.bodies:
                laid = shares(body.cells, grid)
                if laid is not None:
                    hu[laid[0]] += laid[1] * (body.hu - hu[laid[0]])
                    seen.append(ConfounderTruth(piece.name, *laid))
        for lesion in own:
            laid = shares(lesion.body.cells, grid)
            if laid is not None:
                hu[laid[0]] += laid[1] * (lesion.body.hu - hu[laid[0]])
                lesions.append((lesion, laid))
    return lesions, seen


def _lesion_truth(one: Laid, grid: Grid, clean: Pixels) -> LesionTruth:
    lesion, (box, share) = one
    touched = clean[box][share > 0]
    return LesionTruth(lesion, box, share, grid.voxel(lesion.line_mm), float(touched.max()))


def _lines(limbs: list[Leg], grid: Grid) -> dict[str, Floats]:
    low, high = grid.first[0], grid.first[0] + grid.spacing_mm[0] * (grid.shape[0] - 1)
    lines = {}
    for limb in limbs:
        for artery in limb.arteries():
            z = np.arange(max(low, artery.span[0]), min(high, artery.span[1]), 1.0)
            if len(z):
                lines[f"{limb.side} {artery.name}"] = grid.voxel(np.column_stack([z, artery.centre(z)]))
    return lines


def _image(hu: Pixels, grid: Grid, build: Build, scanner: Scanner) -> Image:
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
