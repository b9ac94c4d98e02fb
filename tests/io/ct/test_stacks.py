"""CT series: which slices belong together, where they stand, and which series is examined."""

import tempfile
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.image import Image
from calcinet.io import Refusal, file_sources, read, read_all
from tests.support.ctfiles import AFFINE, SHAPE, SPACING_MM, body, series, slice_file, turned_series

TURNS = [(order, flips) for order in permutations(range(3)) for flips in product((False, True), repeat=3)]


def images(items):
    return [item for item in items if isinstance(item, Image)]


def codes(items):
    return [item.code for item in items if isinstance(item, Refusal)]


def said(image, words):
    return any(words in caution for caution in image.cautions)


@settings(max_examples=48, deadline=None)
@given(turn=st.sampled_from(TURNS), names=st.randoms(use_true_random=False))
def test_any_order_of_files_and_any_direction_of_slices_give_the_same_image(turn, names):
    """48 ways to lay three axes, and names that say nothing: the same voxels at the same places."""
    hu, (order, flips) = body((20, 22, 24)), turn
    count = hu.shape[order[0]]
    called = [f"{number}" for number in range(count)]
    names.shuffle(called)
    with tempfile.TemporaryDirectory() as folder:
        image = read(turned_series(Path(folder), hu, order, flips, called))

    assert np.array_equal(image.pixels, hu)
    assert image.spacing_mm == pytest.approx(SPACING_MM)
    assert np.allclose(image.affine, AFFINE, atol=1e-4)


def test_doubled_slices_are_kept_once(tmp_path):
    """The same slice under another identifier, with the same pixels."""
    hu = body()
    slice_file(tmp_path / "again", hu[3], (-10, -20, 106), 99)
    image = read(series(tmp_path, hu))

    assert np.array_equal(image.pixels, hu)
    assert said(image, "1 slice is there twice")


def test_the_same_file_twice_is_read_once(tmp_path):
    """A folder given twice is one series."""
    folder = series(tmp_path, body())
    (image,) = read_all([folder, folder])

    assert image.pixels.shape == SHAPE
    assert said(image, "12 files were given twice")


def test_different_slices_at_one_place_are_refused(tmp_path):
    """Nothing tells which is meant."""
    hu = body()
    slice_file(tmp_path / "other", hu[4], (-10, -20, 106), 99)

    assert codes(read_all([series(tmp_path, hu)])) == ["ct-doubles"]


def test_phases_of_one_series_are_told_apart(tmp_path):
    """Two acquisitions at the same places: one is examined, the other refused, and the reason said."""
    hu = body()
    names = [f"b{index}" for index in range(len(hu))]
    series(tmp_path, hu, AcquisitionNumber=1)
    series(tmp_path, hu + 5, AcquisitionNumber=2, names=names)
    items = read_all([tmp_path])

    assert len(images(items)) == 1
    assert codes(items) == ["other-series"]


def test_a_series_that_is_examined_is_decoded_once(tmp_path, monkeypatch):
    """After one that loses against it: its two files are loaded twice, and one once more for the header."""
    loads = []
    load = file_sources.read_given
    monkeypatch.setattr(
        file_sources, "read_given", lambda path, limit: loads.append(path.parent.name) or load(path, limit)
    )
    series(tmp_path / "a", body()[:2], SliceThickness=5, SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body()[:2], SeriesInstanceUID="1.2.3.2")
    list(read_all([tmp_path]))

    assert loads.count("a") == 2
    assert loads.count("b") == 5


def test_headers_of_slices_come_in_the_order_of_z(tmp_path):
    """Written from head to foot, read from foot to head; `parent` is the lowest."""
    hu = body()
    films = read_all([series(tmp_path, hu, step=(0, 0, -2), start=(0, 0, 60))])
    heights = [float(parent.ImagePositionPatient[2]) for parent in films.source_headers(0)]

    assert heights == [38 + 2 * index for index in range(12)]
    assert films.source_header(0).ImagePositionPatient[2] == 38
    assert "PixelData" not in films.source_headers(0)[0]
    assert np.array_equal(films[0].pixels, hu[::-1])


@pytest.mark.parametrize("flips", [(False, True, True), (True, False, True)], ids=["prone", "mirrored"])
def test_headers_of_slices_whose_rows_run_the_other_way_come_in_the_order_of_z(tmp_path, flips):
    """They say where each pixel lies; every 2 mm from 100."""
    names = [f"{number}" for number in range(20)]
    films = read_all([turned_series(tmp_path, body((20, 22, 24)), (0, 1, 2), flips, names)])
    heights = [float(parent.ImagePositionPatient[2]) for parent in films.source_headers(0)]

    assert heights == [100 + 2 * index for index in range(20)]


def test_slices_across_other_axes_have_no_headers_to_draw_on(tmp_path):
    """A slice of the image is none of the series; the header of one is still there for the patient."""
    names = [f"{number}" for number in range(40)]
    films = read_all([turned_series(tmp_path, body((20, 22, 24)), (1, 0, 2), (False, True, False), names)])

    assert films.source_headers(0) == []
    assert films.source_header(0).PatientID == "MRN7"


def test_decimals_with_too_many_digits_are_rounded_and_kept(tmp_path):
    """17 characters, one more than the standard allows, as many devices write them."""
    folder = series(tmp_path, body(), start=(-10.12, -20, 100))
    for path in folder.iterdir():
        data = path.read_bytes()
        place = data.index(b"-10.12")
        element = data[place - 2 : place + data[place - 2]]
        rest = element[2:].rstrip().removeprefix(b"-10.12")
        value = b"-10.1234567890123" + rest
        value += b" " * (len(value) % 2)
        path.write_bytes(
            data[: place - 2] + len(value).to_bytes(2, "little") + value + data[place - 2 + len(element) :]
        )
    parents = read_all([folder]).source_headers(0)

    assert len(parents) == 12
    assert {str(parent.ImagePositionPatient[0]) for parent in parents} == {"-10.123456789012"}
    assert [float(parent.ImagePositionPatient[2]) for parent in parents] == [100 + 2 * index for index in range(12)]


def test_progress_counts_files_and_the_series_is_one_item(tmp_path):
    """Twelve steps, one image, named by the hash of its sorted hashes."""
    steps = []
    films = read_all([series(tmp_path, body())], progress=lambda done, total: steps.append((done, total)))

    assert steps[-1] == (12, 12)
    assert len(films) == 1
    assert films[0].source == films[0].sha256[:12] + ".dcm"
