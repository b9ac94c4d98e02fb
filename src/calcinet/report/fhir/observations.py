"""Every number of a record as an Observation: one a quantity, gathered under one a finding."""

from collections.abc import Iterator
from typing import Any, Final

from calcinet.record import FindingRecord, ImageRecord, Lab, Record
from calcinet.report.edition import Edition
from calcinet.report.fhir.parts import Resource, coded, entry, quantity, reference, term, without_empty
from calcinet.report.labels import KINDS, SIDES
from calcinet.report.language import Language
from calcinet.report.quantities.codes import (
    Code,
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

OF_PARTS: Final = ("score.", "artery.")
"""Beginnings of the names of quantities that a part of the body has."""

DICOM_UID: Final = "urn:dicom:uid"
"""System of DICOM identifiers in FHIR: the value begins with urn:oid:."""

FLAGS: Final = {"H": "H", "L": "L", "N": "N"}
"""Of the record, and in v3 ObservationInterpretation."""


def name_of(row: QuantityRow, number: int = 0) -> tuple[str, ...]:
    """Name a row within its bundle; `number` tells results of the same analyte apart."""
    name = ("observation", row.image, row.finding, row.quantity, str(number))
    if row.quantity.startswith(OF_PARTS):
        return (*name, row.kind, row.side, row.level, row.compartment)
    return name


def image_observations(image: ImageRecord, record: Record, edition: Edition, _: Language) -> Iterator[Resource]:
    """Entries of one image: its measures, then its findings with theirs."""
    about = _describe_subject(image, edition)
    for row in image_rows(image, record):
        yield entry(edition, _observe_row(row, _) | about, *name_of(row))
    for row in part_rows(image):
        made = _observe_row(row, _)
        components = [_describe_layer(row), *made.get("component", [])]
        made |= about | {"bodySite": _find_body_site(row, image), "component": components}
        yield entry(edition, made, *name_of(row))
    rows = list(finding_rows(image, record))
    for row in rows:
        yield entry(edition, _observe_row(row, _) | about, *name_of(row))
    for finding in image.findings:
        members = [reference(edition, *name_of(row)) for row in rows if row.finding == finding.id]
        yield entry(edition, _observe_finding(finding, members, _) | about, "finding", image.id, finding.id)


def patient_observations(record: Record, edition: Edition, _: Language) -> Iterator[Resource]:
    """Entries of the patient: prior, posterior, laboratory, what was worked out."""
    labs = iter([lab for lab in record.clinical.labs if lab.word is None])
    for number, row in enumerate(patient_rows(record)):
        made = _observe_row(row, _) | {"subject": reference(edition, "patient")}
        if row.quantity.startswith("lab."):
            made |= _describe_laboratory(next(labs), row, dated=not edition.anonymous)
        yield entry(edition, made, *name_of(row, number))


def _observe_row(row: QuantityRow, _: Language) -> Resource:
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
        if row.not_measured_because:
            made["note"] = [{"text": _(row.not_measured_because)}]
    if row.low95 is not None and row.high95 is not None:
        low, high = word_code("low95"), word_code("high95")
        made["component"] = [
            {"code": coded(low, low.meaning), "valueQuantity": quantity(row.low95, row.unit)},
            {"code": coded(high, high.meaning), "valueQuantity": quantity(row.high95, row.unit)},
        ]
    return without_empty(made)


def _observe_finding(finding: FindingRecord, members: list[Resource], _: Language) -> Resource:
    """What was marked, its class and layer, and the numbers that belong to it."""
    components = []
    if finding.calibre_class is not None:
        components.append(_answer(word_code("calibre_class"), class_code(finding.calibre_class), finding.calibre_class))
    layer = compartment_word(on_ct=finding.form is not None)
    components.append(_answer(layer, compartment_code(finding.compartment), finding.compartment))
    if finding.form is not None:
        components.append(_answer(word_code("form"), form_code(finding.form), finding.form))
    made: Resource = {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [term("observation-category", "imaging")],
        "code": coded(kind_code(finding.kind), _(KINDS[finding.kind])),
        "identifier": [{"system": "urn:calcinet:finding", "value": finding.id}],
        "component": components,
    }
    if finding.tracking_uid is not None:
        made["identifier"].append({"system": DICOM_UID, "value": f"urn:oid:{finding.tracking_uid}"})
    if members:
        made["hasMember"] = members
    return made


def _answer(question: Code, answer: Code, text: str) -> Resource:
    """Make a component: a question and its coded answer."""
    return {"code": coded(question, question.meaning), "valueCodeableConcept": coded(answer, text)}


def _find_body_site(row: QuantityRow, image: ImageRecord) -> Resource:
    """Level and side of calcium on CT."""
    words = ", ".join(filter(None, (row.level, SIDES.get(row.side, ""))))
    return _add_side(coded(level_code(row.level, image.anatomy), words or image.anatomy), row.side or None)


def _describe_layer(row: QuantityRow) -> Resource:
    """Compartment of calcium on CT, as a component."""
    return _answer(compartment_word(on_ct=True), compartment_code(row.compartment), row.compartment)


def _describe_subject(image: ImageRecord, edition: Edition) -> Resource:
    """What every observation on an image shares: the patient, the device, the part of the body."""
    about: dict[str, Any] = {
        "subject": reference(edition, "patient"),
        "device": reference(edition, "device"),
        "focus": [{"identifier": {"system": "urn:calcinet:image", "value": image.sha256 or image.id}}],
    }
    if image.anatomy != "unknown":
        words = image.anatomy
        if image.laterality:
            words += f", {SIDES[image.laterality]}"
        about["bodySite"] = _add_side(coded(site_code(image.anatomy), words), image.laterality)
    return about


def _add_side(site: Resource, side: str | None) -> Resource:
    """Add the code of a side to that of a part of the body."""
    coding = list(site.get("coding", ()))
    if side:
        coding += coded(side_code(side), "")["coding"]
    return without_empty({**site, "coding": coding})


def _describe_laboratory(lab: Lab, row: QuantityRow, *, dated: bool) -> Resource:
    """What a result has beyond its number: it is the laboratory's word, final where ours are preliminary."""
    made: Resource = {"status": "final", "category": [term("observation-category", "laboratory")]}
    if row.on and dated:
        made["effectiveDateTime"] = row.on
    if lab.flag is not None:
        made["interpretation"] = [term("v3-ObservationInterpretation", FLAGS[lab.flag])]
    low, high = lab.range or (None, None)
    limits = {}
    if low is not None:
        limits["low"] = quantity(low, row.unit)
    if high is not None:
        limits["high"] = quantity(high, row.unit)
    if limits:
        made["referenceRange"] = [limits]
    return made
