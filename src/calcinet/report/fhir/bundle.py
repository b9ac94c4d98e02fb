"""The bundle: report, observations, studies, risk, device and provenance of one examination."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from fhir.resources.R4B.bundle import Bundle

from calcinet.record import Record
from calcinet.report.edition import Edition
from calcinet.report.fhir.observations import image_observations, name_of, patient_observations
from calcinet.report.fhir.parts import Resource, coded, dicom_term, dicom_uid, entry, reference, term
from calcinet.report.labels import SHORT_DISCLAIMER
from calcinet.report.language import Language, translator
from calcinet.report.quantities.codes import Code
from calcinet.report.quantities.table import patient_rows
from calcinet.report.source_reference import Origin
from calcinet.text import say

REPORT: Final = Code(value="18748-4", scheme="LN", meaning="Diagnostic Imaging Report")
"""In CID 7000 of DICOM, which the dictionary of pydicom carries."""


def to_bundle(record: Record, issue: Edition, origins: Mapping[str, Origin] | None = None) -> str:
    """Write a record as a FHIR bundle in JSON: the same record and issue give the same bytes.

    Nobody is named: the Patient resource is there because others must refer to one, and it is empty.

    Parameters
    ----------
    record
        What was found.
    issue
        Time, language, and what identifiers are derived from.
    origins
        Where the examined images lie in their archive, by image id; without it there is no ImagingStudy of them.
    """
    _ = translator(issue.language)
    observations = [one for image in record.images for one in image_observations(image, record, issue, _)]
    observations += patient_observations(record, issue, _)
    studies = list(_studies(record, origins or {}, issue))
    entries = [
        entry(issue, _report(record, observations, studies, issue, _), "report"),
        entry(issue, {"resourceType": "Patient"}, "patient"),
        entry(issue, _device(record), "device"),
        *studies,
        *observations,
        *_risk(record, issue, _),
        entry(issue, _provenance(record, issue), "provenance"),
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": issue.uuid("fhir", "bundle").urn},
        "timestamp": issue.when.isoformat(timespec="seconds"),
        "entry": entries,
    }
    checked = Bundle.model_validate(bundle)
    return json.dumps(json.loads(checked.model_dump_json()), indent=1, ensure_ascii=False) + "\n"


def _report(
    record: Record, observations: Sequence[Resource], studies: Sequence[Resource], issue: Edition, _: Language
) -> Resource:
    statements = [statement for image in record.examined for statement in image.statements[:1]]
    sentences = [_(sentence) for sentence in (*record.summary.sentences, *statements, SHORT_DISCLAIMER)]
    made: Resource = {
        "resourceType": "DiagnosticReport",
        "status": "preliminary",
        "category": [term("v2-0074", "RAD")],
        "code": coded(REPORT, _(say("Calcium outside bone"))),
        "subject": reference(issue, "patient"),
        "issued": issue.when.isoformat(timespec="seconds"),
        "result": [{"reference": one["fullUrl"]} for one in observations],
        "imagingStudy": [{"reference": one["fullUrl"]} for one in studies],
        "conclusion": " ".join(sentences),
    }
    return {key: value for key, value in made.items() if value}


def _device(record: Record) -> Resource:
    """The software, its version and its weights."""
    versions = [{"type": {"text": "software"}, "value": record.version}]
    if record.model.sha256:
        versions.append({"type": {"text": f"weights {record.model.name}, SHA-256"}, "value": record.model.sha256})
    return {
        "resourceType": "Device",
        "deviceName": [{"name": "calcinet", "type": "model-name"}],
        "version": versions,
    }


def _studies(record: Record, origins: Mapping[str, Origin], issue: Edition) -> Iterator[Resource]:
    """One ImagingStudy for each study that an examined image lies in."""
    placed = sorted(
        ((origins[image.id], image) for image in record.examined if image.id in origins),
        key=lambda pair: (pair[0].study, pair[0].series, pair[1].id),
    )
    for study, images in groupby(placed, key=lambda pair: pair[0].study):
        series = [
            {
                "uid": uid,
                "modality": dicom_term(members[0][1].modality),
                **_instances([origin for origin, _ in members]),
            }
            for uid, members in ((key, list(group)) for key, group in groupby(images, key=lambda pair: pair[0].series))
        ]
        made = {
            "resourceType": "ImagingStudy",
            "identifier": [dicom_uid(study)],
            "status": "available",
            "subject": reference(issue, "patient"),
            "series": series,
        }
        yield entry(issue, made, "study", study)


def _instances(origins: Sequence[Origin]) -> Resource:
    """Films one by one; the slices of a CT by their number alone."""
    count = sum(origin.slices for origin in origins)
    if count > len(origins):
        return {"numberOfInstances": count}
    return {
        "instance": [
            {
                "uid": origin.instance,
                "sopClass": {"system": "urn:ietf:rfc:3986", "code": f"urn:oid:{origin.sop_class}"},
            }
            for origin in origins
        ]
    }


def _risk(record: Record, issue: Edition, _: Language) -> Iterator[Resource]:
    """The probability, where a prior was given: never without."""
    prior, posterior = record.evidence.prior, record.evidence.posterior
    if prior is None or posterior is None:
        return
    rows = enumerate(patient_rows(record))
    basis = [reference(issue, *name_of(row, number)) for number, row in rows if row.quantity in ("prior", "posterior")]
    low, high = posterior.interval95
    rationale = say(
        "From a prior of {prior:.3g} ({basis}) and the findings: {median:.3g}, 95 % interval {low:.3g} to {high:.3g}.",
        prior=prior.value,
        basis=prior.basis,
        median=posterior.median,
        low=low,
        high=high,
    )
    made = {
        "resourceType": "RiskAssessment",
        "status": "preliminary",
        "subject": reference(issue, "patient"),
        "performer": reference(issue, "device"),
        "basis": basis,
        "prediction": [
            {
                "outcome": {"text": record.evidence.hypothesis},
                "probabilityDecimal": posterior.median,
                "rationale": _(rationale),
            }
        ],
        "note": [{"text": _(SHORT_DISCLAIMER)}],
    }
    yield entry(issue, made, "risk")


def _provenance(record: Record, issue: Edition) -> Resource:
    sources = [
        {"role": "source", "what": {"identifier": {"system": "urn:calcinet:image", "value": image.sha256}}}
        for image in record.images
        if image.sha256
    ]
    made = {
        "resourceType": "Provenance",
        "target": [reference(issue, "report")],
        "recorded": issue.when.isoformat(timespec="seconds"),
        "agent": [{"type": term("provenance-participant-type", "assembler"), "who": reference(issue, "device")}],
        "entity": sources,
    }
    return {key: value for key, value in made.items() if value}
