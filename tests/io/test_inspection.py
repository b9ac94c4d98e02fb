"""A first look at the files of a call."""

from calcinet.image import Image
from calcinet.io import read_all


def test_same_film_twice_is_examined_once(folder):
    """A copy adds no evidence."""
    results = read_all([folder / "film1.png", folder / "film1.png"])

    assert isinstance(results[0], Image)
    assert results[1].code == "duplicate"


def test_progress_counts_to_the_end(folder):
    """Three films, three calls."""
    steps = []
    read_all([folder], progress=lambda done, total: steps.append((done, total)))

    assert steps == [(1, 3), (2, 3), (3, 3)]
