"""The beam, against sums done on paper."""

import numpy as np
import pytest

from calcinet.phantoms import exposure as beam
from calcinet.phantoms.exposure import Exposure, Processing
from calcinet.phantoms.path_lengths import find_pixels_near, mean_chord


def _exposure(**changes):
    return Exposure(**{"pixel_mm": 0.1, "photons": 1e6, "blur_mm": 0.0, "scatter": 0.0} | changes)


def test_a_cylinder_absorbs_by_its_chord():
    """Radius 5 mm is 50 px; 3 mm (30 px) off the axis the chord is 2 sqrt(25 - 9) = 8 mm. Dense calcium of 0.125 per
    mm lets exp(-1) of 1e6 x 0.01 = 10,000 quanta through: 3,678.8."""
    path = np.array([[-20.0, 100.0], [120.0, 100.0]])
    near = find_pixels_near((101, 201), path, np.full(2, 50.0))
    chord_mm = np.zeros((101, 201), np.float32)
    chord_mm[near.rows, near.columns] = mean_chord(near.across, np.full(near.across.shape, 50.0)) * 0.1
    quanta = beam.transmit(beam.CALCIUM_PER_MM * chord_mm, _exposure())

    assert chord_mm[50, 130] == pytest.approx(8.0, rel=1e-3)
    assert quanta[50, 130] == pytest.approx(3678.8, rel=1e-3)
    assert quanta[50, 10] == pytest.approx(10_000)


def test_noise_follows_the_quanta():
    """Relative variance of counted quanta is 1 / N: N = 1e5 x 0.04 = 4,000 gives 2.5e-4, ten times the dose a tenth.
    Electronic noise adds 36 / N squared, under one per cent."""
    level = np.zeros((400, 400), np.float32)
    for photons, expected in ((1e5, 2.5e-4), (1e6, 2.5e-5)):
        taken = _exposure(pixel_mm=0.2, photons=photons)
        read = beam.detect(beam.transmit(level, taken), taken, np.random.default_rng(1))

        assert beam.logarithm(read, taken).var() == pytest.approx(expected, rel=0.03)


def test_blur_keeps_the_stated_share_of_the_noise():
    """A Gaussian of SD s pixels keeps 1 / (2 s sqrt(pi)) of white noise: 0.2821 for s = 1."""
    taken = _exposure(pixel_mm=0.1, blur_mm=0.1)
    read = beam.detect(np.full((400, 400), 1e4, np.float32), taken, np.random.default_rng(2))

    assert taken.noise_kept == pytest.approx(0.2821, rel=1e-3)
    assert read.std() == pytest.approx(np.hypot(0.2821 * 100, beam.ELECTRONIC_QUANTA), rel=0.02)


def test_scatter_has_the_stated_share_behind_a_thick_limb():
    """Behind an even limb that takes exp(-2) = 0.135 of the beam the glow is even too; 20 % scatter of all quanta is a
    quarter of the primary."""
    quanta = beam.transmit(np.full((300, 300), 2.0, np.float32), _exposure(scatter=0.2, pixel_mm=0.5))
    primary = 1e6 * 0.25 * np.exp(-2)

    assert quanta[150, 150] == pytest.approx(1.25 * primary, rel=0.01)


def test_processing_keeps_the_order_of_wide_levels():
    """Without enhancement the table rises from 0 at its low end to 4,095 at its high end."""
    ramp = np.tile(np.linspace(-0.5, 2.5, 256, dtype=np.float32), (64, 1))
    film = Processing(pixel_mm=0.2, strength=0.0, low=0.0, high=2.0)(ramp)

    assert (np.diff(film[32]) >= 0).all()
    assert film.min() == 0
    assert film.max() == beam.GREY_LEVELS


def test_attenuation_rises_from_fat_to_metal():
    """Fat, muscle, trabecular bone, cortex, dense calcium, metal."""
    order = [beam.FAT_PER_MM, beam.MUSCLE_PER_MM, beam.TRABECULA_PER_MM, beam.CORTEX_PER_MM, beam.CALCIUM_PER_MM]

    assert order == sorted(order)
    assert beam.METAL_PER_MM > 5 * beam.CALCIUM_PER_MM
