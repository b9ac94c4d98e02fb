"""Nets of a projection image: which are called, what is marked, what is measured."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from calcinet.findings.finding import LABELS, Finding, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.measure.net.marked_part import area_factor
from calcinet.protocols.finding_fields import NO_SPACING
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.net_measures import (
    NET_MEASURES,
    NO_NET,
    find_nets,
    label_called,
    measure_nets,
    net_meanings,
    record_nets,
    score_nets,
)
from tests.support.limbs import block_image, block_regions


def meshes(size: int = 29) -> NDArray[np.bool_]:
    """Borders between the places that are nearest to each of 20 points by chance: meshes with junctions of three."""
    points = size * np.random.default_rng(0).random((20, 2))
    pixels = np.stack(np.mgrid[:size, :size], axis=-1).reshape(-1, 2)
    distance, _ = cKDTree(points).query(pixels, k=2)
    return (distance[:, 1] - distance[:, 0] < 1).reshape(size, size)


def gauze(size: int = 13) -> NDArray[np.bool_]:
    """Lines every four pixels, both ways."""
    lines = np.zeros((size, size), bool)
    lines[::4] = lines[:, ::4] = True
    return lines


@pytest.fixture
def calcium():
    """A net of which the detector is sure, and gauze, which it doubts and whose junctions are of four."""
    found, labels = [], np.zeros((60, 40), np.uint8)
    for lines, probability, row, column in ((gauze(), 0.2, 45, 5), (meshes(), 0.9, 12, 2)):
        patch = np.ones_like(lines)
        found.append(Finding(kind=Kind.NET, mask=lines, origin=(row, column), patch=patch, probability=probability))
        height, width = lines.shape
        labels[row : row + height, column : column + width][lines] = LABELS[Kind.NET]
    return Calcium(findings=tuple(found), labels=labels, net_score=0.3)


def test_nets_come_largest_first_and_gauze_is_not_called(calcium):
    """29 x 29 pixels before 13 x 13."""
    nets = find_nets(block_image(), calcium)

    assert [net.patch.sum() for net in nets] == [841, 169]
    assert [net.is_called for net in nets] == [True, False]


def test_what_is_not_called_is_not_marked(calcium):
    """The label map of the finder stays as it is."""
    labels = label_called(calcium, find_nets(block_image(), calcium))

    assert (labels[12:41, 2:31] > 0).sum() == meshes().sum()
    assert not labels[45:58].any()
    assert (calcium.labels[45:58] > 0).sum() == gauze().sum()


def test_without_a_called_net_the_probability_stays_below_calling(calcium):
    """The surest place of the map has 0.3; a place of 0.9 without a patch would still be no net."""
    for score, probability in ((0.3, 0.3), (0.9, 0.49)):
        measurements = Measurements()
        measure_nets(measurements, block_image(), [], score)

        assert measurements.measures["net.probability"] == probability
        assert measurements.measures["net.area_cm2"] == 0
        assert measurements.missing["net.mesh_mm"] == NO_NET


@pytest.mark.parametrize(("map_score", "expected"), [(0.0, 0.0), (0.3, 0.3), (0.9, 0.9), (1.0000001, 1.0)])
def test_without_a_called_net_the_score_is_that_of_the_map(map_score, expected):
    """It goes on where the probability ends at 0.49, and never beyond 1."""
    assert score_nets([], map_score) == expected


def test_the_score_is_that_of_the_likeliest_patch_where_the_map_has_less(calcium):
    """Gauze of 0.2 stays below 0.5, the net of 0.9 above it; what is called does not depend on the score."""
    nets = find_nets(block_image(), calcium)

    assert score_nets(nets[1:], 0.0) == nets[1].probability < 0.5
    assert score_nets(nets[::-1], 0.3) == nets[0].probability > 0.5
    assert [net.is_called for net in find_nets(block_image(), replace(calcium, net_score=0.97))] == [True, False]


def test_without_a_pixel_size_there_is_no_area():
    measurements = Measurements()
    measure_nets(measurements, block_image(spaced=False), [], 0.1)

    assert measurements.missing["net.area_cm2"] == NO_SPACING
    assert measurements.missing["net.loops"] == NO_NET


def test_area_is_that_of_the_patches_of_all_called_nets(calcium):
    """29 x 29 pixels of half a millimetre are 2.1025 cm2; the gauze adds nothing."""
    measurements = Measurements()
    nets = find_nets(block_image(), calcium, error_known=False)
    measure_nets(measurements, block_image(), nets, 0.3)

    assert measurements.measures["net.area_cm2"] == pytest.approx(2.1025)
    assert "net.area_cm2" not in measurements.intervals
    assert measurements.measures["net.probability"] > 0.5
    assert measurements.measures["net.loops"] > 3
    assert "net.mesh_px" not in measurements.measures


def test_where_it_is_known_how_much_is_marked_the_whole_is_stated(calcium):
    """The film's measure and the net's own entry are multiplied, with their intervals; pixels are those marked."""
    measurements, image = Measurements(), block_image()
    nets = find_nets(image, calcium)
    measure_nets(measurements, image, nets, 0.3)
    (record,) = record_nets(image, block_regions(), nets, iter(["f1"]))
    factor = area_factor(find_nets(image, calcium, error_known=False)[0].geometry)
    low, high = measurements.intervals["net.area_cm2"]

    assert measurements.measures["net.area_cm2"] == pytest.approx(2.1025 * factor.typical)
    assert (low, high) == pytest.approx((2.1025 * factor.lower, 2.1025 * factor.upper))
    assert record.area_mm2 == pytest.approx(210.25 * factor.typical)
    assert record.area_interval_mm2 == pytest.approx((100 * low, 100 * high))
    assert record.area_px == 841


def test_without_a_pixel_size_the_mesh_is_in_pixels(calcium):
    """Half a millimetre a pixel: the mesh in pixels is twice that in mm."""
    spaced, bare = Measurements(), Measurements()
    for measurements, image in ((spaced, block_image()), (bare, block_image(spaced=False))):
        measure_nets(measurements, image, find_nets(image, calcium), 0.3)

    assert bare.measures["net.mesh_px"] == pytest.approx(2 * spaced.measures["net.mesh_mm"])
    assert bare.missing["net.mesh_mm"] == NO_SPACING


def test_called_nets_are_entered_with_the_next_id(calcium):
    nets = find_nets(block_image(), calcium)
    ids = iter(["f7", "f8"])
    (record,) = record_nets(block_image(), block_regions(), nets, ids)

    assert (record.id, record.kind, record.area_px) == ("f7", "net", 841.0)
    assert next(ids) == "f8"


def test_every_measure_of_a_net_has_a_meaning():
    assert set(net_meanings()) == {*NET_MEASURES, "net.probability", "net.mesh_px"}
