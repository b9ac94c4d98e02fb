"""Samples of breasts."""

import ast
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.extras import of_extra

of_extra("train", "torch")

from calcinet.phantoms.truth import NET, OTHER, VESSEL  # noqa: E402
from calcinet.training.samples import mammogram  # noqa: E402
from calcinet.training.samples.base import CENTRES, GROWN_PX  # noqa: E402
from calcinet.training.samples.mammogram import (  # noqa: E402
    AIR_LEVEL,
    bare_source,
    film_source,
    grow_bank,
    phantom_source,
    with_arteries,
)


@pytest.fixture
def film(tmp_path):
    """A picture of 200 x 150 pixels whose left third is air."""
    plane = np.random.default_rng(0).normal(120, 5, (200, 150))
    plane[:, :50] = 0
    cv2.imwrite(str(tmp_path / "film.png"), plane.astype(np.uint8))
    return film_source(tmp_path / "film.png")


def test_samples_of_a_film_are_drawn_from_the_breast(film):
    """Never from its air, under whose level no calcium is put."""
    assert film.answer is None
    assert film.floor == AIR_LEVEL
    assert film.centres.shape == (CENTRES, 2)
    assert (film.centres[:, 1] >= 50).all()


def test_every_fourth_film_stays_without_calcium(film):
    """Of the others most have some: arteries alone, brighter than what was there."""
    made = [with_arteries(film, number) for number in range(8)]

    assert not made[3].answer.mask.any()
    assert not made[7].answer.mask.any()
    assert np.array_equal(made[3].plane, film.plane)
    assert sum(one.answer.mask.any() for one in made) >= 3
    for one in made:
        assert set(np.unique(one.answer.mask)) <= {0, VESSEL}
        changed = one.plane.astype(float) - film.plane.astype(float)
        assert changed[one.answer.mask == VESSEL].min(initial=0.0) >= 0


def test_bare_phantoms_hold_no_calcium_and_are_treated_as_films():
    """No answer; the air's grey level is the floor."""
    source = bare_source(3)

    assert source.answer is None
    assert source.textured
    assert (source.plane.astype(np.float32)[tuple(source.centres.T)] > source.floor).mean() > 0.95


def test_a_phantom_of_grade_three_has_arteries_to_learn():
    """Seed 2 is the third of six grades: 1, 2, 3, 3, 2, 0."""
    assert (phantom_source(2).answer.mask == VESSEL).any()


def test_calcium_of_every_kind_is_grown():
    """Shares of 0.7, 0.2 and 0.1: forty seeds miss the rarest once in seventy."""
    banks = [grow_bank(seed) for seed in range(40)]

    assert {bank.growth.deposit.label for bank in banks} == {VESSEL, NET, OTHER}
    assert all(bank.patch.shape == (GROWN_PX, GROWN_PX) for bank in banks)
    assert all(bank.growth.deposit.thickness_mm.dtype == np.float16 for bank in banks)


def test_it_takes_nothing_from_the_samples_of_radiographs():
    """What both need is in samples/base.py."""
    tree = ast.parse(Path(mammogram.__file__).read_text("utf-8"))
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]

    assert not [name for name in imported if "samples.radiograph" in name]
