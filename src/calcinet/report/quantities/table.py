"""Every number of a record as a row: for the page, for objects of archives and records, and for a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Final

from calcinet.clinical.analytes import analyte
from calcinet.record import Course, CtArtery, CtScore, FindingRecord, ImageRecord, Lab, Record
from calcinet.record.base import FieldMeaning
from calcinet.report.quantities.codes import SYSTEMS, Code, concept_of_quantity, quantity_code
from calcinet.report.quantities.meanings import (
    ARTERY_QUANTITIES,
    CONTRACT_MEANINGS,
    FINDING_QUANTITIES,
    SCORE_QUANTITIES,
    finding_meaning,
    measure_meaning,
    missing_of_findings,
    quantity_meaning,
)
from calcinet.text import say

ASKED: Final = say("value or unit must be asked about; see the questions")

ONE_SLICE: Final = say("one slice has no volume")

NO_AGATSTON: Final = say("the score is defined without contrast agent in the vessels")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityRow:
    """One number, or the reason why it is missing."""

    image: str = ""
    """Empty for a quantity of the patient."""
    finding: str = ""
    """Empty for a quantity of the whole image."""
    kind: str = ""
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
    """< or > of a laboratory value that is only bounded."""
    side: str = ""
    """L or R of calcium on CT and of a finding, where known."""
    level: str = ""
    """Trunk, thigh, lower leg, foot or unknown, of calcium on CT."""
    compartment: str = ""
    """Layer of calcium on CT and of a finding."""

    @property
    def coded(self) -> Code | None:
        """The concept under the row's own label, where there is one."""
        scheme, colon, value = self.code.partition(":")
        if not colon or scheme not in SYSTEMS:
            return None
        return Code(value=value, scheme=scheme, meaning=self.label[:64])

    @property
    def concept(self) -> Code:
        """The concept of a measured quantity, as the table of codes has it."""
        return concept_of_quantity(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPart:
    """Part of an image that a quantity belongs to: of a CT a compartment or an artery, of a film a vessel."""

    image: str
    kind: str = ""
    """Artery of a CT by its place in the record, from 1; vessel of a film as `vessel_name`."""
    side: str
    level: str = ""
    compartment: str = ""


def quantity_rows(record: Record) -> list[QuantityRow]:
    """List the quantities of all images, each followed by its findings', then the patient's."""
    rows: list[QuantityRow] = []
    for image in record.images:
        rows += image_rows(image, record)
        rows += part_rows(image)
        rows += course_rows(image)
        rows += finding_rows(image, record)
    return rows + patient_rows(record)


def patient_rows(record: Record) -> list[QuantityRow]:
    """List the prior and the posterior where there are any, laboratory values and what was worked out of them."""
    return [*_list_probabilities(record), *_list_laboratory(record), *_list_derived(record)]


def image_rows(image: ImageRecord, record: Record) -> list[QuantityRow]:
    """List the quantities of one image; those that are missing without a value of their own come last."""
    quantities: dict[str, float | None] = {}
    if image.refused is None:
        quantities = {"resolvable_mm": image.resolvable_mm, **image.measures}
    because = {entry.measure: entry.because for entry in image.not_measured}
    of_findings = missing_of_findings(image)
    rows = []
    for name in dict.fromkeys([*quantities, *because]):
        if name in of_findings:
            finding, quantity = of_findings[name]
            code, meaning = quantity_code(quantity), finding_meaning(finding, quantity, record)
        else:
            code, meaning = quantity_code(name), measure_meaning(name, record)
        value = quantities.get(name)
        low, high = image.intervals95.get(name, (None, None))
        rows.append(
            QuantityRow(
                image=image.id,
                quantity=name,
                label=meaning.label,
                value=value,
                unit=meaning.unit,
                low95=low,
                high95=high,
                not_measured_because=_explain_missing(value, because.get(name, "")),
                code=str(code),
            )
        )
    return rows


def finding_rows(image: ImageRecord, record: Record) -> Iterator[QuantityRow]:
    """List the quantities of the findings of one image, finding by finding."""
    for finding in image.findings:
        for name in FINDING_QUANTITIES:
            value: float | None = getattr(finding, name)
            if value is not None:
                yield _add_condition(_make_finding_row(image, finding, name, value, record), image)


def part_rows(image: ImageRecord) -> Iterator[QuantityRow]:
    """List the quantities of a CT part by part: of each side, level and compartment, then of each artery."""
    if image.ct is None:
        return
    for score in image.ct.scores:
        yield from _list_score(image, score)
    for number, artery in enumerate(image.ct.arteries, start=1):
        part = BodyPart(image=image.id, kind=f"artery {number}", side=artery.side or "", compartment="artery")
        yield from _list_artery(part, artery)


def course_rows(image: ImageRecord) -> Iterator[QuantityRow]:
    """List the lengths of each vessel of a film, as far as its calcium shows it."""
    because = _find_reason(image, "calcified_length_mm")
    for number, course in enumerate(image.courses):
        part = BodyPart(image=image.id, kind=f"vessel {vessel_name(number)}", side=course.side or "")
        for row in _list_artery(part, course, because=because):
            yield _add_condition(row, image)


def _add_condition(row: QuantityRow, image: ImageRecord) -> QuantityRow:
    """Name what a number in mm hangs on, where the pixel size is not known."""
    if image.lengths_hold_if is None or row.value is None or not row.unit.startswith("mm"):
        return row
    label = say("{quantity}; {condition}", quantity=row.label, condition=image.lengths_hold_if)
    return replace(row, label=label)


def vessel_name(number: int) -> str:
    """Name a vessel of a film by its place in the record, from 0.

    >>> vessel_name(0), vessel_name(25), vessel_name(26)
    ('A', 'Z', 'AA')
    """
    rounds, letter = divmod(number, len(ascii_uppercase))
    if rounds == 0:
        return ascii_uppercase[letter]
    return vessel_name(rounds - 1) + ascii_uppercase[letter]


def no_agatston(image: ImageRecord) -> str:
    """Say why an Agatston score is missing, as the record says it for the whole image."""
    for entry in image.not_measured:
        if "agatston" in entry.measure:
            return entry.because
    return NO_AGATSTON


def _list_probabilities(record: Record) -> Iterator[QuantityRow]:
    prior, posterior = record.evidence.prior, record.evidence.posterior
    if prior is not None:
        yield _make_probability_row("prior", prior.value)
    if posterior is not None:
        low, high = posterior.interval95
        yield _make_probability_row("posterior", posterior.median, low, high)


def _make_probability_row(name: str, value: float, low: float | None = None, high: float | None = None) -> QuantityRow:
    meaning = CONTRACT_MEANINGS[name]
    return QuantityRow(
        quantity=name,
        label=meaning.label,
        value=value,
        unit=meaning.unit,
        low95=low,
        high95=high,
        code=str(quantity_code(name)),
    )


def _list_laboratory(record: Record) -> Iterator[QuantityRow]:
    for lab in record.clinical.labs:
        if lab.word is None:  # a result in words is no quantity
            yield _make_laboratory_row(lab)


def _make_laboratory_row(lab: Lab) -> QuantityRow:
    return QuantityRow(
        quantity=f"lab.{lab.analyte or lab.name}",
        label=lab.name,
        value=lab.value,
        unit=lab.unit or "",
        not_measured_because=_explain_missing(lab.value, ASKED),
        code=_find_loinc(lab),
        on=lab.on or "",
        comparator=lab.comparator or "",
    )


def _find_loinc(lab: Lab) -> str:
    """Find the code of an analyte that has one alone: where there are several, the specimen or the unit decides."""
    if not lab.analyte:
        return ""
    found = analyte(lab.analyte)
    if found is None or len(found.loinc) != 1:
        return ""
    return f"LN:{found.loinc[0]}"


def _list_derived(record: Record) -> Iterator[QuantityRow]:
    for entry in record.clinical.derived:
        yield QuantityRow(
            quantity=f"derived.{entry.name}",
            label=entry.label,
            value=entry.value,
            unit=entry.unit,
            not_measured_because=_explain_missing(entry.value, entry.text),
        )


def _make_finding_row(
    image: ImageRecord, finding: FindingRecord, name: str, value: float, record: Record
) -> QuantityRow:
    meaning = quantity_meaning(name, record)
    intervals = {
        "calibre_mm": finding.calibre_interval_mm,
        "area_mm2": finding.area_interval_mm2,
        "volume_mm3": finding.volume_interval_mm3,
    }
    low, high = intervals.get(name) or (None, None)
    return QuantityRow(
        image=image.id,
        finding=finding.id,
        kind=finding.kind,
        quantity=name,
        label=meaning.label,
        value=value,
        unit=meaning.unit,
        low95=low,
        high95=high,
        code=str(quantity_code(name)),
        side=finding.side or "",
        level=finding.level or "",
        compartment=finding.compartment,
    )


def _list_score(image: ImageRecord, score: CtScore) -> Iterator[QuantityRow]:
    """List the numbers of one compartment; only arteries have an Agatston score."""
    part = BodyPart(image=image.id, side=score.side or "", level=score.level, compartment=score.compartment)
    reasons = {"volume_mm3": ONE_SLICE, "agatston": no_agatston(image)}
    intervals = {"volume_mm3": score.volume_interval_mm3, "agatston": score.agatston_interval}
    for name, meaning in SCORE_QUANTITIES.items():
        if name != "agatston" or score.compartment == "artery":
            because = reasons.get(name, "")
            row = _make_part_row(part, f"score.{name}", getattr(score, name), meaning, because)
            yield _add_interval(row, intervals.get(name))


def _list_artery(part: BodyPart, course: Course, *, because: str = "") -> Iterator[QuantityRow]:
    for name, meaning in ARTERY_QUANTITIES.items():
        row = _make_part_row(part, f"artery.{name}", getattr(course, name), meaning, because)
        if name == "calcified_mm" and isinstance(course, CtArtery):
            row = _add_interval(row, course.calcified_interval_mm)
        yield row


def _make_part_row(part: BodyPart, name: str, value: float | None, meaning: FieldMeaning, because: str) -> QuantityRow:
    return QuantityRow(
        image=part.image,
        kind=part.kind,
        quantity=name,
        label=meaning.label,
        value=value,
        unit=meaning.unit,
        not_measured_because=_explain_missing(value, because),
        code=str(quantity_code(name)),
        side=part.side,
        level=part.level,
        compartment=part.compartment,
    )


def _add_interval(row: QuantityRow, interval: tuple[float, float] | None) -> QuantityRow:
    if interval is None:
        return row
    return replace(row, low95=interval[0], high95=interval[1])


def _find_reason(image: ImageRecord, measure: str) -> str:
    for entry in image.not_measured:
        if entry.measure == measure:
            return entry.because
    return ""


def _explain_missing(value: float | None, because: str) -> str:
    """Keep a reason where there is no number."""
    if value is None:
        return because
    return ""
