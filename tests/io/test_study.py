"""The items of a call, read when they are asked for."""

import weakref

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import RLELossless

from calcinet.io import read_all


def test_presentation_copy_gives_way_to_the_data_it_was_made_from(dicom):
    """Only where it names them as its source; else both are examined."""
    raw = dicom("in/1.dcm", PresentationIntentType="FOR PROCESSING", SOPInstanceUID="1.2.3")
    source = Dataset()
    source.ReferencedSOPInstanceUID = "1.2.3"
    copy = dicom("in/2.dcm", SourceImageSequence=[source], SOPInstanceUID="1.2.4")
    other = dicom("in/3.dcm", SOPInstanceUID="1.2.5")

    results = read_all([raw, copy, other])

    assert [getattr(result, "code", "image") for result in results] == ["image", "duplicate-presentation", "image"]


def test_films_are_read_when_asked_for_and_only_the_last_is_kept(folder):
    """The same film twice in a row is the same image; after another one it is gone, and is read again."""
    films = read_all([folder])
    before = weakref.ref(films[0].pixels)
    kept = films[0].pixels is before()
    sums = [float(film.pixels.sum()) for film in films]

    assert kept
    assert before() is None
    assert [float(film.pixels.sum()) for film in films[:2]] == sums[:2]


def test_a_film_that_changes_after_it_was_looked_at_is_refused(folder):
    """It may be another patient's by then."""
    films = read_all([folder])
    (folder / "film1.png").write_bytes((folder / "film10.png").read_bytes())

    assert [getattr(film, "code", "image") for film in films] == ["image", "changed", "image"]


def test_an_image_in_two_encodings_is_examined_once(dicom, tmp_path):
    """Plain, packed without loss, and with other pixels: one identifier is one image, whatever is asked for first."""
    plain = dicom("in/a.dcm", SOPInstanceUID="1.2.3")
    dataset = dcmread(plain)
    dataset.compress(RLELossless, generate_instance_uid=False)
    dataset.save_as(tmp_path / "in/b.dcm")
    dicom("in/c.dcm", pixels=dcmread(plain).pixel_array // 2, SOPInstanceUID="1.2.3")
    dicom("in/d.dcm", SOPInstanceUID="1.2.4")
    films = read_all([tmp_path / "in"])
    codes = [getattr(films[number], "code", "image") for number in (2, 1, 0, 3, 0, 1)]

    assert codes == ["same-identifier", "duplicate", "image", "image", "image", "duplicate"]
    assert "other pixels" in films[2].reason


def test_a_copy_is_examined_where_the_first_cannot_be_read(dicom, tmp_path):
    """Its pixels are cut off."""
    first, second = dicom("in/a.dcm", SOPInstanceUID="1.2.3"), dicom("in/b.dcm", SOPInstanceUID="1.2.3")
    first.write_bytes(first.read_bytes()[:-1000])
    second.write_bytes(second.read_bytes() + bytes(8))

    assert [getattr(item, "code", "image") for item in read_all([tmp_path / "in"])] == ["truncated", "image"]
