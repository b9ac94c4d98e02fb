"""A bone scan divided into segments, and their uptake."""

from dataclasses import replace

import pytest

from calcinet.findings.scintigram.limb_segments import SEGMENT_KEYS
from calcinet.measure.scintigram.uptake import SIDE_SD, raised, uptake_ratio
from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body
from calcinet.protocols.scintigram.scan import (
    count_soft_tissue,
    first_column,
    measure_scan,
    pixel_density,
    place_in_picture,
    tissue_to_test,
)
from calcinet.protocols.scintigram.segment_records import CALF_LEVEL
from tests.support.ill_calf import CALF


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


def test_every_segment_is_measured_or_has_a_reason(scan):
    assert set(scan.soft) | set(scan.missing) == set(SEGMENT_KEYS)
    assert not set(scan.soft) & set(scan.missing)


def test_counts_of_soft_tissue_are_those_of_its_pixels(scan):
    """Counts over path is the density of one view, less air."""
    view = scan.found.views[0]
    counted = count_soft_tissue(view, view.segments[CALF], scan.noise[0])
    soft = view.segments[CALF].soft

    assert counted.counts == view.counts[soft].sum()
    assert counted.path_mm == pytest.approx(view.segments[CALF].path_mm[soft].sum())


def test_a_segment_that_is_cut_off_has_no_counts_a_pixel(scan):
    views = []
    for view in scan.found.views:
        cut = replace(view.segments[CALF], cut=True)
        views.append(replace(view, segments={**view.segments, CALF: cut}))
    cut_scan = replace(scan, found=replace(scan.found, views=tuple(views)))

    assert pixel_density(scan, CALF, whole_of) is not None
    assert pixel_density(cut_scan, CALF, whole_of) is None


def whole_of(segment):
    return segment.whole


def test_views_are_side_by_side_and_the_turned_one_is_mirrored_back(scan):
    """Two views of W columns: the first column of the second view is W, its last one, turned round, W again."""
    first, second = scan.found.views
    width = first.counts.shape[1]

    assert (first_column(first, scan.image), first_column(second, scan.image)) == (0, width)
    assert first.turned != second.turned
    for view, start in ((first, 0), (second, width)):
        shown = width - 1 - 3 if view.turned else 3
        assert place_in_picture(view, (5.0, 3.0), scan.image) == (5.0, start + shown)


def test_an_upper_arm_is_tested_below_the_armpit_and_a_calf_nearly_whole(scan):
    view = scan.found.views[0]
    arm = tissue_to_test(view, view.segments[("upper arm", "L")], scan.image.require_pixel_mm())
    leg = tissue_to_test(view, view.segments[CALF], scan.image.require_pixel_mm())

    assert arm.along.min() > 0.4
    assert 0.06 < leg.along.min() < 0.4
    assert leg.along.max() < 0.94
