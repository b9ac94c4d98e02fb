"""What references lead to, and who is the patient."""

import pytest

from calcinet.errors import BadInput
from tests.support.bundles import HERS, PATIENT, WARFARIN, drug, read, result, values

MEDICATION = {"resourceType": "Medication", "id": "m1", "code": WARFARIN}
UUID = "3c9f0d1e-0000-4000-8000-00000000abcd"
HERE = "https://a.org/fhir/Medication/m1"


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        *(("Medication/m1", None), (HERE, HERE), ("Medication/m1", HERE), ("Medication/m1/_history/3", HERE)),
        *(
            (f"{HERE}/_history/3", HERE),
            (f"urn:uuid:{UUID.upper()}", f"urn:uuid:{UUID}"),
            (f"Medication/{UUID}", f"urn:uuid:{UUID}"),
        ),
    ],
)
def test_reference_leads_to_its_medication(reference, address):
    """Relative, absolute, of one version, urn."""
    case = read({**MEDICATION, "fullUrl": address}, drug(medicationReference={"reference": reference}))

    assert [(one.name, one.status) for one in case.drugs] == [("warfarin", "taking")]


@pytest.mark.parametrize("reference", ["Medication/none", "https://b.org/fhir/Medication/m1", "#none", "urn:uuid:9"])
def test_drug_whose_medication_is_not_there_is_told(reference):
    """That of another server is another one."""
    case = read({**MEDICATION, "fullUrl": HERE}, drug(medicationReference={"reference": reference}))

    assert case.drugs is None
    assert case.left_out == (
        "1 drug could not be read: the entry that names it is not in the bundle. Ask which drug it is.",
    )


def test_one_name_on_two_servers_is_that_of_the_own_server():
    calcitriol = {**MEDICATION, "fullUrl": "https://b.org/fhir/Medication/m1", "code": {"text": "calcitriol"}}
    taken = drug(fullUrl="https://b.org/fhir/MedicationStatement/1", medicationReference={"reference": "Medication/m1"})

    assert [one.name for one in read({**MEDICATION, "fullUrl": HERE}, calcitriol, taken).drugs] == ["calcitriol"]


@pytest.mark.parametrize(
    "subject",
    [
        *({"reference": written} for written in ("Patient/p1", "Patient/p1/_history/4", "p1")),
        *({}, {"identifier": {"system": "urn:mrn", "value": "77"}}, {"reference": "Patient?identifier=urn:mrn|77"}),
        *({"display": "CHAN, Tai Man"}, {"reference": "#me"}),
    ],
)
def test_subject_that_is_the_patient(subject):
    patient = {
        **PATIENT, "identifier": [{"system": "urn:mrn", "value": "77"}],
        "name": [{"family": "Chan", "given": ["Tai", "Man"]}],
    }  # fmt: skip
    inside = [{"resourceType": "Patient", "id": "me", "identifier": [{"system": "urn:mrn", "value": "77"}]}]
    case = read(result("calcium", 2.3, subject=subject, contained=inside), patient=patient)

    assert values(case) == [("total calcium", "2.3")]
    assert case.left_out == ()


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ({"reference": "Patient/p2"}, "somebody or something else"),
        ({"reference": "https://b.org/fhir/Patient/p1"}, "somebody or something else"),
        ({"reference": "Patient/P1"}, "somebody or something else"),
        ({"reference": "Specimen/p1"}, "somebody or something else"),
        ({"reference": "Group/p1"}, "somebody or something else"),
        ({"reference": "RelatedPerson/p1"}, "somebody or something else"),
        ({"reference": "#donor"}, "somebody or something else"),
        ({"identifier": {"system": "urn:mrn", "value": "78"}}, "somebody or something else"),
        ({"type": "Device", "display": "pump"}, "somebody or something else"),
        ({"display": "Lee Ka Yan"}, "does not say by a reference"),
    ],
)
@pytest.mark.parametrize("where", ["subject", "focus"])
def test_subject_or_focus_that_is_not_the_patient(subject, words, where):
    patient = {
        **PATIENT, "fullUrl": "https://a.org/fhir/Patient/p1", "identifier": [{"system": "urn:mrn", "value": "77"}],
        "name": [{"family": "Chan", "given": ["Tai", "Man"]}],
    }  # fmt: skip
    inside = [{"resourceType": "Patient", "id": "donor", "birthDate": "1991-01-01"}]
    told = {"subject": HERS, "contained": inside, where: [subject] if where == "focus" else subject}
    case = read(result("calcium", 2.3, **told), patient=patient)

    assert case.labs == ()
    assert words in case.left_out[0]


def test_specimen_of_a_donor_is_not_the_patients():
    specimen = {"resourceType": "Specimen", "id": "s1", "subject": {"reference": "Patient/donor"}}

    assert read(specimen, result("calcium", 2.3, specimen={"reference": "Specimen/s1"})).labs == ()


def test_without_a_patient_the_one_subject_is_it():
    """By reference, by identifier, by name; another one beside it is left out or refused."""
    for subject in ({"reference": "Patient/9"}, {"identifier": {"value": "9"}}, {"display": "A B"}):
        assert values(read(result("calcium", 2.3, subject=subject), patient=None)) == [("total calcium", "2.3")]
    with pytest.raises(BadInput, match="more than one patient"):
        read(
            *(result("calcium", 2.3, subject={"identifier": {"value": value}}) for value in ("8", "9")),
            patient=None,
        )


def test_patient_within_the_entries_has_sex_and_age():
    inside = [{**PATIENT, "id": "me"}]
    several = [result(name, 2.3, subject={"reference": "#me"}, contained=inside) for name in ("calcium", "phosphate")]
    case = read(*several, patient=None)

    assert (case.patient.sex, case.patient.age_years, len(case.labs)) == ("female", 65, 2)


def test_drug_of_somebody_else_is_left_out():
    """As a result is, and a disease."""
    hers = {"resourceType": "Condition", "code": {"text": "Stroke"}, "subject": {"reference": "Patient/p2"}}
    case = read(drug(subject={"reference": "Patient/p2"}), hers, result("calcium", 2.3))

    assert (case.drugs, case.conditions) == (None, None)
    assert case.left_out[0].startswith("2 entries are of somebody")
