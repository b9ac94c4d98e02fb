"""Distances that do not depend on the machine."""

import re

import cv2
import numpy as np
import pytest

from calcinet.geometry.exact_distance import measure_exact_distance
from tests.support.paths import ROOT


def nearest_by_trial(mask):
    """Root of the least whole square of a distance, pixel by pixel."""
    outside = np.argwhere(~mask)
    squares = [((outside - place) ** 2).sum(axis=1).min() for place in np.argwhere(np.ones_like(mask))]
    return np.sqrt(np.array(squares, dtype=np.float64)).astype(np.float32).reshape(mask.shape)


@pytest.fixture
def threads():
    """As many as a test wants; afterwards as many as there were."""
    usual = cv2.getNumThreads()
    yield cv2.setNumThreads
    cv2.setNumThreads(usual)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("shape", [(40, 31), (130, 140)])
def test_every_distance_is_the_root_of_a_whole_number(threads, count, shape):
    """Small masks and large ones, with one thread and several: single precision rounds the true root, no more."""
    threads(count)
    mask = np.random.default_rng(5).random(shape) > 0.004

    assert np.array_equal(measure_exact_distance(mask), nearest_by_trial(mask))


def test_the_usual_way_comes_back():
    """Nobody else's filters change."""
    usual = cv2.ipp.useIPP()
    measure_exact_distance(np.eye(3) > 0)

    assert cv2.ipp.useIPP() == usual


def test_nobody_else_asks_for_exact_distances():
    """Elsewhere they would hang on the number of threads: mask 0, which is called precise, alone does."""
    modules = {path.name: path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")}
    asking = [name for name, text in modules.items() if re.search(r"MASK_PRECISE|DIST_L\w+, 0\b", text)]

    assert asking == ["exact_distance.py"]
