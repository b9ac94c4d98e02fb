"""Frames of the photopeak, and from where they were seen."""

import numpy as np
import pytest
from pydicom import dcmread

from calcinet.io import read, read_all
from tests.support.scintigrams import named, scan, window


def test_frames_out_of_order_come_out_anterior_first(written):
    """The posterior view is stored first."""
    image = read(written(image=scan(("posterior", "anterior"))))

    assert image.emission.views == ("anterior", "posterior")


def test_a_view_that_is_not_told_is_taken_for_anterior_and_remarked(written):
    """No view code, no name of the image: left and right hold only if it is seen from the front."""
    image = read(written(image=scan(("anterior",)), DetectorInformationSequence=None))

    assert image.emission.views == ("anterior",)
    assert any("left and right hold only if that is so" in caution for caution in image.cautions)


def test_only_the_photopeak_window_is_read(written):
    """Two energy windows: 126 to 154 keV holds 140.5, the other is of scatter."""
    path = written()
    dataset = dcmread(path)
    dataset.EnergyWindowVector, dataset.DetectorVector = [1, 2], [1, 1]
    dataset.EnergyWindowInformationSequence = [window(90, 120), window(126, 154)]
    dataset.save_as(path)
    image = read(path)

    assert image.pixels.shape == (1, 128, 64)
    assert any("2 energy windows" in caution for caution in image.cautions)


def test_a_picture_that_runs_the_other_way_is_turned(written):
    """Columns of the anterior view run to the patient's right: mirrored, pixel 10 of 64 comes to 53."""
    path = written(image=scan(("anterior",)))
    dataset = dcmread(path)
    dataset.DetectorInformationSequence[0].ImageOrientationPatient = [-1, 0, 0, 0, 0, -1]
    dataset.save_as(path)

    assert read(path).pixels[0, 20, 53] == 100


def test_of_windows_that_are_not_described_none_is_guessed(written):
    """Two frames, numbers 1 and 2, limits of neither."""
    (refused,) = read_all([written(EnergyWindowVector=[1, 2], DetectorVector=[1, 1])])

    assert refused.code == "energy-windows"


@pytest.mark.parametrize("missing", [("DetectorVector",), ("DetectorVector", "EnergyWindowVector")])
def test_detectors_are_counted_by_frame_where_no_vector_numbers_them(written, missing):
    """Two frames, two detectors: the first is anterior, the second posterior."""
    image = read(written(**dict.fromkeys(missing)))

    assert image.emission.views == ("anterior", "posterior")
    assert image.cautions == ()


def test_without_vectors_the_detector_changes_before_the_window(written):
    """Four frames of two windows and two detectors: the third and fourth are of the second window, the photopeak."""
    image = scan(("anterior", "posterior") * 2)
    image.pixels[2:] += 1
    path = written(image=image, DetectorVector=None, EnergyWindowVector=None)
    dataset = dcmread(path)
    dataset.NumberOfDetectors, dataset.NumberOfEnergyWindows = 2, 2
    dataset.DetectorInformationSequence = dataset.DetectorInformationSequence[:2]
    dataset.EnergyWindowInformationSequence = [window(90, 120), window(126, 154)]
    dataset.save_as(path)
    seen = read(path)

    assert seen.emission.views == ("anterior", "posterior")
    assert np.array_equal(seen.pixels, image.pixels[2:])


@pytest.mark.parametrize("views", [("Anterior", "Anterior"), ("Left lateral", "Right lateral")])
def test_views_that_make_no_pair_are_refused(written, views):
    """Twice from the front, or from both sides of the body."""
    path = written()
    dataset = dcmread(path)
    for detector, view in zip(dataset.DetectorInformationSequence, views, strict=True):
        detector.ViewCodeSequence = [named(view)]
    dataset.save_as(path)
    (refused,) = read_all([path])

    assert refused.code == "views"


def test_a_view_from_the_side_is_left_out_beside_one_from_the_front(written):
    """Anterior and left lateral: one view, and a caution."""
    path = written()
    dataset = dcmread(path)
    dataset.DetectorInformationSequence[1].ViewCodeSequence = [named("Left lateral")]
    dataset.save_as(path)
    image = read(path)

    assert (image.emission.views, image.pixels.shape) == (("anterior",), (1, 128, 64))
    assert any("left out" in caution for caution in image.cautions)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Posterior", "Anterior"),
        ("Dorsal", "Ventral"),
        ("von hinten", "von vorne"),
        ("Post\u00e9rieure", "Ant\u00e9rieure"),
        ("Posteriore", "Anteriore"),
        ("\u5f8c\u9762\u50cf", "\u524d\u9762\u50cf"),
        ("\u540e\u4f4d", "\u524d\u4f4d"),
    ],
)
def test_views_are_told_in_any_of_seven_languages(written, first, second):
    """The posterior frame is stored first; its pixel of 100 lies in the other row."""
    path = written(image=scan(("posterior", "anterior")))
    dataset = dcmread(path)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    for item, meaning in zip(dataset.DetectorInformationSequence, (first, second), strict=True):
        item.ViewCodeSequence = [named(meaning)]
    pixels = dataset.pixel_array.copy()
    pixels[0, 20, 10], pixels[0, 50, 30] = 1, 100
    dataset.PixelData = pixels.tobytes()
    dataset.save_as(path)
    image = read(path)

    assert image.emission.views == ("anterior", "posterior")
    assert (image.pixels[0].max(), image.pixels[1, 50, 30]) == (100, 100)
    assert image.pixels[0, 50, 30] < 100


@pytest.mark.parametrize(("first", "second"), [("399001007", "399321004"), ("G-5216", "G-5215")])
def test_a_code_of_a_view_counts_whatever_its_meaning_is_called(written, first, second):
    """CID 26: posterior and anterior projection, of SNOMED CT and as it was written before; the meaning is Thai."""
    path = written(image=scan(("posterior", "anterior")))
    dataset = dcmread(path)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    for item, value in zip(dataset.DetectorInformationSequence, (first, second), strict=True):
        code = named("\u0e2b\u0e25\u0e31\u0e07")
        code.CodeValue = value
        item.ViewCodeSequence = [code]
    dataset.save_as(path)
    image = read(path)

    assert image.emission.views == ("anterior", "posterior")
    assert not any("anterior view" in caution for caution in image.cautions)


def test_vectors_that_count_from_0_are_read(written):
    """Detector 0 is the first: the view from behind stays the second frame."""
    plain = read(written("plain.dcm"))
    image = read(written(DetectorVector=[0, 1], EnergyWindowVector=[0, 0]))

    assert image.emission.views == ("anterior", "posterior")
    assert np.array_equal(image.pixels, plain.pixels)


def test_a_view_split_from_its_file_keeps_what_it_is(written):
    """One frame, numbered as detector 2, and the one item that describes it."""
    image = read(written(image=scan(("posterior",)), DetectorVector=[2], NumberOfDetectors=1))

    assert image.emission.views == ("posterior",)
