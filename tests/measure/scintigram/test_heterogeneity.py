"""The test of variation beyond counting: its size, its power, what it estimates."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from calcinet.errors import NotMeasurable
from calcinet.measure.scintigram.counting import Counting, counting_noise
from calcinet.measure.scintigram.heterogeneity import heterogeneity, patchiness
from calcinet.measure.scintigram.soft_tissue import BLOCK_MM, Tissue
from calcinet.record.scintigram import VARIATION_MEANS

ROWS, COLUMNS, MM = 72, 40, 2.26


def plane(mean: float) -> np.ndarray:
    """Expected counts of a limb that brightens towards its middle and fades along its length."""
    along, across = np.linspace(0, 1, ROWS)[:, None], np.linspace(-0.9, 0.9, COLUMNS)[None, :]
    return mean * (1.2 - 0.3 * along) * np.sqrt(1 - across**2) * (1 + 0.1 * across)


def tissue(counts: np.ndarray) -> Tissue:
    """All of it as soft tissue of a round limb."""
    rows, columns = np.indices(counts.shape).reshape(2, -1)
    across = np.linspace(-0.9, 0.9, COLUMNS)[columns]
    return Tissue(
        rows=rows,
        columns=columns,
        counts=counts.ravel(),
        path_mm=100 * np.sqrt(1 - across**2),
        along=rows / ROWS,
        across=across,
        spill=np.zeros(rows.size),
        pixel_mm=(MM, MM),
    )


@pytest.mark.slow
@pytest.mark.parametrize("mean", [2.0, 20.0])
def test_size_is_five_percent(mean):
    """300 scans without variation: a true 5 % test finds 8 to 23 of them 95 % of the time; 5 to 27 are allowed."""
    chance = np.random.default_rng(int(mean))
    p = [heterogeneity(tissue(chance.poisson(plane(mean)).astype(float))).p_value for _ in range(300)]

    assert 5 <= sum(value < 0.05 for value in p) <= 27


def test_squares_that_alternate_by_a_tenth_have_a_variation_of_a_tenth():
    """Squares of 3 pixels hold 1.1 and 0.9 times the mean in turn: every deviation from the even surface is 10 %."""
    row, column = np.indices((ROWS, COLUMNS)) // 3
    counts = 20.0 * np.sqrt(1 - np.linspace(-0.9, 0.9, COLUMNS) ** 2) * (1 + 0.1 * (-1.0) ** (row + column))

    assert patchiness(tissue(counts)) == pytest.approx(0.1, rel=0.02)


def test_a_trend_along_the_limb_is_no_variation():
    """Of the plane, which fades by a quarter along its length, less than a hundredth is left."""
    assert patchiness(tissue(plane(20.0))) < 0.01


@given(times=st.floats(0.1, 10))
@settings(max_examples=5, deadline=None)
def test_variation_without_chance_does_not_depend_on_the_counts(times):
    """Twice the counts in every pixel are twice the surface."""
    field = 1 + 0.3 * np.sin(np.arange(ROWS) / 3)[:, None]

    assert patchiness(tissue(times * plane(20.0) * field)) == pytest.approx(patchiness(tissue(plane(20.0) * field)))


@pytest.mark.parametrize("mean", [1.5, 8.0])
def test_variation_is_unbiased_and_its_interval_holds_the_truth(mean):
    """A smooth field of 15 %, bell of 8 mm, counted 120 times at 1.5 and 8 counts a pixel.

    Mean within 5 % of that without chance; of 95 % intervals 107 to 119 of 120 hold it 99 % of the time.
    """
    chance = np.random.default_rng(3)
    field = ndimage.gaussian_filter(chance.standard_normal((ROWS, COLUMNS)), 8 / MM)
    field *= 0.15 / field.std()
    expected = plane(mean) * (1 + field)
    truth = patchiness(tissue(expected))
    found = [heterogeneity(tissue(chance.poisson(expected).astype(float))) for _ in range(120)]

    assert np.mean([one.variation for one in found]) == pytest.approx(truth, rel=0.05)
    assert 107 <= sum(one.variation_interval[0] <= truth <= one.variation_interval[1] for one in found) <= 119
    assert np.mean([one.p_value < 0.01 for one in found]) > 0.8


def test_the_definition_for_readers_names_the_squares():
    """What page and phantom say is what is measured."""
    assert f"{BLOCK_MM} mm" in VARIATION_MEANS


def test_a_bright_place_is_found_where_it_is():
    """A bell of 80 % more, 6 mm wide, at row 40 and column 12."""
    row, column = np.indices((ROWS, COLUMNS))
    spot = 0.8 * np.exp(-((row - 40) ** 2 + (column - 12) ** 2) * MM**2 / (2 * 6.0**2))
    found = heterogeneity(tissue(np.random.default_rng(4).poisson(plane(20.0) * (1 + spot)).astype(float)))

    assert found.focus_p_value < 1e-4
    assert found.focus == pytest.approx((40, 12), abs=3)


def test_a_filter_on_the_counts_is_no_variation():
    """Smoothed by 0.8 pixels; told so, the test stays silent in at least 34 of 40 scans."""
    chance = np.random.default_rng(6)
    p = []
    for _ in range(40):
        smooth = ndimage.gaussian_filter(chance.poisson(plane(20.0)).astype(float), 0.8)
        p.append(heterogeneity(tissue(smooth), Counting(1.0, 0.8, 0.1)).p_value)

    assert sum(value < 0.05 for value in p) <= 6


def test_the_same_counts_give_the_same_answer():
    """Nothing is drawn by chance."""
    counts = np.random.default_rng(7).poisson(plane(10.0)).astype(float)

    assert heterogeneity(tissue(counts)) == heterogeneity(tissue(counts))


def test_too_little_tissue_is_refused():
    """12 rows of 10 pixels are 13 squares."""
    rows, columns = np.indices((12, 10)).reshape(2, -1)
    one = np.ones(rows.size)
    little = Tissue(
        rows=rows,
        columns=columns,
        counts=20 * one,
        path_mm=100 * one,
        along=rows / 12,
        across=columns / 5 - 1,
        spill=0 * one,
        pixel_mm=(MM, MM),
    )

    with pytest.raises(NotMeasurable, match="too little soft tissue"):
        heterogeneity(little)


def test_too_few_counts_are_refused():
    """0.1 counts a pixel, 0.9 a square."""
    with pytest.raises(NotMeasurable, match="too few counts"):
        heterogeneity(tissue(np.random.default_rng(8).poisson(plane(0.1)).astype(float)))


def test_poisson_counts_are_taken_as_they_are():
    """Variance over mean 1."""
    counts = np.random.default_rng(9).poisson(plane(15.0)).astype(float)
    noise = counting_noise(counts, np.ones(counts.shape, bool))

    assert noise.untouched
    assert noise.variance_over_mean == pytest.approx(1.0, abs=0.1)


def test_doubled_counts_show_their_scale():
    """Twice the counts have four times the variance: variance over mean 2."""
    counts = 2.0 * np.random.default_rng(10).poisson(plane(15.0))

    assert counting_noise(counts, np.ones(counts.shape, bool)).scale == pytest.approx(2.0, rel=0.1)


def test_a_filter_shows_in_the_noise():
    """A bell of 0.8 pixels."""
    counts = ndimage.gaussian_filter(np.random.default_rng(11).poisson(plane(15.0)).astype(float), 0.8)

    assert counting_noise(counts, np.ones(counts.shape, bool)).filter_px == pytest.approx(0.8, abs=0.08)


def test_noise_of_a_scrap_is_refused():
    """30 x 20 pixels."""
    with pytest.raises(NotMeasurable, match="too little"):
        counting_noise(np.ones((30, 20)), np.ones((30, 20), bool))
