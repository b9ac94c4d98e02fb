"""Where an image stands in its archive."""

from dataclasses import replace

import pytest

from calcinet.report.dicom.source_reference import shows_burned_in
from tests.support import handmade, handmade_ct


def test_a_film_is_one_instance_and_a_ct_all_its_slices():
    film, ct = handmade.sourced(instance="1.2.9"), handmade_ct.sourced()

    assert (film.origin.instance, film.origin.study, film.origin.slices) == ("1.2.9", "1.2.3.2", 1)
    assert (ct.origin.instance, ct.origin.series, ct.origin.slices) == ("1.2.3.4.1", "1.2.3.4", 80)
    assert film.instances == (film.header,)
    assert ct.instances == ct.slice_headers


def test_a_ct_whose_slices_do_not_match_cannot_be_measured_on():
    assert handmade.sourced().measurable
    assert handmade_ct.sourced().measurable
    assert not replace(handmade_ct.sourced(), slice_headers=()).measurable


def test_a_volume_counts_only_where_it_was_examined_as_a_ct():
    ct = handmade_ct.sourced()
    blank = replace(ct, record=ct.record.model_copy(update={"ct": None}))

    assert ct.volume is ct.pixels.volume
    assert blank.volume is None


@pytest.mark.parametrize(("stated", "shows"), [("YES", True), ("NO", False), ("", False), (None, False)])
def test_letters_are_burned_in_only_where_the_header_says_so(stated, shows):
    header = handmade.header()
    if stated is not None:
        header.BurnedInAnnotation = stated

    assert shows_burned_in(header) is shows
