"""What is known of the error of a volume."""

import numpy as np
import pytest

from calcinet.measure.ct.volume_error import (
    BALL,
    LEAST_SPREAD,
    WALL,
    ErrorModel,
    KnownVolume,
    add_volumes,
    correct_volume,
    describe_part,
)


def test_features_are_worked_out_on_paper():
    """900 HU is typical: b 0. A ball of 2.5 mm is not fine: f 0. Slices of a third of the width, 1 - ln 3 < 0: s 0."""
    assert describe_part(900.0, 2.5, 2.5 / 3).tolist() == [1, 0, 0, 0, 0, 0]
    bright, thick, fine = np.log(2), 1 + np.log(5), np.log(2.5)
    assert describe_part(1800.0, 1.0, 5.0).tolist() == pytest.approx(
        [1, bright, thick, fine, bright * thick, bright * fine]
    )


def test_a_volume_is_multiplied_by_what_its_features_say():
    """exp(ln 2) = 2; the spread is 3 and 4 tenths across one another: 0.5."""
    model = ErrorModel(weights=np.array([np.log(2), 0, 0, 0, 0, 0]), spread=np.array([0.3, 0, 0]))
    known = correct_volume(10.0, describe_part(900.0, 3.0, 0.5), 0.4, model)

    assert known.mm3 == pytest.approx(20)
    assert known.spread == pytest.approx(0.5)


@pytest.mark.parametrize("model", [WALL, BALL])
def test_thick_slices_make_a_part_less_known(model):
    thin = correct_volume(10.0, describe_part(900.0, 1.0, 0.6), 0.0, model)
    thick = correct_volume(10.0, describe_part(900.0, 1.0, 5.0), 0.0, model)

    assert LEAST_SPREAD <= thin.spread < thick.spread


def test_what_parts_have_in_common_does_not_average_out():
    """A hundred parts of spread 0.2: 0.02 where nothing is in common, 0.2 where all is."""
    parts = [KnownVolume(1.0, 0.2)] * 100

    assert add_volumes(parts, common=0.0).spread == pytest.approx(0.02)
    assert add_volumes(parts, common=1.0).spread == pytest.approx(0.2)
    assert add_volumes([]) == KnownVolume(0.0, 0.0)
