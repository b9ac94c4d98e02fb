"""Every number of a record as a row: for the page, for objects of archives and records, and for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from string import ascii_uppercase
from typing import Any, Final

from calcinet.clinical.analytes import analyte
from calcinet.record import FindingRecord, ImageRecord, Lab, Meaning, Record
from calcinet.report.labels import LABELS
from calcinet.report.quantities.codes import SYSTEMS, Code, quantity_code
from calcinet.text import say

UNIT_OF_SUFFIX: Final = {
    "_mm2": "mm2",
    "_cm2": "cm2",
    "_mm3": "mm3",
    "_hu": "[hnsf'U]",
    "_per_mm": "/mm",
    "_mm": "mm",
    "_px": "{pixel}",
    "_percent": "%",
}
"""UCUM unit of a quantity that only its name explains; names without such an end have unit 1."""

ASKED: Final = say("value or unit must be asked about; see the questions")

ONE_SLICE: Final = say("one slice has no volume")

NO_AGATSTON: Final = say("the score is defined without contrast agent in the vessels")

FINDING_QUANTITIES: Final = (
    "probability",
    "calibre_mm",
    "upper_limit_mm",
    "length_mm",
    "area_mm2",
    "depth_mm",
    "volume_mm3",
    "peak_hu",
    "calibre_px",
    "length_px",
    "area_px",
    "depth_px",
)


NUMBERS: Final = ("value", "low95", "high95")
"""Columns that hold numbers; the others hold words."""


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """One number, or the reason why it is missing."""

    image: str
    """Empty for a quantity of the patient."""
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
    code: str = ""
    """SCHEME:VALUE; empty where there is none."""
    on: str = ""
    """Day of a laboratory value, YYYY-MM-DD, where given."""
    comparator: str = ""
    """Of a laboratory value that is only bounded: < or >."""
    side: str = ""
    """Of calcium on CT, and of a finding: L or R, where known."""
    level: str = ""
    """Of calcium on CT: trunk, thigh, lower leg, foot or unknown."""
    compartment: str = ""
    """Of calcium on CT, and of a finding."""

    @property
    def coded(self) -> Code | None:
        """The concept, where there is one."""
        scheme, colon, value = self.code.partition(":")
        return Code(value, scheme, self.label[:64]) if colon and scheme in SYSTEMS else None


@dataclass(frozen=True, slots=True)
class Where:
    """Which part of a CT, or vessel of a film, a quantity is of."""

    side: str
    level: str
    compartment: str
    kind: str = ""
    """Which artery of a CT, by its place in the record, from 1; which vessel of a film, as `vessel_name`."""


def quantity_rows(record: Record) -> list[QuantityRow]:
    """List the quantities of all images, each followed by its findings', then the patient's."""
    of_images = [row for image in record.images for row in _of_image(image, record)]
    return [*of_images, *patient_rows(record)]


def _of_image(image: ImageRecord, record: Record) -> Iterator[QuantityRow]:
    yield from image_rows(image, record)
    yield from part_rows(image)
    yield from course_rows(image)
    yield from finding_rows(image, record)


def patient_rows(record: Record) -> list[QuantityRow]:
    """List the prior and the posterior where there are any, laboratory values and what was worked out of them."""
    labs = [lab for lab in record.clinical.labs if lab.word is None]  # a result in words is no quantity
    return [*_chances(record), *map(_laboratory, labs), *_derived(record)]


def _chances(record: Record) -> Iterator[QuantityRow]:
    prior, posterior = record.evidence.prior, record.evidence.posterior
    if prior is not None:
        yield _of_patient("prior", LABELS["prior"], prior.value, "1", code=str(quantity_code("prior")))
    if posterior is not None:
        low, high = posterior.interval95
        code = str(quantity_code("posterior"))
        yield _of_patient("posterior", LABELS["posterior"], posterior.median, "1", code=code, low95=low, high95=high)


def _laboratory(lab: Lab) -> QuantityRow:
    return _of_patient(
        f"lab.{lab.analyte or lab.name}",
        lab.name,
        lab.value,
        lab.unit or "",
        code=_loinc(lab),
        on=lab.on or "",
        not_measured_because=ASKED if lab.value is None else "",
        comparator=lab.comparator or "",
    )


def _loinc(lab: Lab) -> str:
    """The code of an analyte that has one alone: where there are several, the specimen or the unit decides."""
    known = analyte(lab.analyte) if lab.analyte else None
    return f"LN:{known.loinc[0]}" if known is not None and len(known.loinc) == 1 else ""


def _derived(record: Record) -> Iterator[QuantityRow]:
    for one in record.clinical.derived:
        because = one.text if one.value is None else ""
        yield _of_patient(f"derived.{one.name}", one.label, one.value, one.unit, not_measured_because=because)


def _of_patient(name: str, label: str, value: float | None, unit: str, **rest: Any) -> QuantityRow:
    return QuantityRow("", "", "", name, label, value, unit, **rest)


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
                str(quantity_code(name)),
            )
        )
    return rows


def finding_rows(image: ImageRecord, record: Record) -> Iterator[QuantityRow]:
    """List the quantities of the findings of one image, finding by finding."""
    for finding in image.findings:
        for name in FINDING_QUANTITIES:
            value: float | None = getattr(finding, name)
            if value is not None:
                meaning = meaning_of(name, record)
                low, high = _interval(finding, name)
                yield QuantityRow(
                    *(image.id, finding.id, finding.kind, name, meaning.label, value, meaning.unit, low, high),
                    code=str(quantity_code(name)),
                    side=finding.side or "",
                    level=finding.level or "",
                    compartment=finding.compartment,
                )


def part_rows(image: ImageRecord) -> Iterator[QuantityRow]:
    """List the quantities of a CT part by part: of each side, level and compartment, then of each artery."""
    if image.ct is None:
        return
    for score in image.ct.scores:
        where = Where(score.side or "", score.level, score.compartment)
        yield _of_part(image, "score.lesions", score.lesions, where)
        yield _of_part(image, "score.volume_mm3", score.volume_mm3, where, because=ONE_SLICE)
        if score.compartment == "artery":
            yield _of_part(image, "score.agatston", score.agatston, where, because=no_agatston(image))
    for number, artery in enumerate(image.ct.arteries, start=1):
        where = Where(artery.side or "", "", "artery", kind=f"artery {number}")
        yield _of_part(image, "artery.length_mm", artery.length_mm, where)
        yield _of_part(image, "artery.calcified_mm", artery.calcified_mm, where)
        yield _of_part(image, "artery.calcified_percent", artery.calcified_percent, where)


def course_rows(image: ImageRecord) -> Iterator[QuantityRow]:
    """List the lengths of each vessel of a film, as far as its calcium shows it."""
    said = [entry.because for entry in image.not_measured if entry.measure == "calcified_length_mm"]
    for number, course in enumerate(image.courses):
        where = Where(course.side or "", "", "", kind=f"vessel {vessel_name(number)}")
        because = said[0] if said else ""
        yield _of_part(image, "artery.length_mm", course.length_mm, where, because=because)
        yield _of_part(image, "artery.calcified_mm", course.calcified_mm, where, because=because)
        yield _of_part(image, "artery.calcified_percent", course.calcified_percent, where)


def vessel_name(number: int) -> str:
    """What a vessel of a film is called by its place in the record, from 0.

    >>> vessel_name(0), vessel_name(25), vessel_name(26)
    ('A', 'Z', 'AA')
    """
    rounds, letter = divmod(number, len(ascii_uppercase))
    return ("" if rounds == 0 else vessel_name(rounds - 1)) + ascii_uppercase[letter]


def no_agatston(image: ImageRecord) -> str:
    """Why an Agatston score is missing, as the record says it for the whole image."""
    said = [entry.because for entry in image.not_measured if "agatston" in entry.measure]
    return said[0] if said else NO_AGATSTON


def _of_part(image: ImageRecord, name: str, value: float | None, where: Where, *, because: str = "") -> QuantityRow:
    unit = next((unit for suffix, unit in UNIT_OF_SUFFIX.items() if name.endswith(suffix)), "1")
    return QuantityRow(
        *(image.id, "", where.kind, name, LABELS[name], value, unit),
        not_measured_because=because if value is None else "",
        code=str(quantity_code(name)),
        side=where.side,
        level=where.level,
        compartment=where.compartment,
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


def to_parquet(record: Record) -> bytes:
    """Write the same rows as Parquet; version and weights stand in the metadata of its schema."""
    import pyarrow as pa  # heavy, and only this format needs it
    from pyarrow import parquet

    made_by = {"calcinet": record.version, "weights_sha256": record.model.sha256 or "", "schema": record.schema_}
    columns = pa.schema(
        [(field.name, pa.float64() if field.name in NUMBERS else pa.string()) for field in fields(QuantityRow)],
        metadata=made_by,
    )
    rows = [{name: _plain(value) for name, value in asdict(row).items()} for row in quantity_rows(record)]
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows, schema=columns), sink)
    return sink.getvalue()


def _plain(value: float | str | None) -> float | str | None:
    return str(value) if isinstance(value, str) else value


def to_csv(record: Record) -> str:
    """Write one row a quantity, with a header, as RFC 4180 has it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(QuantityRow)])
    writer.writeheader()
    writer.writerows(asdict(row) for row in quantity_rows(record))
    return text.getvalue()
