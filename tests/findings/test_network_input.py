"""What the network sees must not depend on the film's grey scale or its unit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.findings.network_input import Resolution, channels, prepare
from calcinet.image import Image

RNG = np.random.default_rng(3)
FILM = (np.add.outer(np.arange(96.0), np.arange(128.0)) + RNG.normal(0, 3, (96, 128))).astype(np.float32)
EVERYWHERE = np.ones(FILM.shape, dtype=bool)


@settings(max_examples=15, deadline=None)
@given(gain=st.floats(0.05, 50), offset=st.floats(-500, 500))
def test_channels_do_not_depend_on_the_grey_scale(gain, offset):
    """Noise, background and quantiles all follow an affine change."""
    seen = channels((gain * FILM + offset).astype(np.float32), EVERYWHERE)

    assert np.abs(seen - channels(FILM, EVERYWHERE)).max() < 0.02


def test_a_mirrored_film_gives_mirrored_channels():
    """Every step is the same from left and right, but for which pixels the quantiles are taken from."""
    seen = channels(np.ascontiguousarray(FILM[:, ::-1]), EVERYWHERE)

    assert seen[:, :, ::-1] == pytest.approx(channels(FILM, EVERYWHERE), abs=0.03)


@pytest.mark.parametrize(
    ("pixel_mm", "factor"), [(0.1, 0.5), (0.15, 1.0), (0.2, 1.0), (None, 1.0)], ids=["fine", "edge", "usual", "unknown"]
)
def test_films_finer_than_a_network_can_use_are_shrunk_to_its_pixel(pixel_mm, factor):
    """To 0.2 mm where they are finer than 0.15; others, and films of unknown size, stay as they are."""
    spacing = None if pixel_mm is None else (1.0, pixel_mm, pixel_mm)

    assert Resolution(pixel_mm=0.2, finest_mm=0.15).shrink(Image(FILM[None], spacing, "1")) == pytest.approx(factor)


@pytest.mark.parametrize(("shrink", "rows", "columns"), [(0.5, 48, 64), (0.3, 29, 38), (1.0, 96, 128)])
def test_a_film_is_prepared_at_the_scale_that_is_asked_for(shrink, rows, columns):
    """0.3 x 96 = 28.8 and 0.3 x 128 = 38.4; the film's own shape is kept beside."""
    given = prepare(Image(FILM[None], None, "1"), EVERYWHERE, shrink=shrink)

    assert given.channels.shape == (3, rows, columns)
    assert (given.size, given.shape) == ((rows, columns), (96, 128))


@settings(deadline=None)
@given(top=st.integers(0, 95), left=st.integers(0, 127), height=st.integers(1, 96), width=st.integers(1, 128))
def test_a_box_of_the_film_is_prepared_as_in_the_whole(top, left, height, width):
    """Noise and grey scale are the film's, and the background reaches as far as it does there."""
    box = slice(top, top + height), slice(left, left + width)

    assert channels(FILM, EVERYWHERE, box) == pytest.approx(channels(FILM, EVERYWHERE)[:, *box], abs=1e-4)
