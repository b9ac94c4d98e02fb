"""CT slices to Hounsfield units: what they say, what is refused, and that nobody is named."""

import shutil
import warnings
import zipfile

import gdcm
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage, RLELossless

from calcinet.io import Refusal, read, read_all
from tests.support.ctfiles import AXIAL, SHAPE, body, multi_frame, series, slice_file, turned_series


def refusals(path, **options):
    """Every refusal, none of which names the patient or a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = [item for item in read_all([path], **options) if isinstance(item, Refusal)]
    for item in found:
        assert len(item.reason) > 40
        assert not any(name in item.reason + item.source for name in ("Smith", "Jane", "MRN7", "slice1"))
    return found


def said(image, words):
    return any(words in caution for caution in image.cautions)


def test_a_series_is_an_image_in_hounsfield_units(tmp_path):
    """What was written comes back, and how it was taken."""
    image = read(series(tmp_path, body()))

    assert np.array_equal(image.pixels, body())
    assert (image.unit, image.modality, image.spacing_basis) == ("[hnsf'U]", "CT", "calibrated")
    assert (image.acquisition.kvp, image.acquisition.kernel, image.acquisition.why) == (120, "B30f", None)
    assert image.pixels.dtype == np.float32
    assert (image.anatomy, image.cautions) == ("lower leg", ())


@pytest.mark.parametrize("packing", ["rle", "jpeg lossless", "jpeg 2000", "big endian", "no preamble"])
def test_packed_slices_are_read_like_plain_ones(tmp_path, packing):
    """The same HU, whatever the transfer syntax."""
    series(tmp_path, body((12, 64, 64)))
    for path in tmp_path.iterdir():
        packed(path, packing)

    assert np.array_equal(read(tmp_path).pixels, body((12, 64, 64)))


def packed(path, packing):
    if packing == "no preamble":
        path.write_bytes(path.read_bytes()[132:])
        return
    if packing == "rle":
        dataset = dcmread(path)
        dataset.compress(RLELossless, generate_instance_uid=False)
        dataset.save_as(path)
        return
    kinds = {
        "jpeg lossless": gdcm.TransferSyntax.JPEGLosslessProcess14_1,
        "jpeg 2000": gdcm.TransferSyntax.JPEG2000Lossless,
        "big endian": gdcm.TransferSyntax.ExplicitVRBigEndian,
    }
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(kinds[packing]))
    change.SetInput(reader.GetImage())
    change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(path))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    writer.Write()


def test_series_in_a_zip_is_read_like_the_folder(tmp_path):
    """Nothing is unpacked beside it."""
    series(tmp_path / "in", body())
    with zipfile.ZipFile(tmp_path / "ct.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (tmp_path / "in").iterdir():
            archive.write(path, path.name)

    assert np.array_equal(read(tmp_path / "ct.zip").pixels, body())


def test_series_of_a_dicomdir_is_read_like_the_folder(tmp_path):
    """Its files lie where its records say."""
    series(tmp_path / "IMAGES", body(), names=[f"I{index}" for index in range(12)])
    directory = Dataset()
    directory.DirectoryRecordSequence = [Dataset() for _ in range(12)]
    for index, record in enumerate(directory.DirectoryRecordSequence):
        record.DirectoryRecordType, record.ReferencedFileID = "IMAGE", ["IMAGES", f"I{index}"]
    directory.file_meta = FileMetaDataset()
    directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    directory.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    directory.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    directory.save_as(tmp_path / "DICOMDIR", enforce_file_format=True)

    assert np.array_equal(read(tmp_path / "DICOMDIR").pixels, body())


@pytest.mark.parametrize(
    ("kernel", "kept"),
    [
        *(("B30f", "B30f"), ("Br40d\\3", "Br40d"), ("FC08-H", "FC08-H"), ("STANDARD", "STANDARD"), ("B", "B")),
        *(("Soft Body", "Soft Body"), ("BONE+", "BONE+"), ("iDose4", "iDose4")),
        *(
            ("SMITH^J 3", None),
            ("Jane Smith", None),
            ("Smith 1950", None),
            ("Bone Smith", None),
            ("B30f B30f B30f", None),
        ),
        ("SMITH", None),
    ],
)
def test_a_kernel_is_kept_where_it_has_the_shape_of_one(tmp_path, kernel, kept):
    """The field is free text, which may hold a name."""
    assert read(series(tmp_path, body(), ConvolutionKernel=kernel)).acquisition.kernel == kept


SCOUT = {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"], "SeriesInstanceUID": "1.2.3.5"}


def test_a_scout_beside_its_series_is_left_out(tmp_path):
    """It would be a film of its own, of coarse resolution."""
    series(tmp_path, body())
    slice_file(tmp_path / "scout", body((1, 64, 64))[0], (0, 0, 0), 1, **SCOUT)

    assert [item.code for item in refusals(tmp_path)] == ["localizer"]


@pytest.mark.parametrize("modality", [None, "CT"])
def test_a_scout_alone_is_refused_and_its_series_asked_for(tmp_path, modality):
    """A projection is no slice; what was found, what was expected, what to do."""
    path = slice_file(tmp_path / "scout", body((1, 64, 64))[0], (0, 0, 0), 1, **SCOUT)
    (refused,) = refusals(path, modality=modality)

    assert (refused.code, refused.modality) == ("localizer", "CT")
    assert "scout view) of a CT examination alone; expected the series itself" in refused.reason
    assert "--modality DX" in refused.reason


@pytest.mark.parametrize("modality", ["DX", "CR"])
def test_a_scout_alone_is_a_coarse_film_where_the_caller_says_so(tmp_path, modality):
    """Beside a series it is left out all the same."""
    path = slice_file(tmp_path / "scout", body((1, 64, 64))[0], (0, 0, 0), 1, **SCOUT)
    image = read(path, modality=modality)
    series(tmp_path, body())

    assert image.modality == "DX"
    assert said(image, "its resolution is coarse")
    assert [item.code for item in refusals(tmp_path, modality=modality)] == ["localizer"]


def test_two_scouts_of_one_series_are_one_refusal(tmp_path):
    """From the front and from the side."""
    for number in (1, 2):
        slice_file(tmp_path / f"{number}", body((2, 64, 64))[number - 1], (0, 0, 0), number, **SCOUT)
    (refused,) = refusals(tmp_path)

    assert refused.code == "localizer"
    assert "(2 files of one series)" in refused.reason


def test_a_cut_off_slice_is_refused_and_its_place_filled(tmp_path):
    """One file of twelve breaks off: a refusal, and an image that says that a slice is missing."""
    series(tmp_path, body())
    path = tmp_path / "slice6.dcm"
    path.write_bytes(path.read_bytes()[:-500])

    assert [item.code for item in refusals(tmp_path)] == ["truncated"]
    assert said(read(tmp_path), "1 of 12 was interpolated")


def test_a_damaged_compressed_slice_refuses_the_series(tmp_path):
    """The decoder ends on it; no traceback."""
    series(tmp_path, body((12, 64, 64)))
    for path in tmp_path.iterdir():
        packed(path, "jpeg lossless")
    path = tmp_path / "slice3.dcm"
    data = bytearray(path.read_bytes())
    data[-1500:-200] = bytes(1300)
    path.write_bytes(data)

    assert [item.code for item in refusals(tmp_path)] == ["cannot-decode"]


def test_a_stated_tilt_that_the_places_do_not_show_is_remarked(tmp_path):
    """The places count; slices that lean by 15 degrees stand closer by its cosine, 1 / 0.9659 is 3.5 % more."""
    image = read(series(tmp_path, body(), GantryDetectorTilt=-15))

    assert np.array_equal(image.pixels, body())
    assert said(image, "gantry tilt of 15 degrees")
    assert said(image, "3.5 % too large")


@pytest.mark.parametrize(("ratio", "remarked"), [([2, 1], True), ([1, 1], False), ([8, 7], False)])
def test_a_ratio_that_contradicts_the_sides_of_a_pixel_is_remarked(tmp_path, ratio, remarked):
    """0.8 mm high and 0.7 mm wide is 8 to 7; 1 to 1 is written by default."""
    image = read(series(tmp_path, body(), PixelAspectRatio=ratio))

    assert image.spacing_mm == pytest.approx((2.0, 0.8, 0.7))
    assert said(image, "Pixel Aspect Ratio") is remarked


def test_a_tilt_stated_for_frames_is_remarked_too(tmp_path):
    """An Enhanced CT states it in a group of its own."""
    details = Dataset()
    details.GantryDetectorTilt = 15
    path = multi_frame(tmp_path / "frames.dcm", body())
    dataset = dcmread(path)
    dataset.SharedFunctionalGroupsSequence[0].CTAcquisitionDetailsSequence = [details]
    dataset.save_as(path)

    assert said(read(path), "gantry tilt of 15 degrees")


def test_oblique_slices_that_stand_straight_on_one_another_show_their_tilt(tmp_path):
    """Leaning by 15 degrees and stacked along their normal: nothing is in doubt."""
    up = np.array([0, np.sin(np.radians(15)), np.cos(np.radians(15))])
    down = [0, round(float(up[2]), 6), round(-float(up[1]), 6)]
    path = series(
        tmp_path, body(), step=2 * up.round(6), GantryDetectorTilt=15, ImageOrientationPatient=[1, 0, 0, *down]
    )
    image = read(path)

    assert said(image, "15 degrees oblique")
    assert not said(image, "gantry tilt")


def test_a_score_of_slices_that_are_not_transverse_is_remarked(tmp_path):
    """Coronal slices; those of the body are transverse."""
    coronal = turned_series(tmp_path / "coronal", body((20, 22, 24)), (1, 0, 2), (False,) * 3, "abcdefghijklmnopqrstuv")

    assert said(read(coronal), "not transverse")
    assert not said(read(series(tmp_path / "transverse", body())), "not transverse")


def test_a_series_made_from_others_is_remarked_where_it_is_alone(tmp_path):
    """A projection of slabs makes calcium larger."""
    assert said(read(series(tmp_path, body(), ImageType=["DERIVED", "SECONDARY", "AXIAL", "MIP"])), "made from other")


def test_slices_of_another_size_are_a_series_of_their_own(tmp_path):
    """One slice of 44 rows among twelve of 40: refused as covered, and its place filled."""
    hu = body()
    series(tmp_path, hu, leave_out=[6])
    slice_file(tmp_path / "other", np.pad(hu[6], ((0, 4), (0, 0)), mode="edge"), (-10, -20, 112), 7)

    assert [item.code for item in refusals(tmp_path)] == ["other-series"]
    assert said(read(tmp_path), "interpolated")


def test_series_of_two_patients_are_refused(tmp_path):
    """Nothing is examined, and nobody named."""
    series(tmp_path / "a", body())
    series(tmp_path / "b", body(), PatientID="MRN8", PatientName="Doe^Jane", SeriesInstanceUID="1.2.3.2")

    assert {item.code for item in refusals(tmp_path)} == {"mixed-patients"}


def test_a_slice_that_changes_after_it_was_looked_at_refuses_the_series(tmp_path):
    """It may be another patient's by then."""
    films = read_all([series(tmp_path, body())])
    shutil.copy(tmp_path / "slice2.dcm", tmp_path / "slice1.dcm")

    assert films[0].code == "changed"


def test_a_ct_called_a_film_stays_a_ct_and_a_film_called_a_ct_a_film(tmp_path, dicom, picture, grey):
    """Words of the caller turn neither into the other; a picture holds no HU."""
    ct = read(series(tmp_path / "ct", body()), modality="DX", spacing_mm=0.2)
    film = read(dicom("film.dcm"), modality="CT")
    (shown,) = refusals(picture(grey, "film.png"), modality="CT")

    assert (ct.modality, film.modality, shown.code) == ("CT", "DX", "not-ct")
    assert said(ct, "not as DX")
    assert said(ct, "keeps its own")
    assert said(film, "a radiograph is no CT")


def test_slices_that_name_no_modality_are_ct_where_the_caller_says_so(tmp_path):
    """Converted files lack it."""
    folder = series(tmp_path, body(), Modality="OT")

    assert read(folder, modality="CT").pixels.shape == SHAPE
    assert {item.code for item in refusals(folder)} <= {"not-a-radiograph", "too-small"}


@pytest.mark.parametrize("modality", ["MR", "PT", "US"])
def test_other_sections_stay_refused_even_as_ct(tmp_path, modality):
    """A section is not a CT because somebody says so."""
    folder = series(tmp_path, body(), Modality=modality, ImageOrientationPatient=list(AXIAL))

    assert {item.code for item in refusals(folder, modality="CT")} == {"not-a-radiograph"}


def test_an_empty_slice_between_others_is_said(tmp_path):
    """Its pixels were lost; at the ends of a scan such slices are usual."""
    hu = body()
    hu[3] = -1000
    image = read(series(tmp_path / "gap", hu))
    ends = body()
    ends[0] = ends[-1] = -1000

    assert said(image, "1 slice between others is empty")
    assert not said(read(series(tmp_path / "ends", ends)), "empty")
