"""The generated bone scan against sums done on paper."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.phantoms.scintigram.figure import Pose
from calcinet.phantoms.scintigram.whole_body import WholeBody, expected_counts, follow_up, whole_body

STANDARD = WholeBody(counts=1e6, pose=Pose())


def test_the_default_pose_gives_the_counts_that_were_ordered():
    """One million of either view; attenuation makes the two views differ where bones lie deep, so 3 % is allowed."""
    expected, _ = expected_counts(STANDARD)

    assert expected[0].sum() == pytest.approx(1e6)
    assert expected[1].sum() == pytest.approx(1e6, rel=0.03)


def test_half_the_dose_one_half_life_later_gives_a_quarter():
    """0.5 x 0.5."""
    later = replace(STANDARD, dose_mbq=370.0, hours=3.0 + 6.0067)

    assert expected_counts(later)[0].sum() == pytest.approx(expected_counts(STANDARD)[0].sum() / 4)


def test_uptake_of_a_segment_multiplies_its_soft_tissue_alone():
    """The left calf, 1.3 times: beside the bone every pixel rises by 30 %, the right calf stays."""
    place = ("lower leg", "L")
    normal, truth = expected_counts(STANDARD)
    raised, _ = expected_counts(replace(STANDARD, uptake={place: 1.3}))
    inner = truth.segments[place] & ~truth.bone
    rows = np.flatnonzero(inner.any(axis=1))
    inner[: rows[0] + 15] = inner[rows[-1] - 15 :] = False
    ratio = raised[0] / normal[0]

    assert np.quantile(ratio[inner], 0.9) == pytest.approx(1.3, abs=0.02)
    assert ratio[truth.segments[("lower leg", "R")]] == pytest.approx(1.0, abs=0.01)


def test_the_same_seeds_give_the_same_scan():
    """And another seed another one."""
    spec = WholeBody(seed=3, person=4)

    assert np.array_equal(whole_body(spec).image.pixels, whole_body(spec).image.pixels)
    assert not np.array_equal(whole_body(spec).image.pixels, whole_body(replace(spec, seed=4)).image.pixels)


def test_a_follow_up_without_chance_has_the_change_that_was_ordered():
    """0.7 times 1.2 is 0.84; a segment that was not named stays at 1."""
    born = replace(STANDARD, uptake={("thigh", "R"): 1.2})
    later = follow_up(born, {("thigh", "R"): 0.7}, seed=9, repeat_sd=0.0, hours=4.0, dose_mbq=700.0)

    assert later.uptake[("thigh", "R")] == pytest.approx(0.84)
    assert later.uptake[("foot", "L")] == 1.0
    assert (later.hours, later.dose_mbq, later.seed) == (4.0, 700.0, 9)
