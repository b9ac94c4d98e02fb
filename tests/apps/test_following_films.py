"""`calcinet follow --films`: the truth is where the generated leg and its arteries were drawn.

The second film is the same leg turned by 4 degrees and moved; of its two arteries the record of that day holds one
along its whole course and of the other the half next to the beginning: what was marked whole is marked half as long.
"""

import hashlib
import json
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from calcinet.apps.cli import main
from calcinet.io import read
from calcinet.io.dicom.writer import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.record import FindingRecord, Record
from tests.support.courses import film, visit

pytest.importorskip("SimpleITK")

PIXEL_MM = 0.2
LEAST_MM = 25.0


def run(*words):
    with pytest.raises(SystemExit) as end:
        main(list(map(str, words)))
    return end.value.code or 0


def list_films(course):
    words = []
    for path in sorted(course.glob("films-*")):
        words += ["--films", path]
    return words


def draw(seed, **position):
    spec = random_spec(seed, net=False, vessels=True, anatomy="lower leg")
    plain = {"confounders": (), "border": "none", "margin_mm": (0.0, 0.0), "letter": "", "pixel_mm": PIXEL_MM}
    vessels = tuple(replace(vessel, branches=0, pattern="continuous") for vessel in spec.vessels[:1])
    vessels += (replace(vessels[0], artery=vessels[0].artery + 1),)
    return limb(replace(spec, field_mm=(150.0, 110.0), vessels=vessels, **position, **plain))


def mark(number, line):
    length = float(np.linalg.norm(np.diff(line * PIXEL_MM, axis=0), axis=1).sum())
    points = tuple((float(row), float(column)) for row, column in line[::5])
    return FindingRecord(id=f"f{number}", kind="vessel", polyline=points, length_mm=length)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Two films, their records, and a film of another leg with a record of its own."""
    place = tmp_path_factory.mktemp("course")
    first = draw(8000, angle_deg=0.0, shift_mm=(0.0, 0.0))
    later = draw(8000, angle_deg=4.0, shift_mm=(3.0, -2.0))
    other = draw(8105, angle_deg=0.0, shift_mm=(0.0, 0.0))
    lines = [vessel.centre_line for vessel in first.truth.vessels]
    moved = [vessel.centre_line for vessel in later.truth.vessels]
    assert len(lines) == len(moved) == 2
    marks = {
        "one": [mark(1, lines[0]), mark(2, lines[1])],
        "two": [mark(1, moved[1][: len(moved[1]) // 2]), mark(2, moved[0])],
        "other": [mark(1, other.truth.vessels[0].centre_line)],
    }
    days = {"one": "2026-01-01", "two": "2026-02-01", "other": "2026-03-01"}
    for name, phantom in (("one", first), ("two", later), ("other", other)):
        (place / name).mkdir()
        (place / f"films-{name}").mkdir()
        path = place / f"films-{name}" / "film.dcm"
        write_radiograph(path, phantom.image)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        image = film(1, sha256=sha256, shape=phantom.image.plane.shape, findings=marks[name])
        (place / name / "record.json").write_text(visit(days[name], image).to_json(), "utf-8")
    return place


def test_the_same_arteries_are_followed_one_by_one(course, tmp_path, capsys):
    out = tmp_path / "out"
    words = ("follow", course / "one", course / "two", "--films", course / "films-one")
    words += ("--films", course / "films-two")

    pytest.importorskip("typst")

    assert run(*words, "-o", out, "--formats", "html,pdf") == 0

    told = capsys.readouterr().out
    written = json.loads((out / "timeline.json").read_text("utf-8"))
    page = (out / "timeline.html").read_text("utf-8")
    matched = {tuple(film["findings"][0] for film in mark["films"]) for mark in written["marks"]}
    lengths = {quantity["mark"]: quantity for quantity in written["quantities"] if quantity.get("mark")}
    halved = next(mark for mark in written["marks"] if mark["films"][0]["findings"] == ["f2"])
    first, last = (point["value"] for point in lengths[halved["number"]]["points"])
    assert "Images laid on one another: 2 of the same vessels" in told
    assert matched == {("f1", "f2"), ("f2", "f1")}
    assert last / first == pytest.approx(0.5, abs=0.1)
    change = lengths[halved["number"]]["changes"][0]
    assert change["called"] == "unknown"  # half of it was not marked, and looks the same on both films
    assert "looks the same on the other" in change["because"]
    assert halved["films"][1]["alike"] == pytest.approx(first / 2, rel=0.2)
    assert written["laid"][0]["correlation"] > 0.985
    assert abs(written["laid"][0]["angle_deg"]) == pytest.approx(4.0, abs=0.7)
    assert page.count("data:image/jpeg;base64,") == 2
    assert (out / "timeline.pdf").read_bytes().count(b"/DCTDecode") == 2
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", page)
    for mark in written["marks"]:  # its number stands on both films
        assert page.count(f'font-weight="700">{mark["number"]}</text>') == 2


@pytest.mark.parametrize(("marked", "called"), [("the same", "up"), ("the other", "unknown")])
def test_sums_of_other_stretches_are_no_change(course, tmp_path, marked, called):
    """Of two arteries one is marked on each day, 50 and 400 mm by the records: the same one, or the other."""
    first = Record.from_json((course / "one" / "record.json").read_bytes())
    later = Record.from_json((course / "two" / "record.json").read_bytes())
    whole, other = later.images[0].findings[1], later.images[0].findings[0]
    assert whole.id == "f2"  # the first artery, along its whole course
    kept = {"the same": whole, "the other": other}[marked]
    for name, record, finding, length in (("a", first, first.images[0].findings[0], 50.0), ("b", later, kept, 400.0)):
        before = record.images[0]
        shown = {"sha256": before.sha256, "shape": before.shape, "findings": [finding], "interval": None}
        image = film(1, measures={"calcified_length_mm": length}, **shown)
        (tmp_path / name).mkdir()
        (tmp_path / name / "record.json").write_text(visit(record.clinical.examined_on, image).to_json(), "utf-8")
    films = ("--films", course / "films-one", "--films", course / "films-two")

    assert run("follow", tmp_path / "a", tmp_path / "b", *films, "-o", tmp_path / "out", "--formats", "json") == 0

    written = json.loads((tmp_path / "out" / "timeline.json").read_text("utf-8"))
    (change,) = next(one for one in written["quantities"] if one["name"] == "calcified_length_mm")["changes"]
    assert change["called"] == called
    assert ("look at both films" in change["because"]) == (called == "unknown")


def test_a_film_of_another_leg_is_not_laid_on_it_and_no_change_is_called(course, tmp_path):
    out = tmp_path / "out"

    words = ("follow", course / "one", course / "other", *list_films(course), "-o", out, "--formats", "json")

    assert run(*words) == 0

    written = json.loads((out / "timeline.json").read_text("utf-8"))
    net = next(quantity for quantity in written["quantities"] if quantity["name"] == "net.area_cm2")
    assert "do not fit on one another" in written["laid"][0]["refused"]
    assert written["marks"] == []
    assert net["changes"][0]["called"] == "unknown"
    assert "do not fit on one another" in net["changes"][0]["because"]


def test_a_film_that_was_not_given_is_said(course, tmp_path, capsys):
    out = tmp_path / "out"

    films = ("--films", course / "films-two")

    assert run("follow", course / "one", course / "two", *films, "-o", out, "--formats", "json") == 0

    written = json.loads((out / "timeline.json").read_text("utf-8"))
    assert written["laid"] == []
    assert any("of record 1 no image was given" in reason for reason in written["not_compared"])
    assert "Not compared: lower leg, left: of record 1 no image was given" in capsys.readouterr().out


def test_films_of_somebody_else_are_refused_and_nothing_is_written(course, tmp_path, capsys):
    out = tmp_path / "out"

    assert run("follow", course / "one", course / "two", "--films", course / "films-other", "-o", out) == 2

    assert "none of the 1 files given as films is an image of these records" in capsys.readouterr().err
    assert not out.exists()


@pytest.fixture(scope="module")
def cropped(course):
    """The first film without its first 3.2 mm in rows and columns: the same marks, elsewhere."""
    (course / "films-cropped").mkdir()
    path = course / "films-cropped" / "film.dcm"
    image = read(course / "films-one" / "film.dcm")
    write_radiograph(path, replace(image, pixels=image.pixels[:, 16:, 16:]))
    return path


def show(plane):
    """As a viewer exports it."""
    return np.rint((plane - plane.min()) * (255 / np.ptp(plane))).astype(np.uint8)


def list_uids(folder):
    (image,) = json.loads((folder / "record.json").read_text("utf-8"))["images"]
    return [finding["tracking_uid"] for finding in image["findings"]]


@pytest.fixture(scope="module")
def baseline(course, tmp_path_factory):
    """The first film, really examined."""
    out = tmp_path_factory.mktemp("baseline") / "out"
    assert run("examine", course / "films-one", "--anatomy", "left lower leg", "--formats", "json", "-o", out) == 0
    return out


def test_identifiers_of_a_baseline_are_taken_over_and_told(course, baseline, cropped, tmp_path, capsys):
    """Both films are really examined: what the second shows of the same marks is named as on the first."""
    later = tmp_path / "later"
    words = ("--anatomy", "left lower leg", "--baseline", baseline, "--baseline-films", course / "films-one")
    assert run("examine", cropped, *words, "--formats", "json", "-o", later) == 0

    told = re.search(r"img-1: (\d+) of (\d+) marks are those of the baseline", capsys.readouterr().out)
    same = set(list_uids(baseline)) & set(list_uids(later))
    assert int(told[1]) == sum(uid in same for uid in list_uids(later)) > 0
    assert int(told[2]) == len(list_uids(later))


@pytest.mark.parametrize(
    ("given", "words", "why"),
    [
        ("films-other", (), "do not fit on one another"),
        (
            "films-two",
            ("--anatomy", "left foot"),
            "no image of the baseline shows this part of the body from this side",
        ),
        ("picture", ("--spacing-mm", "0.2"), "the size of a pixel is not known"),
    ],
)
def test_film_that_fits_no_baseline_says_why(course, baseline, tmp_path, capsys, given, words, why):
    """The leg of somebody else, another part of the body, and a picture, whose pixels nobody knows."""
    if given == "picture":
        cv2.imwrite(str(course / "picture.png"), show(read(course / "films-two" / "film.dcm").plane))
        given = "picture.png"
    place = ("--anatomy", "left lower leg", *words, "--baseline", baseline, "--baseline-films", course / "films-one")

    assert run("examine", course / given, *place, "--formats", "json", "-o", tmp_path / "out") == 0

    told = " ".join(capsys.readouterr().out.split())
    assert "img-1 was not laid on the baseline: " in told
    assert why in told
