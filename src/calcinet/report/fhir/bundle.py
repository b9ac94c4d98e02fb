"""The bundle: report, observations, studies, risk, device and provenance of one examination."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from fhir.resources.R4B.bundle import Bundle

from calcinet.record import ImageRecord, Record
from calcinet.report.dicom.source_reference import Origin
from calcinet.report.edition import Edition
from calcinet.report.fhir.observations import image_observations, name_of, patient_observations
from calcinet.report.fhir.parts import Resource, coded, dicom_term, dicom_uid, entry, reference, term, without_empty
from calcinet.report.labels import SHORT_DISCLAIMER
from calcinet.report.language import Language, translator
from calcinet.report.quantities.codes import Code
from calcinet.report.quantities.table import patient_rows
from calcinet.text import say

REPORT: Final = Code(value="18748-4", scheme="LN", meaning="Diagnostic Imaging Report")
"""In CID 7000 of DICOM, which the dictionary of pydicom carries."""


def to_bundle(record: Record, edition: Edition, origins: Mapping[str, Origin] | None = None) -> str:
    """Write a record as a FHIR bundle in JSON: the same record and edition give the same bytes.

    Nobody is named: the Patient resource is there because others must refer to one, and it is empty.

    Parameters
    ----------
    record
        What was found.
    edition
        Time, language, and what identifiers are derived from.
    origins
        Where the examined images lie in their archive, by image id; without it there is no ImagingStudy of them.
    """
    _ = translator(edition.language)
    observations: list[Resource] = []
    for image in record.images:
        observations += image_observations(image, record, edition, _)
    observations += patient_observations(record, edition, _)
    studies = list(_list_studies(record, origins or {}, edition))
    entries = [
        entry(edition, _write_report(record, observations, studies, edition, _), "report"),
        entry(edition, {"resourceType": "Patient"}, "patient"),
        entry(edition, _describe_device(record), "device"),
        *studies,
        *observations,
        *_assess_risk(record, edition, _),
        entry(edition, _describe_provenance(record, edition), "provenance"),
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": edition.uuid("fhir", "bundle").urn},
        "timestamp": edition.when.isoformat(timespec="seconds"),
        "entry": entries,
    }
    checked = Bundle.model_validate(bundle)
    return json.dumps(json.loads(checked.model_dump_json()), indent=1, ensure_ascii=False) + "\n"


def _write_report(
    record: Record, observations: Sequence[Resource], studies: Sequence[Resource], edition: Edition, _: Language
) -> Resource:
    made: Resource = {
        "resourceType": "DiagnosticReport",
        "status": "preliminary",
        "category": [term("v2-0074", "RAD")],
        "code": coded(REPORT, _(say("Calcium outside bone"))),
        "subject": reference(edition, "patient"),
        "issued": edition.when.isoformat(timespec="seconds"),
        "result": _refer_to_entries(observations),
        "imagingStudy": _refer_to_entries(studies),
        "conclusion": _write_conclusion(record, _),
    }
    return without_empty(made)


def _write_conclusion(record: Record, _: Language) -> str:
    """The sentences of the summary, the first statement of each image, what was corrected, and the disclaimer."""
    sentences = [*record.summary.sentences]
    for image in record.examined:
        sentences += [*image.statements[:1], *image.correction_notes]
    sentences.append(SHORT_DISCLAIMER)
    return " ".join(_(sentence) for sentence in sentences)


def _refer_to_entries(entries: Sequence[Resource]) -> list[Resource]:
    return [{"reference": each["fullUrl"]} for each in entries]


def _describe_device(record: Record) -> Resource:
    """The software, its version and its weights."""
    versions = [{"type": {"text": "software"}, "value": record.version}]
    if record.model.sha256:
        versions.append({"type": {"text": f"weights {record.model.name}, SHA-256"}, "value": record.model.sha256})
    return {
        "resourceType": "Device",
        "deviceName": [{"name": "calcinet", "type": "model-name"}],
        "version": versions,
    }


def _list_studies(record: Record, origins: Mapping[str, Origin], edition: Edition) -> Iterator[Resource]:
    """One ImagingStudy for each study that an examined image lies in, by rising identifiers."""
    studies: dict[str, list[tuple[Origin, ImageRecord]]] = {}
    for image in record.examined:
        if image.id in origins:
            origin = origins[image.id]
            studies.setdefault(origin.study, []).append((origin, image))
    for study in sorted(studies):
        made = {
            "resourceType": "ImagingStudy",
            "identifier": [dicom_uid(study)],
            "status": "available",
            "subject": reference(edition, "patient"),
            "series": _list_series(studies[study]),
        }
        yield entry(edition, made, "study", study)


def _list_series(images: Sequence[tuple[Origin, ImageRecord]]) -> list[Resource]:
    """The series of one study, by rising identifiers, the images of one by their ids."""
    origins: dict[str, list[Origin]] = {}
    modalities: dict[str, str] = {}
    for origin, image in sorted(images, key=_rank_in_study):
        origins.setdefault(origin.series, []).append(origin)
        modalities.setdefault(origin.series, image.modality)
    series = []
    for uid, own in origins.items():
        series.append({"uid": uid, "modality": dicom_term(modalities[uid]), **_list_instances(own)})
    return series


def _rank_in_study(pair: tuple[Origin, ImageRecord]) -> tuple[str, str]:
    origin, image = pair
    return origin.series, image.id


def _list_instances(origins: Sequence[Origin]) -> Resource:
    """Films one by one; the slices of a CT by their number alone."""
    count = sum(origin.slices for origin in origins)
    if count > len(origins):
        return {"numberOfInstances": count}
    instances = []
    for origin in origins:
        sop_class = {"system": "urn:ietf:rfc:3986", "code": f"urn:oid:{origin.sop_class}"}
        instances.append({"uid": origin.instance, "sopClass": sop_class})
    return {"instance": instances}


def _assess_risk(record: Record, edition: Edition, _: Language) -> Iterator[Resource]:
    """The probability, where a prior was given: never without."""
    prior, posterior = record.evidence.prior, record.evidence.posterior
    if prior is None or posterior is None:
        return
    basis = []
    for number, row in enumerate(patient_rows(record)):
        if row.quantity in ("prior", "posterior"):
            basis.append(reference(edition, *name_of(row, number)))
    low, high = posterior.interval95
    rationale = say(
        "Pre-test probability {prior:.3g} ({basis}); post-test probability {median:.3g}, 95 % "
        "interval {low:.3g} to {high:.3g}.",
        prior=prior.value,
        basis=prior.basis,
        median=posterior.median,
        low=low,
        high=high,
    )
    made = {
        "resourceType": "RiskAssessment",
        "status": "preliminary",
        "subject": reference(edition, "patient"),
        "performer": reference(edition, "device"),
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
    yield entry(edition, made, "risk")


def _describe_provenance(record: Record, edition: Edition) -> Resource:
    """What the report was made from: every image, by the hash of its file."""
    sources = []
    for image in record.images:
        if image.sha256:
            identifier = {"system": "urn:calcinet:image", "value": image.sha256}
            sources.append({"role": "source", "what": {"identifier": identifier}})
    made = {
        "resourceType": "Provenance",
        "target": [reference(edition, "report")],
        "recorded": edition.when.isoformat(timespec="seconds"),
        "agent": [{"type": term("provenance-participant-type", "assembler"), "who": reference(edition, "device")}],
        "entity": sources,
    }
    return without_empty(made)
