"""The time line as one page of HTML that holds all that it shows."""

from collections.abc import Sequence
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from calcinet.record import Timeline
from calcinet.report.html import font_face
from calcinet.report.labels import SHORT_DISCLAIMER
from calcinet.report.language import translator
from calcinet.report.timeline.films import ShownFilm, draw_films
from calcinet.report.timeline.panels import draw_all, say_left_out
from calcinet.report.timeline.words import one_minute
from calcinet.text import say

TITLE: Final = say("Course over time")
KEY: Final = say(
    "Dots are measurements, upright lines their 95 % intervals, blue bands reference ranges, orange dots results"
    " outside them. A bar runs where a course is stated; a dotted line means that its beginning or end has no day; an"
    " arrow, that the last record states no end of it."
)


def timeline_page(timeline: Timeline, language: str = "en", films: Sequence[ShownFilm] = ()) -> str:
    """Write the page; `films` are those that lie on one another."""
    _ = translator(language)
    environment = Environment(
        loader=PackageLoader("calcinet.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("timeline.html.j2").render(
        _=_,
        language=language,
        font=font_face(language),
        title=TITLE,
        disclaimer=SHORT_DISCLAIMER,
        key=KEY,
        sentences=[_(sentence) for sentence in one_minute(timeline)],
        drawings=[drawing.svg() for drawing in draw_all(timeline, _)],
        films=[drawing.svg() for drawing in draw_films(timeline, films, _)],
        notes=[_(note) for note in (*timeline.not_compared, *say_left_out(timeline))],
        version=timeline.version,
    )
