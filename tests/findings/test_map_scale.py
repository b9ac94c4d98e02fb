"""Between maps and film: where the pixels of a half-size map are on the film."""

import numpy as np
import pytest

from calcinet.findings.components import Component
from calcinet.findings.detector import CalciumMaps
from calcinet.findings.map_scale import enlarge, resize_to_maps, scale_box, scale_points


def maps_of(probability, shape):
    """All four maps alike."""
    return CalciumMaps(vessel=probability, net=probability, focus=probability, patch=probability, shape=shape)


HALF = maps_of(np.zeros((10, 20), np.float32), (20, 40))


def test_the_middle_of_a_pixel_of_the_map_is_between_two_of_the_film():
    """(0 + 1/2) x 2 - 1/2 = 0.5; (9 + 1/2) x 2 - 1/2 = 18.5."""
    assert scale_points(np.array([[0.0, 9.0]]), HALF) == pytest.approx(np.array([[0.5, 18.5]]))


def test_a_box_covers_one_pixel_of_the_map_more_on_every_side():
    """Rows 2 to 4 of the map touch rows 2 to 10 of the film; the film's edge ends it."""
    assert scale_box((slice(2, 4), slice(0, 20)), HALF) == (slice(2, 10), slice(0, 40))


def test_a_mask_at_the_size_of_the_maps_takes_the_nearest_pixel():
    mask = np.zeros((20, 40), bool)
    mask[:10] = True

    assert resize_to_maps(HALF, mask).sum(axis=0).tolist() == [5] * 20


def test_the_edge_of_an_enlarged_component_is_where_probability_crosses_a_half():
    """Pixels of 1 beside pixels of 0, twice as large: linear in between, the crossing is at the edges of the pixels."""
    probability = np.zeros((10, 20), np.float32)
    probability[4:6, 5:15] = 1
    maps = maps_of(probability, (20, 40))
    component = Component(np.ones((2, 10), bool), (slice(4, 6), slice(5, 15)))
    whole = enlarge(probability, component, maps, (slice(0, 20), slice(0, 40)))

    truth = np.zeros((20, 40), bool)
    truth[8:12, 10:30] = True
    assert np.array_equal(whole, truth)


def test_what_belongs_to_another_component_is_not_enlarged():
    """Two spots of the map; only one is asked for."""
    probability = np.zeros((10, 20), np.float32)
    probability[2:4, 2:4] = probability[6:8, 12:14] = 1
    maps = maps_of(probability, (20, 40))
    spot = Component(np.ones((2, 2), bool), (slice(2, 4), slice(2, 4)))
    rows, columns = np.nonzero(enlarge(probability, spot, maps, (slice(0, 20), slice(0, 40))))

    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 7, 4, 7)


def test_at_equal_size_a_component_stays_as_it_is():
    probability = np.ones((10, 20), np.float32)
    component = Component(np.eye(3, dtype=bool), (slice(4, 7), slice(5, 8)))
    found = enlarge(probability, component, maps_of(probability, (10, 20)), (slice(4, 7), slice(4, 8)))

    assert found[:, 1:].tolist() == np.eye(3, dtype=bool).tolist()
    assert not found[:, 0].any()
