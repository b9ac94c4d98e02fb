"""A short table in place of a page of sentences, where there are many images."""

import sys
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from typing import Final

from calcinet.record import ImageRecord, Record
from calcinet.report.labels import SIDES, Translate
from calcinet.text import Text, say

HEADS: Final = {
    "vessel": say("vessels"),
    "net": say("nets"),
    "focus": say("other"),
    "uptake": say("uptake"),
}
"""Heads of the columns, by the kind of findings that they count."""

FEW: Final = 3
"""Images whose sentences are printed; more get a table. Our choice: what fits a screen."""

OF_ONE_IMAGE: Final = "Image {number} ({place:, }): {found}"
"""Message of the sentences that the table stands for."""

WIDTH: Final = 100
"""Letters of a line where no terminal says its width. Our choice."""


def tabulate(record: Record, translate: Translate) -> list[str]:
    """One row an image: what it shows, how many findings of each kind, the finest line, or why it was refused.

    Columns are of kinds that were found somewhere.
    """
    from rich.console import Console
    from rich.table import Table

    found = sum(map(_count_findings, record.images), Counter())
    kinds = [kind for kind in HEADS if found[kind]]
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column(translate(say("image")), no_wrap=True)
    table.add_column(translate(say("shows")))
    for kind in kinds:
        table.add_column(translate(HEADS[kind]), justify="right")
    table.add_column(translate(say("finest line, mm")), justify="right")
    for image in record.images:
        table.add_row(*_write_row(image, kinds, translate))
    stream = StringIO()
    Console(file=stream, width=_find_width(), highlight=False, markup=False, color_system=None).print(table)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def leave_out_images(sentences: Sequence[str]) -> list[str]:
    """The sentences of a summary that are of no single image."""
    return [sentence for sentence in sentences if getattr(sentence, "message", "") != OF_ONE_IMAGE]


def _write_row(image: ImageRecord, kinds: Sequence[str], translate: Translate) -> list[str]:
    if image.refused is not None:
        return [image.id, translate(say("refused: {reason}", reason=_shorten(image.refused.reason)))]
    counts = _count_findings(image)
    cells = [image.id, translate(_describe_place(image)), *(str(counts[kind]) for kind in kinds)]
    if image.resolvable_mm is None:
        return [*cells, "-"]
    return [*cells, f"{image.resolvable_mm:.2f}"]


def _describe_place(image: ImageRecord) -> Text:
    """Modality, body part and side."""
    place = [image.modality, image.anatomy]
    if image.laterality is not None:
        place.append(SIDES[image.laterality])
    return say("{place:, }", place=place)


def _shorten(reason: str) -> str:
    """What was found; what was expected and what to do stand in the record."""
    return reason.split(";")[0].split(":")[0]


def _count_findings(image: ImageRecord) -> Counter[str]:
    return Counter(finding.kind for finding in image.findings)


def _find_width() -> int:
    """Letters of a line."""
    if sys.stdout is not None and sys.stdout.isatty():
        from shutil import get_terminal_size

        return get_terminal_size().columns
    return WIDTH
