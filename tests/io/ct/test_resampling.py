"""Slices between slices, and slices shifted upright."""

import numpy as np
import pytest

from calcinet.io import read
from calcinet.io.ct.resampling import resampled, sheared
from tests.support.ctfiles import series


def said(image, words):
    return any(words in caution for caution in image.cautions)


@pytest.mark.parametrize("degrees", [-18, 12, 27])
def test_a_tilted_gantry_is_sheared_upright(tmp_path, degrees):
    """A bar along the table stays a bar: each voxel is where the affine says, within half a pixel."""
    tilt = np.radians(degrees)
    down = np.array([0, np.cos(tilt), np.sin(tilt)])
    places = np.array([(0.0, 0.0, 2.0 * index) for index in range(16)])
    hu = np.full((16, 64, 64), -1000.0)
    rows, columns = np.mgrid[:64, :64]
    for index, start in enumerate(places):
        back = start[1] + rows * 0.8 * down[1]
        hu[index][np.hypot(back - 25, columns * 0.8 - 25) < 15] = 40
        hu[index][np.hypot(back - 25, columns * 0.8 - 30) < 4] = 900
    image = read(
        series(
            tmp_path,
            hu,
            step=(0, 0, 2),
            start=(0, 0, 0),
            ImageOrientationPatient=[1, 0, 0, *down.round(6)],
            PixelSpacing=[0.8, 0.8],
        )
    )
    found = np.argwhere(image.pixels > 600)
    mm = (image.affine @ np.c_[found, np.ones(len(found))].T)[:3]

    assert said(image, "gantry was tilted by")
    assert np.hypot(mm[0] - 30, mm[1] - 25).max() < 4 + 0.8
    assert image.spacing_mm[0] == pytest.approx(2 * np.cos(tilt), abs=1e-4)
    assert image.affine[:3, 0] @ image.affine[:3, 1] == pytest.approx(0, abs=1e-6)


def test_a_slice_between_two_is_their_mean_by_distance():
    """A quarter of the way from 0 to 100 is 25; the last slice is kept as it is."""
    volume = np.array([0.0, 100.0], dtype=np.float32).reshape(2, 1, 1)

    assert resampled(volume, np.array([0.0, 0.25, 1.0])).ravel().tolist() == [0, 25, 100]


def test_a_leaning_stack_is_shifted_by_whole_pixels_into_air():
    """Each slice starts one row of 1 mm farther on: slice 1 is moved by a row, and its first row is air."""
    volume = np.full((2, 2, 2), 40.0, dtype=np.float32)
    affine = np.array([[0.0, 0, 1, 0], [1, 1, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1]])
    upright, straight, remark = sheared(volume, affine)

    assert upright[0, :, 0].tolist() == [40, 40, -1024, -1024]
    assert upright[1, :, 0].tolist() == [-1024, 40, 40, -1024]
    assert straight[:3, 0] == pytest.approx((0, 0, 2))
    assert "tilted by 27 degrees" in remark
