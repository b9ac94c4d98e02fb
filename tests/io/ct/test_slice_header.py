"""What a slice must say about itself."""

import warnings

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from calcinet.io import Refusal, read, read_all
from calcinet.io.ct.slice_header import slices_of
from tests.support.ctfiles import AFFINE, body, header, multi_frame, slice_file
from tests.support.retagged import retagged


def refusals(path, **options):
    """Every refusal, none of which names the patient or a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = [item for item in read_all([path], **options) if isinstance(item, Refusal)]
    for item in found:
        assert len(item.reason) > 40
        assert not any(name in item.reason + item.source for name in ("Smith", "Jane", "MRN7", "slice1"))
    return found


@pytest.mark.parametrize(
    ("tags", "code", "words"),
    [
        ({"PixelSpacing": None}, "ct-geometry", "Pixel Spacing"),
        ({"PixelSpacing": [0, 0.7]}, "ct-geometry", "Pixel Spacing"),
        ({"PixelSpacing": [700, 700]}, "ct-geometry", "Pixel Spacing"),
        ({"ImageOrientationPatient": None}, "ct-geometry", "Image Orientation"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "ct-geometry", "Image Orientation"),
        ({"ImagePositionPatient": None}, "ct-geometry", "Image Position"),
        ({"Rows": 41}, "truncated", "cut off"),
        ({"Rows": 4}, "too-small", "4 x 48"),
        ({"Rows": 65535}, "too-many-pixels", "65535 x 48"),
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB"}, "colour", "colour"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "screenshot", "dose sheet"),
    ],
)
def test_headers_that_lack_what_a_volume_needs_are_one_refusal(tmp_path, tags, code, words):
    """All twelve lack it: one sentence, not twelve."""
    hu = body()
    for index, plane in enumerate(hu):
        retagged(slice_file(tmp_path / f"slice{index}", plane, (0, 0, 2 * index), index), **tags)

    (item,) = refusals(tmp_path)

    assert item.code == code
    assert words in item.reason
    assert "(12 files of one series)" in item.reason


@pytest.mark.parametrize("value", [b"nan\\0\\100", b"inf\\0\\100", b"x\\0\\100"])
def test_places_that_are_no_numbers_are_refused(tmp_path, value):
    """The header says nan, inf or a letter."""
    path = slice_file(tmp_path / "one.dcm", body()[0], (-10, -20, 100), 1)
    path.write_bytes(path.read_bytes().replace(b"-10\\-20\\100 ", value.ljust(12)))

    assert [item.code for item in refusals(path)] == ["ct-geometry"]


@pytest.mark.parametrize("order", [None, [3, 1, 0, 2, *range(11, 3, -1)]])
def test_frames_of_one_file_are_slices(tmp_path, order):
    """Enhanced CT: places, rescale and kernel stand in the functional groups; the order of frames says nothing."""
    films = read_all([multi_frame(tmp_path / "enhanced.dcm", body(), order)])
    image = films[0]

    assert np.array_equal(image.pixels, body())
    assert np.allclose(image.affine, AFFINE)
    assert (image.acquisition.kernel, image.acquisition.kvp, image.acquisition.slice_thickness_mm) == ("B30f", 120, 2)
    assert (len(films), films.source_headers(0), films.source_header(0).PatientID) == (1, [], "MRN7")


def test_frames_without_places_are_refused(tmp_path):
    """Twelve frames and no functional groups."""
    path = multi_frame(tmp_path / "enhanced.dcm", body(), PerFrameFunctionalGroupsSequence=None)

    assert [item.code for item in refusals(path)] == ["ct-geometry"]


def test_a_slice_says_where_it_lies_and_how_it_was_taken():
    """Of two kernels the first counts; a tube voltage of 0 is none."""
    dataset = header(ConvolutionKernel=["B30f", "3"], KVP=0, ImagePositionPatient=[0, 0, 0], Rows=16, Columns=16)
    dataset.PixelData = bytes(2 * 16 * 16)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    (found,) = slices_of(dataset)

    assert (found.acquisition.kernel, found.acquisition.kvp) == ("B30f", None)
    assert found.position == (0, 0, 0)
    assert (found.along_row, found.along_column) == ((1, 0, 0), (0, 1, 0))


def test_what_an_enhanced_ct_has_at_its_top_level_counts_for_each_frame(tmp_path):
    """Old converters leave directions, pixel size and rescale where single slices have them."""
    path = multi_frame(tmp_path / "one.dcm", body())
    expected = read(path)
    dataset = dcmread(path)
    shared = dataset.SharedFunctionalGroupsSequence[0]
    dataset.ImageOrientationPatient = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    dataset.PixelSpacing = shared.PixelMeasuresSequence[0].PixelSpacing
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    del dataset.SharedFunctionalGroupsSequence
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        del frame.PixelValueTransformationSequence
    dataset.PixelData = (body() + 1024).astype("<u2").tobytes()
    dataset.save_as(path)
    image = read(path)

    assert np.array_equal(image.pixels, expected.pixels)
    assert image.spacing_mm == expected.spacing_mm
