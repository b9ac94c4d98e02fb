"""Training samples of breasts: phantoms of mammograms, and arteries to put into real ones."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.phantoms.implant import add_growths
from calcinet.phantoms.mammogram import breast, grow_arteries, random_arteries, random_breast
from calcinet.phantoms.mammogram.extras import grains_on
from calcinet.phantoms.random_deposits import Growth, grow
from calcinet.phantoms.truth import AIR, SOFT
from calcinet.training.samples import base
from calcinet.training.samples.base import (
    GROWN_PX,
    Answer,
    DepositBank,
    Source,
    answer_of,
    covered,
    places_of,
    spread,
)

PIXEL_MM: Final = (0.1, 0.3)
"""Of the phantoms; half of them have the finest. Our choice: from a detector's pixel, halved, to a picture in print."""

GROWN_PIXEL_MM: Final = (0.1, 0.5)
"""Of what is put into films whose true pixel nobody knows."""

GROWN_SHARES: Final = (0.7, 0.2, 0.1)
"""Of arteries, grains that are no artery's, and nets. Our choice: it is arteries that are to be found."""

WITH_NET: Final = 6
"""One phantom of so many has a net under the skin."""

AIR_LEVEL: Final = 12.0
"""Of the air of the films, of 255. Our choice: above the marks of compression in it."""

BLUR_PX: Final = (0.4, 1.1)


def phantom_source(seed: int) -> Source:
    """A phantom of the given seed, its grade by turns."""
    rng = np.random.default_rng([seed, 41])
    spec = random_breast(seed, grade=(1, 2, 3, 3, 2, 0)[seed % 6], net=seed % WITH_NET == 1, pixel_mm=_pixel_mm(rng))
    made = breast(spec)
    return Source(made.image.plane.astype(np.float16), answer_of(made.truth), places_of(made.truth.mask))


def bare_source(seed: int) -> Source:
    """A phantom without any calcium, for calcium to be put in and false marks to be searched."""
    rng = np.random.default_rng([seed, 42])
    spec = random_breast(seed + 500_000, grade=0, pixel_mm=_pixel_mm(rng))
    marks = tuple(mark for mark in spec.marks if mark != "skin beads")
    made = breast(replace(spec, clusters=0, grains=0, marks=marks))
    plane = made.image.plane
    air = float(plane[made.truth.regions == AIR].max(initial=0.0))
    return Source(
        plane.astype(np.float16), places=spread(np.argwhere(made.truth.regions == SOFT)), floor=air, textured=True
    )


def film_source(path: Path) -> Source:
    """A real mammogram without calcium of arteries, from a picture file whose air is black."""
    film = base.film_source(path)
    inside = film.plane > AIR_LEVEL
    return replace(film, places=spread(np.argwhere(inside)), floor=AIR_LEVEL, textured=True)


def _pixel_mm(rng: np.random.Generator) -> float:
    return PIXEL_MM[0] if rng.random() < 0.5 else float(np.exp(rng.uniform(*np.log(PIXEL_MM))))


def stock(seed: int) -> DepositBank:
    """Calcium of breasts whose kind, size and pattern follow from the seed."""
    rng = np.random.default_rng([seed, 43])
    everywhere = np.ones((GROWN_PX, GROWN_PX), dtype=bool)
    mm = float(np.exp(rng.uniform(*np.log(GROWN_PIXEL_MM))))
    blur_px = float(rng.uniform(*BLUR_PX))
    kind = rng.choice(3, p=GROWN_SHARES)
    if kind == 0:
        growth = _one_artery(everywhere, rng, mm, blur_px)
    elif kind == 1:
        growth = Growth(deposit=grains_on(everywhere.shape, mm, rng), lines=())
    else:
        growth = grow("net", everywhere, rng, pixel_mm=max(mm, 0.2), blur_px=blur_px)
    patch = covered([net.outline for net in growth.nets], growth.deposit.footprint)
    stored = replace(growth.deposit, thickness_mm=growth.deposit.thickness_mm.astype(np.float16))
    return DepositBank(replace(growth, deposit=stored), patch, spread(np.argwhere(growth.deposit.footprint)))


def _one_artery(where: Mask, rng: np.random.Generator, mm: float, blur_px: float) -> Growth:
    """One artery, long enough to cross the square."""
    one = random_arteries(2 if rng.random() < 0.85 else 1, rng)[0]
    length = max(one.length_mm, float(rng.uniform(0.6, 1.2)) * GROWN_PX * mm)
    beads = max(one.beads, round(length / 12)) if one.calcium == "beads" else one.beads
    (growth,) = grow_arteries([replace(one, length_mm=length, beads=beads)], where, rng, pixel_mm=mm, blur_px=blur_px)
    return growth


def with_arteries(film: Source, number: int) -> Source:
    """A mammogram with the arteries that its number stands for; every fourth stays as it is."""
    plane = film.plane.astype(np.float32)
    nothing = np.zeros(plane.shape, dtype=bool)
    if number % 4 == 3:
        return replace(film, answer=Answer(nothing.astype(np.uint8), nothing, nothing))
    rng = np.random.default_rng([number, 44])
    where = plane > AIR_LEVEL
    grown = grow_arteries(random_arteries(2 + number % 2, rng), where, rng, pixel_mm=0.3, blur_px=0.7)
    made = add_growths(plane, [one for one in grown if one.deposit.footprint.any()], blur_px=0.7)
    return Source(made.film.astype(np.float16), Answer(made.mask, nothing, nothing))
