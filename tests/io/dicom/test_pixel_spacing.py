"""The ladder of pixel spacings, rung by rung."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from calcinet.errors import BadInput
from calcinet.io.dicom.header import quiet
from calcinet.io.dicom.pixel_spacing import AROUND_MIDDLE, ON_CASSETTE, spacing_of

DETECTOR = {"ImagerPixelSpacing": [0.22, 0.11]}


def header(**tags: object) -> Dataset:
    dataset = Dataset()
    for keyword, value in tags.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(
    ("tags", "pixel_mm", "basis", "magnification"),
    [
        pytest.param(
            DETECTOR | {"PixelSpacing": [0.2, 0.1], "PixelSpacingCalibrationType": "FIDUCIAL"},
            (0.2, 0.1),
            "calibrated",
            1.1,
            id="measured on an object of known size",
        ),
        pytest.param(
            {"PixelSpacing": [0.2, 0.1], "PixelSpacingCalibrationType": "FIDUCIAL"},
            (0.2, 0.1),
            "calibrated",
            1.0,
            id="measured, and the detector's pitch unknown",
        ),
        pytest.param(
            DETECTOR | {"PixelSpacing": [0.2, 0.1], "PixelSpacingCalibrationType": "GEOMETRY"},
            (0.2, 0.1),
            "corrected",
            1.1,
            id="corrected by geometry",
        ),
        pytest.param(
            DETECTOR | {"PixelSpacing": [0.2, 0.1]}, (0.2, 0.1), "corrected", 1.1, id="differs from the detector's"
        ),
        pytest.param(
            DETECTOR | {"PixelSpacing": [0.22, 0.11]}, (0.22, 0.11), "detector", 1.0, id="only repeats the detector's"
        ),
        pytest.param(
            DETECTOR | {"PixelSpacing": [1, 1]}, (0.22, 0.11), "detector", 1.0, id="differs beyond any magnification"
        ),
        pytest.param(
            DETECTOR | {"EstimatedRadiographicMagnificationFactor": 1.1},
            (0.2, 0.1),
            "corrected",
            1.1,
            id="magnification stated",
        ),
        pytest.param(
            DETECTOR
            | {"EstimatedRadiographicMagnificationFactor": 0, "DistanceSourceToDetector": 1100}
            | {"DistanceSourceToPatient": 1000},
            (0.2, 0.1),
            "corrected",
            1.1,
            id="magnification from the distances",
        ),
        pytest.param(
            DETECTOR | {"DistanceSourceToDetector": 1000, "DistanceSourceToPatient": 1100},
            (0.22, 0.11),
            "detector",
            1.0,
            id="patient behind the detector",
        ),
        pytest.param(
            DETECTOR | {"DistanceSourceToDetector": 1000, "DistanceSourceToPatient": 0},
            (0.22, 0.11),
            "detector",
            1.0,
            id="patient at the source",
        ),
        pytest.param(DETECTOR, (0.22, 0.11), "detector", 1.0, id="the detector's pitch alone"),
        pytest.param({"PixelSpacing": [0.2, 0.1]}, (0.2, 0.1), "detector", 1.0, id="pixel spacing of no known kind"),
        pytest.param({"NominalScannedPixelSpacing": [0.1, 0.1]}, (0.1, 0.1), "detector", 1.0, id="digitised film"),
        pytest.param({}, None, "none", 1.0, id="nothing"),
        pytest.param({"PixelSpacing": [0, 0]}, None, "none", 1.0, id="zero"),
        pytest.param({"ImagerPixelSpacing": [9, 9]}, None, "none", 1.0, id="too large"),
        pytest.param({"ImagerPixelSpacing": [0.001, 0.001]}, None, "none", 1.0, id="too small"),
    ],
)
def test_ladder_takes_the_best_rung(tags, pixel_mm, basis, magnification):
    """0.22 mm on the detector over a magnification of 1.1 are 0.2 mm in the patient; rows come first."""
    found = spacing_of(header(**tags))

    assert found.pixel_mm == (pytest.approx(pixel_mm) if pixel_mm else None)
    assert (found.basis, found.magnification) == (basis, pytest.approx(magnification))


@pytest.mark.parametrize(
    ("tags", "interval"),
    [
        ({"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "FIDUCIAL"}, (1.0, 1.0)),
        ({"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": 1.1}, AROUND_MIDDLE),
        ({"ImagerPixelSpacing": [0.2, 0.2]}, ON_CASSETTE),
        ({}, (1.0, 1.0)),
    ],
)
def test_what_is_left_open_depends_on_the_rung(tags, interval):
    """Calibrated: nothing; corrected for the middle: 5 cm to either side at 1 m; detector: 15 cm at 1.15 m."""
    assert spacing_of(header(**tags)).magnification_interval == interval
    assert (AROUND_MIDDLE, ON_CASSETTE) == ((0.95, 1.05), (1.0, 1.15))


def test_unusable_spacing_is_said_not_guessed():
    """A spacing of 0.000 leaves no spacing, and two sentences."""
    found = spacing_of(header(PixelSpacing=["0.000", "0.000"]))

    assert found.pixel_mm is None
    assert "not a pixel pitch" in found.cautions[0]
    assert "--spacing-mm" in found.cautions[1]


def test_users_number_wins_and_its_disagreement_is_remarked():
    """0.2 against the file's 0.22 is off by 9 %: used, and said. 0.215 is off by 2 %: used."""
    filed = header(ImagerPixelSpacing=[0.22, 0.22])

    off, near = spacing_of(filed, 0.2), spacing_of(filed, 0.215)

    assert (off.pixel_mm, off.basis, len(off.cautions)) == ((0.2, 0.2), "user", 1)
    assert (near.pixel_mm, near.basis, near.cautions) == ((0.215, 0.215), "user", ())


def test_a_number_that_no_magnification_explains_is_only_assumed():
    """0.15 against the file's 0.2 is off by a quarter: that of another film, perhaps; the question is asked."""
    other = spacing_of(header(ImagerPixelSpacing=[0.2, 0.2]), 0.15)

    assert (other.pixel_mm, other.basis) == ((0.15, 0.15), "assumed")
    assert "that of another film?" in other.cautions[1]


OBLONG = {"ImagerPixelSpacing": [0.2, 0.1]}


@pytest.mark.parametrize(
    ("tags", "given", "pixel_mm", "basis", "words"),
    [
        pytest.param({"PixelAspectRatio": [2, 1]}, 0.2, None, "none", "cannot be both", id="one number, a ratio"),
        pytest.param({"PixelAspectRatio": [2, 1]}, None, None, "none", "2 times as high", id="a ratio alone"),
        pytest.param({"PixelAspectRatio": [2, 1]}, (0.2, 0.1), (0.2, 0.1), "user", "", id="two numbers, a ratio"),
        pytest.param({"PixelAspectRatio": [2, 1]}, (0.1, 0.2), (0.1, 0.2), "assumed", "contradict", id="other way"),
        pytest.param({"PixelAspectRatio": [1, 1]}, 0.2, (0.2, 0.2), "user", "", id="a ratio of 1"),
        pytest.param({"PixelAspectRatio": [1000, 1200]}, 0.2, None, "none", "cannot be both", id="a ratio of 5 to 6"),
        pytest.param({"PixelAspectRatio": [0, 0]}, 0.2, (0.2, 0.2), "user", "is no ratio", id="no ratio"),
        pytest.param({"PixelAspectRatio": 2}, 0.2, (0.2, 0.2), "user", "is no ratio", id="one number for a ratio"),
        pytest.param(OBLONG, 0.2, (0.2, 0.1), "detector", "the file's are used", id="one number, two in the file"),
        pytest.param({"ImagerPixelSpacing": [0.2, 0.21]}, 0.2, (0.2, 0.21), "detector", "not square", id="5 % apart"),
        pytest.param(
            {"PixelSpacing": [0.2, 0.1]}, 0.2, (0.2, 0.1), "detector", "not square", id="in the other element"
        ),
        pytest.param({"NominalScannedPixelSpacing": [0.2, 0.1]}, 0.1, (0.2, 0.1), "detector", "not square", id="scan"),
        pytest.param(OBLONG, (0.21, 0.105), (0.21, 0.105), "user", "", id="two numbers, two in the file"),
        pytest.param(OBLONG | {"PixelAspectRatio": [2, 1]}, None, (0.2, 0.1), "detector", "", id="ratio and sides"),
        pytest.param(OBLONG | {"PixelAspectRatio": [1, 1]}, None, (0.2, 0.1), "detector", "", id="1 to 1 by default"),
        pytest.param(OBLONG | {"PixelAspectRatio": [1, 2]}, None, None, "none", "contradict each other", id="turned"),
        pytest.param(
            OBLONG | {"PixelAspectRatio": [1, 2]}, 0.2, None, "none", "contradict each other", id="turned, one"
        ),
        pytest.param(OBLONG | {"PixelSpacing": [0.2, 0.2]}, None, None, "none", "two shapes", id="square and oblong"),
        pytest.param(OBLONG | {"PixelSpacing": [0.2, 0.2]}, 0.2, (0.2, 0.2), "assumed", "two shapes", id="two, one"),
        pytest.param(OBLONG | {"PixelSpacing": [0.1, 0.2]}, None, None, "none", "two shapes", id="sides exchanged"),
        pytest.param(
            OBLONG | {"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "FIDUCIAL"},
            None,
            None,
            "none",
            "two shapes",
            id="measured as square",
        ),
    ],
)
def test_one_number_cannot_be_both_sides_of_an_oblong_pixel(tags, given, pixel_mm, basis, words):
    """A right size or none, and a word on it; 0.2 mm high and 0.1 mm wide is a ratio of 2 to 1 (PS3.3 C.7.6.3.1.7)."""
    found = spacing_of(header(**tags), given)

    assert (found.pixel_mm, found.basis) == (pixel_mm, basis)
    assert words in " ".join(found.cautions)


@pytest.mark.parametrize(
    ("tags", "given", "aspect"),
    [
        ({"PixelAspectRatio": [2, 1]}, None, 2.0),
        ({"PixelAspectRatio": [2, 1]}, 0.2, 2.0),
        ({"PixelAspectRatio": [2, 1]}, (0.2, 0.1), 1.0),
        (OBLONG | {"PixelAspectRatio": [1, 2]}, None, 1.0),
        ({}, None, 1.0),
    ],
)
def test_a_ratio_without_a_size_is_kept(tags, given, aspect):
    """Only where there is no size, and nothing contradicts it."""
    assert spacing_of(header(**tags), given).aspect == aspect


@pytest.mark.parametrize("keyword", ["PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"])
@pytest.mark.parametrize(
    ("filed", "words"),
    [
        (0.2, "is not two numbers"),
        ([0.2, 0.2, 0.2], "is not two numbers"),
        (["NaN", "NaN"], "is not two numbers"),
        ([0, 0.2], "not a pixel pitch"),
        ([-0.2, -0.2], "not a pixel pitch"),
        ([200, 200], "not a pixel pitch"),
    ],
)
def test_what_is_no_size_of_a_pixel_is_not_used_and_said(keyword, filed, words):
    """One number, three, none, zero, less, micrometres."""
    with quiet():
        found = spacing_of(header(**{keyword: filed}))

    assert (found.pixel_mm, found.basis) == (None, "none")
    assert words in found.cautions[0]


@pytest.mark.parametrize("user_mm", [0.0, -0.2, 0.009, 5.1, float("nan"), float("inf"), (0.2, 0.0)])
def test_impossible_number_of_the_user_is_a_wrong_call(user_mm):
    """Outside 0.01 to 5 mm there is no pixel of a radiograph."""
    with pytest.raises(BadInput, match="spacing must be"):
        spacing_of(Dataset(), user_mm)


@given(pitch=st.floats(0.05, 0.5), factor=st.floats(1.0, 2.9))
def test_pixel_in_the_patient_times_magnification_is_the_detectors(pitch, factor):
    """Whatever the rung, nothing is divided out that is not recorded."""
    found = spacing_of(
        header(ImagerPixelSpacing=[f"{pitch:.8f}"] * 2, EstimatedRadiographicMagnificationFactor=f"{factor:.8f}")
    )

    assert found.pixel_mm[0] * found.magnification == pytest.approx(pitch, abs=1e-6)


def test_pixel_spacing_alone_beside_a_magnification_may_be_of_detector_or_patient():
    """A magnification of 1.8: between the given size and 1 / 1.8 of it, and a word on that."""
    found = spacing_of(header(PixelSpacing=[0.18, 0.18], EstimatedRadiographicMagnificationFactor=1.8))

    assert (found.pixel_mm, found.basis) == ((0.18, 0.18), "detector")
    assert found.magnification_interval[0] == 1.0
    assert found.magnification_interval[1] >= 1.8
    assert any("1.8 times too long" in caution for caution in found.cautions)


def test_two_magnifications_that_contradict_each_other_are_not_used():
    """A factor of 1.05 beside distances that give 1.8: the size at the detector, and both in the interval."""
    found = spacing_of(
        header(
            ImagerPixelSpacing=[0.18, 0.18],
            EstimatedRadiographicMagnificationFactor=1.05,
            DistanceSourceToDetector=1800,
            DistanceSourceToPatient=1000,
        )
    )

    assert (found.pixel_mm, found.basis) == ((0.18, 0.18), "detector")
    assert found.magnification_interval[1] >= 1.8
    assert any("two magnifications" in caution for caution in found.cautions)
