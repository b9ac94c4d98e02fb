"""What is whole is known from its structure: cut anywhere, an object is refused, and every sound kind passes."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    MPEG2MPML,
    BasicTextSRStorage,
    DeflatedExplicitVRLittleEndian,
    EncapsulatedPDFStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    RLELossless,
)

from calcinet.delivery.wholeness import NotWhole, read_instance
from tests.support.captures import capture, uid_of


def opened(seed: int = 1, side: int = 8) -> Dataset:
    return dcmread(BytesIO(capture(seed, side)))


def written(dataset: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    dataset.file_meta.TransferSyntaxUID = syntax
    stream = BytesIO()
    dcmwrite(stream, dataset, enforce_file_format=True)
    return stream.getvalue()


def renamed(content: bytes, uid: str) -> bytes:
    """The same object under another SOP Instance UID in the data set, of the same length with what fills it up."""
    old = uid_of(content).encode()
    return content.replace(old, uid.encode().ljust(len(old), b"\0"))


def compressed(frames: list[bytes], syntax: str, count: int) -> bytes:
    dataset = opened()
    dataset.NumberOfFrames = count
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return written(dataset, syntax)


def test_object_says_what_it_is():
    content = capture(3)
    instance = read_instance(content)
    whole = dcmread(BytesIO(content))

    assert instance.uid == uid_of(content)
    assert instance.kind == (whole.SOPClassUID, whole.file_meta.TransferSyntaxUID)
    assert instance.study == whole.StudyInstanceUID
    assert instance.kind_name == "Secondary Capture Image"


def test_object_cut_anywhere_is_not_whole():
    """At each of its bytes, inside elements and between them."""
    content = capture(4, 12)
    for length in range(len(content)):
        with pytest.raises(NotWhole):
            read_instance(content[:length])


def test_compressed_object_cut_anywhere_is_not_whole():
    """The last eight bytes are the delimiter of its pixels."""
    content = compressed([b"\xff\x4f" + bytes(30)], JPEG2000Lossless, 1)
    read_instance(content)
    for length in range(len(content) - 56, len(content)):
        with pytest.raises(NotWhole):
            read_instance(content[:length])


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_other_encodings_are_whole_and_cut(syntax):
    content = written(opened(), syntax)

    assert read_instance(content).syntax == syntax
    for length in (len(content) - 1, len(content) - 30, len(content) - 70):
        with pytest.raises(NotWhole):
            read_instance(content[:length])


def test_deflated_object_is_whole_cut_and_bounded(monkeypatch):
    """The bound is set to half of what it unpacks to."""
    content = written(opened(), DeflatedExplicitVRLittleEndian)
    plain = len(written(opened()))

    assert read_instance(content).syntax == DeflatedExplicitVRLittleEndian
    with pytest.raises(NotWhole):
        read_instance(content[:-3])
    monkeypatch.setenv("CALCINET_MAX_HEADER_BYTES", str(plain // 2))
    with pytest.raises(NotWhole, match="larger than"):
        read_instance(content)


@pytest.mark.parametrize(
    ("change", "missing"),
    [("SOPClassUID", "SOP Class"), ("StudyInstanceUID", "which study"), ("SeriesInstanceUID", "which series")],
)
def test_object_that_lacks_what_every_object_has(change, missing):
    dataset = opened()
    delattr(dataset, change)

    with pytest.raises(NotWhole, match=missing) as caught:
        read_instance(written(dataset))
    assert caught.value.uid == dataset.SOPInstanceUID


@pytest.mark.parametrize("uid", ["", "no", "1.2\\1.3", "../../etc", "1..2", "1.2."])
def test_object_without_a_valid_identifier(uid):
    with pytest.raises(NotWhole, match="without a valid SOP Instance UID"):
        read_instance(renamed(capture(5), uid))


def test_file_without_meta_header_is_none():
    """A data set begins with (0008,0016)."""
    content = capture(6)
    bare = content[content.index(b"\x08\x00\x16\x00") :]

    for given in (b"", b"DICM", bare, bytes(128) + b"DICM", bytes(128) + b"DICM" + bare):
        with pytest.raises(NotWhole):
            read_instance(given)


@pytest.mark.parametrize(
    ("changes", "pixels"),
    [
        ({"NumberOfFrames": 3}, 3 * 64),
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}, 3 * 64),
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "YBR_FULL_422", "PlanarConfiguration": 0}, 2 * 64),
        ({"BitsAllocated": 16, "BitsStored": 16, "HighBit": 15}, 2 * 64),
        ({"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0, "Rows": 7, "Columns": 7}, 8),
        ({"Rows": 9, "Columns": 7}, 64),
    ],
)
def test_pixels_are_as_many_as_the_header_says(changes, pixels):
    """Frames, samples, two for three in YBR 4:2:2, bytes, 49 bits in 7 bytes and 63 bytes, both made even by one."""
    dataset = opened()
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    dataset.PixelData = bytes(pixels)
    read_instance(written(dataset))

    dataset.PixelData = bytes(pixels - 2)
    with pytest.raises(NotWhole, match=r"it is cut off: its pixels have"):
        read_instance(written(dataset))


def test_float_pixels_count_as_pixels():
    dataset = opened()
    del dataset.PixelData, dataset.HighBit, dataset.BitsStored
    dataset.BitsAllocated = 32
    dataset.FloatPixelData = np.zeros(64, np.float32).tobytes()
    read_instance(written(dataset))

    dataset.FloatPixelData = bytes(64 * 4 - 4)
    with pytest.raises(NotWhole, match="its pixels have"):
        read_instance(written(dataset))


@pytest.mark.parametrize("rows", ["", "no number"])
def test_pixels_whose_size_cannot_be_read(rows):
    dataset = opened()
    del dataset.Rows
    if rows:
        dataset.add_new(0x00280010, "LO", rows)

    with pytest.raises(NotWhole):
        read_instance(written(dataset))


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless])
def test_frames_have_a_fragment_each(syntax):
    read_instance(compressed([bytes(10), bytes(12)], syntax, 2))

    with pytest.raises(NotWhole, match="3 frames were expected"):
        read_instance(compressed([bytes(10), bytes(12)], syntax, 3))


def test_video_has_one_fragment_for_all_frames():
    assert read_instance(compressed([bytes(10)], MPEG2MPML, 50)).syntax == MPEG2MPML


@pytest.mark.parametrize(
    ("sop_class", "keyword", "value"),
    [
        (EncapsulatedPDFStorage, "EncapsulatedDocument", b"%PDF-1.7"),
        (BasicTextSRStorage, "ContentSequence", [Dataset()]),
    ],
)
def test_object_without_pixels_holds_what_makes_it_one(sop_class, keyword, value):
    """Cut between two elements it lacks its document, or its content."""
    dataset = opened()
    del dataset.PixelData, dataset.Rows, dataset.Columns
    dataset.SOPClassUID = sop_class
    with pytest.raises(NotWhole, match=keyword):
        read_instance(written(dataset))

    setattr(dataset, keyword, value)
    assert read_instance(written(dataset)).sop_class == sop_class


def test_private_kinds_and_trailing_zeros_are_whole():
    dataset = opened()
    dataset.SOPClassUID = "1.2.276.0.7230010.3.1.0.1"

    assert read_instance(written(dataset) + bytes(2)).kind_name == "of a private kind"


def test_what_is_said_about_an_object_names_nobody(recwarn, capfd):
    """Its values are quoted neither in the sentence nor by the library."""
    content = renamed(capture(7), "Nemo")
    recwarn.clear()
    with pytest.raises(NotWhole) as caught:
        read_instance(content)

    assert "Nemo" not in str(caught.value)
    assert not [*recwarn]
    assert "Nemo" not in "".join(capfd.readouterr())
