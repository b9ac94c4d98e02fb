"""The time line on the command line: what is written, and that a refusal leaves nothing behind."""

import json

import pytest

from calcinet.apps.cli import main
from tests.support.courses import film, visit


def run(*words):
    with pytest.raises(SystemExit) as end:
        main(list(map(str, words)))
    return end.value.code or 0


@pytest.fixture
def course(tmp_path):
    places = []
    for number, day in enumerate(("2026-01-01", "2026-02-01"), 1):
        place = tmp_path / f"visit-{number}"
        place.mkdir()
        (place / "record.json").write_text(visit(day, film(number)).to_json(), "utf-8")
        places.append(place)
    return places


def test_it_writes_what_was_asked_for_and_says_the_course(course, tmp_path, capsys):
    out = tmp_path / "out"

    assert run("follow", course[1], course[0] / "record.json", "-o", out, "--formats", "html") == 0

    told = capsys.readouterr().out
    assert told.startswith("2 records from 1 January 2026")
    assert "for you to know" in told
    assert sorted(path.name for path in out.iterdir()) == ["timeline.html", "timeline.json"]
    written = json.loads((out / "timeline.json").read_text("utf-8"))
    assert written["schema"] == "calcinet.timeline/1"
    (net,) = [quantity for quantity in written["quantities"] if quantity["name"] == "net.area_cm2"]
    assert {"from", "to", "difference", "interval95", "smallest_detectable", "called", "because"} == set(
        net["changes"][0]
    )


def test_an_earlier_time_line_stays_unless_it_is_to_be_replaced(course, tmp_path, capsys):
    words = ("follow", *course, "-o", tmp_path / "out", "--formats", "json")

    assert run(*words) == 0
    assert run(*words) == 2
    assert "--force" in capsys.readouterr().err
    assert run(*words, "--force") == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [("{}", "no record of the schema"), ('{"schema": "calcinet.record/2"}', "another version"), ("", "no record")],
)
def test_what_is_no_record_is_refused_and_nothing_is_written(course, tmp_path, capsys, text, told):
    (course[1] / "record.json").write_text(text, "utf-8")

    assert run("follow", *course, "-o", tmp_path / "out") == 2

    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_same_day_twice_is_refused_and_nothing_is_written(course, tmp_path, capsys):
    (course[1] / "record.json").write_text(visit("2026-01-01", film(7)).to_json(), "utf-8")

    assert run("follow", *course, "-o", tmp_path / "out") == 2

    assert "both of 1 January 2026" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
