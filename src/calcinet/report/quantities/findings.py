"""Measured quantities in words: with their units, in the language of the page."""

from collections.abc import Sequence
from typing import Final

from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.report.labels import UNITS, Translate
from calcinet.report.pictures.figures import ranked
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number, percent, with_unit
from calcinet.report.quantities.table import QuantityRow, image_rows

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
"""Ends of the names of quantities that count things or grade them."""


def key_numbers(image: ImageRecord, record: Record) -> list[QuantityRow]:
    """Choose the numbers that are shown large."""
    rows = {row.quantity: row for row in image_rows(image, record) if row.value is not None}
    return [rows[name] for name in KEY_QUANTITIES if name in rows]


def choose_listed(findings: Sequence[FindingRecord]) -> list[FindingRecord]:
    """Choose the findings of the table: the `MOST_ROWS` first of `ranked`, in the order of the record."""
    chosen = {finding.id for finding in ranked(findings)[:MOST_ROWS]}
    return [finding for finding in findings if finding.id in chosen]


def interval(bounds: tuple[float | None, float | None] | None, _: Translate) -> str:
    """Write an interval, or a dash."""
    if bounds is None or bounds[0] is None:
        return NO_VALUE
    return _("{low} to {high}", low=number(bounds[0]), high=number(bounds[1]))


def write_bounds(bounds: tuple[float, float] | None, unit: str, _: Translate) -> str:
    """Write an interval with its unit as the small print of a number; nothing where there is none."""
    if bounds is None:
        return ""
    return FIXED_SPACE.join(filter(None, (interval(bounds, _), unit)))


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


def write_calibre(finding: FindingRecord, _: Translate) -> str:
    """Write the calibre of a finding; one that is not resolvable has an upper limit only.

    Its first estimate in pixels would be read as a width. Pixels are for films without millimetres.
    """
    if finding.calibre_class == "not resolvable" and finding.upper_limit_mm is None:
        return NO_VALUE
    if finding.calibre_class == "not resolvable":
        return f"<{FIXED_SPACE}{with_unit(finding.upper_limit_mm, 'mm')}"
    if finding.calibre_mm is None and finding.length_mm is not None:
        return NO_VALUE
    return _write_size(finding.calibre_mm, "mm", finding.calibre_px, _)


def write_calibre_details(finding: FindingRecord, _: Translate) -> str:
    """Write the interval and the class of a calibre, as far as there are any."""
    details = []
    if finding.calibre_interval_mm is not None:
        details.append(f"{interval(finding.calibre_interval_mm, _)} mm")
    if finding.calibre_class is not None:
        details.append(_(finding.calibre_class))
    return " · ".join(details)


def write_length(finding: FindingRecord, _: Translate) -> str:
    """Write the length of a finding in mm, or in pixels where there are no millimetres."""
    return _write_size(finding.length_mm, "mm", finding.length_px, _)


def write_area(finding: FindingRecord, _: Translate) -> str:
    """Write the area of a finding: of a net in cm², as in the measures of the film, of others in mm² or pixels."""
    if finding.kind == "net" and finding.area_mm2 is not None:
        return with_unit(finding.area_mm2 / 100, "cm²")
    return _write_size(finding.area_mm2, "mm²", finding.area_px, _)


def write_area_details(finding: FindingRecord, _: Translate) -> str:
    """Write the interval of an area where there is one, in the unit of the area."""
    if finding.area_interval_mm2 is None:
        return ""
    low, high = finding.area_interval_mm2
    if finding.kind == "net":
        return f"{interval((low / 100, high / 100), _)} cm²"
    return f"{interval((low, high), _)} mm²"


def write_depth(finding: FindingRecord, _: Translate) -> str:
    """Write the depth of a finding under the skin line."""
    return _write_size(finding.depth_mm, "mm", finding.depth_px, _)


def _write_size(in_millimetres: float | None, unit: str, in_pixels: float | None, _: Translate) -> str:
    if in_millimetres is not None:
        return with_unit(in_millimetres, unit)
    return with_unit(in_pixels, _("px"))
