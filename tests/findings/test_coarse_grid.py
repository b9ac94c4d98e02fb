"""From the work grid back to the film."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.findings.coarse_grid import CoarseGrid

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


def grid_of(full, size):
    """A grid of `size` on a film of `full` pixels."""
    return CoarseGrid(plane=np.zeros(size, np.float32), full_shape=full, mm=1.0, calibrated=True, dark=0.0, bright=1.0)


@settings(deadline=None)
@given(full=SIZES, size=SIZES, seed=st.integers(0, 99))
def test_places_of_the_film_read_what_the_whole_map_would_show(full, size, seed):
    """Linear interpolation of the whole by a library, looked up at all places."""
    values = np.random.default_rng(seed).random(size, dtype=np.float32)
    whole = cv2.resize(values, full[::-1], interpolation=cv2.INTER_LINEAR).reshape(full)

    found = grid_of(full, size).interpolate(values, np.arange(full[0] * full[1]))

    assert found == pytest.approx(whole.ravel(), abs=1e-5)


def test_every_pixel_of_the_film_takes_its_nearest_of_the_grid():
    """Four pixels over two: two each; over a grid of one, all the same."""
    assert grid_of((4, 2), (2, 1)).upsample_nearest(np.array([[3], [5]])).tolist() == [[3, 3], [3, 3], [5, 5], [5, 5]]
