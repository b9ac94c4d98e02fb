"""Arteries of the breast: their grade, their courses, their calcium."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.phantoms.implant import add_growths
from calcinet.phantoms.mammogram.arteries import ArterySpec, grade_of, grow_arteries
from calcinet.phantoms.truth import VESSEL

EVERYWHERE = np.ones((500, 500), bool)


@pytest.mark.parametrize(
    ("kinds", "grade"),
    [
        ((), 0),
        (("beads",), 1),
        (("beads", "coarse"), 2),
        (("tram-track", "coarse"), 2),
        (("tram-track", "coarse", "tram-track", "beads"), 3),
    ],
)
def test_grade_of_arteries_by_hand(kinds, grade):
    """Three with coarse or tram-track calcium are 3, fewer 2, dots alone 1."""
    assert grade_of([ArterySpec(calcium=kind) for kind in kinds]) == grade


def test_arteries_keep_apart():
    """So that their number is what any reader would count: two of three stay 9 mm from the first over most of it."""
    where = np.ones((600, 600), bool)
    rng = np.random.default_rng(0)
    grown = grow_arteries([ArterySpec(length_mm=60.0)] * 3, where, rng, pixel_mm=0.2, blur_px=0.5)
    first, *others = [growth.lines[0] * 0.2 for growth in grown]
    near = [np.linalg.norm(line[:, None] - first[None], axis=2).min(axis=1) < 9 for line in others]

    assert all(one.mean() < 0.3 for one in near)


def test_arteries_can_be_put_into_another_film():
    """The calcium that is added is the film's difference; its mask keeps what is seen."""
    rng = np.random.default_rng(5)
    film = rng.normal(100, 2, (400, 400)).astype(np.float32)
    grown = grow_arteries([ArterySpec()], np.ones(film.shape, bool), rng, pixel_mm=0.2, blur_px=0.6)
    made = add_growths(film, grown)

    assert np.allclose(made.film - film, made.calcium)
    assert (made.calcium[made.mask == VESSEL] >= 2 * made.noise_sd[made.mask == VESSEL] * 0.999).all()


def test_arteries_need_a_breast():
    with pytest.raises(BadInput, match="region is empty"):
        grow_arteries([ArterySpec()], np.zeros((50, 50), bool), np.random.default_rng(0), pixel_mm=0.2, blur_px=0.5)


def _grow(spec, where=EVERYWHERE, seed=0, **more):
    (growth,) = grow_arteries([spec], where, np.random.default_rng(seed), pixel_mm=0.2, blur_px=0.5, **more)
    return growth


def test_an_artery_has_the_length_that_is_asked_for():
    """60 mm along its bends; winding lengthens it by less than a fifth without tortuosity."""
    line = _grow(ArterySpec(length_mm=60.0, tortuosity=0.0)).lines[0] * 0.2

    assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(60.0, rel=0.02)


def test_an_artery_tapers():
    """2 mm at the start, half at the end; it varies by 6 %."""
    diameter = _grow(ArterySpec(diameter_mm=2.0, taper=0.5)).vessels[0].diameter_mm

    assert diameter[0] == pytest.approx(2.0, rel=0.25)
    assert diameter[:10].mean() > 1.5 * diameter[-10:].mean()


def test_calcium_stays_in_the_breast():
    where = EVERYWHERE.copy()
    where[:, 250:] = False
    deposit = _grow(ArterySpec(), where, 4).deposit

    assert deposit.footprint.any()
    assert not deposit.footprint[~where].any()
    assert not deposit.thickness_mm[~where].any()


@pytest.mark.parametrize("coverage", [0.4, 0.8])
def test_calcium_covers_the_share_that_is_asked_for(coverage):
    """Of both walls together more than of one, and less than if they had nothing in common."""
    shares = []
    for seed in range(6):
        spec = ArterySpec(coverage=coverage, length_mm=90.0)
        shares.append(_grow(spec, seed=seed).vessels[0].calcified.mean())

    assert coverage - 0.1 < np.mean(shares) < 1 - (1 - coverage) ** 2 + 0.15


def test_beads_are_few_and_short():
    """Four of 1.2 mm and soft ends at most on 70 mm: less than a fifth of the length."""
    calcified = _grow(ArterySpec(calcium="beads", beads=4)).vessels[0].calcified
    runs = np.diff(calcified.astype(int), prepend=0).clip(0).sum()

    assert 1 <= runs <= 4
    assert calcified.mean() < 0.2


def test_grains_leave_gaps_in_what_is_marked():
    smooth, grainy = (_grow(ArterySpec(grain=grain, coverage=1.0)).deposit for grain in (0.0, 1.0))

    assert grainy.footprint.sum() < 0.9 * smooth.footprint.sum()


def test_arteries_run_towards_the_nipple():
    """Where it is far to the right, they end farther to the right than they begin: eleven of twelve at least."""
    towards = 0
    for seed in range(12):
        line = _grow(replace(ArterySpec(), tortuosity=0.0), seed=seed, towards=(250.0, 1e5)).lines[0]
        towards += line[-1, 1] > line[0, 1]

    assert towards >= 11
