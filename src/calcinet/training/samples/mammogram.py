"""Training samples of breasts: phantoms of mammograms, and arteries to put into real ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from torch import nn

from calcinet.arrays import Mask
from calcinet.phantoms.implant import add_growths
from calcinet.phantoms.mammogram import breast, grow_arteries, random_arteries, random_breast
from calcinet.phantoms.mammogram.confounders import grains_on
from calcinet.phantoms.random_deposits import Growth, grow
from calcinet.phantoms.truth import AIR, SOFT
from calcinet.training.fit import Recipe
from calcinet.training.mining import find_false_marks
from calcinet.training.samples import base
from calcinet.training.samples.base import (
    GROWN_PX,
    DepositBank,
    Place,
    Progress,
    Sample,
    Source,
    answer_of,
    choose_centres,
    choose_evenly,
    cover_nets,
    draw,
    make_all,
    make_bank,
    make_empty_answer,
)

PIXEL_MM: Final = (0.1, 0.3)
"""Pixels of the phantoms; half of them have the finest. Our choice: from a detector's pixel, halved, to a picture in
print."""

GROWN_PIXEL_MM: Final = (0.1, 0.5)
"""Pixels of what is put into films whose true pixel nobody knows."""

GROWN_SHARES: Final = (0.7, 0.2, 0.1)
"""Shares of arteries, grains that are no artery's, and nets. Our choice: it is arteries that are to be found."""

WITH_NET: Final = 6
"""One phantom of this many has a net under the skin."""

AIR_LEVEL: Final = 12.0
"""Grey level of the air of the films, of 255. Our choice: above the marks of compression in it."""

BLUR_PX: Final = (0.4, 1.1)
"""Blur of what is put into films."""

GRADES: Final = (1, 2, 3, 3, 2, 0)
"""Grades of the phantoms, by turns."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MammogramSamples:
    """Draws samples from mammograms and phantoms of breasts."""

    phantoms: Sequence[Source]
    films: Sequence[Source]
    banks: Sequence[DepositBank]
    """Calcium to put into the films."""
    film_share: float

    def draw(self, rng: np.random.Generator) -> Sample:
        """One sample at random."""
        sources = self.phantoms
        if self.films and rng.random() < self.film_share:
            sources = self.films
        return draw(sources, self.banks, rng)

    def remember(self, places: Sequence[Place]) -> None:
        """Nothing: the films are searched for false marks now and then."""

    def search(self, net: nn.Module, recipe: Recipe) -> "MammogramSamples":
        """The same, its films drawn from where the network marks them falsely on a map that is learned."""
        maps = [number for number, weight in enumerate(recipe.map_weight) if weight > 0]
        films: list[Source] = []
        for film in self.films:
            centres = find_false_marks(net, film, maps=maps, device=recipe.device)
            if centres.size:
                film = replace(film, centres=centres)
            films.append(film)
        return replace(self, films=films)


def gather(paths: Sequence[Path], data: dict[str, Any], film_share: float, progress: Progress) -> MammogramSamples:
    """All that a recipe's [data] names to be learned from, and its films."""
    first = data["first_seed"]
    films = make_all("films", paths, film_source, progress) * data["film_repeats"]
    bare = make_all("bare phantoms", range(first, first + data["bare"]), bare_source, progress)
    return MammogramSamples(
        phantoms=make_all("phantoms", range(first, first + data["phantoms"]), phantom_source, progress),
        films=[*films, *bare],
        banks=make_all("calcium", range(first, first + data["grown"]), grow_bank, progress),
        film_share=film_share,
    )


def phantom_source(seed: int) -> Source:
    """A phantom of the given seed, its grade by turns."""
    rng = np.random.default_rng([seed, 41])
    grade = GRADES[seed % len(GRADES)]
    made = breast(random_breast(seed, grade=grade, net=seed % WITH_NET == 1, pixel_mm=_choose_pixel_mm(rng)))
    return Source(
        plane=made.image.plane.astype(np.float16),
        answer=answer_of(made.truth),
        centres=choose_centres(made.truth.mask),
    )


def bare_source(seed: int) -> Source:
    """A phantom without any calcium, for calcium to be put in and false marks to be searched."""
    rng = np.random.default_rng([seed, 42])
    spec = random_breast(seed + 500_000, grade=0, pixel_mm=_choose_pixel_mm(rng))
    marks = tuple(mark for mark in spec.marks if mark != "skin beads")
    made = breast(replace(spec, clusters=0, grains=0, marks=marks))
    plane = made.image.plane
    return Source(
        plane=plane.astype(np.float16),
        centres=choose_evenly(np.argwhere(made.truth.regions == SOFT)),
        floor=float(plane[made.truth.regions == AIR].max(initial=0.0)),
        textured=True,
    )


def film_source(path: Path) -> Source:
    """A real mammogram without calcium of arteries, from a picture file whose air is black."""
    film = base.film_source(path)
    inside = film.plane > AIR_LEVEL
    return replace(film, centres=choose_evenly(np.argwhere(inside)), floor=AIR_LEVEL, textured=True)


def _choose_pixel_mm(rng: np.random.Generator) -> float:
    if rng.random() < 0.5:
        return PIXEL_MM[0]
    return _draw_log_uniform(PIXEL_MM, rng)


def _draw_log_uniform(limits: tuple[float, float], rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(*np.log(limits))))


def grow_bank(seed: int) -> DepositBank:
    """Calcium of breasts whose kind, size and pattern follow from the seed."""
    rng = np.random.default_rng([seed, 43])
    everywhere = np.ones((GROWN_PX, GROWN_PX), dtype=bool)
    mm = _draw_log_uniform(GROWN_PIXEL_MM, rng)
    blur_px = float(rng.uniform(*BLUR_PX))
    kind = rng.choice(3, p=GROWN_SHARES)
    if kind == 0:
        growth = _grow_artery(everywhere, rng, mm, blur_px)
    elif kind == 1:
        growth = Growth(deposit=grains_on(everywhere.shape, mm, rng), lines=())
    else:
        growth = grow("net", everywhere, rng, pixel_mm=max(mm, 0.2), blur_px=blur_px)
    return make_bank(growth, cover_nets([net.outline for net in growth.nets], growth.deposit.footprint))


def _grow_artery(where: Mask, rng: np.random.Generator, mm: float, blur_px: float) -> Growth:
    """One artery, long enough to cross the square."""
    grade = 1
    if rng.random() < 0.85:
        grade = 2
    artery = random_arteries(grade, rng)[0]
    length = max(artery.length_mm, float(rng.uniform(0.6, 1.2)) * GROWN_PX * mm)
    beads = artery.beads
    if artery.calcium == "beads":
        beads = max(beads, round(length / 12))
    artery = replace(artery, length_mm=length, beads=beads)
    (growth,) = grow_arteries([artery], where, rng, pixel_mm=mm, blur_px=blur_px)
    return growth


def with_arteries(film: Source, number: int) -> Source:
    """A mammogram with the arteries that its number stands for; every fourth stays as it is."""
    plane = film.plane.astype(np.float32)
    answer = make_empty_answer(plane.shape)
    if number % 4 == 3:
        return replace(film, answer=answer)
    rng = np.random.default_rng([number, 44])
    arteries = random_arteries(2 + number % 2, rng)
    grown = grow_arteries(arteries, plane > AIR_LEVEL, rng, pixel_mm=0.3, blur_px=0.7)
    made = add_growths(plane, [growth for growth in grown if growth.deposit.footprint.any()], blur_px=0.7)
    return Source(plane=made.film.astype(np.float16), answer=replace(answer, mask=made.mask))
