"""DICOM films: which way round, how linear, what they say about themselves."""

import hashlib
import shutil

import gdcm
import nibabel
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import RLELossless

from calcinet.errors import BadInput, Unreadable
from calcinet.image import Image
from calcinet.io import read, read_all

COUNTS = np.linspace(1000, 40000, 350 * 250).reshape(350, 250).round().astype(np.uint16)


def correlation(a, b):
    return np.corrcoef(a.plane.ravel(), b.plane.ravel())[0, 1]


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"},
        {"PhotometricInterpretation": "MONOCHROME1"},
        {"PresentationLUTShape": "INVERSE"},
    ],
)
def test_pixels_rise_with_attenuation(dicom, film, tags):
    """MONOCHROME1 and INVERSE say once, together or alone, that low values are white."""
    stored = dcmread(dicom()).pixel_array

    image = read(dicom(pixels=65535 - stored if tags else stored, **tags))

    assert correlation(image, film) > 0.999
    assert image.pixels.dtype == np.float32


@pytest.mark.parametrize("written_as", ["US", "OW"])
@pytest.mark.parametrize(
    ("tags", "shown_inverted"),
    [
        ({}, True),
        ({"PhotometricInterpretation": "MONOCHROME1"}, False),
        ({"PresentationLUTShape": "INVERSE"}, False),
        ({"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"}, False),
    ],
)
def test_falling_table_turns_what_monochrome1_turns_back(dicom, film, tags, shown_inverted, written_as):
    """Turned once, low values are white; turned twice, they are black as in plain MONOCHROME2."""
    table = Dataset()
    table.LUTDescriptor = [256, 0, 16]
    falling = np.arange(65280, -1, -256).astype("<u2")
    table.add_new("LUTData", written_as, falling.tobytes() if written_as == "OW" else falling.tolist())
    stored = dcmread(dicom()).pixel_array

    image = read(dicom(pixels=65535 - stored if shown_inverted else stored, VOILUTSequence=[table], **tags))

    assert correlation(image, film) > 0.999
    assert not any("polarity" in caution for caution in image.cautions)


@pytest.mark.parametrize(("sign", "rising"), [(1, False), (-1, True)])
def test_linear_processing_data_become_minus_their_logarithm(dicom, sign, rising):
    """Sign 1: 1000 and 40000 quanta differ by ln 40 of attenuation. Sign -1 mirrors the counts first."""
    image = read(
        dicom(
            pixels=COUNTS,
            PresentationIntentType="FOR PROCESSING",
            PixelIntensityRelationship="LIN",
            PixelIntensityRelationshipSign=sign,
        )
    )

    assert image.linear
    assert np.ptp(image.plane) == pytest.approx(np.log(40), rel=1e-3)
    assert (image.plane[-1, -1] > image.plane[0, 0]) is np.bool_(rising)


@pytest.mark.parametrize(("sign", "falls"), [(1, True), (-1, False)])
def test_logarithmic_processing_data_are_kept(dicom, sign, falls):
    """Only turned where they rise with the beam."""
    image = read(
        dicom(
            pixels=COUNTS,
            PresentationIntentType="FOR PROCESSING",
            PixelIntensityRelationship="LOG",
            PixelIntensityRelationshipSign=sign,
        )
    )

    assert image.linear
    assert np.ptp(image.plane) == pytest.approx(39000)
    assert (image.plane[0, 0] > image.plane[-1, -1]) is np.bool_(falls)


@pytest.mark.parametrize(
    ("intent", "modality", "words"),
    [
        ("FOR PRESENTATION", "DX", "only a processed 'for presentation' image exists"),
        (None, "CR", "does not say whether its grey values were processed"),
        ("FOR PROCESSING", "DX", "does not say whether they are linear or logarithmic"),
    ],
)
def test_image_that_is_not_known_to_be_linear_says_why(dicom, intent, modality, words):
    """Processed, silent on it as CR is, or unprocessed with no relation to the beam: each has its sentence."""
    image = read(dicom(PresentationIntentType=intent, Modality=modality, PixelIntensityRelationship="DISP"))
    (why,) = (caution for caution in image.cautions if "not compared in absolute terms" in caution)

    assert not image.linear
    assert words in why


def test_rescale_is_applied_and_the_window_is_not(dicom, film):
    """Value 2 v + 10 whatever the window, the sigmoid included."""
    stored = dcmread(dicom()).pixel_array
    image = read(dicom(RescaleSlope=2, RescaleIntercept=10, VOILUTFunction="SIGMOID", WindowWidth=2, WindowCenter=1))

    assert image.plane[7, 7] == pytest.approx(2.0 * stored[7, 7] + 10)
    assert image.plane.max() == pytest.approx(2.0 * stored.max() + 10)


def test_padding_takes_the_lowest_attenuation(dicom):
    """Padding of 65535 would be the densest bone; it becomes air, 0 being the lowest of the rest."""
    pixels = dcmread(dicom()).pixel_array.copy()
    pixels[:20] = 65535

    image = read(dicom(pixels=pixels, PixelPaddingValue=65500, PixelPaddingRangeLimit=65535))

    assert (image.plane[:20] == image.plane.min()).all()


def test_negative_is_recognised_in_a_dicom_file(dicom, film):
    """The header says MONOCHROME2, the content says otherwise, plainly."""
    image = read(dicom(pixels=65535 - dcmread(dicom()).pixel_array))

    assert correlation(image, film) > 0.999
    assert any("polarity was inverted" in caution for caution in image.cautions)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"BodyPartExamined": "LEG"}, ("lower leg", "L", "AP")),
        ({"BodyPartExamined": "EXTREMITY"}, ("extremity", "L", "AP")),
        (
            {"BodyPartExamined": "EXTREMITY", "AcquisitionDeviceProcessingDescription": "[LOWER LEG   ]"},
            ("lower leg", "L", "AP"),
        ),
        ({"BodyPartExamined": "HAND", "ImageLaterality": "R", "ViewPosition": "PA"}, ("hand", "R", "PA")),
        ({"BodyPartExamined": "", "ImageLaterality": "U", "ViewPosition": ""}, ("unknown", None, None)),
        ({"BodyPartExamined": "", "Modality": "MG"}, ("breast", "L", "AP")),
        ({"BodyPartExamined": "LEFT_ANKLE JOINT", "ViewPosition": "AP OBLIQUE"}, ("ankle", "L", "AP OBLIQUE")),
        ({"BodyPartExamined": "L SPINE", "ViewPosition": "LLO"}, ("lumbar spine", "L", "LLO")),
    ],
)
def test_body_part_side_and_view_in_plain_words(dicom, tags, expected):
    """In DICOM, LEG is the lower leg; a vague word gives way to what the device was set to."""
    image = read(dicom(**({"ImageLaterality": "L", "ViewPosition": "AP"} | tags)))

    assert (image.anatomy, image.laterality, image.view) == expected


@pytest.mark.parametrize("written", ["JANE SMITH", "SMITH", "AP SMITH", "BORN 1960"])
def test_free_text_for_body_part_or_view_is_left_out(dicom, written):
    """A name may stand where a body part should; it goes into no record."""
    image = read(dicom(BodyPartExamined=written, ViewPosition=written))

    assert (image.anatomy, image.view) == ("unknown", None)
    assert written.lower() not in repr(image.cautions).lower()


def test_coded_view_stands_in_for_free_text(dicom):
    """399368009 is the mediolateral oblique view."""
    code = Dataset()
    code.CodeValue = "399368009"

    assert read(dicom(ViewPosition="AS USUAL", ViewCodeSequence=[code])).view == "MLO"


@pytest.mark.parametrize(
    "tags",
    [
        {"ImageLaterality": "L", "SeriesDescription": "Right ankle"},
        {"ImageLaterality": "L", "Laterality": "R"},
        {"ImageLaterality": "R", "Modality": "MG", "PatientOrientation": ["P", "R"]},
    ],
)
def test_contradicting_sides_are_remarked(dicom, tags):
    """The side is kept as stated, and a sentence asks to look at the film."""
    image = read(dicom(**tags))

    assert any("check the side" in caution for caution in image.cautions)


def test_agreeing_sides_are_not_remarked(dicom):
    """A description that names both sides contradicts neither."""
    image = read(dicom(ImageLaterality="L", SeriesDescription="left and right ankle", Laterality="L"))

    assert not any("side" in caution for caution in image.cautions)


@pytest.mark.parametrize(
    ("modality", "code", "words"),
    [
        ("MR", "not-a-radiograph", "magnetic resonance"),
        ("US", "not-a-radiograph", "ultrasound"),
        ("SR", "not-a-radiograph", "structured report"),
        ("OT", "not-a-radiograph", "--modality DX"),
    ],
)
def test_other_modalities_are_refused_by_name(dicom, modality, code, words):
    """What was found, what was expected, what to do."""
    result = read_all([dicom(Modality=modality)])[0]

    assert (result.code, result.modality) == (code, modality)
    assert words in result.reason
    assert "expected a radiograph" in result.reason


def test_slices_of_other_modalities_are_one_refusal_a_series(dicom, tmp_path):
    """Three and two of two series, the last of them there twice: a refusal each, with the number, beside a film."""
    for series, count in (("1.2.3.1", 3), ("1.2.3.2", 2)):
        for number in range(count):
            tags = {"SeriesInstanceUID": series, "SOPInstanceUID": f"{series}.{number + 1}"}
            dicom(f"a/{series}/{number}", Modality="MR", **tags)
    shutil.copytree(tmp_path / "a" / "1.2.3.2", tmp_path / "b")
    dicom("c")
    *refused, film = read_all([tmp_path])

    assert [item.code for item in refused] == ["not-a-radiograph", "not-a-radiograph", "duplicate"]
    assert [item.modality for item in refused[:2]] == ["MR", "MR"]
    assert ["(3 files of" in refused[0].reason, "(2 files of" in refused[1].reason] == [True, True]
    assert refused[2].reason == "the same file was given twice: examined once (2 files of one series)"
    assert refused[0].sha256 != refused[1].sha256
    assert isinstance(film, Image)


def test_a_lone_slice_of_another_modality_is_named_by_its_own_hash(dicom):
    """No number is said of one."""
    path = dicom(Modality="PT")
    (refused,) = read_all([path])

    assert refused.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "files of one series" not in refused.reason


def test_what_is_given_for_a_ct_is_said_to_be_of_no_use_for_a_film(dicom, tmp_path):
    """Masks and a calibration."""
    (tmp_path / "masks").mkdir()
    nibabel.save(nibabel.Nifti1Image(np.ones((2, 2, 2), np.uint8), np.eye(4)), tmp_path / "masks" / "aorta.nii.gz")
    (plain,) = read_all([dicom()])
    (image,) = read_all([dicom()], labels=tmp_path / "masks", mg_per_cm3_per_hu=0.8)

    assert image.cautions == (
        *plain.cautions,
        "the masks that were given are for a CT: a film is examined without",
        "the calcium calibration that was given is for a CT: a film is examined without",
    )


def test_scouts_and_stated_films_are_accepted_with_a_remark(dicom):
    """A CT localizer and a secondary capture are films when the caller says so."""
    scout = read(dicom(Modality="CT", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), modality="DX")
    stated = read(dicom(Modality="OT"), modality="DX")

    assert "scout view" in scout.cautions[0]
    assert "does not call itself a radiograph" in stated.cautions[0]
    with pytest.raises(Unreadable, match="magnetic"):
        read(dicom(Modality="MR"), modality="DX")


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": 12}, "12 to 1"),
        ({"BurnedInAnnotation": "YES"}, "burned into"),
    ],
)
def test_doubtful_elements_become_sentences(dicom, tags, words):
    """The film is examined, and the reader told."""
    image = read(dicom(**tags))

    assert any(words in caution for caution in image.cautions)


def test_impossible_character_set_is_survived(dicom):
    """ISO_IR 999 does not exist, and the name holds a byte of no character; the parser's warning would quote it."""
    path = dicom(SpecificCharacterSet="ISO_IR 192", PatientName="Jane", PatientID=None)
    data = path.read_bytes().replace(b"ISO_IR 192", b"ISO_IR 999").replace(b"Jane", b"J\xffne")
    path.write_bytes(data)

    image = read(path)

    assert any("breaks the standard" in caution for caution in image.cautions)
    assert "J" + "\xff" not in repr(image.cautions)


def test_presentation_copy_gives_way_to_the_data_it_was_made_from(dicom):
    """Only where it names them as its source; else both are examined."""
    raw = dicom("in/1.dcm", PresentationIntentType="FOR PROCESSING", SOPInstanceUID="1.2.3")
    source = Dataset()
    source.ReferencedSOPInstanceUID = "1.2.3"
    copy = dicom("in/2.dcm", SourceImageSequence=[source], SOPInstanceUID="1.2.4")
    other = dicom("in/3.dcm", SOPInstanceUID="1.2.5")

    results = read_all([raw, copy, other])

    assert [getattr(result, "code", "image") for result in results] == ["image", "duplicate-presentation", "image"]


@pytest.mark.parametrize("syntax", ["JPEGLosslessProcess14_1", "JPEGLSLossless", "JPEG2000Lossless"])
def test_lossless_compression_loses_nothing(dicom, syntax):
    """The same values come back, whichever decoder they went through."""
    plain = dicom()
    image = read(compressed(plain, syntax))

    assert np.array_equal(image.plane, dcmread(plain).pixel_array)


def test_run_length_encoding_loses_nothing(dicom):
    """Decoded without any plug-in."""
    path = dicom()
    dataset = dcmread(path)
    stored = dataset.pixel_array
    dataset.compress(RLELossless)
    dataset.save_as(path)

    assert np.array_equal(read(path).plane, stored)


def test_twelve_bit_jpeg_is_decoded(dicom):
    """JPEG Extended at quality 95 keeps half of the pixels within 2 of 4095 steps."""
    plain = twelve_bits(dicom)
    image = read(compressed(plain, "JPEGExtendedProcess2_4"))

    assert np.median(abs(image.plane - dcmread(plain).pixel_array)) <= 2


def test_damaged_twelve_bit_jpeg_is_refused(dicom):
    """Cut in the middle of its stream, the lengths put right: the decoder's complaint becomes a sentence."""
    path = compressed(twelve_bits(dicom), "JPEGExtendedProcess2_4")
    data = bytearray(path.read_bytes())
    start = data.index(b"\xff\xda")
    data[start + 200 : start + 2000] = b"\xff\xd9" * 900
    path.write_bytes(data)

    with pytest.raises(Unreadable, match="JPEG Extended") as caught:
        read(path)

    assert caught.value.code == "cannot-decode"


def twelve_bits(dicom):
    pixels = dcmread(dicom()).pixel_array >> 4
    return dicom(pixels=pixels, BitsStored=12, HighBit=11)


def compressed(path, syntax):
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax)))
    change.SetInput(reader.GetImage())
    codec = gdcm.JPEGCodec()
    codec.SetLossless(False)
    codec.SetQuality(95)
    if "Extended" in syntax:
        change.SetUserCodec(codec)
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(path.with_suffix(".packed.dcm")))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return path.with_suffix(".packed.dcm")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    keep=st.floats(0.001, 1),
    in_header=st.booleans(),
)
def test_damaged_bytes_give_an_image_or_a_sentence(tmp_path, dicom, flips, keep, in_header):
    """Any byte may be wrong, the file may end anywhere: never a traceback, never a warning."""
    original = (tmp_path / "film.dcm").read_bytes() if (tmp_path / "film.dcm").exists() else dicom().read_bytes()
    data = bytearray(original)
    reach = 1500 if in_header else len(data) - 1
    for where, value in flips:
        data[int(where * reach)] = value
    path = tmp_path / "damaged"
    path.write_bytes(data[: max(1, int(keep * len(data)))])

    result = read_all([path])[0]

    assert isinstance(result, Image) or (result.code and result.reason)


def test_real_calf_is_read(shared_data):
    """MONOCHROME1 of 10 bits without spacing; its collimated border is white, the bone brighter than the air."""
    image = read(shared_data / "xray" / "wg04_RG3_extremity_CR_fuji_10bit_lossless.dcm")

    assert (image.pixels.shape, image.modality) == ((1, 1760, 1760), "CR")
    assert (image.spacing_mm, image.spacing_basis) == (None, "none")
    assert (image.anatomy, image.laterality, image.view) == ("lower leg", "R", "AP")
    assert (image.plane.min(), image.plane.max()) == (0, 1023)
    assert np.median(image.plane[:, 20]) > 1000
    assert not any("polarity" in caution for caution in image.cautions)


def test_options_that_cannot_be_right_are_a_wrong_call(dicom):
    """Before any file is touched."""
    with pytest.raises(BadInput, match="modality must be"):
        read(dicom(), modality="MR")
    with pytest.raises(BadInput, match="spacing must be"):
        read(dicom(), spacing_mm=100)
    with pytest.raises(BadInput, match="anatomy must be"):
        read(dicom(), anatomy=" ")


def test_callers_body_part_wins_with_a_remark(dicom):
    """The film says lower leg."""
    image = read(dicom(), anatomy="Foot")

    assert image.anatomy == "foot"
    assert any("the file says lower leg" in caution for caution in image.cautions)
