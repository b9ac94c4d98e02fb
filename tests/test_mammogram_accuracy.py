"""What must hold of mammograms: phantoms and real films that nothing was trained on. `make bench` has more of them."""

import numpy as np
import pytest

from benchmarks.agreement import pooled
from benchmarks.mammogram import ACCEPTANCE_SEEDS, CALCIFIED, held_out, judge, judged, real_mammogram, with_arteries
from calcinet.phantoms.mammogram import random_breast
from tests.support.paths import ROOT

SEEDS = ACCEPTANCE_SEEDS[:8]
CARD = ROOT / "docs" / "model-card-mammogram.md"

pytestmark = pytest.mark.xdist_group("mammograms")  # one worker makes what they share


@pytest.fixture(scope="module")
def phantoms():
    return [judge(seed) for seed in SEEDS]


def test_arteries_of_phantoms_are_marked(phantoms):
    assert pooled(film.vessel for film in phantoms).dice > 0.7


def test_most_grades_are_right(phantoms):
    assert np.mean([film.grade == film.graded for film in phantoms]) >= 0.75


def test_most_breasts_without_arterial_calcium_stay_nearly_silent():
    """The goal is grade 0 and 2 mm on each of ten, which the benchmark has; one may miss it."""
    clean = [judge(seed) for seed in ACCEPTANCE_SEEDS if seed % 4 == 0]

    assert np.mean([film.graded == 0 for film in clean]) >= 0.9
    assert np.mean([film.length_mm <= 2 for film in clean]) >= 0.9
    assert np.median([film.length_mm for film in clean]) <= 2


def test_real_mammograms_without_calcified_arteries_stay_nearly_silent(shared_data):
    films = [judged(real_mammogram(path), None, None) for path in held_out(shared_data)]

    assert len(films) == 7
    assert np.median([film.length_px / film.height_px for film in films]) <= 0.005


def test_a_real_calcified_artery_is_seen(shared_data):
    (path,) = (shared_data / "backgrounds" / "breast").glob(f"*{CALCIFIED}_*.jpg")
    film = judged(real_mammogram(path), None, None)

    assert film.graded >= 2
    assert film.length_px > 0.1 * film.height_px


def test_arteries_put_into_a_real_mammogram_are_seen(shared_data):
    film = real_mammogram(held_out(shared_data)[0], 2)
    from dataclasses import replace

    made = with_arteries(film, 3, 1, 0.25)
    found = judged(replace(film, pixels=made.film[None]), made.mask, 3)

    assert found.vessel.dice > 0.5
    assert found.graded >= 2


def test_the_model_card_names_the_seeds_that_are_judged_by():
    told = f"**Forty phantoms**, seeds {ACCEPTANCE_SEEDS[0]} to {ACCEPTANCE_SEEDS[-1]}, ten of each grade"

    assert told in CARD.read_text("utf-8")
    assert np.bincount([seed % 4 for seed in ACCEPTANCE_SEEDS]).tolist() == [10, 10, 10, 10]


def test_the_seeds_to_judge_by_are_not_those_of_the_training():
    """The recipe begins at 700000, and bare phantoms half a million above it."""
    assert random_breast(SEEDS[0]).seed < 700_000
