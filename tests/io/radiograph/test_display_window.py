"""The window that a header states goes with the pixels, whichever way round they are turned."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from calcinet.io import read
from calcinet.io.radiograph.display_window import read_window, turn_window


def header(centre, width, function=None) -> Dataset:
    dataset = Dataset()
    if centre is not None:
        dataset.WindowCenter = centre
    if width is not None:
        dataset.WindowWidth = width
    if function is not None:
        dataset.VOILUTFunction = function
    return dataset


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ((40, 400), (-160.0, 239.0)),  # 39.5 -+ 199.5, PS3.3 C.11.2.1.2.1
        ((40, 400, "LINEAR_EXACT"), (-160.0, 240.0)),
        ((40, 400, "SIGMOID"), (-160.0, 240.0)),
        (([40, 300], [400, 1500]), (-160.0, 239.0)),
        ((None, 400), None),
        ((40, None), None),
        ((40, 0), None),
        ((40, 1), None),
        ((40, -400), None),
    ],
)
def test_window_is_read_by_its_function(stated, expected):
    assert read_window(header(*stated)) == expected


def test_turned_film_has_its_window_turned():
    """Values 0 to 100: what was black at 10 and white at 60 is white at 90 and black at 40."""
    assert turn_window((10.0, 60.0), np.array([[0.0, 100.0]], np.float32)) == (40.0, 90.0)
    assert turn_window(None, np.zeros((1, 1), np.float32)) is None


def test_window_of_a_file_shows_the_same_pixels_either_way_round(dicom):
    """The share of pixels below the window is the share that is black; of an inverted film that above it."""
    stored = dcmread(dicom()).pixel_array
    centre, width = float(np.median(stored)), float(np.ptp(stored) / 2)
    plain = read(dicom(WindowCenter=centre, WindowWidth=width))
    turned = read(
        dicom(
            pixels=65535 - stored,
            PhotometricInterpretation="MONOCHROME1",
            WindowCenter=65535 - centre,
            WindowWidth=width,
        )
    )

    assert plain.shown_between == pytest.approx((centre - width / 2, centre + width / 2 - 1))
    for image in (plain, turned):
        low, high = image.shown_between
        assert 0.1 < (image.plane < low).mean() + (image.plane > high).mean() < 0.9
    assert (turned.plane < turned.shown_between[0]).mean() == pytest.approx(
        (plain.plane < plain.shown_between[0]).mean(), abs=0.01
    )


def test_film_without_a_window_states_none(dicom):
    assert read(dicom(WindowCenter=None, WindowWidth=None)).shown_between is None
