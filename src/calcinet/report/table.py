"""Every number of a record as a row: for the page and for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Final

from calcinet.record import FindingRecord, ImageRecord, Meaning, Record
from calcinet.report.words import LABELS
from calcinet.text import say

UNIT_OF_SUFFIX: Final = {
    "_mm2": "mm2",
    "_cm2": "cm2",
    "_mm3": "mm3",
    "_per_mm": "/mm",
    "_mm": "mm",
    "_px": "{pixel}",
    "_percent": "%",
}
"""UCUM unit of a quantity that only its name explains; names without such an end have unit 1."""

FINDING_QUANTITIES: Final = (
    "probability",
    "calibre_mm",
    "upper_limit_mm",
    "length_mm",
    "area_mm2",
    "depth_mm",
    "calibre_px",
    "length_px",
    "area_px",
    "depth_px",
)


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """One number, or the reason why it is missing."""

    image: str
    finding: str
    """Empty for a quantity of the whole image."""
    kind: str
    quantity: str
    label: str
    value: float | None
    unit: str
    """UCUM."""
    low95: float | None = None
    high95: float | None = None
    not_measured_because: str = ""


def quantity_rows(record: Record) -> list[QuantityRow]:
    """List the quantities of all images, then of their findings, in the order of the record."""
    return [row for image in record.images for row in (*image_rows(image, record), *_finding_rows(image, record))]


def image_rows(image: ImageRecord, record: Record) -> list[QuantityRow]:
    """List the quantities of one image; those that are missing without a value of their own come last."""
    quantities = {} if image.refused is not None else {"resolvable_mm": image.resolvable_mm, **image.measures}
    because = {entry.measure: entry.because for entry in image.not_measured}
    named = [*quantities, *(name for name in because if name not in quantities)]
    rows = []
    for name in named:
        meaning = meaning_of(name, record)
        low, high = image.intervals95.get(name, (None, None))
        rows.append(
            QuantityRow(
                image.id,
                "",
                "",
                name,
                meaning.label,
                quantities.get(name),
                meaning.unit,
                low,
                high,
                because.get(name, "") if quantities.get(name) is None else "",
            )
        )
    return rows


def _finding_rows(image: ImageRecord, record: Record) -> Iterator[QuantityRow]:
    for finding in image.findings:
        for name in FINDING_QUANTITIES:
            value: float | None = getattr(finding, name)
            if value is not None:
                meaning = meaning_of(name, record)
                low, high = _interval(finding, name)
                yield QuantityRow(
                    image.id, finding.id, finding.kind, name, meaning.label, value, meaning.unit, low, high
                )


def _interval(finding: FindingRecord, name: str) -> tuple[float | None, float | None]:
    return finding.calibre_interval_mm or (None, None) if name == "calibre_mm" else (None, None)


def meaning_of(name: str, record: Record) -> Meaning:
    """Say what a measure's name stands for: as the record does, else as the contract does, else by its name."""
    if name in record.meanings:
        return record.meanings[name]
    finding, dot, rest = name.partition(".")
    if dot and finding[:1] == "f" and finding[1:].isdigit():
        of_finding = meaning_of(rest, record)
        return of_finding.model_copy(
            update={"label": say("Finding {number}: {label}", number=finding[1:], label=of_finding.label)}
        )
    unit = next((unit for suffix, unit in UNIT_OF_SUFFIX.items() if name.endswith(suffix)), "1")
    return Meaning(label=LABELS.get(name, name.replace("_", " ").replace(".", ", ")), unit=unit)


def to_csv(record: Record) -> str:
    """Write one row a quantity, with a header, as RFC 4180 has it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(QuantityRow)])
    writer.writeheader()
    writer.writerows(asdict(row) for row in quantity_rows(record))
    return text.getvalue()
