"""Breasts and arteries drawn at random."""

from dataclasses import replace
from typing import Final

import numpy as np

from calcinet.phantoms.calcium_spec import NetSpec
from calcinet.phantoms.chance import log_uniform
from calcinet.phantoms.mammogram.arteries import ArterySpec, Calcium
from calcinet.phantoms.mammogram.spec import MARKS, BreastSpec, View
from calcinet.vocabulary import LimbSide

CONTRAST_IN_NOISE: Final = (5.0, 30.0)
"""Of walls and beads. Our choice: from what a reader finds on a second look to what nobody overlooks."""

ATTENUATION: Final = (0.08, 0.5)
"""The same, at least. Our choice: beams that graze a wall of 0.2 to 0.5 mm meet about a millimetre of it, a
twentieth to a quarter of which is dense calcium."""

MODERATE_COUNTS: Final = (1, 3)
SEVERE_COUNTS: Final = (3, 6)
"""Arteries with coarse or tram-track calcium of grades 2 and 3: from the first, below the second."""

COVERAGE: Final[dict[Calcium, tuple[float, float]]] = {
    "tram-track": (0.45, 1.0),
    "coarse": (0.3, 0.7),
    "beads": (0.3, 0.7),
}
"""Share of an artery's length that is calcified."""

STRANDS: Final = (0.5, 1.5)
"""How much ligaments stand out. Our choice: a ligament of 1 to 4 mm takes 0.02 to 0.1 more from the beam than fat."""


def random_arteries(grade: int, rng: np.random.Generator) -> tuple[ArterySpec, ...]:
    """Arteries of one grade: a few beads; one or two with coarse or tram-track calcium; three and more."""
    if grade == 0:
        return ()
    if grade == 1:
        return tuple(_draw_artery("beads", rng) for _ in range(int(rng.integers(1, 3))))
    counts = MODERATE_COUNTS
    if grade > 2:
        counts = SEVERE_COUNTS
    kinds = [_draw_kind(rng) for _ in range(int(rng.integers(*counts)))]
    if rng.random() < 0.3:
        kinds.append("beads")
    return tuple(_draw_artery(kind, rng) for kind in kinds)


def _draw_kind(rng: np.random.Generator) -> Calcium:
    if rng.random() < 0.65:
        return "tram-track"
    return "coarse"


def _draw_artery(kind: Calcium, rng: np.random.Generator) -> ArterySpec:
    diameter = log_uniform(rng, (1.0, 3.2))
    spec = ArterySpec(
        calcium=kind,
        diameter_mm=diameter,
        taper=float(rng.uniform(0.5, 0.95)),
        wall_mm=float(rng.uniform(0.18, 0.25 + 0.12 * diameter)),
        coverage=float(rng.uniform(*COVERAGE[kind])),
        beads=int(rng.integers(3, 8)),
        length_mm=float(rng.uniform(35, 110)),
        tortuosity=float(rng.uniform(0.1, 1.0)),
        attenuation=log_uniform(rng, ATTENUATION),
    )
    grain = 0.0
    if kind != "beads" and rng.random() < 0.75:
        grain = float(rng.uniform(0, 1))
    return replace(spec, grain=grain, contrast_in_noise=log_uniform(rng, CONTRAST_IN_NOISE))


def random_breast(seed: int, *, grade: int | None = None, net: bool = False, pixel_mm: float = 0.1) -> BreastSpec:
    """A breast of any size, density, view and side, with arteries of a grade; None: any grade."""
    rng = np.random.default_rng([seed, 61])
    if grade is None:
        grade = int(rng.integers(4))
    spec = _draw_tissue(seed, pixel_mm, rng)
    spec = replace(
        spec,
        arteries=random_arteries(grade, rng),
        clusters=_draw_count(4, rng),
        grains=_draw_count(12, rng),
    )
    if net:
        spec = replace(spec, nets=(_draw_net(rng),))
    marks = tuple(mark for mark in MARKS if rng.random() < 0.3)
    return _draw_exposure(replace(spec, marks=marks), rng)


def _draw_tissue(seed: int, pixel_mm: float, rng: np.random.Generator) -> BreastSpec:
    """A breast of any size and density, and how it lies on the film."""
    reach = float(rng.uniform(55, 115))
    half = float(np.clip(reach * rng.uniform(0.8, 1.35), 55, 110))
    view: View = "MLO"
    if rng.random() < 0.5:
        view = "CC"
    laterality: LimbSide = "R"
    if rng.random() < 0.5:
        laterality = "L"
    return BreastSpec(
        view=view,
        laterality=laterality,
        seed=seed,
        pixel_mm=pixel_mm,
        field_mm=(2 * half + float(rng.uniform(10, 40)), reach + float(rng.uniform(25, 50))),
        size_mm=(half, reach),
        thickness_mm=float(rng.uniform(30, 75)),
        density=float(rng.uniform(0.05, 0.85)),
        ducts=int(rng.integers(0, 22)),
        ligaments=int(rng.integers(40, 320)),
        strands=log_uniform(rng, STRANDS),
        veins=int(rng.integers(0, 9)),
    )


def _draw_exposure(spec: BreastSpec, rng: np.random.Generator) -> BreastSpec:
    """The same breast with a random exposure and processing."""
    return replace(
        spec,
        photons=log_uniform(rng, (8e5, 8e6)),
        blur_mm=float(rng.uniform(0.04, 0.12)),
        scatter=float(rng.uniform(0.05, 0.35)),
        processing=float(rng.uniform(0.0, 1.0)),
        equalised=float(rng.uniform(0.0, 1.0)),
    )


def _draw_count(below: int, rng: np.random.Generator) -> int:
    """None in four of ten breasts, else fewer than `below`."""
    if rng.random() < 0.6:
        return int(rng.integers(0, below))
    return 0


def _draw_net(rng: np.random.Generator) -> NetSpec:
    return NetSpec(
        mesh_mm=float(rng.uniform(2.5, 7)),
        line_mm=float(rng.uniform(0.2, 0.5)),
        area_cm2=float(rng.uniform(6, 25)),
        depth_mm=5.0,
        broken=float(rng.uniform(0, 0.3)),
        contrast_in_noise=float(rng.uniform(4, 9)),
    )
