"""Grey films in colour: the same greys come out as went in; what has colours is refused."""

import io

import numpy as np
import pytest
from PIL import Image as Picture
from pydicom import dcmread, dcmwrite
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, JPEG2000Lossless, JPEGBaseline8Bit

from calcinet.io import read
from tests.support.refusals import refused

EIGHT = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}


def colour(interpretation, planar=0):
    return {"SamplesPerPixel": 3, "PhotometricInterpretation": interpretation, "PlanarConfiguration": planar, **EIGHT}


def beside(grey, second, third):
    return np.stack([grey, np.full_like(grey, second), np.full_like(grey, third)], axis=-1)


@pytest.mark.parametrize("interpretation", ["YBR_FULL", "YBR_RCT", "YBR_ICT"])
@pytest.mark.parametrize("chroma", [(128, 128), (127, 128)])
def test_luma_with_chroma_in_the_middle_is_grey(dicom, grey, interpretation, chroma):
    """PS3.3 C.7.6.3.1.2: grey has both chroma at 128; computed, they are rounded."""
    assert np.array_equal(read(dicom(pixels=beside(grey, *chroma), **colour(interpretation))).plane, grey)


@pytest.mark.parametrize("planar", [0, 1, None])
def test_three_samples_that_are_alike_are_grey(dicom, grey, planar):
    """Pixel by pixel or plane by plane; where it is not said how, pixel by pixel."""
    path = dicom(pixels=np.stack([grey] * 3, -1), **colour("RGB"))
    dataset = dcmread(path)
    if planar == 1:
        dataset.PixelData = np.stack([grey] * 3).tobytes()
    dataset.PlanarConfiguration = planar
    if planar is None:
        del dataset.PlanarConfiguration
    dataset.save_as(path)

    assert np.array_equal(read(path).plane, grey)


@pytest.mark.parametrize("interpretation", ["YBR_FULL", "MONOCHROME2"])
def test_three_samples_that_are_alike_are_grey_whatever_they_are_called(dicom, grey, interpretation):
    assert np.array_equal(read(dicom(pixels=np.stack([grey] * 3, -1), **colour(interpretation))).plane, grey)


def test_chroma_of_every_second_pixel(dicom, grey):
    """YBR_FULL_422 uncompressed: two lumas, then the chroma of both."""
    path = dicom(pixels=beside(grey, 128, 128), **colour("YBR_FULL_422"))
    dataset = dcmread(path)
    packed = np.full((grey.size // 2, 4), 128, dtype=np.uint8)
    packed[:, :2] = grey.reshape(-1, 2)
    dataset.PixelData = packed.tobytes()
    dataset.save_as(path)

    assert np.array_equal(read(path).plane, grey)


@pytest.mark.parametrize(
    ("samples", "interpretation"),
    [((100, 128), "YBR_FULL"), ((128, 140), "YBR_FULL_422"), ((128, 128), "RGB"), ((131, 128), "YBR_FULL")],
)
def test_colours_are_refused(dicom, grey, samples, interpretation):
    """A tint throughout; in red, green and blue 128 is no middle."""
    tags = colour(interpretation)
    pixels = beside(grey, *samples)
    if interpretation == "YBR_FULL_422":
        pixels = np.concatenate([pixels[:, ::2], pixels[:, 1::2]], axis=-1)[..., [0, 3, 1, 2]]
        tags["Columns"] = grey.shape[1]
    path = dicom("smith.dcm", pixels=pixels, **tags)

    assert refused(path).code == "colour"


def pack(dicom, pixels, interpretation, samples, name="JPEG", syntax=JPEGBaseline8Bit, **options):
    """A film whose stream and header are made apart from each other."""
    packed = io.BytesIO()
    Picture.fromarray(pixels).save(packed, name, **options)
    tags = colour(interpretation) if samples == 3 else {"PhotometricInterpretation": interpretation, **EIGHT}
    path = dicom(pixels=pixels, **tags)
    dataset = dcmread(path)
    dataset.PixelData = encapsulate([packed.getvalue()])
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(path)
    return path, np.asarray(Picture.open(packed).convert("L"))


@pytest.mark.parametrize(
    ("interpretation", "samples", "streamed"),
    [
        ("YBR_FULL_422", 3, 3),
        ("YBR_FULL", 3, 3),
        ("RGB", 3, 3),
        ("MONOCHROME2", 1, 3),
        ("MONOCHROME2", 1, 1),
        ("YBR_FULL_422", 3, 1),
        ("RGB", 3, 1),
    ],
)
def test_jpeg_is_grey_where_its_stream_is(dicom, grey, interpretation, samples, streamed):
    """What header and stream say of samples and colours may differ; the greys are those of the picture library."""
    pixels = np.stack([grey] * 3, -1) if streamed == 3 else grey
    path, right = pack(dicom, pixels, interpretation, samples, quality=95)

    assert np.array_equal(read(path).plane, right)


def test_jpeg_without_a_transform_of_colours(dicom, grey):
    """Red, green and blue each by itself, as an Adobe marker says."""
    path, right = pack(dicom, np.stack([grey] * 3, -1), "YBR_FULL_422", 3, quality=95, keep_rgb=True)

    assert np.array_equal(read(path).plane, right)


@pytest.mark.parametrize("interpretation", ["YBR_RCT", "RGB", "YBR_FULL"])
def test_jpeg_2000_of_three_components(dicom, grey, interpretation):
    path, _ = pack(dicom, np.stack([grey] * 3, -1), interpretation, 3, "JPEG2000", JPEG2000Lossless, no_jp2=True)

    assert np.array_equal(read(path).plane, grey)


def test_jpeg_2000_of_one_component_in_a_header_of_three(dicom, grey):
    path, _ = pack(dicom, grey, "RGB", 3, "JPEG2000", JPEG2000Lossless, no_jp2=True)

    assert np.array_equal(read(path).plane, grey)


def add_noise(grey, size):
    noise = np.random.default_rng(1).integers(-size, size + 1, (*grey.shape, 3))
    return np.clip(grey[..., None].astype(int) + noise, 0, 255).astype(np.uint8)


def test_noise_of_a_lossy_packing_is_no_colour(dicom, grey):
    """Samples up to 4 of 256 shades apart: luma is within 2 of the grey, whatever its weights."""
    image = read(dicom(pixels=add_noise(grey, 2), LossyImageCompression="01", **colour("RGB")))

    assert np.abs(image.plane - grey).max() <= 2


@pytest.mark.parametrize(
    ("change", "lossy"), [("noise", "00"), ("strong", "01"), ("tint", "01"), ("arrow", "01"), ("half", "01")]
)
def test_what_is_no_noise_of_a_packing_is_a_colour(dicom, grey, change, lossy):
    """Noise that nothing lossy explains, strong noise, one shade for all, one small arrow."""
    pixels = add_noise(grey, 2 if change == "noise" else 0)
    if change == "strong":
        pixels = add_noise(grey, 30)
    if change == "tint":
        pixels[..., 2] = np.maximum(pixels[..., 2], 3) - 3
    if change == "half":
        pixels[:175, :, 2] = np.maximum(pixels[:175, :, 2], 5) - 5
    if change == "arrow":
        pixels[5:9, 5:9] = (255, 0, 0)

    assert refused(dicom("smith.dcm", pixels=pixels, LossyImageCompression=lossy, **colour("RGB"))).code == "colour"


def write_palette(dataset, entries, first=0, bits=16, written="<u2"):
    """The same table for all three colours."""
    for name in ("Red", "Green", "Blue"):
        keyword = f"{name}PaletteColorLookupTable"
        dataset.add_new(f"{keyword}Descriptor", "SS" if first < 0 else "US", [entries.size % 65536, first, bits])
        dataset.add_new(f"{keyword}Data", "OW", entries.astype(written).tobytes())


@pytest.mark.parametrize("written", ["<u2", "u1"])
def test_a_palette_of_greys(dicom, grey, written):
    """Turned round in the file, and back by the palette: of words or of bytes."""
    path = dicom(pixels=255 - grey, PhotometricInterpretation="PALETTE COLOR", **EIGHT)
    dataset = dcmread(path)
    write_palette(dataset, np.arange(255, -1, -1), bits=8, written=written)
    dataset.save_as(path)

    assert np.array_equal(read(path).plane, grey)


def test_a_palette_of_65536_greys(dicom):
    path = dicom(PhotometricInterpretation="PALETTE COLOR")
    dataset = dcmread(path)
    write_palette(dataset, np.arange(65536))
    dataset.save_as(path)

    assert np.array_equal(read(path).plane, dcmread(dicom("plain.dcm")).pixel_array)


def test_a_palette_for_values_with_a_sign(dicom, grey):
    """-128 is black."""
    signed = (grey.astype(int) - 128).astype(np.int8)
    path = dicom(pixels=signed, PhotometricInterpretation="PALETTE COLOR", PixelRepresentation=1, **EIGHT)
    dataset = dcmread(path)
    write_palette(dataset, np.arange(256) * 257, first=-128)
    dataset.save_as(path)

    assert np.array_equal(read(path).plane, grey * 257.0)


def test_a_palette_in_a_file_with_the_high_byte_first(dicom, grey):
    path = dicom(pixels=grey.astype(np.uint16), PhotometricInterpretation="PALETTE COLOR", BitsStored=8, HighBit=7)
    dataset = dcmread(path)
    write_palette(dataset, np.arange(256) * 257, written=">u2")
    dataset.PixelData = grey.astype(">u2").tobytes()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dcmwrite(path, dataset, implicit_vr=False, little_endian=False, force_encoding=True)

    assert np.array_equal(read(path).plane, grey * 257.0)


def test_a_palette_may_have_colours_that_no_pixel_shows(dicom, grey):
    dimmed = np.minimum(grey, 250)
    for name, pixels in (("unused", dimmed), ("used", grey)):
        path = dicom(name, pixels=pixels, PhotometricInterpretation="PALETTE COLOR", **EIGHT)
        dataset = dcmread(path)
        write_palette(dataset, np.arange(256) * 257)
        greens = np.where(np.arange(256) > 250, 0, np.arange(256) * 257)
        dataset.GreenPaletteColorLookupTableData = greens.astype("<u2").tobytes()
        dataset.save_as(path)

    assert np.array_equal(read(path.with_name("unused")).plane, dimmed * 257.0)
    assert refused(path.with_name("used")).code == "colour"


def test_a_film_without_its_palette_is_refused(dicom, grey):
    assert (
        refused(dicom("smith.dcm", pixels=grey, PhotometricInterpretation="PALETTE COLOR", **EIGHT)).code == "truncated"
    )
