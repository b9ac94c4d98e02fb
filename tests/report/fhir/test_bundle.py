"""The bundle: what refers to what, and what it leaves out."""

import json
from datetime import UTC, datetime

from calcinet.report.dicom.source_reference import Origin
from calcinet.report.edition import Edition
from calcinet.report.fhir import to_bundle
from tests.support import handmade

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def resources(record, origins=None) -> list[dict]:
    bundle = json.loads(to_bundle(record, Edition.of(record, when=WHEN), origins))
    return [entry["resource"] for entry in bundle["entry"]]


def of_type(made, name: str) -> list[dict]:
    return [resource for resource in made if resource["resourceType"] == name]


def origin(series: str, instance: str, study: str = "1.2", slices: int = 1) -> Origin:
    return Origin(study=study, series=series, instance=instance, sop_class="1.2.840", slices=slices)


def films(*names: str):
    record = handmade.examination()
    one = record.images[0]
    return record.model_copy(update={"images": tuple(one.model_copy(update={"id": name}) for name in names)})


def test_the_report_lists_every_observation_and_its_sentences():
    record = handmade.examination()
    made = resources(record)
    (report,) = of_type(made, "DiagnosticReport")

    assert len(report["result"]) == len(of_type(made, "Observation"))
    assert record.summary.sentences[0] in report["conclusion"]
    assert report["conclusion"].endswith("not a diagnosis")


def test_films_of_one_series_are_listed_one_by_one_and_slices_by_their_number():
    """Two films of a series, and a CT of 80 slices in another study: by rising identifiers."""
    record = films("img-1", "img-2", "img-3")
    origins = {
        "img-2": origin("1.2.5", "2"),
        "img-1": origin("1.2.5", "1"),
        "img-3": origin("1.1.1", "3", study="1.1", slices=80),
    }
    first, second = of_type(resources(record, origins), "ImagingStudy")

    assert first["identifier"][0]["value"] == "urn:oid:1.1"
    assert first["series"][0]["numberOfInstances"] == 80
    assert [series["uid"] for series in second["series"]] == ["1.2.5"]
    assert [instance["uid"] for instance in second["series"][0]["instance"]] == ["1", "2"]


def test_without_origins_there_is_no_study():
    assert of_type(resources(films("img-1")), "ImagingStudy") == []


def test_nobody_is_named_and_without_a_prior_there_is_no_risk():
    made = resources(handmade.examination())

    assert of_type(made, "Patient") == [{"resourceType": "Patient"}]
    assert of_type(made, "RiskAssessment") == []


def test_the_risk_says_its_prior_and_rests_on_both_probabilities(patient):
    made = resources(patient)
    (risk,) = of_type(made, "RiskAssessment")

    assert risk["prediction"][0]["probabilityDecimal"] == patient.evidence.posterior.median
    assert "Pre-test probability 0.3" in risk["prediction"][0]["rationale"]
    assert len(risk["basis"]) == 2


def test_the_provenance_names_every_image_by_its_hash():
    record = handmade.examination()
    (provenance,) = of_type(resources(record), "Provenance")
    named = {entity["what"]["identifier"]["value"] for entity in provenance["entity"]}

    assert named == {image.sha256 for image in record.images if image.sha256}
