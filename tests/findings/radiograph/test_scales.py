"""A film is looked at whole, halved and quartered; what any scale sees is seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.findings.radiograph import scales
from calcinet.findings.radiograph.scales import LONGEST_PX, RadiographMaps, finest_shrink, radiograph_maps
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue

MAPS = ("vessel", "net", "focus", "patch", "artery")


def film(rows=800, columns=640, pixel_mm=0.2):
    spacing = None if pixel_mm is None else (1.0, pixel_mm, pixel_mm)
    return Image(np.zeros((1, rows, columns), np.float32), spacing, "1")


def soft(image, labels=Tissue.SOFT):
    return Regions(labels=np.full(image.plane.shape, labels, np.uint8), depth=np.zeros(image.plane.shape, np.float32),
                   depth_unit="mm")  # fmt: skip


@pytest.fixture
def looked(monkeypatch):
    """Maps of a film by a network whose answer at each scale is given, and the scales that it was asked at."""
    asked = []

    def look(image, answer):
        def network_maps(_image, _tissue, *, name, shrink):
            asked.append(shrink)
            rows, columns = image.plane.shape
            return answer(len(asked) - 1, (len(MAPS), round(rows * shrink), round(columns * shrink)))

        monkeypatch.setattr(scales, "network_maps", network_maps)
        return radiograph_maps(image, soft(image)), asked

    return look


@pytest.mark.parametrize(("pixel_mm", "shrink"), [(0.05, 0.25), (0.1, 0.5), (0.2, 1.0), (0.4, 1.0), (3.0, 1.0)])
def test_a_fine_film_is_shrunk_to_a_fifth_of_a_millimetre_and_a_coarse_one_is_taken_as_it_is(pixel_mm, shrink):
    assert finest_shrink(film(pixel_mm=pixel_mm)) == pytest.approx(shrink)


def test_the_finer_side_of_oblong_pixels_decides():
    """0.1 x 0.3 mm: by the finer one, a half."""
    oblong = Image(np.zeros((1, 90, 90), np.float32), (1.0, 0.3, 0.1), "1")

    assert finest_shrink(oblong) == pytest.approx(0.5)


@pytest.mark.parametrize(("longest", "shrink"), [(4300, 0.5), (2150, 1.0), (600, 1.0)])
def test_a_film_of_unknown_pixels_is_shrunk_to_the_longest_cassette(longest, shrink):
    """43 cm at 0.2 mm are 2150 pixels."""
    assert pytest.approx(430) == LONGEST_PX * 0.2
    assert finest_shrink(film(300, longest, pixel_mm=None)) == pytest.approx(shrink)


@settings(deadline=None)
@given(pixel_mm=st.floats(0.02, 1.0), change=st.floats(1e-6, 1e-3))
def test_a_spacing_that_is_hardly_another_gives_hardly_another_scale(pixel_mm, change):
    """In parts, the scale changes by no more than the spacing does, wherever that is."""
    one, other = film(20, 20, pixel_mm), film(20, 20, pixel_mm * (1 + change))

    assert 1 <= finest_shrink(other) / finest_shrink(one) <= 1 + change + 1e-12


@settings(deadline=None)
@given(longest=st.integers(200, 9000))
def test_a_film_without_a_spacing_that_is_a_pixel_longer_has_hardly_another_scale(longest):
    one, other = (finest_shrink(film(20, length, None)) for length in (longest, longest + 1))

    assert longest / (longest + 1) - 1e-12 <= other / one <= 1


def test_the_film_is_seen_whole_halved_and_quartered(looked):
    """Shorter side 640: 320 and 160 are still no less than 96."""
    _, asked = looked(film(), lambda _, shape: np.zeros(shape, np.float32))

    assert asked == [1.0, 0.5, 0.25]


def test_a_small_film_is_not_halved_to_less_than_the_network_views(looked):
    """Shorter side 200: 100 is enough, 50 is too little."""
    _, asked = looked(film(400, 200), lambda _, shape: np.zeros(shape, np.float32))

    assert asked == [1.0, 0.5]


def test_of_every_pixel_and_map_the_highest_probability_of_the_scales_is_told(looked):
    """Each scale answers each map alike over the film: the maximum over scales is worked out by hand."""
    table = np.array([[0.1, 0.7, 0.2, 0.0, 0.5], [0.4, 0.1, 0.9, 0.0, 0.6], [0.3, 0.8, 0.1, 0.0, 0.2]], np.float32)
    maps, _ = looked(film(), lambda number, shape: np.ones(shape, np.float32) * table[number][:, None, None])

    for name, highest in zip(MAPS, [0.4, 0.8, 0.9, 0.0, 0.6], strict=True):
        plane = getattr(maps, name)
        assert plane.shape == (800, 640)
        assert np.abs(plane - highest).max() < 1e-6


def test_what_a_coarse_scale_alone_sees_lies_where_it_is_on_the_film(looked):
    """A square of 20 x 20 pixels at a quarter, rows 40 to 59 and columns 80 to 99: 80 x 80 from (160, 320) on."""

    def answer(number, shape):
        maps = np.zeros(shape, np.float32)
        if number == 2:
            maps[4, 40:60, 80:100] = 1
        return maps

    maps, _ = looked(film(), answer)
    rows, columns = np.nonzero(maps.artery > 0.5)

    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (160, 239, 320, 399)
    assert not maps.vessel.any()


def test_maps_know_the_film_that_they_are_of(looked):
    """A film of 0.1 mm, 600 x 500: maps of 300 x 250."""
    maps, _ = looked(film(600, 500, 0.1), lambda _, shape: np.zeros(shape, np.float32))

    assert isinstance(maps, RadiographMaps)
    assert (maps.artery.shape, maps.shape, maps.scale) == ((300, 250), (600, 500), (2.0, 2.0))


def test_air_is_never_looked_at():
    """The network itself, on noise that is told to be air: nothing is marked."""
    noise = np.random.default_rng(0).normal(100, 4, (1, 200, 210)).astype(np.float32)
    image = Image(noise, (1.0, 0.2, 0.2), "1")

    maps = radiograph_maps(image, soft(image, Tissue.AIR))

    assert not any(getattr(maps, name).any() for name in MAPS)
