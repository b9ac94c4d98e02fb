"""Which file became which image."""

import zipfile

import pytest

from calcinet.apps.film_log import FilmLog, may_be_several
from calcinet.io.study_items import GivenFile

NAME = "films/CHAN Tai Man.jpg"


def given(*numbers):
    return [GivenFile(number=number, name=NAME, sha256=64 * str(number % 10)) for number in numbers]


def test_the_terminal_says_places_and_no_names(capsys):
    """A log of it would name a patient."""
    FilmLog().note({"img-1": given(1), "img-2": given(2, 3, 4)})
    shown = capsys.readouterr()

    assert shown.err.splitlines() == ["file 1 of 4 -> img-1", "3 files from file 2 of 4 on -> img-2"]
    assert shown.out == ""


def test_one_image_needs_no_line(capsys):
    FilmLog().note({"img-1": given(1)})

    assert capsys.readouterr().err == ""


def test_a_line_an_image_where_no_terminal_shows_a_bar(capsys):
    """Nothing while files are looked at, then one line each."""
    log = FilmLog()
    log.advance(1, 2)
    log.advance(2, 2)
    log.note({"img-1": given(1), "img-2": given(2)})
    capsys.readouterr()
    log.advance(1, 2)
    log.advance(2, 2)

    assert capsys.readouterr().err.splitlines() == ["img-1 done (1 of 2)", "img-2 done (2 of 2)"]


def test_a_bar_takes_the_place_of_the_lines(capsys):
    seen = []
    log = FilmLog(bar=lambda done, total: seen.append((done, total)))
    log.note({"img-1": given(1)})
    log.advance(1, 1)

    assert seen == [(1, 1)]
    assert capsys.readouterr().err == ""


def test_quiet_says_nothing(capsys):
    log = FilmLog(quiet=True)
    log.note({"img-1": given(1), "img-2": given(2)})
    log.advance(1, 2)

    assert capsys.readouterr() == ("", "")


def test_the_side_table_names_every_file():
    """Quoted where a name needs it."""
    log = FilmLog()
    log.note({"img-1": [GivenFile(number=1, name='a, "b".jpg', sha256="ab")]})

    assert log.write_names().decode() == 'id,file,sha256\nimg-1,"a, ""b"".jpg",ab\n'


@pytest.mark.parametrize("what", ["two", "folder", "zip", "DICOMDIR"])
def test_there_may_be_several(tmp_path, what):
    (tmp_path / "DICOMDIR").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("a.png", "")
    paths = {"two": [tmp_path / "a.png", tmp_path / "b.png"], "folder": [tmp_path]}

    assert may_be_several(paths.get(what, [tmp_path / what]))


def test_one_file_is_one(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")

    assert not may_be_several([tmp_path / "a.png"])
    assert not may_be_several([])
