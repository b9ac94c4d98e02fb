"""The time line on one sheet of paper, as PDF."""

import json
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from calcinet.record import Timeline
from calcinet.report.fonts import FONTS, covered
from calcinet.report.labels import SHORT_DISCLAIMER
from calcinet.report.language import translator
from calcinet.report.paper import REGIONS, WRITTEN_AT
from calcinet.report.timeline.page import KEY, TITLE
from calcinet.report.timeline.panels import balance, draw_all, say_left_out
from calcinet.report.timeline.words import one_minute


def timeline_sheet(timeline: Timeline, language: str = "en") -> bytes:
    """Set the sheet."""
    import typst

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
        "notes": [_(KEY), *(_(note) for note in (*timeline.not_compared, *say_left_out(timeline)))],
        "version": f"calcinet {timeline.version}",
    }
    with TemporaryDirectory() as place:
        folder = Path(place)
        template = files("calcinet.report") / "templates" / "timeline.typ"
        (folder / "timeline.typ").write_bytes(template.read_bytes())
        for font in FONTS.values():
            with as_file(font) as path:
                (folder / path.name).write_bytes(path.read_bytes())
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        compiled = typst.compile(
            folder / "timeline.typ",
            root=folder,
            font_paths=[folder],
            ignore_system_fonts=covered(json.dumps(words, ensure_ascii=False)),
            format="pdf",
            timestamp=WRITTEN_AT,
        )
    return bytes(compiled)
