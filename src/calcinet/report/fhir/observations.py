"""Every number of a record as an Observation: one a quantity, gathered under one a finding."""

from collections.abc import Iterator
from typing import Any, Final

from calcinet.record import FindingRecord, ImageRecord, Lab, Record
from calcinet.report.edition import Edition
from calcinet.report.fhir.parts import Resource, coded, entry, quantity, reference, term
from calcinet.report.labels import KINDS, SIDES
from calcinet.report.language import Language
from calcinet.report.quantities.codes import (
    class_code,
    compartment_code,
    compartment_word,
    form_code,
    kind_code,
    level_code,
    side_code,
    site_code,
    word_code,
)
from calcinet.report.quantities.table import QuantityRow, finding_rows, image_rows, part_rows, patient_rows

FLAGS: Final = {"H": "H", "L": "L", "N": "N"}
"""Of the record, and in v3 ObservationInterpretation."""


def name_of(row: QuantityRow, number: int = 0) -> tuple[str, ...]:
    """Name a row within its bundle; `number` tells results of the same analyte apart."""
    where = (row.kind, row.side, row.level, row.compartment) if row.quantity.startswith(("score.", "artery.")) else ()
    return ("observation", row.image, row.finding, row.quantity, str(number), *where)


def image_observations(image: ImageRecord, record: Record, issue: Edition, _: Language) -> Iterator[Resource]:
    """Entries of one image: its measures, then its findings with theirs."""
    about = _about(image, issue)
    for row in image_rows(image, record):
        yield entry(issue, _of_row(row, _) | about, *name_of(row))
    for row in part_rows(image):
        yield entry(issue, _of_row(row, _) | about | _place(row, image), *name_of(row))
    rows = list(finding_rows(image, record))
    for row in rows:
        yield entry(issue, _of_row(row, _) | about, *name_of(row))
    for finding in image.findings:
        members = [reference(issue, *name_of(row)) for row in rows if row.finding == finding.id]
        yield entry(issue, _of_finding(finding, members, _) | about, "finding", image.id, finding.id)


def patient_observations(record: Record, issue: Edition, _: Language) -> Iterator[Resource]:
    """Entries of the patient: prior, posterior, laboratory, what was worked out."""
    labs = iter([lab for lab in record.clinical.labs if lab.word is None])
    for number, row in enumerate(patient_rows(record)):
        made = _of_row(row, _) | {"subject": reference(issue, "patient")}
        if row.quantity.startswith("lab."):
            made |= _of_laboratory(next(labs), row, dated=not issue.anonymous)
        yield entry(issue, made, *name_of(row, number))


def _of_row(row: QuantityRow, _: Language) -> Resource:
    made: Resource = {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [term("observation-category", "imaging" if row.image else "survey")],
        "code": coded(row.coded, _(row.label)),
    }
    if row.value is not None:
        made["valueQuantity"] = quantity(row.value, row.unit)
        if row.comparator:
            made["valueQuantity"]["comparator"] = row.comparator
    else:
        made["dataAbsentReason"] = term("data-absent-reason", "not-performed")
        made["note"] = [{"text": _(row.not_measured_because)}] if row.not_measured_because else []
    if row.low95 is not None and row.high95 is not None:
        ends = ((word_code("low95"), row.low95), (word_code("high95"), row.high95))
        made["component"] = [
            {"code": coded(code, code.meaning), "valueQuantity": quantity(end, row.unit)} for code, end in ends
        ]
    return {key: value for key, value in made.items() if value}


def _of_finding(finding: FindingRecord, members: list[Resource], _: Language) -> Resource:
    """What was marked, its class and layer, and the numbers that belong to it."""
    words = (
        (word_code("calibre_class"), finding.calibre_class, class_code),
        (compartment_word(on_ct=finding.form is not None), finding.compartment, compartment_code),
        (word_code("form"), finding.form, form_code),
    )
    return {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [term("observation-category", "imaging")],
        "code": coded(kind_code(finding.kind), _(KINDS[finding.kind])),
        "identifier": [{"system": "urn:calcinet:finding", "value": finding.id}],
        "component": [
            {"code": coded(question, question.meaning), "valueCodeableConcept": coded(code(said), said)}
            for question, said, code in words
            if said is not None
        ],
        **({"hasMember": members} if members else {}),
    }


def _place(row: QuantityRow, image: ImageRecord) -> Resource:
    """Level and side of calcium on CT; its compartment as a component."""
    words = ", ".join(filter(None, (row.level, SIDES.get(row.side, ""))))
    site = coded(level_code(row.level, image.anatomy), words or image.anatomy)
    site.setdefault("coding", []).extend(_side(row.side or None))
    question, layer = compartment_word(on_ct=True), compartment_code(row.compartment)
    component = {"code": coded(question, question.meaning), "valueCodeableConcept": coded(layer, row.compartment)}
    return {"bodySite": {key: value for key, value in site.items() if value}, "component": [component]}


def _about(image: ImageRecord, issue: Edition) -> Resource:
    """What every observation on an image shares: the patient, the device, the part of the body."""
    about: dict[str, Any] = {
        "subject": reference(issue, "patient"),
        "device": reference(issue, "device"),
        "focus": [{"identifier": {"system": "urn:calcinet:image", "value": image.sha256 or image.id}}],
    }
    if image.anatomy != "unknown":
        side = _side(image.laterality)
        words = f"{image.anatomy}, {SIDES[image.laterality]}" if image.laterality else image.anatomy
        about["bodySite"] = coded(site_code(image.anatomy), words)
        about["bodySite"].setdefault("coding", []).extend(side)
        about["bodySite"] = {key: value for key, value in about["bodySite"].items() if value}
    return about


def _side(laterality: str | None) -> list[Resource]:
    coding: list[Resource] = coded(side_code(laterality), "")["coding"] if laterality else []
    return coding


def _of_laboratory(lab: Lab, row: QuantityRow, *, dated: bool) -> Resource:
    made: Resource = {"category": [term("observation-category", "laboratory")]}
    if row.on and dated:
        made["effectiveDateTime"] = row.on
    if lab.flag is not None:
        made["interpretation"] = [term("v3-ObservationInterpretation", FLAGS[lab.flag])]
    low, high = lab.range or (None, None)
    limits = {name: quantity(end, row.unit) for name, end in (("low", low), ("high", high)) if end is not None}
    return made | ({"referenceRange": [limits]} if limits else {})
