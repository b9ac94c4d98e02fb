"""Which way round: generated limbs here, real films where they are at hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.image import Image
from calcinet.io import read, read_all
from calcinet.io.radiograph.film_checks import NEGATIVE_PICTURE
from calcinet.io.radiograph.polarity import _measure_air, sense

EVERY = 12
"""Of the backgrounds one in so many, to save time."""


def test_negative_is_turned_and_said(picture, grey):
    """Air bright, bone dark: the caller sees the film as it should be, and is told."""
    image = read(picture(255 - grey))

    assert np.corrcoef(image.plane.ravel(), grey.ravel())[0, 1] > 0.999
    assert any("polarity was inverted" in caution for caution in image.cautions)


def test_film_is_left_as_it_is(picture, grey):
    """No word about polarity."""
    assert not any("polarity" in caution for caution in read(picture(grey)).cautions)


def test_bulge_of_a_cylinder_is_positive():
    """A cylinder of water projects to 2 sqrt(r2 - x2): concave, brightest in the middle."""
    across = np.linspace(-1.5, 1.5, 256)
    plane = np.tile(2 * np.sqrt(np.clip(1 - across**2, 0, None)), (256, 1)).astype(np.float32)

    assert sense(plane) > 1.5
    assert sense(-plane) < -1.5


def test_a_limb_from_edge_to_edge_beside_white_collimation_is_no_negative():
    """Air of one shade and a limb of many: the commonest grey is air's, though the rim is brighter than the middle."""
    across = np.linspace(-1, 1, 200)
    limb = 40 + 150 * np.sqrt(np.clip(1 - (across / 0.4) ** 2, 0, None))
    plane = np.tile(limb, (260, 1)).astype(np.float32)
    plane[:30] = plane[-30:] = 255
    plane += np.random.default_rng(0).normal(0, 1, plane.shape).astype(np.float32)

    assert sense(plane) > 0 > sense(-plane)


def test_greys_without_a_commonest_one_tell_nothing_of_air():
    """A plane of all greys alike."""
    plane = np.tile(np.linspace(0, 1, 256, dtype=np.float32), (256, 1))

    assert _measure_air(plane) == 0


@settings(max_examples=10, deadline=None)
@given(scale=st.floats(0.01, 100), offset=st.floats(-1000, 1000))
def test_sense_does_not_depend_on_scale_and_offset(film, scale, offset):
    """Grey values have no unit on a processed film."""
    moved = (film.plane.astype(np.float64) * scale + offset * scale).astype(np.float32)

    assert sense(moved) == pytest.approx(sense(film.plane), abs=0.05)


@settings(max_examples=4, deadline=None)
@given(turns=st.integers(0, 3), mirror=st.booleans())
def test_sense_does_not_depend_on_how_the_film_lies(film, turns, mirror):
    """Turned by right angles or mirrored, a film keeps its polarity, up to how the small copy falls on its pixels."""
    moved = np.ascontiguousarray(np.rot90(film.plane[:, ::-1] if mirror else film.plane, turns))

    assert sense(moved) == pytest.approx(sense(film.plane), abs=0.3)


@pytest.mark.slow
def test_no_real_film_is_refused_or_turned(shared_data):
    """All real films pass untouched, their letters, black padding and white borders included; most negatives are told.

    37 of 41 limb films and 10 of 11 hands and calf were told when this was written.
    """
    limbs = list(read_all([shared_data / "xray", shared_data / "limbs_measure_only"]))
    others = sorted((shared_data / "backgrounds").glob("*/*.*"))[::EVERY]
    films = limbs + list(read_all(others))
    told = [sense(-film.plane) < NEGATIVE_PICTURE for film in limbs]

    assert all(isinstance(film, Image) for film in films)
    assert not any("polarity" in caution for film in films for caution in film.cautions)
    assert np.mean(told) > 0.8
