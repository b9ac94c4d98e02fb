"""The breasts on page and paper: grade, length, area and calibre of arterial calcium, and what was not looked at."""

from typing import Final

from calcinet.record import NOT_A_CANCER_READING, BreastSummary, Record
from calcinet.report.blocks import Prose, Section, Table
from calcinet.report.labels import SIDES
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number
from calcinet.text import say

REFERENCE: Final = "csbi_bac"
"""Who made the grade."""

NOT_SPECIFIC: Final = say(
    "Arterial calcium of the breast is common and not specific: it does not change the probability of calciphylaxis "
    "here. A net under the skin would."
)


def mammogram_sections(record: Record, _: Language) -> tuple[Section, ...]:
    """A table with a row for each breast; nothing where no mammogram was examined."""
    if not record.breasts:
        return ()
    head = (_("Breast"), _("Grade"), _("Calcified length"), _("Calcified area"), _("Calibre"))
    several = len({breast.examination for breast in record.breasts}) > 1
    blocks = (
        Prose(_(NOT_A_CANCER_READING), tone="warn"),
        Table(head, tuple(_row(breast, _, several=several) for breast in record.breasts), (3, 4, 2, 2, 2)),
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


def _row(breast: BreastSummary, _: Language, *, several: bool) -> tuple[Prose, ...]:
    """One breast; of which examination, where there are several."""
    side = _(SIDES[breast.side]) if breast.side else _("side not named")
    if several and breast.examination is not None:
        side = _("{side}, examination {number}", side=side, number=breast.examination)
    views = ", ".join(
        f"{image} ({view})" if view else image for image, view in zip(breast.images, breast.views, strict=True)
    )
    return (
        Prose(side, small=views),
        Prose(_("{grade} of 3", grade=breast.grade), small=_(breast.grade_means), cites=(REFERENCE,)),
        Prose(_with_unit(breast.length_mm, "mm")),
        Prose(_with_unit(breast.area_mm2, "mm²")),
        Prose(_with_unit(breast.calibre_mm, "mm")),
    )


def _with_unit(value: float | None, unit: str) -> str:
    return NO_VALUE if value is None else f"{number(value)}{FIXED_SPACE}{unit}"
