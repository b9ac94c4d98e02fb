"""A FHIR R4 bundle says what a case file would say, and nobody's name comes through."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.errors import BadInput
from calcinet.io.case.fhir.bundle import case_of_bundle
from calcinet.io.case.fhir.types import ATC, LOINC, UCUM
from calcinet.io.case.reader import read_case

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
DAY = "2026-03-09"


def concept(text=None, code=None, system=None):
    coding = [{"system": system, "code": code}] if code else []
    return {"coding": coding, "text": text} if text else {"coding": coding}


def patient(**more):
    named = {"family": "Chan", "given": ["Tai Man"]}
    identifier = {"value": "A123456(7)"}
    return {
        "resourceType": "Patient", "id": "A123456", "name": [named], "identifier": [identifier], "gender": "female",
        "birthDate": "1970-03-10", **more,
    }  # fmt: skip


def observation(loinc, value, unit, **more):
    return {
        "resourceType": "Observation", "status": "final", "code": concept(code=loinc, system=LOINC),
        "effectiveDateTime": f"{DAY}T08:30:00+08:00",
        "valueQuantity": {"value": value, "unit": unit, "code": unit, "system": UCUM}, **more,
    }  # fmt: skip


def condition(text=None, code=None, **more):
    return {"resourceType": "Condition", "code": concept(text, code, ICD10), **more}


def statement(text=None, atc=None, status="active", **more):
    return {
        "resourceType": "MedicationStatement", "status": status,
        "medicationCodeableConcept": concept(text, atc, ATC), **more,
    }  # fmt: skip


def procedure(text, status="completed", **more):
    return {"resourceType": "Procedure", "status": status, "code": concept(text), **more}


def case(*resources) -> Case:
    return case_of_bundle({"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources]})


LEGS = [concept("Left lower leg"), concept("Right calf")]

REPORT = (
    patient(),
    condition("End-stage renal disease", "N18.6"),
    condition(code="Z99.2"),
    condition(code="I48.91", onsetDateTime="2019-05-01"),
    condition("Type 2 diabetes mellitus", "E11.22"),
    condition("Painful necrotic skin ulcer", bodySite=LEGS, onsetDateTime="2026"),
    condition("Dry gangrene", bodySite=[concept("Tip of right middle finger")]),
    condition("Stroke", verificationStatus=concept(code="refuted", system="x")),
    condition("Not hers", verificationStatus=concept(code="entered-in-error", system="x")),
    procedure("Peritoneal dialysis", "in-progress", performedPeriod={"start": "2022-03-09"}),
    procedure("Incisional biopsy of skin", "not-done", statusReason=concept("Patient declined")),
    procedure("MRI with gadolinium contrast", performedDateTime="2024-06-01"),
    procedure("Debridement of wound", performedDateTime=DAY),
    statement("Warfarin 1 mg", "B01AA03", "stopped", effectivePeriod={"start": "2020-01-01", "end": "2025-01-01"}),
    statement("Sevelamer", effectiveDateTime="2023-02-01"),
    statement("Insulin glargine", dosage=[{"route": concept("Subcutaneous route")}]),
    statement("Not taken", status="not-taken"),
    observation("29265-6", 2.67, "mmol/L", interpretation=[concept(code="H", system=INTERPRETATION)]),
    observation("14879-1", 1.58, "mmol/L"),
    observation("14866-8", 64.0, "pmol/L", referenceRange=[{"low": {"value": 1.1}, "high": {"value": 6.9}}]),
    observation("6690-2", 22.4, "10*9/L"),
    observation("8302-2", 158, "cm"),
    observation("29463-7", 61.5, "kg"),
    observation("29463-7", 66, "kg", effectiveDateTime="2025-12-01"),
    observation("29463-7", 130, "[lb_av]"),
    observation("8310-5", 37.9, "Cel"),
    observation("8480-6", 110, "mm[Hg]"),
    observation("29265-6", 9.9, "mmol/L", status="entered-in-error"),
    {
        "resourceType": "Observation", "status": "final", "code": concept("Lupus anticoagulant"),
        "valueCodeableConcept": concept("Not detected", "260385009", "http://snomed.info/sct"),
    },
    {"resourceType": "Encounter", "status": "finished"},
)  # fmt: skip


def test_patient_without_a_name():
    """Born 10 March 1970, last seen 9 March 2026: 55; the birthday is forgotten."""
    read = case(*REPORT)

    assert (read.patient.age_years, read.patient.sex, read.patient.height_cm) == (55, "female", 158)
    assert [weight.kg for weight in read.patient.weights] == [66, 61.5, 58.967]
    assert not any(word in read.model_dump_json() for word in ("Chan", "Tai Man", "A123456", "1970"))


def test_kidneys_and_diseases():
    """N18.6 and Z99.2 are stages and not other diseases; what was refuted is absent."""
    read = case(*REPORT)

    assert (read.kidney.stage, read.kidney.on_dialysis) == ("5D", True)
    assert [(entry.name, entry.present) for entry in read.conditions] == [
        *(("atrial fibrillation", True), ("diabetic kidney disease", True), ("stroke", False))
    ]
    assert str(read.conditions[0].since) == "2019-05-01"


@pytest.mark.parametrize(
    ("text", "stage"),
    [("Chronic kidney disease, stage 4", "4"), ("End-stage renal disease", "5"), ("Kidney stone", None)],
)
def test_stage_in_words(text, stage):
    """Where there is no code."""
    assert case(condition(text)).kidney.stage == stage


def test_lesions_with_their_site_and_side():
    """Left lower leg and right calf are both lower legs; a year is no day."""
    ulcer, gangrene = case(*REPORT).lesions

    assert (ulcer.site, ulcer.side, ulcer.kind, ulcer.since) == ("lower leg", "B", "ulcer", None)
    assert (ulcer.painful, ulcer.necrotic, ulcer.refractory) == (True, True, None)
    assert (gangrene.site, gangrene.side, gangrene.kind) == ("finger", "R", "gangrene")


def test_drugs_by_code_and_by_name():
    """ATC names warfarin; what was not taken is left out."""
    drugs = case(*REPORT).drugs

    assert [(drug.name, drug.status) for drug in drugs] == [
        *(("warfarin", "stopped"), ("Sevelamer", "taking"), ("Insulin glargine", "taking"))
    ]
    assert (str(drugs[0].stop), drugs[2].route) == ("2025-01-01", "subcutaneous")


def test_drug_by_reference_to_a_medication():
    """Some systems keep the drug in a resource of its own."""
    medication = {"resourceType": "Medication", "id": "m1", "code": concept("Calcitriol")}
    taken = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationReference": {"reference": "Medication/m1"},
    }

    assert case(medication, taken).drugs[0].name == "Calcitriol"


def test_results_keep_value_unit_range_and_flag():
    """As the laboratory sent them; vital signs are no laboratory results."""
    labs = {lab.name: lab for lab in case(*REPORT).labs}

    assert list(labs) == [
        *("albumin-adjusted calcium", "phosphate", "parathyroid hormone", "white cells", "lupus anticoagulant")
    ]
    assert labs["albumin-adjusted calcium"].as_given == "2.67 mmol/L"
    assert labs["albumin-adjusted calcium"].flag == "H"
    assert (labs["parathyroid hormone"].low, labs["parathyroid hormone"].high) == (1.1, 6.9)
    assert labs["lupus anticoagulant"].value == "negative"


def test_procedures_treatments_and_biopsies():
    """A biopsy that was not done was declined."""
    read = case(*REPORT)

    assert [biopsy.status for biopsy in read.pathology] == ["declined"]
    assert [entry.name for entry in read.procedures] == ["gadolinium"]
    assert [entry.name for entry in read.treatments] == ["debridement"]
    assert read.examination.temperature_c == 37.9


def test_what_was_not_done_was_not_refused():
    """Nobody says why."""
    read = case(procedure("Incisional biopsy of skin", "not-done"), procedure("Amputation of toe", "not-done"))
    refused = case(procedure("Amputation of toe", "not-done", statusReason=concept("Procedure refused")))

    assert (read.pathology, read.treatments) == ((), ())
    assert [(one.name, one.status) for one in refused.treatments] == [("amputation", "refused")]


@pytest.mark.parametrize("status", ["unconfirmed", "provisional", "differential"])
def test_diagnosis_that_nobody_has_confirmed_is_not_told(status):
    """It is neither there nor absent."""
    assert case(condition("Varicose veins", verificationStatus=concept(code=status, system="x"))).conditions is None


@pytest.mark.parametrize(
    ("loinc", "value", "unit", "read"),
    [
        *(("8310-5", 101.3, "[degF]", 38.5), ("8310-5", 38.5, "Cel", 38.5), ("8310-5", 311, "K", None)),
        *(("8302-2", 62, "[in_i]", 157.48), ("8302-2", 1.6, "m", 160)),
    ],
)
def test_vital_signs_in_other_units(loinc, value, unit, read):
    """(101.3 - 32) x 5/9 = 38.5; 62 x 2.54 = 157.48; what is in no usual unit is passed over."""
    told = case(observation(loinc, value, unit))

    assert (told.examination.temperature_c if loinc == "8310-5" else told.patient.height_cm) == read


@pytest.mark.parametrize(
    ("words", "name"),
    [("Calcium carbonate 500 mg", "calcium carbonate"), ("Colecalciferol 20000 IU weekly", "colecalciferol")],
)
def test_strength_behind_a_drug_hides_it_from_nobody(words, name):
    """What stands before the number is the drug, where that is known."""
    assert [drug.drug for drug in assess(case(statement(words))).drugs] == [name]
    assert case(statement("Moonshine 40 %")).drugs[0].name == "Moonshine 40 %"


def test_healed_lesion_is_no_lesion():
    """An ulcer of the past."""
    healed = condition("Skin ulcer", bodySite=LEGS, clinicalStatus=concept(code="resolved", system="x"))

    assert case(healed).lesions is None


def test_bundle_is_assessed_as_a_case_file_is():
    """2.67 x 1.58 = 4.2186; four years of dialysis to the day; 4.5 kg lost."""
    known = assess(case(*REPORT))

    assert known.value("ca_x_p") == pytest.approx(4.2186)
    assert known.value("dialysis_years") == pytest.approx(4.0, abs=0.01)
    assert known.value("weight_loss_kg") == pytest.approx(4.5)
    assert known.lab("adjusted_calcium").flag_basis == "printed"


def test_impossible_unit_is_asked_about_here_too():
    """Whatever wrote the bundle."""
    (question,) = assess(case(observation("14866-8", 64, "pml/L"))).questions

    assert question.likely == "pmol/L"


@pytest.mark.parametrize(
    ("bundle", "words"),
    [
        ({"resourceType": "Patient"}, "must hold a Bundle"),
        (
            {"resourceType": "Bundle", "entry": [{"resource": patient()}, {"resource": patient(id="B7")}]},
            "more than one patient",
        ),
    ],
)
def test_bundle_that_is_no_case_is_refused(bundle, words):
    """One sentence, without a name."""
    with pytest.raises(BadInput, match=words):
        case_of_bundle(bundle)


def test_bundle_is_known_by_its_type(tmp_path):
    """`--case` takes either; the file's suffix does not matter."""
    path = tmp_path / "record.txt"
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": patient()}]}), encoding="utf-8")

    assert read_case(path).patient.sex == "female"


def test_empty_bundle_is_an_empty_case():
    """Everything unknown."""
    assert case_of_bundle({"resourceType": "Bundle"}) == Case()


KEYS = [
    *(
        "resource",
        "code",
        "coding",
        "text",
        "system",
        "display",
        "status",
        "valueQuantity",
        "value",
        "unit",
        "comparator",
    ),
    *(
        "referenceRange",
        "low",
        "high",
        "interpretation",
        "category",
        "bodySite",
        "performedPeriod",
        "start",
        "birthDate",
    ),
    *("gender", "dosage", "route", "medicationReference", "reference", "effectiveDateTime", "verificationStatus"),
    *("effectivePeriod", "effectiveTiming", "event", "end", "subject", "focus", "contained", "id", "component"),
    *("hasMember", "result", "appliesTo", "age", "type", "valueRatio", "numerator", "denominator", "specimen"),
    *("clinicalStatus", "onsetDateTime", "category", "identifier", "link", "name", "family", "given", "issued", "meta"),
    *("medication", "ingredient", "item", "itemReference", "daysSupply", "whenHandedOver", "authoredOn", "collection"),
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.sampled_from(
        [
            *(
                "Observation",
                "Condition",
                "final",
                LOINC,
                "1751-7",
                "Patient/1",
                "#1",
                "1",
                "a",
                "urn:uuid:1",
                "mmol/L",
            ),
            *("2026-03-09", "2023-02-30", "2026-03", "9999-12-31", "0001-01-01T00:00:00+14:00", "completed", "active"),
            *("Medication", "haemodialysis", "warfarin", "laboratory", "{x}", "<", "17", "https://a.org/Patient/1"),
        ]
    )
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=10,
)
TYPES = st.sampled_from(
    [
        *("Patient", "Condition", "Observation", "MedicationStatement", "Procedure", "Medication", "DiagnosticReport"),
        *("MedicationRequest", "MedicationDispense", "MedicationAdministration", "Specimen", "Bundle", "Claim"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(TYPES, st.dictionaries(st.sampled_from(KEYS), TREES)), max_size=3))
def test_no_bundle_breaks_the_reader(resources):
    """What has another shape counts as absent, or is refused in a sentence."""
    bundle = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": kind, **r}} for kind, r in resources]}
    refused = None
    try:
        case_of_bundle(bundle)
    except BadInput as error:
        refused = str(error)

    assert refused is None or refused.startswith(("the bundle", "a FHIR file"))
