"""The breasts on page and paper: grade, length, area and calibre of arterial calcium, and what was not looked at."""

from collections.abc import Sequence
from typing import Final

from calcinet.record import NOT_A_CANCER_READING, BreastSummary, Record
from calcinet.report.blocks import Prose, Section, Table
from calcinet.report.labels import SIDES
from calcinet.report.language import Language
from calcinet.report.quantities.findings import write_bounds
from calcinet.report.quantities.numbers import with_unit
from calcinet.text import say

REFERENCE: Final = "csbi_bac"
"""Source of the grade."""

NOT_SPECIFIC: Final = say(
    "Arterial calcium of the breast is common and not specific: it does not change the probability of calciphylaxis "
    "here. A net under the skin would."
)


def mammogram_sections(record: Record, _: Language) -> tuple[Section, ...]:
    """A table with a row for each breast; nothing where no mammogram was examined."""
    if not record.breasts:
        return ()
    blocks = (
        Prose(_(NOT_A_CANCER_READING), tone="warn"),
        _tabulate_breasts(record.breasts, _),
        Prose(
            _(
                "Of several views of a breast the highest grade counts, and length and area are those of the view that "
                "shows most."
            ),
            tone="note",
        ),
        Prose(_(NOT_SPECIFIC), cites=(REFERENCE,)),
    )
    return (Section("breasts", _("Arteries of the breast"), blocks),)


def _tabulate_breasts(breasts: Sequence[BreastSummary], _: Language) -> Table:
    """Make a row for each breast; of which examination it is, is said where there are several."""
    several = len({breast.examination for breast in breasts}) > 1
    head = (_("Breast"), _("Grade"), _("Calcified length"), _("Calcified area"), _("Calibre"))
    rows = []
    for breast in breasts:
        side = _name_side(breast, _)
        if several and breast.examination is not None:
            side = _("{side}, examination {number}", side=side, number=breast.examination)
        row = (
            Prose(side, small=_list_views(breast)),
            Prose(_("{grade} of 3", grade=breast.grade), small=_(breast.grade_means), cites=(REFERENCE,)),
            Prose(with_unit(breast.length_mm, "mm"), small=write_bounds(breast.length_interval_mm, "mm", _)),
            Prose(with_unit(breast.area_mm2, "mm²")),
            Prose(with_unit(breast.calibre_mm, "mm")),
        )
        rows.append(row)
    return Table(head, tuple(rows), (3, 4, 2, 2, 2))


def _name_side(breast: BreastSummary, _: Language) -> str:
    if breast.side is None:
        return _("side not named")
    return _(SIDES[breast.side])


def _list_views(breast: BreastSummary) -> str:
    """Write the images with their views, as far as these are named."""
    names = []
    for image, view in zip(breast.images, breast.views, strict=True):
        if view:
            names.append(f"{image} ({view})")
        else:
            names.append(image)
    return ", ".join(names)
