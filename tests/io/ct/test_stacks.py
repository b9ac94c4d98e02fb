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
from calcinet.io.ct.kernels import is_sharp
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


def test_z_rises_to_the_head_y_to_the_back_and_x_to_the_left(tmp_path):
    """Voxel (1, 2, 3) lies 2 mm above, 1.6 mm behind and 2.1 mm left of the first, which lies at (-10, -20, 100)."""
    image = read(series(tmp_path, body()))

    assert image.affine @ (1, 2, 3, 1) == pytest.approx((-7.9, -18.4, 102, 1))


def test_distance_of_slices_is_that_of_their_places_not_their_thickness(tmp_path):
    """Slices of 5 mm every 2 mm overlap; the distance is 2 mm."""
    image = read(series(tmp_path, body(), SliceThickness=5))

    assert image.spacing_mm[0] == pytest.approx(2)
    assert image.acquisition.slice_thickness_mm == 5


def test_slices_that_leave_gaps_are_remarked(tmp_path):
    """1 mm every 2 mm: half of the body was not seen."""
    assert said(read(series(tmp_path, body(), SliceThickness=1)), "was not seen")


def test_places_rounded_to_a_tenth_are_regular(tmp_path):
    """Every 0.625 mm, written as 0.6, 1.2 (1.25), 1.9 (1.875): none is interpolated."""
    hu = body()
    for index, plane in enumerate(hu):
        slice_file(tmp_path / f"{index}", plane, (0, 0, round(0.625 * index - 1e-9, 2)), index)
    image = read(tmp_path)

    assert np.array_equal(image.pixels, hu)
    assert image.spacing_mm[0] == pytest.approx(0.625, abs=0.002)


def test_one_missing_slice_is_interpolated_and_said(tmp_path):
    """The mean of its neighbours stands at its place."""
    hu = body()
    films = read_all([series(tmp_path, hu, leave_out=[5])])
    image = films[0]

    assert image.pixels.shape == SHAPE
    assert np.allclose(image.pixels[5], (hu[4] + hu[6]) / 2)
    assert np.array_equal(np.delete(image.pixels, 5, 0), np.delete(hu, 5, 0))
    assert said(image, "1 of 12 was interpolated, every 2.00 mm")
    assert films.source_headers(0) == []


def test_a_longer_gap_is_refused(tmp_path):
    """Two slices missing are 6 mm, three times the usual 2."""
    result = read_all([series(tmp_path, body(), leave_out=[5, 6])])[0]

    assert result.code == "ct-gap"
    assert "2.00 to 6.00 mm apart, usually 2.00" in result.reason


def test_slices_too_far_apart_to_be_one_volume_are_refused(tmp_path):
    """Every 40 mm."""
    assert codes(read_all([series(tmp_path, body(), step=(0, 0, 40))])) == ["ct-gap"]


def test_unequal_slices_are_brought_to_the_finest_regular_distance(tmp_path):
    """At 0, 2, 4, 6 and 9, 12, 15 mm; every 2 mm makes 0 to 15 in 8 steps of 15 / 8 mm: values rise with the place."""
    places = (0, 2, 4, 6, 9, 12, 15)
    plane = body()[0]
    inside = (plane > -500) & (plane < 200)
    for index, place in enumerate(places):
        slice_file(tmp_path / f"{index}", np.where(inside, 10 * place, plane), (0, 0, place), index)
    image = read(tmp_path)
    middle = image.pixels[:, inside].mean(axis=1)

    assert image.spacing_mm[0] == pytest.approx(15 / 8)
    assert np.allclose(middle, np.linspace(0, 150, 9), atol=0.01 * 150)


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


def test_slices_off_their_line_are_refused(tmp_path):
    """One lies 3 mm to the left of the others."""
    hu = body()
    slice_file(series(tmp_path, hu, leave_out=[5]) / "5", hu[5], (-7, -20, 110), 5)

    assert codes(read_all([tmp_path])) == ["ct-geometry"]


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


def test_more_tilt_than_a_gantry_has_is_refused(tmp_path):
    """40 degrees."""
    down = [0, round(np.cos(0.698), 6), round(np.sin(0.698), 6)]

    assert codes(read_all([series(tmp_path, body(), ImageOrientationPatient=[1, 0, 0, *down])])) == ["ct-tilt"]


def test_oblique_slices_keep_their_exact_places(tmp_path):
    """Turned by 20 degrees about the long axis: nearest axes, the affine as the header has it, and a sentence."""
    c, s = np.cos(np.radians(20)).round(6), np.sin(np.radians(20)).round(6)
    image = read(series(tmp_path, body(), ImageOrientationPatient=[c, s, 0, -s, c, 0]))

    assert image.affine @ (0, 0, 10, 1) == pytest.approx((-10 + 7 * c, -20 + 7 * s, 100, 1))
    assert said(image, "20 degrees oblique")


def test_one_slice_is_an_image_and_no_volume(tmp_path):
    """Its thickness stands for the distance that it has not."""
    image = read(slice_file(tmp_path / "one.dcm", body()[0], (0, 0, 0), 1))

    assert image.pixels.shape == (1, *SHAPE[1:])
    assert image.spacing_mm == pytest.approx(SPACING_MM)
    assert said(image, "one slice: no volume")


BETTER = [
    ({"SliceThickness": 5}, {}, "its slices are 3 mm or thinner"),
    ({"ConvolutionKernel": "B70s"}, {}, "its kernel is softer"),
    ({"ContrastBolusAgent": "Iohexol"}, {}, "no contrast agent is stated"),
    ({"ImageType": ["DERIVED", "SECONDARY", "REFORMATTED"]}, {}, "not made from other slices"),
    ({"ContrastBolusAgent": "Iohexol"}, {"SliceThickness": 5}, "no contrast agent is stated"),
    ({"SliceThickness": 5}, {"ConvolutionKernel": "BONE"}, "its slices are 3 mm or thinner"),
]


@pytest.mark.parametrize(("worse", "better", "why"), BETTER)
def test_of_several_series_of_one_body_the_better_is_examined(tmp_path, worse, better, why):
    """Both are told why; the place of the folder does not matter."""
    series(tmp_path / "a", body(), SeriesInstanceUID="1.2.3.1", **worse)
    series(tmp_path / "b", body(seed=1), SeriesInstanceUID="1.2.3.2", **better)
    refused, image = read_all([tmp_path])

    assert np.array_equal(image.pixels, body(seed=1))
    assert why in image.acquisition.why
    assert refused.code == "other-series"
    assert why in refused.reason


def test_more_slices_decide_among_equals_but_not_below_four_tenths_of_a_millimetre(tmp_path):
    """Every 1 mm beats every 2 mm; every 0.2 mm is no better than every 0.4 mm."""
    series(tmp_path / "a", body(), SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body((23, 40, 48)), step=(0, 0, 1), SeriesInstanceUID="1.2.3.2")
    coarse, fine = read_all([tmp_path])
    other = tmp_path / "other"
    series(other / "a", body(), step=(0, 0, 0.4), SeriesInstanceUID="1.2.3.1")
    series(other / "b", body((23, 40, 48)), step=(0, 0, 0.2), SeriesInstanceUID="1.2.3.2")
    first, second = read_all([other])

    assert (coarse.code, fine.pixels.shape[0]) == ("other-series", 23)
    assert (first.pixels.shape[0], second.code) == (12, "other-series")
    assert "comes first among equals" in first.acquisition.why


def test_a_test_slice_does_not_stand_for_the_body(tmp_path):
    """Bolus tracking is thin and soft, but shows one place; it is refused, not the body of 5 mm."""
    series(tmp_path / "a", body()[:1], SliceThickness=1, SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body(), SliceThickness=5, SeriesInstanceUID="1.2.3.2")
    items = read_all([tmp_path])

    assert codes(items) == ["other-series"]
    assert images(items)[0].pixels.shape == SHAPE


@pytest.mark.parametrize(
    ("start", "tags"),
    [
        ((-10, -20, 120), {}),
        ((300, -20, 100), {}),
        ((-10, -20, 100), {"FrameOfReferenceUID": "1.2.3.8"}),
    ],
)
def test_other_parts_of_the_body_are_images_of_their_own(tmp_path, start, tags):
    """Higher up with an overlap of 2 mm, the other leg, or another frame of reference."""
    series(tmp_path / "a", body(), SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body(), start=start, SeriesInstanceUID="1.2.3.2", **tags)

    assert len(images(read_all([tmp_path]))) == 2


def test_a_series_that_cannot_be_read_does_not_win(tmp_path):
    """Thin but with a gap; the thick one is examined."""
    series(tmp_path / "a", body(), leave_out=[5, 6], SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body(), SliceThickness=5, SeriesInstanceUID="1.2.3.2")
    items = read_all([tmp_path])

    assert codes(items) == ["ct-gap"]
    assert images(items)[0].acquisition.slice_thickness_mm == 5


def test_the_next_best_stands_in_for_a_series_that_holds_no_hounsfield_units(tmp_path):
    """The thin one is a map that does not say so; of the others the softer is examined, the sharp one is not."""
    series(tmp_path / "a", np.clip(body(), 0, 100), SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body(), SliceThickness=5, ConvolutionKernel="B70f", SeriesInstanceUID="1.2.3.2")
    series(tmp_path / "c", body(seed=1), SliceThickness=5, SeriesInstanceUID="1.2.3.3")
    films = read_all([tmp_path])
    image = images(films)[0]

    assert [item.code for item in (films[1], films[0])] == ["other-series", "ct-not-hu"]
    assert np.array_equal(image.pixels, body(seed=1))
    assert "could not be read" in image.acquisition.why


def test_a_series_that_is_examined_is_decoded_once(tmp_path, monkeypatch):
    """After one that loses against it: its two files are loaded twice, and one once more for the header."""
    loads = []
    load = file_sources._load
    monkeypatch.setattr(file_sources, "_load", lambda path: loads.append(path.parent.name) or load(path))
    series(tmp_path / "a", body()[:2], SliceThickness=5, SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "b", body()[:2], SeriesInstanceUID="1.2.3.2")
    list(read_all([tmp_path]))

    assert loads.count("a") == 2
    assert loads.count("b") == 5


@pytest.mark.parametrize(
    ("kernel", "sharp"),
    [
        *(("B20f", False), ("B50f", False), ("Br40d", False), ("I30f", False), ("B70s", True), ("Bl64", True)),
        *(("Hr60", True), ("STANDARD", False), ("SOFT", False), ("BONE", True), ("LUNG", True), ("EDGE", True)),
        *(("B", False), ("YA", True), ("FC03", False), ("FC18", False), ("FC30", True), ("FC52", True)),
        *(("", None), (None, None), ("own", None)),
    ],
)
def test_kernels_are_known_by_the_names_of_their_makers(kernel, sharp):
    assert is_sharp(kernel) is sharp


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
