"""Measured quantities in words: with their units, in the language of the page."""

from collections.abc import Sequence
from typing import Final

from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.report.labels import SIDES, UNITS, Translate
from calcinet.report.pictures.figures import ranked
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number, percent
from calcinet.report.quantities.table import QuantityRow, image_rows
from calcinet.text import say

MOST_ROWS: Final = 40
"""Findings in the table of one image. Our choice: two sheets of paper; record.json and measures.csv have all."""

KEY_QUANTITIES: Final = (
    "net.probability",
    "calcified_length_mm",
    "calcified_length_px",
    "calcified_area_mm2",
    "calcified_area_px",
    "ct.artery_volume_mm3",
    "ct.soft_tissue_volume_mm3",
    "ct.agatston",
    "bac.grade",
    "bac.length_mm",
    "bac.length_px",
    "bac.area_mm2",
    "bac.area_px",
    "resolvable_mm",
)
"""Numbers shown large, where they were measured."""

COUNTS: Final = (".lesions", ".loops", ".grade", ".arteries", ".coarse_arteries")
"""How the names of quantities end that count things or grade them."""


VIEWS: Final = {"anterior": say("anterior"), "posterior": say("posterior")}
"""Views of a bone scan; those of films are codes, and stay."""


def key_numbers(image: ImageRecord, record: Record) -> list[QuantityRow]:
    """Choose the numbers that are shown large."""
    rows = {row.quantity: row for row in image_rows(image, record) if row.value is not None}
    return [rows[name] for name in KEY_QUANTITIES if name in rows]


def listed(findings: Sequence[FindingRecord]) -> list[FindingRecord]:
    """Choose the findings of the table: the `MOST_ROWS` first of `ranked`, in the order of the record."""
    chosen = {finding.id for finding in ranked(findings)[:MOST_ROWS]}
    return [finding for finding in findings if finding.id in chosen]


def interval(bounds: tuple[float | None, float | None] | None, _: Translate) -> str:
    """Write an interval, or a dash."""
    if bounds is None or bounds[0] is None:
        return NO_VALUE
    return _("{low} to {high}", low=number(bounds[0]), high=number(bounds[1]))


def spacing(pair: tuple[float, float]) -> str:
    """Write the distance of rows and columns, once where they are equal.

    >>> spacing((0.1435, 0.1435)), spacing((0.2, 0.1))
    ('0.1435', '0.2 × 0.1')
    """
    return " × ".join(dict.fromkeys(f"{mm:.4g}" for mm in pair))


def value_with_unit(row: QuantityRow, _: Translate) -> str:
    """Write a quantity with its unit, a probability in percent, a number of things without decimals."""
    if row.quantity.endswith("probability"):
        return percent(row.value)
    if row.quantity.endswith(COUNTS) and row.value is not None:
        return f"{row.value:,.0f}"
    unit = _(UNITS.get(row.unit, row.unit))
    return FIXED_SPACE.join(filter(None, (number(row.value), unit)))


def size(finding: FindingRecord, what: str, _: Translate) -> str:
    """Write a length or an area of a finding in mm, or in pixels where there are no millimetres.

    A calibre that is not resolvable has an upper limit only: its first estimate in pixels would be read as a width.
    A net's area is in cm², as in the measures of the film.
    """
    if what == "calibre" and finding.calibre_class == "not resolvable":
        limit = finding.upper_limit_mm
        return NO_VALUE if limit is None else f"<{FIXED_SPACE}{number(limit)}{FIXED_SPACE}mm"
    if what == "calibre" and finding.calibre_mm is None and finding.length_mm is not None:
        return NO_VALUE  # pixels are for films without millimetres
    if what == "area" and finding.kind == "net" and finding.area_mm2 is not None:
        return f"{number(finding.area_mm2 / 100)}{FIXED_SPACE}cm²"
    for suffix, unit in (("_mm", "mm"), ("_mm2", "mm²"), ("_px", _("px"))):
        value: float | None = getattr(finding, what + suffix, None)
        if value is not None:
            return f"{number(value)}{FIXED_SPACE}{unit}"
    return NO_VALUE


def image_name(image: ImageRecord, _: Translate) -> str:
    """Name an image as a reader would: its side, body part and view."""
    unnamed = _("film of an unnamed body part") if image.ct is None else _("unnamed body part")
    part = _(image.anatomy) if image.anatomy != "unknown" else unnamed
    side = _(SIDES[image.laterality]) if image.laterality else ""
    name = _("{side} {part}", side=side, part=part) if side else part
    named = name[:1].upper() + name[1:]
    seen = image.view or ("CT" if image.ct is not None else "")
    view = " + ".join(_(VIEWS.get(one, one)) for one in seen.split(" + "))
    return _("{name}, {view}", name=named, view=view) if view else named
