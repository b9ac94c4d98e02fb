"""What the decoder is told: what streams make of it is in the tests of grey samples."""

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import JPEG2000, ExplicitVRLittleEndian, JPEGBaseline8Bit

from calcinet.io.dicom.sample_layout import describe_samples

ITEMS = b"\xfe\xff\x00\xe0\0\0\0\0\xfe\xff\x00\xe0\2\0\0\0"

JPEG_OF_THREE = ITEMS + b"\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x20\x03" + bytes(9)

JPEG_2000_OF_ONE = ITEMS + b"\xff\x4f\xff\x51" + bytes(36) + b"\0\x01"


def make_header(syntax, **tags):
    header = Dataset()
    header.file_meta = FileMetaDataset()
    header.file_meta.TransferSyntaxUID = syntax
    for keyword, value in tags.items():
        setattr(header, keyword, value)
    return header


def test_plain_pixels_are_as_the_header_has_them():
    header = make_header(ExplicitVRLittleEndian, SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME1")

    assert describe_samples(header) == {"photometric_interpretation": "MONOCHROME1"}


def test_samples_lie_pixel_by_pixel_where_the_header_does_not_say():
    header = make_header(ExplicitVRLittleEndian, SamplesPerPixel=3, PhotometricInterpretation="RGB")

    assert describe_samples(header) == {"photometric_interpretation": "RGB", "planar_configuration": 0}


def test_a_stream_stands_above_the_header():
    """Three components of 8 bits for one of 12; one for three."""
    tags = {"SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "BitsAllocated": 16}
    jpeg = make_header(JPEGBaseline8Bit, PixelData=JPEG_OF_THREE, **tags)
    jpeg_2000 = make_header(JPEG2000, PixelData=JPEG_2000_OF_ONE, SamplesPerPixel=3, PhotometricInterpretation="RGB")

    assert describe_samples(jpeg) == {
        "photometric_interpretation": "YBR_FULL",
        "samples_per_pixel": 3,
        "planar_configuration": 0,
        "bits_allocated": 8,
        "bits_stored": 8,
    }
    assert describe_samples(jpeg_2000) == {"photometric_interpretation": "MONOCHROME2", "samples_per_pixel": 1}
