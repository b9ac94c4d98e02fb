"""Words set by a template as PDF, in the report's own font, to the same bits every time."""

import json
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from calcinet.report.fonts import FONTS, covered

WRITTEN_AT: Final = 946_684_800
"""Seconds: 1 January 2000. The same record gives the same bytes; a document's own date is not known here."""

REGIONS: Final[Mapping[str, tuple[str, str]]] = {"en": ("en", "gb"), "zh-Hant": ("zh", "hk")}
"""Language and region for the breaking of lines."""

WORDS: Final = "words.json"
"""File that a template reads."""


def typeset(template: str, words: Mapping[str, Any], folder: Path) -> bytes:
    """Set words by a template of that name in a folder that holds the pictures they name.

    Letters come from the report's own font; one that it lacks (a name in another script) from the machine's fonts.
    """
    import typst

    written = json.dumps(words, ensure_ascii=False)
    (folder / WORDS).write_text(written, encoding="utf-8")
    (folder / template).write_bytes((files("calcinet.report") / "templates" / template).read_bytes())
    for font in FONTS.values():
        with as_file(font) as path:
            (folder / path.name).write_bytes(path.read_bytes())
    compiled = typst.compile(
        folder / template,
        root=folder,
        font_paths=[folder],
        ignore_system_fonts=covered(written),
        format="pdf",
        timestamp=WRITTEN_AT,
    )
    return bytes(compiled)
