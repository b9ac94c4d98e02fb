"""From files to a record, as a program would call it."""

import json
import shutil

import numpy as np
import pytest

import calcinet
from calcinet.api import examine, examine_with_images
from calcinet.errors import Unreadable
from calcinet.examined import ExaminedImage
from calcinet.io import read, read_all, write_radiograph
from calcinet.io.ct.writer import write_ct
from calcinet.io.study_image import StudyImage
from calcinet.phantoms.ct.leg import Build, leg
from calcinet.phantoms.radiograph.limb import limb, random_spec


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """A leg with vessels and a net as DICOM, and a file that is no image."""
    folder = tmp_path_factory.mktemp("films")
    phantom = limb(random_spec(6, net=True, vessels=True, anatomy="lower leg"))
    write_radiograph(folder / "film.dcm", phantom.image, uid_seed="6")
    (folder / "broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"nothing")
    return folder


@pytest.fixture(scope="module")
def result(films):
    return examine_with_images(films)


def test_every_image_is_examined_or_refused_with_a_reason(result):
    """In natural order: broken.dcm, then film.dcm."""
    record, images = result

    assert [image.id for image in record.images] == ["img-1", "img-2"]
    assert record.images[0].refused is not None
    assert record.images[1].refused is None
    assert set(images) == {"img-2"}


def test_the_record_is_valid_and_says_with_what_it_was_made(result):
    """The contract's first fields, read back from its JSON."""
    record, _ = result
    written = json.loads(record.to_json())

    assert written["schema"] == "calcinet.record/1"
    assert written["version"] == calcinet.__version__
    assert len(written["model"]["sha256"]) == 64
    assert type(record).from_json(record.to_json()).images[1].id == "img-2"


def test_every_missing_number_has_its_sentence(result):
    """None never stands alone, and no measure is without a meaning."""
    record, _ = result
    image = record.images[1]
    explained = {entry.measure for entry in image.not_measured}

    assert {name for name, value in image.measures.items() if value is None} <= explained
    assert set(image.measures) <= set(record.meanings)


def test_masks_have_the_size_of_the_film_and_known_labels(result):
    """0 none, 1 vessel, 2 net, 3 other."""
    record, images = result
    mask = images["img-2"].mask

    assert mask.shape == record.images[1].shape == images["img-2"].plane.shape
    assert set(mask.ravel()) <= {0, 1, 2, 3}


def test_the_same_film_gives_the_same_record(films, result):
    """To the last character."""
    assert calcinet.examine(films).to_json() == result[0].to_json()


def test_progress_is_told(films):
    """One call a file that is looked at, then one an image."""
    told = []

    calcinet.examine(films, progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)] * 2


def test_public_names_are_there():
    """`__all__` is the surface."""
    assert all(getattr(calcinet, name) is not None for name in calcinet.__all__)
    with pytest.raises(AttributeError, match="no attribute"):
        calcinet.nothing  # noqa: B018


def test_films_come_back_when_they_are_asked_for(films, result):
    """Plane and mask of an examined film are those that were examined; a film that is gone says so."""
    record, images = result
    plane = images["img-2"].plane

    assert plane.shape == images["img-2"].mask.shape == record.images[1].shape
    assert plane == pytest.approx(read(films / "film.dcm").plane)


def test_a_film_that_is_gone_says_so(tmp_path):
    """Between examining and drawing, where another film was read in between."""
    for seed in (1, 2):
        picture = limb(random_spec(seed, anatomy="hand")).image
        write_radiograph(tmp_path / f"{seed}.dcm", picture, uid_seed="same patient")
    films = read_all([tmp_path])
    image = films[0]
    nothing = np.zeros(image.plane.shape, dtype=np.uint8)
    film = ExaminedImage.of(image, nothing).read_from(StudyImage(films, 0))
    plane = films[1].plane
    (tmp_path / "1.dcm").unlink()

    assert plane.shape
    with pytest.raises(Unreadable, match="cannot be opened"):
        _ = film.plane


@pytest.fixture(scope="module")
def ct_series(tmp_path_factory):
    """A part of a lower leg as a series of slices."""
    folder = tmp_path_factory.mktemp("ct")
    image, _ = leg(5, (1.5, 0.9, 0.9), build=Build(span_mm=(150.0, 230.0)))
    write_ct(folder, image)
    return folder, image


def test_a_ct_series_is_one_image_whose_volume_lies_behind_its_picture(ct_series):
    """Voxels of every finding, the label map made of them, the slices' headers in the order of Z."""
    folder, image = ct_series
    record, examined = examine_with_images(folder)
    volume = examined["img-1"].volume
    heights = [float(header.ImagePositionPatient[2]) for header in volume.slice_headers]

    assert len(record.images) == 1
    assert np.abs(volume.hu - np.rint(image.pixels)).max() == 0
    assert set(volume.voxels) == {finding.id for finding in record.images[0].findings}
    assert (volume.labels > 0).sum() == sum(len(voxels) for voxels in volume.voxels.values())
    assert heights == sorted(heights)
    assert len(heights) == len(image.pixels)
    assert volume.affine @ [0, 0, 0, 1] == pytest.approx(image.affine @ [0, 0, 0, 1])


def test_a_ct_says_the_same_however_its_files_are_named(ct_series, tmp_path):
    """The order of the files is that of their names; that of the slices is where they lie."""
    folder, _ = ct_series
    for number, path in enumerate(sorted(folder.iterdir(), key=lambda path: path.name[::-1])):
        shutil.copy(path, tmp_path / f"IM{number:05d}")
    same, other = (examine(place).images[0] for place in (folder, tmp_path))

    assert other.measures == same.measures
    assert other.findings == same.findings
    assert other.sha256 == same.sha256


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"labs": [{"name": "calcium", "value": "high", "unit": "mmol/L"}, {"nam": "x"}]}, "labs.1"),
        ({"patient": {"age_years": -3}}, "patient.age_years"),
        ({"lesions": "none"}, "lesions"),
        ({"labs": {"name": "calcium"}}, "labs"),
        ({1: 2}, "the case"),
        (b"labs: [{name: calcium, value: 2.45, unit", "the case file has a mistake"),
        (b"\xff\xfe", "not UTF-8"),
        (["labs"], "a case is a path"),
    ],
)
def test_a_case_that_cannot_be_is_an_error_of_ours(case, words):
    """Whatever a program holds, and none of the validator's own kind."""
    with pytest.raises(calcinet.CalcinetError) as refused:
        calcinet.examine(case=case)

    assert words in str(refused.value)
    assert "pydantic" not in str(refused.value)


def test_the_content_of_a_file_does_in_its_place():
    """Of a case; of a film, tests of the command line give it."""
    content = b"labs: [{name: calcium, value: 2.45, unit: mmol/L}]"
    held = {"labs": [{"name": "calcium", "value": 2.45, "unit": "mmol/L"}]}

    assert calcinet.examine(case=content).clinical == calcinet.examine(case=held).clinical
