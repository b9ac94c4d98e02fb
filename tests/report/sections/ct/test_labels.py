"""What a CT's record says of its acquisition, in words."""

import pytest

from calcinet.report.language import translator
from calcinet.report.sections.ct.labels import acquisition_facts, circumstances, count_left_out
from tests.support import handmade_ct

ENGLISH = translator("en")


def test_how_it_was_taken_is_told_in_short(ct_image):
    assert acquisition_facts(ct_image, ENGLISH) == [
        *("80 slices of 100 × 200", "voxels 3.00 × 1.50 × 1.40 mm"),
        *("slices 3.00 mm thick", "120 kV", "kernel B30f"),
    ]


def test_what_the_header_does_not_say_is_left_out(ct_image):
    bare = ct_image.ct.model_copy(update={"kvp": None, "kernel": None, "slice_thickness_mm": None})

    assert len(acquisition_facts(ct_image.model_copy(update={"ct": bare}), ENGLISH)) == 2


def test_image_that_is_no_ct_is_refused(record):
    with pytest.raises(ValueError, match="img-1 is no CT"):
        acquisition_facts(record.images[0], ENGLISH)


@pytest.mark.parametrize(
    ("contrast", "basis", "said"),
    [
        (True, "the header names it", "With contrast agent: the header names it."),
        (False, "", "Without contrast agent"),
        (None, "", "Contrast agent unknown"),
    ],
)
def test_contrast_agent_is_told_with_its_basis(contrast, basis, said):
    ct = handmade_ct.ct_record().model_copy(update={"contrast": contrast, "contrast_basis": basis, "series": None})

    assert next(circumstances(ct, ENGLISH)).text == said


def test_reason_for_the_series_comes_first(ct_image):
    ct = ct_image.ct.model_copy(update={"series": "the sharpest of three"})

    assert next(circumstances(ct, ENGLISH)).text == "the sharpest of three"


def test_nothing_left_out_is_not_counted(ct_image):
    """0 stones are no line; a word that the table does not know is said as it is."""
    ct = ct_image.ct.model_copy(update={"left_out": {"stone": 0, "metal": 2, "shrapnel": 1}})

    assert [item.text for item in count_left_out(ct, ENGLISH)] == ["metal: 2", "shrapnel: 1"]
