"""Paths to files: folders, zips and DICOMDIRs."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from calcinet.errors import BadInput, Unreadable
from calcinet.image import Image
from calcinet.io import Refusal, read, read_all
from calcinet.io.file_sources import expand, natural_order
from tests.support.refusals import refused


def rows(results):
    return [result.plane.shape[0] for result in results]


def test_folder_is_read_in_natural_order_and_the_rest_passed_over(folder, grey):
    """deep/film2 comes before film1, film1 before film10; what is no image says nothing."""
    assert rows(read_all([folder])) == [len(grey) - n for n in (2, 1, 10)]


def test_files_keep_the_order_in_which_they_are_given(folder, grey):
    """The first file named is the first image, whatever its name; inside a folder natural order counts."""
    given = [folder / "film10.png", folder / "deep", folder / "film1.png"]

    assert rows(read_all(given)) == [len(grey) - n for n in (10, 2, 1)]


def test_names_that_are_alike_have_one_order_on_every_disc(tmp_path, picture, grey):
    """f1, F01 and f01 are the same number: their letters decide."""
    for number, name in enumerate(("f01.png", "f1.png", "F01.png")):
        picture(grey[number:], f"in/{name}")

    assert [Path(item.name).name for item in expand([tmp_path / "in"])] == ["F01.png", "f01.png", "f1.png"]


def test_label_map_of_a_phantom_is_passed_over_in_a_folder(folder, picture, grey):
    """It lies beside its film and was never meant as one; named itself it is read, and refused for what it is."""
    picture(grey // 200, "in/phantom-1.truth.png")

    assert len(read_all([folder])) == 3
    assert refused(folder / "phantom-1.truth.png").code == "saturated"


def test_zip_is_read_like_the_folder(folder, tmp_path, grey):
    """Same films, same order, nothing unpacked beside it."""
    with zipfile.ZipFile(tmp_path / "study.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))
    before = sorted(tmp_path.rglob("*"))

    assert rows(read_all([tmp_path / "study.zip"])) == [len(grey) - n for n in (2, 1, 10)]
    assert sorted(tmp_path.rglob("*")) == before


def test_member_name_that_climbs_is_only_a_name(folder, tmp_path):
    """../../evil.png is read from memory; nothing is written anywhere."""
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        archive.write(folder / "film1.png", "../../evil.png")

    assert isinstance(read(tmp_path / "study.zip"), Image)
    assert not (tmp_path.parent.parent / "evil.png").exists()


def test_zip_bomb_is_refused_before_it_is_opened(folder, tmp_path, monkeypatch):
    """The sizes that the zip states are summed first."""
    monkeypatch.setenv("CALCINET_MAX_ZIP_BYTES", "1000")
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        archive.write(folder / "film1.png", "film1.png")

    assert code_of(tmp_path / "study.zip") == "zip-too-large"


def test_cut_off_zip_is_refused(folder, tmp_path):
    """Without its end a zip has no table of contents."""
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        archive.write(folder / "film1.png", "film1.png")
    whole = (tmp_path / "study.zip").read_bytes()
    (tmp_path / "study.zip").write_bytes(whole[: len(whole) // 2])

    assert code_of(tmp_path / "study.zip") == "truncated"


def test_locked_zip_is_refused(folder, tmp_path):
    """Bit 0 of a member's flags says that it is encrypted."""
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        archive.write(folder / "film1.png", "film1.png")
    data = bytearray((tmp_path / "study.zip").read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "study.zip").write_bytes(data)

    assert code_of(tmp_path / "study.zip") == "encrypted"


@pytest.mark.parametrize("what", ["folder", "zip"])
def test_nothing_inside_is_one_refusal(tmp_path, what):
    """An empty folder is not a normal film."""
    path = tmp_path / "empty"
    if what == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("notes.txt", "none")
    else:
        path.mkdir()

    assert code_of(path) == "no-image"


def test_broken_film_in_a_folder_is_refused_not_passed_over(folder):
    """It is called .dcm: somebody meant it to be examined."""
    (folder / "broken.dcm").write_bytes(b"")

    results = read_all([folder])

    assert [result.code for result in results if isinstance(result, Refusal)] == ["empty"]


def test_natural_order_survives_very_long_numbers():
    """Python refuses to read numbers of more than 4300 digits; names in a zip may hold them."""
    long = "film" + "9" * 5000

    assert sorted([long, "film10", "film9"], key=natural_order) == ["film9", "film10", long]


def code_of(path):
    with pytest.raises(Unreadable) as caught:
        read(path)
    return caught.value.code


def test_source_is_a_hash_never_the_name(picture, grey):
    """Twelve characters of the hash of the bytes, and the suffix of their kind."""
    image = read(picture(grey, "jane-doe.bak", format="png"))

    assert image.source == image.sha256[:12] + ".png"
    assert np.isfinite(image.pixels).all()


@pytest.mark.parametrize("name", ["case.yaml", "CASE.YML", "bundle.json"])
def test_a_case_file_among_the_films_is_told_where_it_belongs(tmp_path, name):
    path = tmp_path / name
    path.write_text("schema: calcinet.case/1\n")

    with pytest.raises(BadInput, match="goes after --case"):
        read_all([path])


def test_results_of_an_earlier_call_are_no_images(tmp_path):
    """The folder of results lies among the films: it is one refusal, its pictures are not looked at."""
    (tmp_path / "out" / "masks").mkdir(parents=True)
    (tmp_path / "out" / "record.json").write_text('{\n  "schema": "calcinet.record/1"\n}')
    for name in ("img-1.overlay.png", "masks/img-1.png"):
        (tmp_path / "out" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    found = expand([tmp_path])

    assert [item.code for item in found] == ["own-results"]


def test_permissions_are_answered(tmp_path, monkeypatch, picture, grey):
    """A file that cannot be opened is a sentence, not a traceback."""
    path = picture(grey, "smith.png")

    def closed(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", closed)

    assert refused(path).code == "cannot-open"


def test_what_is_no_file_of_a_disc_does_not_hold_up_a_folder(folder, grey):
    """A pipe would be waited for: one called like notes is passed over, one called like a film is refused."""
    os.mkfifo(folder / "more-notes.txt")
    os.mkfifo(folder / "film2.dcm")
    (folder / "zero.dcm").symlink_to("/dev/zero")
    (folder / "circle").symlink_to(folder)

    results = read_all([folder])

    assert sorted(rows(result for result in results if isinstance(result, Image))) == [
        len(grey) - n for n in (10, 2, 1)
    ]
    assert [result.code for result in results if isinstance(result, Refusal)] == ["not-a-file"] * 2


def test_a_pipe_and_a_device_that_are_named_themselves_are_refused(tmp_path):
    os.mkfifo(tmp_path / "case.yaml")

    assert [item.code for item in expand([tmp_path / "case.yaml", "/dev/zero"])] == ["not-a-file"] * 2


def test_the_open_files_of_the_program_are_no_study():
    """They are listed as a folder, and among them may be pipes that nobody writes to."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("not on this system")
    reading, writing = os.pipe()

    codes = {item.code for item in expand(["/proc/self/fd"])}
    os.close(reading)
    os.close(writing)

    assert codes <= {"no-image", "not-a-file"}


def test_a_link_in_a_circle_is_a_refusal_of_that_path_alone(folder):
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")

    (item,) = expand([folder / "a"])

    assert item.code == "cannot-open"


@pytest.mark.parametrize("name", ["n" * 5000, "a/" * 3000])
def test_a_name_that_no_file_can_have_is_told(tmp_path, name):
    with pytest.raises(BadInput, match="does not exist"):
        expand([tmp_path / name, "\0"])


def test_a_folder_of_too_many_files_is_refused_before_they_are_opened(folder, monkeypatch):
    """Three films and notes lie in it."""
    monkeypatch.setenv("CALCINET_MAX_FOLDER_FILES", "3")

    assert code_of(folder) == "too-many-files"


def test_a_folder_without_rights_is_told(tmp_path, monkeypatch):
    """What root may read is played here."""

    def closed(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", closed)

    assert code_of(tmp_path) == "cannot-open"


def test_a_folder_within_that_cannot_be_listed_is_told_beside_the_films(folder, monkeypatch):
    """Films that nobody sees must not be missing without a word. What root may read is played here."""
    before = len(expand([folder]))
    (folder / "closed").mkdir()
    listing = os.scandir

    def refuse(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = expand([folder])

    assert [item.code for item in found if isinstance(item, Refusal)] == ["cannot-open"]
    assert len(found) == before + 1
