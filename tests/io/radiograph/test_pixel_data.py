"""From stored values to attenuation: which way round, how linear, what is padding."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from calcinet.io import read
from tests.support.films import correlation
from tests.support.refusals import refused

COUNTS = np.linspace(1000, 40000, 350 * 250).reshape(350, 250).round().astype(np.uint16)


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


@pytest.mark.parametrize("keep", [0.97, 0.5])
def test_cut_off_dicom_is_refused(dicom, keep):
    """Its pixels no longer fill rows times columns."""
    path = dicom("smith.dcm")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])

    assert refused(path).code == "truncated"


@pytest.mark.parametrize("keep", [b"\x28\x00\x10\x00US", b"\x08\x00\x60\x00CS"])
def test_a_header_that_breaks_off_is_cut_off_whatever_it_lacks(dicom, keep):
    """Before the number of rows, and before the modality: not what is missing there is told, but that it is cut."""
    path = dicom("smith.dcm")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(keep)])
    told = refused(path)

    assert told.code == "truncated"
    assert "cut off" in str(told)


def test_colour_dicom_is_refused(dicom, grey):
    """Stored in three samples that disagree; three that agree are a grey film."""
    colour = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}
    bits = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}
    same = np.repeat(grey[..., None], 3, axis=2)
    hues = same.copy()
    hues[50:100, :, 0] = 255

    assert refused(dicom("smith.dcm", pixels=hues, **colour, **bits)).code == "colour"
    assert np.array_equal(read(dicom(pixels=same, **colour, **bits)).plane, grey)


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"Rows": 30_000, "Columns": 30_000}, "too-many-pixels"),
        ({"Rows": 1, "Columns": 1}, "too-small"),
        ({"NumberOfFrames": 12}, "multi-frame"),
        ({"PixelData": None}, "truncated"),
        ({"Rows": 351}, "truncated"),
    ],
)
def test_dicom_of_impossible_shape_is_refused(dicom, tags, code):
    """Told from the header, before anything is decoded."""
    assert refused(dicom("smith.dcm", **tags)).code == code


@pytest.mark.parametrize("modality", ["DX", "MG", "CR"])
@pytest.mark.parametrize("dirt", [0, 0xF000])
def test_signed_values_of_12_bits_go_through_the_rescale(dicom, modality, dirt):
    """Value v of 12 bits with a sign, beside anything: 2 v + 10; the padding is the lowest of the others."""
    values = np.tile(np.linspace(-2000, 2000, 250).round().astype(np.int64), (350, 1))
    values[:9] = -2048
    cells = (values & 0x0FFF | dirt).astype(np.uint16).view(np.int16)
    bits = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 1}
    rescale = {"RescaleSlope": 2, "RescaleIntercept": 10}
    image = read(dicom(pixels=cells, Modality=modality, PixelPaddingValue=-2048, **bits, **rescale))

    assert np.array_equal(image.plane[9:], 2.0 * values[9:] + 10)
    assert (image.plane[:9] == 2.0 * -2000 + 10).all()


def test_a_modality_table_for_values_with_a_sign(dicom):
    """-100 and below become the first entry, 1000; each further value one more."""
    values = np.tile(np.arange(-125, 125), (350, 1)).astype(np.int16)
    table = Dataset()
    table.add_new("LUTDescriptor", "SS", [200, -100, 16])
    table.add_new("LUTData", "US", list(range(1000, 1200)))
    image = read(dicom(pixels=values, PixelRepresentation=1, ModalityLUTSequence=[table]))

    assert np.array_equal(image.plane, np.clip(values + 1100.0, 1000, 1199))


@pytest.mark.parametrize(("bits", "dtype"), [(8, np.uint8), (10, np.uint16), (16, np.uint16), (32, np.uint32)])
def test_values_of_any_bits_are_kept(dicom, bits, dtype):
    values = np.linspace(0, 2 ** min(bits, 24) - 1, 350 * 250).reshape(350, 250).astype(dtype)
    allocated = 8 * values.dtype.itemsize
    image = read(dicom(pixels=values, BitsAllocated=allocated, BitsStored=bits, HighBit=bits - 1))

    assert np.array_equal(image.plane, values.astype(np.float32))


def test_bits_that_the_header_leaves_out_are_said(dicom):
    """Values up to 65535, of 12 bits as it says: kept, with a sentence."""
    path = dicom(BitsStored=12, HighBit=11)
    image = read(path)

    assert image.plane.max() > 4095
    assert any("Bits Stored" in caution for caution in image.cautions)


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}, "saturated"),
        ({"BitsAllocated": 12, "BitsStored": 12, "HighBit": 11}, "unsupported-pixels"),
        ({"PixelData": None, "FloatPixelData": bytes(4 * 350 * 250)}, "float-pixels"),
        ({"PhotometricInterpretation": "HSV"}, "unsupported-pixels"),
    ],
)
def test_pixels_that_no_film_has_are_named(dicom, tags, code):
    assert refused(dicom("smith.dcm", **tags)).code == code


def test_what_follows_the_pixels_is_no_second_frame(dicom, film):
    """Twice as many bytes as the film needs."""
    path = dicom()
    dataset = dcmread(path)
    dataset.PixelData += bytes(len(dataset.PixelData))
    dataset.save_as(path)

    assert correlation(read(path), film) > 0.999


@pytest.mark.parametrize("limit", [None, 65535])
def test_padding_that_lies_among_the_greys_of_the_body_is_not_believed(dicom, limit):
    """The median grey, alone or as the beginning of a range: dots, or half of the body, would become air."""
    path = dicom()
    plain = read(path)
    median = int(np.median(dcmread(path).pixel_array))
    tags = {"PixelPaddingValue": median} | ({} if limit is None else {"PixelPaddingRangeLimit": limit})
    image = read(dicom(**tags))

    assert np.array_equal(image.plane, plain.plane)
    assert any("Pixel Padding Value" in caution for caution in image.cautions)
