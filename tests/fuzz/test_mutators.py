"""Changed inputs keep so much of their structure that they get past the door."""

import json
import struct
import zipfile
import zlib
from io import BytesIO
from random import Random

import pytest
from pydicom import dcmread

from fuzz import seeds
from fuzz.entrances import ENTRANCES
from fuzz.framing import pack, unpack
from fuzz.mutators.archive import mutate_zip
from fuzz.mutators.dicom import find_elements, make_element, mutate_dicom, wrap_item
from fuzz.mutators.nifti import mutate_nifti
from fuzz.mutators.picture import mutate_picture
from fuzz.mutators.tree import list_places, mutate_json, mutate_yaml
from fuzz.mutators.words import read_tags, read_terms, read_words

each_entrance = pytest.mark.parametrize("entrance", ENTRANCES, ids=lambda entrance: entrance.name)

TRIES = 60

CASE = b'{"patient": {"sex": "female"}}'


@each_entrance
def test_changes_are_other_bytes_and_the_same_for_the_same_numbers(entrance):
    """What a fuzzer saves can be made again; hardly any change changes nothing."""
    data = entrance.make_seeds()[0]
    changed = [entrance.mutate(data, Random(seed)) for seed in range(TRIES)]

    assert changed == [entrance.mutate(data, Random(seed)) for seed in range(TRIES)]
    assert len(set(changed) - {data}) > TRIES / 2


def test_elements_are_found_as_the_library_finds_them():
    """Those of the first group, those outside sequences, and those within; up to the last byte."""
    (data, _) = seeds.make_scans()
    read = dcmread(BytesIO(data))
    tags = [element.tag for element in read.file_meta] + [element.tag for element in read.iterall()]
    found = find_elements(data)

    assert [tag_of(data, element) for element in found if element.kind] == tags
    assert found[-1].end == len(data)


def tag_of(data, element):
    group, number = struct.unpack("<HH", data[element.start : element.start + 4])
    return group << 16 | number


def test_pieces_of_packed_pixels_are_no_elements():
    """RLE has an empty table of offsets, one piece, and the end of the sequence."""
    packed = seeds.make_films()[6]
    kinds = [element.kind for element in find_elements(packed)][-4:]

    assert kinds == [b"OW", b"", b"", b""] or kinds == [b"OB", b"", b"", b""]
    assert find_elements(packed)[-1].end == len(packed)


@pytest.mark.parametrize(
    "data", [b"", b"x", bytes(200), bytes(128) + b"DICM", make_element(0x00080060, b"CS", b"DX")[:-1]]
)
def test_no_bytes_stop_a_mutator(data):
    for entrance in ENTRANCES:
        for seed in range(20):
            assert isinstance(entrance.mutate(data, Random(seed)), bytes)
            if entrance.splice is not None:
                assert isinstance(entrance.splice(data, CASE, Random(seed)), bytes)
                assert isinstance(entrance.splice(CASE, data, Random(seed)), bytes)


def test_most_changed_films_are_still_dicom():
    film = seeds.make_films()[0]
    parsed = 0
    for seed in range(TRIES):
        changed = mutate_dicom(film, Random(seed))
        parsed += changed[128:132] == b"DICM" and len(find_elements(changed)) > 10

    assert parsed > TRIES * 0.7


@pytest.mark.parametrize(("mutate", "make"), [(mutate_json, seeds.make_bundles), (mutate_yaml, seeds.make_yaml_cases)])
def test_changed_trees_are_trees(mutate, make):
    """JSON is read by its own library; a YAML tree of at least one place comes back from the first."""
    import yaml

    load = json.loads if mutate is mutate_json else yaml.safe_load
    for seed in range(TRIES):
        load(mutate(make()[0], Random(seed)).decode("utf-8", "surrogatepass"))

    assert len(list_places({"a": [1, {"b": 2}]})) == 4


def test_chunks_of_a_changed_png_have_their_sum():
    """The first chunk that a reader would refuse for its sum alone is none of these."""
    picture = seeds.make_pictures()[0]
    for seed in range(TRIES):
        changed = mutate_picture(picture, Random(seed))
        length = int.from_bytes(changed[8:12], "big")
        assert zlib.crc32(changed[12 : 16 + length]) == int.from_bytes(changed[16 + length : 20 + length], "big")


def test_changed_volumes_keep_their_packing():
    packed = seeds.make_volumes()[-1]
    whole = 0
    for seed in range(TRIES):
        try:
            whole += len(zlib.decompress(mutate_nifti(packed, Random(seed)), zlib.MAX_WBITS | 16)) > 0
        except zlib.error:
            continue  # cut off on purpose

    assert whole > TRIES / 2


def test_half_of_changed_zips_can_be_opened():
    archive = seeds.make_zips()[0]
    opened = sum(zipfile.is_zipfile(BytesIO(mutate_zip(archive, Random(seed)))) for seed in range(TRIES))

    assert opened > TRIES / 2


def test_files_come_back_from_their_frames():
    assert unpack(pack([b"a", b"", b"bc"])) == [b"a", b"", b"bc"]
    assert unpack(b"\xff\xff\xff\xffrest") == [b"rest"]
    assert len(unpack(bytes(4 * 100))) == 16


def test_words_are_those_of_the_readers():
    """An element that the reader of films asks for, a term that it compares with, a key of a case, a resource."""
    assert 0x00281041 in read_tags()  # Pixel Intensity Relationship Sign
    assert b"FOR PROCESSING" in read_terms()
    assert {"resourceType", "valueQuantity"} <= set(read_words("io/case", "clinical"))
    assert len(read_tags()) > 100


def test_a_sequence_that_is_put_in_is_read_by_the_library():
    """Pixel Spacing 1 mm within Shared Functional Groups, behind a modality."""
    content = make_element(0x00280030, b"DS", b"1\\1 ")
    read = dcmread(BytesIO(make_element(0x00080060, b"CS", b"DX") + wrap_item(0x52009229, content)), force=True)

    assert read.SharedFunctionalGroupsSequence[0].PixelSpacing == [1, 1]
