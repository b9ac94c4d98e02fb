"""From an order to files, words and an exit code, with a hand-made examination in the place of the examiner."""

import json
from pathlib import Path

import pytest

from calcinet.api import examine_with_images
from calcinet.apps.console import Exit, progress_bar
from calcinet.apps.demonstration import demonstrate
from calcinet.apps.examination import Order, examine_and_write
from calcinet.errors import BadInput, Unreadable
from calcinet.report.documents import Wanted
from tests.support import handmade
from tests.support.paths import ROOT

CASE = ROOT / "examples" / "case-report" / "case.yaml"


def sees_the_example(paths, *, progress=None, **options):
    return handmade.examination(), {"img-1": handmade.limb()}


def refuses_each(paths, *, progress=None, **options):
    return handmade.nothing_examined(), {}


def refuses_the_call(paths, *, progress=None, **options):
    raise Unreadable("the zip is encrypted; unpack it first", code="encrypted")


def test_examined_film_ends_with_0(tmp_path, capsys):
    """A refused image beside it does not change that."""
    order = Order([Path("film.dcm")], tmp_path / "out")

    assert examine_and_write(order, sees_the_example) is Exit.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("img-1: Lines of calcium of 0.21 mm or wider would show")
    assert lines[1].startswith("A net-like pattern")
    assert lines[2].startswith("img-2 refused: The image is constant")
    assert lines[3] == f"Report: {tmp_path / 'out' / 'report.html'}"


@pytest.mark.parametrize(("examiner", "code"), [(refuses_each, "constant"), (refuses_the_call, "encrypted")])
def test_nothing_examined_ends_with_3_and_the_reasons(tmp_path, capsys, examiner, code):
    """record.json alone, whether each image was refused or the call."""
    folder = tmp_path / "out"

    assert examine_and_write(Order([Path("film.dcm")], folder), examiner) is Exit.NOTHING_EXAMINED
    assert [path.name for path in folder.iterdir()] == ["record.json"]
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert [image["refused"]["code"] for image in record["images"]] == [code]
    assert "refused:" in capsys.readouterr().out


def test_quiet_says_nothing(tmp_path, capsys):
    """Files and exit code only."""
    examine_and_write(Order([Path("film.dcm")], tmp_path / "out", quiet=True), sees_the_example)

    assert capsys.readouterr() == ("", "")


def test_occupied_folder_is_refused_before_anything_is_examined(tmp_path):
    """An hour of work would end in a refusal."""

    def never(paths, *, progress=None, **options):
        raise AssertionError("examined")

    (tmp_path / "notes.txt").write_text("", encoding="utf-8")

    with pytest.raises(BadInput, match="did not write"):
        examine_and_write(Order([Path("film.dcm")], tmp_path), never)


def test_options_reach_the_examiner(tmp_path):
    """Only those that were given."""
    seen = {}

    def notes(paths, *, progress=None, **options):
        seen.update(options, paths=paths)
        return sees_the_example(paths)

    examine_and_write(Order([Path("a.dcm")], tmp_path / "out", Wanted(["json"]), options={"spacing_mm": 0.15}), notes)

    assert seen == {"paths": [Path("a.dcm")], "spacing_mm": 0.15}


def test_a_case_alone_ends_with_0(tmp_path):
    """No film; the case is examined."""
    order = Order([], tmp_path / "out", Wanted(["json"]), options={"case": CASE, "prior": "0.3"})

    assert examine_and_write(order) is Exit.DONE
    record = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))
    assert record["images"] == []
    assert record["summary"]["suspicion"]["level"] == "clinical"


def test_a_case_beside_films_that_cannot_be_opened_is_still_examined(tmp_path):
    """The reason stands among the images."""

    def opens_no_zip(paths, *, progress=None, **options):
        if paths:
            raise Unreadable("the zip is encrypted; unpack it first", code="encrypted")
        return examine_with_images(paths, **options)

    order = Order([Path("films.zip")], tmp_path / "out", Wanted(["json"]), options={"case": CASE})

    assert examine_and_write(order, opens_no_zip) is Exit.DONE
    record = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))
    assert record["images"][0]["refused"]["code"] == "encrypted"
    assert record["clinical"]["questions"]


def test_progress_is_silent_when_nobody_watches(capsys):
    """Standard error of a test is no terminal."""
    with progress_bar("examining") as progress:
        assert progress is None

    assert capsys.readouterr().err == ""


def test_demonstration_puts_its_case_and_films_beside_the_report(tmp_path):
    """Both calves, each with its side; what lies there is what was examined."""
    given = {}

    def notes(paths, *, case, progress=None, **options):
        given.update({path.name: path.read_bytes() for path in paths}, case=Path(case).read_bytes(), **options)
        return sees_the_example(paths)

    assert demonstrate(tmp_path / "out", 7, prior="0.3", examiner=notes) is Exit.DONE
    assert given["prior"] == "0.3"
    assert (tmp_path / "out" / "case.yaml").read_bytes() == given["case"] == CASE.read_bytes()
    for name in ("phantom-7-L.dcm", "phantom-8-R.dcm"):
        assert (tmp_path / "out" / "films" / name).read_bytes() == given[name]
        assert b"DICM" in given[name][:140]


def test_terminal_speaks_the_language_of_the_page(tmp_path, capsys):
    """What the program says itself; the hand-made sentences stay as they are."""
    order = Order([tmp_path], tmp_path / "out", Wanted(["html"], language="zh-Hant"))

    assert examine_and_write(order, sees_the_example) is Exit.DONE
    assert f"報告：{tmp_path / 'out' / 'report.html'}" in capsys.readouterr().out
