"""A bone scan divided into segments, and their uptake."""

from dataclasses import replace

import pytest

from calcinet.measure.scintigram.uptake import SIDE_SD, raised, uptake_ratio
from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body
from calcinet.protocols.scintigram.scan import measure_scan
from calcinet.protocols.scintigram.segment_records import CALF_LEVEL
from tests.support.scintigrams import CALF


@pytest.mark.parametrize("person", range(60, 65))
def test_a_calf_raised_by_a_third_is_found_and_its_health_is_not(person):
    """Half a million counts, the fewest of the benchmark: 1.3 times normal is called, normal is not."""
    normal = WholeBody(seed=person, person=person, counts=5e5)
    called = []
    for spec in (normal, replace(normal, uptake={CALF: 1.3})):
        scan = measure_scan(whole_body(spec).image)
        ratio = uptake_ratio(scan.soft[CALF], scan.soft[("lower leg", "R")], natural_sd=SIDE_SD)
        called.append(raised(ratio.value, ratio.value_interval, CALF_LEVEL / 2))

    assert called == [False, True]
