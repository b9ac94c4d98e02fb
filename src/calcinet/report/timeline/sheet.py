"""The time line on one sheet of paper, as PDF."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from calcinet.record import Timeline
from calcinet.report.labels import SHORT_DISCLAIMER
from calcinet.report.language import translator
from calcinet.report.timeline.films import ShownFilm, draw_films
from calcinet.report.timeline.page import KEY, TITLE
from calcinet.report.timeline.panels import balance, draw_all, say_left_out
from calcinet.report.timeline.words import one_minute
from calcinet.report.typesetting import REGIONS, typeset


def timeline_sheet(timeline: Timeline, language: str = "en", films: Sequence[ShownFilm] = ()) -> bytes:
    """Set the sheet; films that lie on one another go on to a second one."""
    _ = translator(language)
    left, right = balance(draw_all(timeline, _))
    words = {
        "language": REGIONS[language][0],
        "region": REGIONS[language][1],
        "title": _(TITLE),
        "disclaimer": _(SHORT_DISCLAIMER),
        "sentences": [_(sentence) for sentence in one_minute(timeline)],
        "left": [drawing.svg() for drawing in left],
        "right": [drawing.svg() for drawing in right],
        "films": [drawing.svg() for drawing in draw_films(timeline, films, _)],
        "notes": [_(KEY), *(_(note) for note in (*timeline.not_compared, *say_left_out(timeline)))],
        "version": f"calcinet {timeline.version}",
    }
    with TemporaryDirectory() as folder:
        return typeset("timeline.typ", words, Path(folder))
