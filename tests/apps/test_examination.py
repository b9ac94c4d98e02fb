"""From an order to files, words and an exit code, with a hand-made examination in the place of the examiner."""

import json
from io import BytesIO
from pathlib import Path

import PIL.Image
import pytest

from calcinet.api import examine_with_images
from calcinet.apps.console import Exit
from calcinet.apps.examination import ExamineOptions, Order, examine_and_write
from calcinet.errors import BadInput, Unreadable
from calcinet.report.documents import Wanted
from tests.support import handmade
from tests.support.paths import ROOT

CASE = ROOT / "examples" / "case-report" / "case.yaml"


def sees_the_example(paths, *, progress=None, note_files=None, **options):
    return handmade.examination(), {"img-1": handmade.limb()}


def refuses_each(paths, *, progress=None, **options):
    return handmade.nothing_examined(), {}


def refuses_the_call(paths, *, progress=None, **options):
    raise Unreadable("the zip is encrypted; unpack it first", code="encrypted")


def test_examined_film_ends_with_0(tmp_path, capsys):
    """A refused image beside it does not change that."""
    order = Order(paths=[Path("film.dcm")], folder=tmp_path / "out")

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

    assert examine_and_write(Order(paths=[Path("film.dcm")], folder=folder), examiner) is Exit.NOTHING_EXAMINED
    assert [path.name for path in folder.iterdir()] == ["record.json"]
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert [image["refused"]["code"] for image in record["images"]] == [code]
    assert "refused:" in capsys.readouterr().out


def test_quiet_says_nothing(tmp_path, capsys):
    """Files and exit code only."""
    examine_and_write(Order(paths=[Path("film.dcm")], folder=tmp_path / "out", quiet=True), sees_the_example)

    assert capsys.readouterr() == ("", "")


def test_occupied_folder_is_refused_before_anything_is_examined(tmp_path):
    """An hour of work would end in a refusal."""

    def never(paths, *, progress=None, **options):
        raise AssertionError("examined")

    (tmp_path / "notes.txt").write_text("", encoding="utf-8")

    with pytest.raises(BadInput, match="did not write"):
        examine_and_write(Order(paths=[Path("film.dcm")], folder=tmp_path), never)


def test_options_reach_the_examiner(tmp_path):
    """Only those that were given."""
    seen = {}

    def notes(paths, *, progress=None, note_files=None, **options):
        seen.update(options, paths=paths)
        return sees_the_example(paths)

    options = ExamineOptions(spacing_mm=0.15)
    order = Order(paths=[Path("a.dcm")], folder=tmp_path / "out", wanted=Wanted(["json"]), options=options)
    examine_and_write(order, notes)

    assert seen == {"paths": [Path("a.dcm")], "spacing_mm": 0.15}


def test_a_case_alone_ends_with_0(tmp_path):
    """No film; the case is examined."""
    options = ExamineOptions(case=CASE, prior="0.3")
    order = Order(paths=[], folder=tmp_path / "out", wanted=Wanted(["json"]), options=options)

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

    order = Order(
        paths=[Path("films.zip")], folder=tmp_path / "out", wanted=Wanted(["json"]), options=ExamineOptions(case=CASE)
    )

    assert examine_and_write(order, opens_no_zip) is Exit.DONE
    record = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))
    assert record["images"][0]["refused"]["code"] == "encrypted"
    assert record["clinical"]["questions"]


def test_terminal_speaks_the_language_of_the_page(tmp_path, capsys):
    """What the program says itself; the hand-made sentences stay as they are."""
    order = Order(paths=[tmp_path], folder=tmp_path / "out", wanted=Wanted(["html"], language="zh-Hant"))

    assert examine_and_write(order, sees_the_example) is Exit.DONE
    assert f"報告：{tmp_path / 'out' / 'report.html'}" in capsys.readouterr().out


def put_case_with_photograph(folder: Path, data: bytes) -> Path:
    (folder / "chan.jpg").write_bytes(data)
    case = folder / "case.yaml"
    case.write_text("lesions: [{site: leg, kind: ulcer, photographs: [{file: chan.jpg}]}]\n", encoding="utf-8")
    return case


def photograph() -> bytes:
    image = PIL.Image.new("RGB", (32, 24), (200, 150, 130))
    exif = PIL.Image.Exif()
    exif[0x010F] = "CAMERA-OF-CHAN"
    stream = BytesIO()
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize("anonymous", [False, True])
def test_photographs_are_written_without_metadata_and_never_anonymous(tmp_path, anonymous):
    """On the page and beside it; a tattoo names somebody as a header does."""
    case = put_case_with_photograph(tmp_path, photograph())
    wanted = Wanted(("json", "html"), anonymous=anonymous)
    order = Order(paths=[], folder=tmp_path / "out", wanted=wanted, options=ExamineOptions(case=case), quiet=True)

    assert examine_and_write(order, examine_with_images) is Exit.DONE
    record = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))
    written = [path.name for path in (tmp_path / "out").glob("photographs/*")]
    assert written == ([] if anonymous else ["photo-1.jpg"])
    assert ("photographs/photo-1.jpg" in record["files"]) is not anonymous
    contents = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert b"CHAN" not in contents
    assert b"chan" not in contents.replace(b"change", b"")


def test_a_bad_photograph_leaves_nothing_written(tmp_path):
    """Refused before anything is examined."""
    case = put_case_with_photograph(tmp_path, photograph()[:200])
    order = Order(paths=[], folder=tmp_path / "out", options=ExamineOptions(case=case), quiet=True)

    with pytest.raises(BadInput, match=r"line 1, .*: the photograph cannot be read"):
        examine_and_write(order, examine_with_images)
    assert not (tmp_path / "out").exists()
