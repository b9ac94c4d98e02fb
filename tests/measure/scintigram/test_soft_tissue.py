"""Squares of soft tissue and their background, for counts without noise."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.measure.scintigram.soft_tissue import Tissue, blocks_of, fit_background

ROWS, COLUMNS, MM = 60, 36, 2.26


def tissue(counts: np.ndarray, air: float = 0.0) -> Tissue:
    """Every pixel of a limb of even thickness."""
    rows, columns = np.indices(counts.shape).reshape(2, -1)
    return Tissue(
        rows=rows,
        columns=columns,
        counts=counts.ravel().astype(float),
        path_mm=np.full(rows.size, 80.0),
        along=rows / ROWS,
        across=np.linspace(-0.9, 0.9, COLUMNS)[columns],
        spill=np.zeros(rows.size),
        pixel_mm=(MM, MM),
        air=air,
    )


def test_squares_hold_all_counts_and_path():
    """3 x 3 pixels of 2.26 mm are a square of 6.8 mm: 20 x 12 of them with 9 x 5 counts and 9 x 80 mm."""
    blocks = blocks_of(tissue(np.full((ROWS, COLUMNS), 5.0)), 1.0)

    assert blocks.side == 3
    assert blocks.counts == pytest.approx(np.full(240, 45.0))
    assert blocks.path == pytest.approx(np.full(240, 720.0))


def test_a_scale_is_divided_out_of_counts_and_air():
    """Two pixel units a count: half of the counts, half of the air's."""
    blocks = blocks_of(tissue(np.full((ROWS, COLUMNS), 5.0), air=1.0), 2.0)

    assert blocks.counts == pytest.approx(22.5)
    assert blocks.air == pytest.approx(4.5)


def test_the_background_follows_what_falls_along_the_limb():
    """Counts of 40 exp(-along): of the shapes that are fitted, so that nothing is left."""
    along = np.arange(ROWS)[:, None] / ROWS
    blocks = blocks_of(tissue(40 * np.exp(-along) * np.ones((1, COLUMNS))), 1.0)
    background = fit_background(blocks)

    assert background.mean == pytest.approx(blocks.counts, rel=1e-3)
    assert background.base.T @ background.base == pytest.approx(np.eye(background.base.shape[1]), abs=1e-9)


def test_the_fit_keeps_the_sum_of_the_counts():
    """As every Poisson fit with a constant does."""
    blocks = blocks_of(tissue(np.random.default_rng(0).poisson(20, (ROWS, COLUMNS))), 1.0)

    assert fit_background(blocks).mean.sum() == pytest.approx(blocks.counts.sum(), rel=1e-3)


def test_a_sliver_is_refused():
    """Nine rows are three rows of squares."""
    with pytest.raises(NotMeasurable, match="too little soft tissue"):
        blocks_of(tissue(np.ones((9, COLUMNS))), 1.0)
