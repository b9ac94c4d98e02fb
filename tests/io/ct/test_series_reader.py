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

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io import Refusal, read, read_all
from calcinet.io.ct.hounsfield_check import require_hounsfield
from calcinet.io.ct.pixel_quantity import SPECTRAL as SPECTRAL_MAP
from calcinet.io.ct.pixel_quantity import quantity_of
from tests.support.ctfiles import AFFINE, AXIAL, SHAPE, body, multi_frame, series, slice_file
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


@pytest.mark.parametrize(
    ("tags", "contrast"),
    [
        ({}, None),
        ({"ContrastBolusAgent": ""}, None),
        ({"ContrastBolusAgent": "Omnipaque 350"}, True),
        ({"ContrastBolusAgent": "APPLIED", "ContrastBolusRoute": "IV"}, True),
        ({"ContrastBolusVolume": 90}, True),
        ({"ContrastBolusVolume": 0}, None),
        ({"ContrastBolusAgent": "none"}, False),
    ],
)
def test_contrast_is_what_the_header_says_or_unknown(tmp_path, tags, contrast):
    """A header that is silent never becomes a no."""
    assert read(series(tmp_path, body(), **tags)).acquisition.contrast is contrast


@pytest.mark.parametrize(
    "tags",
    [
        {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15, "RescaleIntercept": 0},
        {"RescaleSlope": 0.5, "BitsStored": 16, "HighBit": 15},
        {"PhotometricInterpretation": "MONOCHROME1"},
    ],
)
def test_values_go_through_the_rescale(tmp_path, tags):
    """Signed, halved, or shown inverted: the same HU."""
    assert np.array_equal(read(series(tmp_path, body(), **tags)).pixels, body())


def test_each_slice_has_its_own_rescale(tmp_path):
    """Intercepts of -1024, -1025, ..."""
    hu = body()
    for index, plane in enumerate(hu):
        slice_file(tmp_path / f"{index}", plane, (-10, -20, 100 + 2 * index), index, RescaleIntercept=-1024 - index)

    assert np.array_equal(read(tmp_path).pixels, hu)


@pytest.mark.parametrize("padding", [-2000, -2048, -3024])
def test_padding_outside_the_field_becomes_air(tmp_path, padding):
    """Corners that were never reconstructed."""
    hu = body()
    hu[:, :5, :5] = padding
    tags = {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15, "RescaleIntercept": 0}
    image = read(series(tmp_path, hu, **tags))

    assert (image.pixels[:, :5, :5] == -1024).all()
    assert np.array_equal(image.pixels[:, 5:], body()[:, 5:])


def test_a_padding_value_of_the_header_becomes_air_unless_it_lies_among_tissue(tmp_path):
    """-1200 is padding where the header says so; 0 HU is water, whatever the header says."""
    hu = body()
    hu[:, :5, :5] = -1200
    tags = {"PixelRepresentation": 1, "BitsStored": 16, "HighBit": 15, "RescaleIntercept": 0}
    believed = read(series(tmp_path / "a", hu, PixelPaddingValue=-1200, **tags))
    not_believed = read(series(tmp_path / "b", body(), PixelPaddingValue=0, **tags))

    assert (believed.pixels[:, :5, :5] == -1024).all()
    assert np.array_equal(not_believed.pixels, body())


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


NOT_HU = {
    "stored values without their rescale": lambda hu: hu + 1024,
    "ten times too large": lambda hu: hu * 10,
    "a magnetic resonance image": lambda hu: np.where(hu > -500, 300 + 2 * hu, 5),
    "an iodine map": lambda hu: np.where(hu > 200, 80.0, np.where(hu > -500, 10.0, 0.0)),
    "cut off at a window": lambda hu: np.clip(hu, -160, 240),
    "shares of one": lambda hu: (hu + 1024) / 4096,
    "a mask": lambda hu: (hu > 200).astype(float),
    "one value": lambda hu: np.zeros_like(hu),
    "shifted by the intercept twice": lambda hu: hu - 1024,
    "no numbers": lambda hu: np.where(hu > 200, np.nan, hu),
}


@pytest.mark.parametrize("kind", NOT_HU)
def test_values_that_are_no_hounsfield_units_are_refused(kind):
    """Air, fat and muscle must stand where physics puts them."""
    volume = NOT_HU[kind](body((12, 64, 64))).astype(np.float32)

    with pytest.raises(Unreadable, match="not Hounsfield units") as caught:
        require_hounsfield(volume)

    assert caught.value.code == "ct-not-hu"


def test_a_real_ct_passes_and_so_does_a_cut_out_of_it(ct_hu):
    """With and without air in the picture; the middle of the trunk alone."""
    hu = ct_hu.astype(np.float32)
    require_hounsfield(hu)
    middle = np.ascontiguousarray(hu[30:60, 35:65, 40:85])
    require_hounsfield(middle)

    assert (hu < -900).mean() > 0.1
    assert (middle < -900).mean() < 0.05


SPECTRAL = (
    *("MONOENERGETIC", "MONO_ENERGETIC", "VMI", "VNC", "CT_SOM5 VNC", "VIRTUAL_NON_CONT", "IODINE", "GSI MONO"),
    *("IODINE_MAP", "Z_EFFECTIVE", "ELECTRON_DENSITY", "EFF_ATOMIC_NUM", "MAT_REMOVED", "EFF_Z", "RHO"),
)


def _item(**tags):
    item = Dataset()
    for keyword, value in tags.items():
        setattr(item, keyword, value)
    return item


@pytest.mark.parametrize(
    "tags",
    [
        {"RescaleType": "MGML"},
        {"RescaleType": "Z_EFF"},
        *({"ImageType": ["DERIVED", "PRIMARY", "AXIAL", value]} for value in SPECTRAL),
        {"MonoenergeticEnergyEquivalent": 70.0},
        {"MultienergyCTProcessingSequence": [_item(DecompositionMethod="PROJECTION_BASED")]},
        {"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "PERFUSION"]},
    ],
)
def test_maps_are_refused_by_their_header(tmp_path, tags):
    """Whatever the values look like; the CT beside them is examined."""
    series(tmp_path / "a", body(), SeriesInstanceUID="1.2.3.1", **tags)
    series(tmp_path / "b", body(), SeriesInstanceUID="1.2.3.2", SliceThickness=5)
    refused, image = read_all([tmp_path])

    assert refused.code == "ct-not-hu"
    assert isinstance(image, Image)


def test_a_value_longer_than_the_standard_allows_is_understood():
    """20 characters, of which a header may have 16."""
    assert quantity_of(Dataset(), [], ["DERIVED", "PRIMARY", "VIRTUAL_NON_CONTRAST"], "HU") == SPECTRAL_MAP
    assert quantity_of(Dataset(), [], ["DERIVED", "PRIMARY", "AXIAL"], "HU") is None


def test_a_spectral_map_alone_asks_for_the_conventional_series(tmp_path):
    """Its values look like HU, but limits in HU do not hold on them."""
    (refused,) = refusals(series(tmp_path, body(), ImageType=["DERIVED", "PRIMARY", "AXIAL", "VMI"]))

    assert refused.code == "ct-not-hu"
    assert "spectral map" in refused.reason
    assert "conventional series" in refused.reason


@pytest.mark.parametrize(
    "tags",
    [
        {"MultienergyCTAcquisition": "YES"},
        {"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "CT_SOM5 DE MIXED"]},
        {"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "STANDARD"]},
    ],
)
def test_the_conventional_series_of_a_scan_with_several_energies_is_examined(tmp_path, tags):
    assert read(series(tmp_path, body(), **tags)).cautions == ()


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
    """The places count."""
    image = read(series(tmp_path, body(), GantryDetectorTilt=15))

    assert np.array_equal(image.pixels, body())
    assert said(image, "gantry tilt of 15 degrees")


def test_a_series_made_from_others_is_remarked_where_it_is_alone(tmp_path):
    """A projection of slabs makes calcium larger."""
    assert said(read(series(tmp_path, body(), ImageType=["DERIVED", "SECONDARY", "AXIAL", "MIP"])), "made from other")


def test_noise_of_the_sharpest_kernels_is_no_other_scale():
    """Air scattered by 120 HU about -1000, not cut off at -1024."""
    hu = body((12, 64, 64)) + np.random.default_rng(1).normal(0, 120, (12, 64, 64))
    told = hu.astype(np.float32)
    require_hounsfield(told)

    assert told.mean() == pytest.approx(hu.mean(), rel=1e-4)  # it was looked at and left alone


@pytest.mark.parametrize("noise", [0, 20, 60, 120])
@pytest.mark.parametrize("intercept", [1000, 1024])
def test_values_without_their_intercept_are_refused_however_noisy(noise, intercept):
    """Air at 0 looks like soft tissue, its noise like fat; but then muscle is as dense as cortical bone."""
    hu = body((12, 64, 64)) + np.random.default_rng(1).normal(0, noise, (12, 64, 64)) + intercept

    with pytest.raises(Unreadable, match="not Hounsfield units"):
        require_hounsfield(hu.astype(np.float32))


def test_a_window_within_a_bone_and_its_muscle_is_hu():
    """Cortex of 1200, marrow of 300 and fat about muscle, no air: as much spongy bone as dense."""
    rng = np.random.default_rng(2)
    hu = rng.choice([1200.0, 350.0, 50.0, -100.0], p=[0.15, 0.15, 0.4, 0.3], size=(12, 64, 64))

    assert require_hounsfield((hu + rng.normal(0, 20, hu.shape)).astype(np.float32)) is None


def test_slices_of_another_size_are_a_series_of_their_own(tmp_path):
    """One slice of 44 rows among twelve of 40: refused as covered, and its place filled."""
    hu = body()
    series(tmp_path, hu, leave_out=[6])
    slice_file(tmp_path / "other", np.pad(hu[6], ((0, 4), (0, 0)), mode="edge"), (-10, -20, 112), 7)

    assert [item.code for item in refusals(tmp_path)] == ["other-series"]
    assert said(read(tmp_path), "interpolated")


def test_values_above_bits_stored_are_taken_and_remarked(tmp_path):
    """The header allows 10 bits, up to 1023; 1724 is stored."""
    image = read(series(tmp_path, body(), BitsStored=10, HighBit=9))

    assert np.array_equal(image.pixels, body())
    assert said(image, "Bits Stored")


def test_an_old_overlay_in_the_upper_bits_is_cleared(tmp_path):
    """Bit 15 of a 12-bit pixel marks the overlay."""
    hu = body()
    series(tmp_path, hu)
    for path in tmp_path.iterdir():
        dataset = dcmread(path)
        stored = dataset.pixel_array.copy()
        stored[:4, :4] |= 0x8000
        dataset.PixelData = stored.tobytes()
        dataset.add_new(0x60000102, "US", 15)
        dataset.save_as(path)

    assert np.array_equal(read(tmp_path).pixels, hu)


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
