"""Headers read without trust."""

import logging
import struct
import warnings
import zlib
from io import BytesIO

import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from calcinet.errors import Unreadable
from calcinet.io.dicom.header import (
    OVERLAY_BIT_POSITION,
    code_meanings,
    items,
    number,
    numbers,
    overlay_keys,
    parse,
    quiet,
    tag,
    text,
    texts,
    words,
)


def dataset(**tags: object) -> Dataset:
    made = Dataset()
    for keyword, value in tags.items():
        setattr(made, keyword, value)
    return made


def encoded(syntax: str = ExplicitVRLittleEndian) -> bytes:
    made = dataset(PatientID="1", Modality="DX")
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.MediaStorageSOPClassUID = made.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    stream = BytesIO()
    made.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def test_text_is_one_stripped_line():
    assert text(dataset(StudyDescription="  left\n  leg "), "StudyDescription") == "left leg"
    assert text(Dataset(), "StudyDescription") == ""


def test_an_empty_element_is_as_good_as_none():
    assert tag(dataset(StudyDescription=""), "StudyDescription") is None


def test_values_of_an_element_are_split_and_a_single_one_is_a_list_of_one():
    assert texts(dataset(ConvolutionKernel=["B30f ", "Br36"]), "ConvolutionKernel") == ("B30f", "Br36")
    assert words(dataset(ConvolutionKernel="B30f"), "ConvolutionKernel") == ("B30F",)


def test_numbers_are_all_finite_or_none():
    """0.2 and 0.3 are numbers; one infinity spoils both."""
    assert numbers(dataset(PixelSpacing=[0.2, 0.3]), "PixelSpacing") == (0.2, 0.3)
    assert numbers(dataset(RealWorldValueSlope=float("inf")), "RealWorldValueSlope") == ()
    assert number(dataset(Rows=7), "Rows") == 7.0
    assert number(Dataset(), "Rows") is None


def test_items_and_meanings_of_a_sequence():
    coded = dataset(ViewCodeSequence=[dataset(CodeMeaning="Anterior"), Dataset()])

    assert len(items(coded, "ViewCodeSequence")) == 2
    assert code_meanings(coded, "ViewCodeSequence") == ["Anterior", ""]
    assert items(Dataset(), "ViewCodeSequence") == []


def test_overlay_elements_are_those_of_groups_6000_to_601e():
    """Groups 6000 and 601E hold overlays; 6020 does not."""
    made = Dataset()
    for group in (0x6000, 0x601E, 0x6020):
        made.add_new((group, OVERLAY_BIT_POSITION), "US", 0)

    assert [key.group for key in overlay_keys(made, OVERLAY_BIT_POSITION)] == [0x6000, 0x601E]


def test_warnings_are_collected_and_the_log_is_silent_only_inside():
    log = logging.getLogger("pydicom")
    with quiet() as heard:
        warnings.warn("the name is Smith", stacklevel=1)
        silent = log.disabled

    assert silent
    assert not log.disabled
    assert len(heard) == 1


@pytest.mark.parametrize("data", [b"", bytes(128) + b"DICM"])
def test_bytes_without_a_data_set_are_refused(data):
    with pytest.raises(Unreadable) as caught:
        parse(data)

    assert caught.value.code == "truncated"


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_a_file_is_parsed_packed_or_not(syntax):
    assert parse(encoded(syntax)).PatientID == "1"


def test_a_packed_file_that_unpacks_to_too_much_is_not_opened(monkeypatch):
    """The data set of two elements has more than ten bytes."""
    monkeypatch.setenv("CALCINET_MAX_HEADER_BYTES", "10")

    with pytest.raises(Unreadable) as caught:
        parse(encoded(DeflatedExplicitVRLittleEndian))

    assert caught.value.code == "too-large"


def test_a_packed_file_that_is_damaged_is_refused():
    data = encoded(DeflatedExplicitVRLittleEndian)
    start = 144 + int.from_bytes(data[140:144], "little")
    assert zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[start:])

    with pytest.raises(Unreadable) as caught:
        parse(data[:start] + b"\xff" * 20)

    assert caught.value.code == "truncated"


@pytest.mark.parametrize("length", [0xFFFFFFF0, 0, None])
@pytest.mark.parametrize("uid", ["1.2.3", "1." + "2" * 1200])
def test_a_packed_file_is_looked_at_wherever_its_data_begin(length, uid):
    """The length of the first group lies, or a long identifier pushes the syntax far behind; 600 MB in 600 kB."""
    group = b"".join((element(2, 3, b"UI", uid.encode()), element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1.99")))
    size = struct.pack("<I", len(group) if length is None else length)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b"".join([*(packer.compress(bytes(2**20)) for _ in range(600)), packer.flush()])

    with pytest.raises(Unreadable) as caught:
        parse(bytes(128) + b"DICM" + element(2, 0, b"UL", size) + group + packed)

    assert caught.value.code == "too-large"


def element(group, number, kind, value):
    """One element of the first group, explicit, lowest byte first."""
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HH2sH", group, number, kind, len(value)) + value


def test_more_items_or_elements_than_any_image_has_are_not_parsed(monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_ITEMS", "1000")
    monkeypatch.setenv("CALCINET_MAX_ELEMENTS", "100")
    items_ = b"\xfe\xff\x00\xe0\0\0\0\0" * 1001
    crowd = struct.pack("<HH2sHI", 8, 0x2112, b"SQ", 0, len(items_)) + items_
    many = b"".join(struct.pack("<HH2sH2s", 9, number, b"LO", 2, b"ab") for number in range(0x1000, 0x1065))
    for body in (crowd, many):
        with pytest.raises(Unreadable) as caught:
            parse(bytes(128) + b"DICM" + element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1") + body)
        assert caught.value.code == "too-large"


def test_a_sequence_where_text_belongs_is_no_text():
    """Its items may hold anything, types that do not exist among it."""
    made = Dataset()
    made[0x00080008] = DataElement(0x00080008, "SQ", [dataset(PatientName="SECRET")])
    made[0x00080060] = DataElement(0x00080060, "OB", b"SECRET")

    assert texts(made, "ImageType") == ("",)
    assert (text(made, "ImageType"), text(made, "Modality")) == ("", "")
    assert numbers(made, "ImageType") == ()


def test_numbers_under_a_representation_of_one_value_are_told_apart():
    """Pixel Spacing as unlimited text, as some scanners write it."""
    made = Dataset()
    made.add_new("PixelSpacing", "UT", "2.5\\2.5")

    assert numbers(made, "PixelSpacing") == (2.5, 2.5)
