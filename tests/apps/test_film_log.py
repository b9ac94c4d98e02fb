"""Which file became which image, and how far the examination has come."""

import re

from calcinet.apps.film_log import FilmLog, logged
from calcinet.io.study_items import GivenFile
from calcinet.progress import CALCIUM, enter_stage, tell_step

NAME = "films/CHAN Tai Man.jpg"


class Seen:
    """A bar that remembers."""

    def __init__(self):
        self.lines, self.moves = [], []

    def move(self, what, done, total):
        self.moves.append((str(what), done, total))

    def tell(self, *lines):
        self.lines += lines


def given(*numbers):
    return [GivenFile(number=number, name=NAME, sha256=64 * str(number % 10)) for number in numbers]


def test_a_log_gets_places_and_no_names(capsys):
    """Where no terminal shows it somebody may keep it."""
    FilmLog().note({"img-1": given(1), "img-2": given(2, 3, 4)})
    shown = capsys.readouterr()

    assert shown.err.splitlines() == ["file 1 of 4 -> img-1", "3 files from file 2 of 4 on -> img-2"]
    assert shown.out == ""


def test_a_terminal_gets_the_names_as_they_were_given():
    """Of several files their folder."""
    bar = Seen()
    FilmLog(bar=bar).note({"img-1": given(1), "img-2": given(2, 3, 4)})

    assert bar.lines == [f"img-1  {NAME}", "img-2  films (3 files)"]


def test_one_image_needs_no_map(capsys):
    bar = Seen()
    FilmLog().note({"img-1": given(1)})
    FilmLog(bar=bar).note({"img-1": given(1)})

    assert capsys.readouterr().err == ""
    assert bar.lines == []


def test_a_line_an_image_with_seconds_where_no_terminal_shows_a_bar(capsys):
    """Nothing while files are looked at, then one line each."""
    log = FilmLog()
    log.advance(1, 2)
    log.advance(2, 2)
    log.note({"img-1": given(1), "img-2": given(2)})
    capsys.readouterr()
    log.advance(1, 2)
    log.advance(2, 2)
    first, second = capsys.readouterr().err.splitlines()

    assert re.fullmatch(r"img-1 of 2 \.\.\. \d\.\d s", first)
    assert re.fullmatch(r"img-2 of 2 \.\.\. \d\.\d s", second)


def test_a_bar_moves_within_an_image_and_never_back(capsys):
    """A second look at an image begins its tiles anew."""
    bar = Seen()
    log = FilmLog(bar=bar)
    log.advance(1, 2)
    log.note({"img-1": given(1), "img-2": given(2)})
    for share in (0.2, 0.4, 0.3):
        log.stage(CALCIUM, share)
    log.advance(1, 2)
    log.stage(CALCIUM, 0.2)
    log.advance(2, 2)
    log.stage(CALCIUM, 0.5)
    told = "looking for calcium"

    assert bar.moves == [
        ("looking at the files", 1, 2),
        (f"img-1 of 2, {told}", 0.2, 2),
        (f"img-1 of 2, {told}", 0.4, 2),
        (f"img-1 of 2, {told}", 0.4, 2),
        (f"img-2 of 2, {told}", 1.2, 2),
        (told, 0.5, 1),
    ]
    assert capsys.readouterr().err == ""


def test_what_takes_long_is_told_in_a_log_too(capsys, monkeypatch):
    """Half a minute of a CT, a stage every six seconds: a line when nothing was said for ten."""
    seconds = iter(range(0, 600, 6))
    monkeypatch.setattr("calcinet.apps.film_log.time.monotonic", lambda: next(seconds))
    log = FilmLog(language="zh-Hant")
    log.note({"img-1": given(1)})
    for step in range(5):
        log.stage(CALCIUM, step / 5)

    assert capsys.readouterr().err.splitlines() == ["尋找鈣化 ... 12 s", "尋找鈣化 ... 24 s"]


def test_quiet_says_nothing(capsys):
    with logged(quiet=True, language="en") as log:
        log.note({"img-1": given(1), "img-2": given(2)})
        enter_stage(CALCIUM, 0.0, 1.0)
        tell_step(1, 2)
        log.advance(1, 2)

    assert capsys.readouterr() == ("", "")


def test_the_side_table_names_every_file():
    """Quoted where a name needs it."""
    log = FilmLog()
    log.note({"img-1": [GivenFile(number=1, name='a, "b".jpg', sha256="ab")]})

    assert log.write_names().decode() == 'id,file,sha256\nimg-1,"a, ""b"".jpg",ab\n'
