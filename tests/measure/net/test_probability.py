"""The map's and the geometry's word on a net, weighed together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.measure.net.probability import CALL_WEIGHTS, call_features, net_call


def test_map_and_geometry_are_weighed_by_their_log_odds():
    """Nothing known of either gives the constant; the log-odds of 0.9 are ln 9 = 2.197."""
    constant, of_map, of_geometry = CALL_WEIGHTS

    assert call_features(0.9, 0.5) == pytest.approx([2.197, 0], abs=1e-3)
    assert net_call(0.5, 0.5) == pytest.approx(1 / (1 + np.exp(-constant)))
    assert net_call(0.9, 0.1) == pytest.approx(1 / (1 + np.exp(-constant - 2.197 * (of_map - of_geometry))), abs=1e-3)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_a_net_is_never_certain_and_no_surer_map_or_geometry_makes_it_less_probable(by_map, by_geometry, more):
    """Between 0 and 1, and rising in both."""
    here = net_call(by_map, by_geometry)

    assert 0 < here < 1
    assert net_call(min(by_map + more, 1), by_geometry) >= here
    assert net_call(by_map, min(by_geometry + more, 1)) >= here
