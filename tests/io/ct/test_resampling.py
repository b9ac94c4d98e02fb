"""Slices between slices, and slices shifted upright."""

import numpy as np
import pytest

from calcinet.io import read
from calcinet.io.ct.resampling import resampled, sheared
from calcinet.measure.ct.agatston import agatston_score
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

    assert upright[0, :, 0].tolist() == [40, 40, -1024]
    assert upright[1, :, 0].tolist() == [-1024, 40, 40]
    assert straight[:3, 0] == pytest.approx((0, 0, 2))
    assert "tilted by 27 degrees" in remark


def test_a_shifted_slice_keeps_its_values():
    """Each slice starts 0.4 rows farther on: moved by 0, 0, 1, 1 and 2 rows, no value is mixed."""
    volume = np.arange(30, dtype=np.float32).reshape(5, 3, 2)
    affine = np.array([[0.0, 0, 1, 0], [0.4, 1, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1]])
    upright, straight, _ = sheared(volume, affine)

    starts = [0, 0, 1, 1, 2]
    assert upright.shape == (5, 5, 2)
    for before, shifted, start in zip(volume, upright, starts, strict=True):
        assert np.array_equal(shifted[start : start + 3], before)
        assert (np.delete(shifted, range(start, start + 3), 0) == -1024).all()
    assert straight[:3, 3] == pytest.approx((0, 0, 0))


@pytest.mark.parametrize("degrees", [-22, 15])
def test_the_score_of_a_tilted_series_is_that_of_its_slices(tmp_path, degrees):
    """The same slices upright and tilted: the same areas and peaks, over slices that stand closer by the cosine.

    Six patches of 3 x 3 mm of 700 HU weigh 4 each: 216 times 2 mm / 3 mm is 144.
    """
    hu = np.full((12, 48, 48), -1000.0)
    hu[:, 6:42, 6:42] = 40.0
    hu[3:9, 20:23, 30:33] = 700.0
    tilt = np.radians(degrees)
    tilted = [1, 0, 0, 0, round(np.cos(tilt), 6), round(np.sin(tilt), 6)]
    found = {}
    for name, directions in (("upright", [1, 0, 0, 0, 1, 0]), ("tilted", tilted)):
        path = tmp_path / name
        image = read(series(path, hu, step=(0, 0, 2), ImageOrientationPatient=directions, PixelSpacing=[1, 1]))
        found[name] = agatston_score(image, np.ones(image.pixels.shape, bool), contrast=False)

    assert found["upright"].score == pytest.approx(144)
    assert found["tilted"].score == pytest.approx(144 * np.cos(tilt), rel=1e-5)
    assert found["tilted"].lesion_area_mm2 == found["upright"].lesion_area_mm2 == 54
