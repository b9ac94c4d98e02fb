"""Planar nuclear medicine: counts, views, times and dose; what is not planar is refused."""

from copy import deepcopy

import numpy as np
import pytest
from pydicom import dcmread

from calcinet.io import read
from tests.support.scintigrams import scan, window

REAL = "nm/wg04_NM1_whole_body_bone_GE_16bit_2.26mm.dcm"


def test_counts_views_dose_and_times_come_back(written):
    """What was written: two views, 740 MBq, scanned 3 h after injection for 1200 s, half-life 6 h, pixels of 2.5 mm."""
    image = read(written())

    assert np.array_equal(image.pixels, scan().pixels)
    assert (image.unit, image.modality, image.pixel_mm) == ("{counts}", "NM", (2.5, 2.5))
    assert image.emission.views == ("anterior", "posterior")
    assert image.emission.whole_body
    assert image.emission.dose_mbq == 740
    assert image.emission.hours_after_injection == pytest.approx(3.0)
    assert image.emission.half_life_h == pytest.approx(6.0)
    assert image.emission.frame_s == (1200.0, 1200.0)
    assert image.cautions == ()


def test_the_real_scan_holds_the_counts_that_it_states(shared_data):
    """Counts Accumulated of the file: 3,596,452."""
    image = read(shared_data / REAL)

    assert image.pixels.sum(dtype=np.float64) == image.emission.counts_stated == 3_596_452
    assert image.pixel_mm == (2.26, 2.26)
    assert image.emission.frame_s == (1210.434,)
    assert not any("on trust" in caution for caution in image.cautions)


def test_counts_of_all_windows_are_not_those_of_one(written):
    """Counts Accumulated is of both windows; one is read."""
    tags = {"EnergyWindowVector": [1, 2], "DetectorVector": [1, 1]}
    image = read(written(**tags, EnergyWindowInformationSequence=[window(90, 120), window(126, 154)]))

    assert image.emission.counts_stated is None


@pytest.mark.parametrize(
    ("tags", "corrected"),
    [
        ({}, False),
        ({"CorrectedImage": ["ATTN", "DECY"]}, True),
        ({"DecayCorrection": "START"}, True),
        ({"DecayCorrection": "NONE"}, False),
        ({"CorrectedImage": ["ATTN", "DECY"], "DecayCorrection": "NONE"}, None),
    ],
)
def test_decay_that_was_corrected_for_is_known(written, tags, corrected):
    """One attribute is enough; two that contradict each other leave it unknown, and that is said."""
    image = read(written(**tags))

    assert image.emission.decay_corrected is corrected
    assert any("(0054,1102) says NONE" in caution for caution in image.cautions) == (corrected is None)


@pytest.mark.parametrize("milliseconds", ["1200", "0", "86400000"])
def test_a_duration_of_no_planar_scan_is_not_used_and_said(written, milliseconds):
    """1200 s written where milliseconds belong, nothing, a day."""
    image = read(written(ActualFrameDuration=milliseconds))

    assert image.emission.frame_s == (None, None)
    assert any("none of a planar scan" in caution for caution in image.cautions)


def test_of_several_injections_none_is_taken(written):
    """Half of the activity was given an hour before the other."""
    path = written()
    dataset = dcmread(path)
    first = dataset.RadiopharmaceuticalInformationSequence[0]
    second = deepcopy(first)
    second.RadionuclideTotalDose, second.RadiopharmaceuticalStartDateTime = "370", "20000101130000"
    dataset.RadiopharmaceuticalInformationSequence = [first, second]
    dataset.save_as(path)
    image = read(path)

    assert (image.emission.dose_mbq, image.emission.hours_after_injection) == (None, None)
    assert any("several injections" in caution for caution in image.cautions)


@pytest.mark.parametrize(
    ("filed", "given", "pixel_mm", "words"),
    [
        ([2.0, 4.0], None, (2.0, 4.0), None),
        ([2.0, 4.0], 2.0, (2.0, 4.0), "the file's are used"),
        ([2.0, 4.0], (2.0, 4.0), (2.0, 4.0), None),
        ([2.0, 2.0], 4.0, (4.0, 4.0), "that of another film?"),
        ([0.0, 0.0], None, None, "not a pixel pitch (0.5 to 12 mm)"),
        (2.0, None, None, "is not two numbers"),
    ],
)
def test_a_pixel_has_two_sides(written, filed, given, pixel_mm, words):
    """Oblong pixels keep both sides; one number is not both, and is compared with what the file says."""
    image = read(written(PixelSpacing=filed), spacing_mm=given)
    said = [caution for caution in image.cautions if words and words in caution]

    assert image.pixel_mm == pixel_mm
    assert bool(said) == bool(words)


def test_a_ratio_that_contradicts_the_sides_leaves_no_size(written):
    assert read(written(PixelAspectRatio=[2, 1])).spacing_mm is None
