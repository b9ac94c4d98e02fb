"""Breasts and arteries drawn at random."""

from typing import Final

import numpy as np

from calcinet.phantoms.mammogram.arteries import ArterySpec, Calcium
from calcinet.phantoms.mammogram.spec import MARKS, BreastSpec
from calcinet.phantoms.radiograph.spec import NetSpec

CONTRAST_IN_NOISE: Final = (5.0, 30.0)
"""Of walls and beads. Our choice: from what a reader finds on a second look to what nobody overlooks."""

ATTENUATION: Final = (0.08, 0.5)
"""The same, at least. Our choice: beams that graze a wall of 0.2 to 0.5 mm meet about a millimetre of it, a
twentieth to a quarter of which is dense calcium."""

STRANDS: Final = (0.5, 1.5)
"""How much ligaments stand out. Our choice: a ligament of 1 to 4 mm takes 0.02 to 0.1 more from the beam than fat."""


def random_arteries(grade: int, rng: np.random.Generator) -> tuple[ArterySpec, ...]:
    """Arteries of one grade: a few beads; one or two with coarse or tram-track calcium; three and more."""
    if grade == 0:
        return ()
    if grade == 1:
        return tuple(_artery("beads", rng) for _ in range(int(rng.integers(1, 3))))
    count = int(rng.integers(1, 3)) if grade == 2 else int(rng.integers(3, 6))
    kinds: list[Calcium] = ["tram-track" if rng.random() < 0.65 else "coarse" for _ in range(count)]
    beaded: list[Calcium] = ["beads"] if rng.random() < 0.3 else []
    return tuple(_artery(kind, rng) for kind in (*kinds, *beaded))


def _artery(kind: Calcium, rng: np.random.Generator) -> ArterySpec:
    diameter = float(np.exp(rng.uniform(np.log(1.0), np.log(3.2))))
    return ArterySpec(
        calcium=kind,
        diameter_mm=diameter,
        taper=float(rng.uniform(0.5, 0.95)),
        wall_mm=float(rng.uniform(0.18, 0.25 + 0.12 * diameter)),
        coverage=float(rng.uniform(0.45, 1.0) if kind == "tram-track" else rng.uniform(0.3, 0.7)),
        beads=int(rng.integers(3, 8)),
        length_mm=float(rng.uniform(35, 110)),
        tortuosity=float(rng.uniform(0.1, 1.0)),
        attenuation=float(np.exp(rng.uniform(*np.log(ATTENUATION)))),
        grain=float(rng.uniform(0, 1)) if kind != "beads" and rng.random() < 0.75 else 0.0,
        contrast_in_noise=float(np.exp(rng.uniform(*np.log(CONTRAST_IN_NOISE)))),
    )


def random_breast(seed: int, *, grade: int | None = None, net: bool = False, pixel_mm: float = 0.1) -> BreastSpec:
    """A breast of any size, density, view and side, with arteries of a grade; None: any grade."""
    rng = np.random.default_rng([seed, 61])
    level = int(rng.integers(4)) if grade is None else grade
    reach = float(rng.uniform(55, 115))
    half = float(np.clip(reach * rng.uniform(0.8, 1.35), 55, 110))
    return BreastSpec(
        view="CC" if rng.random() < 0.5 else "MLO",
        laterality="L" if rng.random() < 0.5 else "R",
        seed=seed,
        pixel_mm=pixel_mm,
        field_mm=(2 * half + float(rng.uniform(10, 40)), reach + float(rng.uniform(25, 50))),
        size_mm=(half, reach),
        thickness_mm=float(rng.uniform(30, 75)),
        density=float(rng.uniform(0.05, 0.85)),
        ducts=int(rng.integers(0, 22)),
        ligaments=int(rng.integers(40, 320)),
        strands=float(np.exp(rng.uniform(*np.log(STRANDS)))),
        veins=int(rng.integers(0, 9)),
        arteries=random_arteries(level, rng),
        clusters=int(rng.integers(0, 4)) if rng.random() < 0.6 else 0,
        grains=int(rng.integers(0, 12)) if rng.random() < 0.6 else 0,
        nets=(_net(rng),) if net else (),
        marks=tuple(mark for mark in MARKS if rng.random() < 0.3),
        photons=float(np.exp(rng.uniform(np.log(8e5), np.log(8e6)))),
        blur_mm=float(rng.uniform(0.04, 0.12)),
        scatter=float(rng.uniform(0.05, 0.35)),
        processing=float(rng.uniform(0.0, 1.0)),
        equalised=float(rng.uniform(0.0, 1.0)),
    )


def _net(rng: np.random.Generator) -> NetSpec:
    return NetSpec(
        mesh_mm=float(rng.uniform(2.5, 7)),
        line_mm=float(rng.uniform(0.2, 0.5)),
        area_cm2=float(rng.uniform(6, 25)),
        depth_mm=5.0,
        broken=float(rng.uniform(0, 0.3)),
        contrast_in_noise=float(rng.uniform(4, 9)),
    )
