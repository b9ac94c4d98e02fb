"""Results of a bundle: which hold, what they are, and in which order."""

import pytest

from calcinet.clinical.assess import assess
from tests.support.bundles import HERS, disease, done, read, result, values

CALCIUM = result("calcium", 2.31)
PHOSPHATE = ("phosphate", "1.4")


def read_value(**value):
    """The phosphate of such a value, and what is told."""
    case = read(result("phosphate", **value))
    return [(lab.value, lab.unit) for lab in case.labs], case.left_out


def quantity(value, unit, code=None, system="http://unitsofmeasure.org", **more):
    return {"valueQuantity": {"value": value, "unit": unit, "code": code or unit, "system": system, **more}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (quantity(1.4, "mmol/L", comparator="<"), ("<1.4", "mmol/L")),
        (quantity(1.4, "mmol/L", comparator=">="), (">=1.4", "mmol/L")),
        (quantity("1.40", "mmol/L"), ("1.40", "mmol/L")),
        (quantity(1.4, "mg per dL", "mg/dL"), ("1.4", "mg/dL")),
        (quantity(1.4, "mg/dL", "17"), ("1.4", "mg/dL")),
        (quantity(1.4, "mg/dL", "258797006", "http://snomed.info/sct"), ("1.4", "mg/dL")),
        (quantity(1.4, "mg/dL", "mg/dL{phos}"), ("1.4", "mg/dL{phos}")),
        (quantity(1.4, "mmol/L", "mg/dL"), ("1.4 mmol/L", "mg/dL")),
        ({"valueInteger": 2}, ("2", None)),
        ({"valueString": "1.2 mmol/L"}, ("1.2 mmol/L", None)),
        ({"valueBoolean": True}, ("positive", None)),
        ({"valueCodeableConcept": {"coding": [{"code": "260415000"}]}}, ("negative", None)),
        ({"valueRange": {"low": {"value": 2, "unit": "mmol/L"}}}, (">=2", "mmol/L")),
        ({"valueRange": {"high": {"value": 2, "unit": "mmol/L"}}}, ("<=2", "mmol/L")),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 160}}}, ("1:160", None)),
        (
            {"valueRatio": {"numerator": {"value": 30, "unit": "mg"}, "denominator": {"value": 2, "unit": "mL"}}},
            ("15", "mg/mL"),
        ),
    ],
)
def test_value_of_every_kind(value, expected):
    """30 mg to 2 mL are 15 mg/mL; a titre stays one; a unit that contradicts its code stands behind the value."""
    assert read_value(**value) == ([expected], ())


def test_unit_that_contradicts_its_code_is_asked_about():
    (question,) = (one for one in assess(read(result("phosphate", **quantity(1.4, "mmol/L", "mg/dL")))).questions)

    assert "two units are given" in question.text


@pytest.mark.parametrize("unit", ["17", "", " "])
def test_nonsense_is_no_unit(unit):
    """It is asked about, and no value is made of it."""
    known = assess(read(result("phosphate", **quantity(1.4, unit))))

    assert known.lab("phosphate").value is None
    assert [one.field for one in known.questions] == ["labs.0.unit"]


@pytest.mark.parametrize(
    "value",
    [
        *({"valueSampledData": {"data": "1 2"}}, {"valuePeriod": {"start": "2020"}}, {"valueTime": "10:00:00"}),
        {"valueRange": {"low": {"value": 1}, "high": {"value": 2}}},
        quantity(1.4, "mmol/L", comparator="ad"),
        {"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 0}}},
    ],
)
def test_value_that_is_not_read_is_told(value):
    labs, told = read_value(**value)

    assert labs == []
    assert told[0].startswith("1 result has a value of a kind that is not read")


@pytest.mark.parametrize(
    "value",
    [
        *({}, {"dataAbsentReason": {"coding": [{"code": "unknown"}]}}, {"valueQuantity": {"unit": "mmol/L"}}),
        {"value": 1.4, "dataAbsentReason": {"text": "error"}},
    ],
)
def test_result_without_a_value_is_told(value):
    labs, told = read_value(**value)

    assert labs == []
    assert told == ("1 result has no value (not done, not known, or failed), and is left out.",)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        *(("final", None), ("amended", None), ("corrected", None)),
        *((status, "is not final") for status in ("preliminary", "registered", "partial", "unknown")),
        *((status, "entered in error or cancelled") for status in ("cancelled", "entered-in-error")),
    ],
)
def test_only_what_is_final_holds(status, words):
    labs, told = read_value(value=1.4, status=status)

    assert bool(labs) is (words is None)
    assert (words in told[0]) if words else told == ()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01T16:00:00+08:00", "2026-03-01T08:00:00Z"),
    ],
)
def test_correction_replaces_what_was_wrong(wrong, right):
    """In either order, on either clock; another one of that day stays."""
    before = result("phosphate", 1.0, day=wrong)
    after = result("phosphate", 2.0, day=right, status="corrected")
    later = result("phosphate", 1.7, day="2026-03-02")

    for order in ((before, after, later), (later, after, before)):
        case = read(*order)
        assert values(case) == [("phosphate", "2.0"), ("phosphate", "1.7")]
        assert case.left_out == ("1 result was replaced by its correction.",)


def test_latest_of_a_day_is_the_latest_by_the_clock():
    """8 h in Taipei is midnight in Greenwich, 1 h in Greenwich is 9 h in Taipei."""
    morning = result("potassium", 6.1, day="2026-03-01T08:00:00+08:00")
    later = result("potassium", 4.1, day="2026-03-01T01:00:00Z")

    for order in ((morning, later), (later, morning)):
        assert assess(read(*order)).lab("potassium").value == 4.1


def test_later_one_is_never_of_an_earlier_day():
    """1 h of 2 March in Taipei is 17 h of 1 March in Greenwich: 20 h there is later, though of an earlier date."""
    early = result("potassium", 6.1, day="2026-03-02T01:00:00+08:00")
    late = result("potassium", 4.1, day="2026-03-01T20:00:00Z")

    for order in ((early, late), (late, early)):
        assert assess(read(*order)).lab("potassium").value == 4.1


def test_one_issued_later_stands_behind_one_of_the_same_time():
    first = result("potassium", 6.1, issued="2026-03-01T09:00:00Z")
    second = result("potassium", 4.1, issued="2026-03-01T11:00:00Z")

    for order in ((first, second), (second, first)):
        assert assess(read(*order)).lab("potassium").value == 4.1


@pytest.mark.parametrize(
    ("when", "day", "words"),
    [
        ({"effectiveDateTime": "2026-02"}, None, "1 result says a month or a year"),
        ({}, None, "1 result does not say when it was taken: it counts"),
        ({"issued": "2026-02-27T00:00:00Z"}, "2026-02-27", "1 result does not say when it was taken: the day"),
    ],
)
def test_day_that_is_not_known_is_told(when, day, words):
    case = read(result("phosphate", 1.4, day=None, **when), CALCIUM)
    (phosphate,) = (lab for lab in case.labs if lab.name == "phosphate")

    assert (phosphate.on and str(phosphate.on)) == day
    assert case.left_out[0].startswith(words)


@pytest.mark.parametrize(
    "when",
    [
        *({"effectiveDateTime": "2023-02-30"}, {"effectiveInstant": "2026-03-01T25:00:00Z"}),
        *(
            {"effectivePeriod": {"start": "2026-03-02", "end": "2026-03-01"}},
            {"effectiveTiming": {"event": ["2023-13-01"]}},
        ),
    ],
)
def test_broken_date_leaves_out_its_entry_alone(when):
    case = read(result("phosphate", 1.4, day=None, **when), CALCIUM)

    assert values(case) == [("total calcium", "2.31")]
    assert case.left_out == ("1 entry has a date that does not exist or ends before it begins, and is left out.",)


def test_day_of_a_sample_stands_for_that_of_its_result():
    specimen = {"resourceType": "Specimen", "id": "s", "collection": {"collectedDateTime": "2026-02-27T10:00:00Z"}}
    case = read(specimen, result("phosphate", 1.4, day=None, specimen={"reference": "Specimen/s"}))

    assert [str(lab.on) for lab in case.labs] == ["2026-02-27"]
    assert case.left_out == ()


def test_result_of_urine_is_none_of_blood():
    """By the words of the specimen or of the code, where no LOINC code tells it."""
    specimen = {"resourceType": "Specimen", "id": "s", "type": {"text": "Urine"}}
    by_specimen = result("phosphate", 30, code={"text": "Phosphate"}, specimen={"reference": "Specimen/s"})
    by_words = result("phosphate", 30, code={"coding": [{"display": "Phosphate in Urine"}], "text": "Phosphate"})

    assert assess(read(specimen, by_specimen)).lab("phosphate") is None
    assert assess(read(by_words)).lab("phosphate") is None


@pytest.mark.parametrize(
    ("words", "name"),
    [
        *(
            ("Glucose [Mass/volume] in Blood", "glucose"),
            ("Albumin [Mass/volume] in Serum or Plasma by BCG", "albumin"),
        ),
        ("Calcium [Mass/volume] corrected for albumin in Serum or Plasma", None),
        ("Glucose [Mass/volume] in Serum or Plasma --2 hours post meal", None),
        *(("Calcium [Mass/volume] in Urine", None), ("Glucose [Mass/volume] in Body fluid", None)),
    ],
)
def test_long_name_of_loinc_is_read_where_it_is_of_blood(words, name):
    """Anything more than the component, the property and blood makes another analyte."""
    coding = [{"system": "http://loinc.org", "code": "0-0", "display": words}]
    (lab,) = read(result("phosphate", 5, "mg/dL", code={"coding": coding})).labs

    assert lab.name == (name or words)


def test_components_are_results_of_their_own():
    parts = [
        {**result("phosphate", 1.4), "interpretation": [{"coding": [{"code": "H"}]}]},
        {"code": result("potassium")["code"], "dataAbsentReason": {"text": "haemolysed"}},
    ]
    case = read(result("calcium", code={"text": "Chemistry"}, component=parts))

    assert [(lab.name, lab.value, lab.flag, str(lab.on)) for lab in case.labs] == [
        ("phosphate", "1.4", "H", "2026-03-01")
    ]
    assert case.left_out == ("1 result has no value (not done, not known, or failed), and is left out.",)


def member(name, value, **more):
    """A result that leaves to its panel when it was, whose it is and that it holds."""
    return {
        **{
            key: told
            for key, told in result(name, value, **more).items()
            if key in ("resourceType", "code", "valueQuantity", "id")
        }
    }


@pytest.mark.parametrize("kind", ["Observation", "DiagnosticReport"])
def test_members_of_a_panel_have_its_day_and_its_patient(kind):
    """Contained or beside it; one that is nowhere is told."""
    listed = [{"reference": written} for written in ("#k", "Observation/z", "Observation/none")]
    panel = {
        "resourceType": kind, "id": "panel", "status": "final", "subject": HERS, "effectiveDateTime": "2026-02-27",
        "code": {"text": "Chemistry"}, "contained": [member("potassium", 5, id="k")],
        {"Observation": "hasMember", "DiagnosticReport": "result"}[kind]: listed,
    }  # fmt: skip
    case = read(panel, {**member("phosphate", 1.4), "id": "z"})

    assert sorted((lab.name, str(lab.on)) for lab in case.labs) == [
        ("phosphate", "2026-02-27"),
        ("potassium", "2026-02-27"),
    ]
    assert case.left_out == ("1 result that a panel or a report lists is not in the bundle.",)


@pytest.mark.parametrize("panel", [{"subject": {"reference": "Patient/donor"}}, {"status": "entered-in-error"}])
def test_members_of_a_report_of_a_donor_or_in_error_are_left_out(panel):
    report = {
        "resourceType": "DiagnosticReport", "status": "final", "subject": HERS,
        "contained": [member("potassium", 5, id="k")], "result": [{"reference": "#k"}, {"reference": "Observation/z"}],
        **panel,
    }  # fmt: skip
    case = read(report, {**member("phosphate", 1.4), "id": "z"}, CALCIUM)

    assert values(case) == [("total calcium", "2.31")]


def test_report_in_words_is_told():
    report = {"resourceType": "DiagnosticReport", "status": "final", "subject": HERS, "conclusion": "calciphylaxis"}

    assert "1 report is read for its results alone" in read(CALCIUM, report).left_out[0]


def test_last_version_of_an_entry_stands():
    """By when it was written, not by where it stands; what is there twice is told once."""
    old = result("phosphate", 1.0, id="o", meta={"lastUpdated": "2026-03-01T00:00:00Z", "versionId": "1"})
    new = result("phosphate", 1.4, id="o", meta={"lastUpdated": "2026-03-02T00:00:00Z", "versionId": "2"})

    for order in ((old, new), (new, old)):
        case = read(*order)
        assert values(case) == [PHOSPHATE]
        assert case.left_out == ("1 entry is an older version of another one, and is left out.",)
    assert read(new, new).left_out == ()


def test_entry_with_an_unknown_modifier_is_left_out():
    """R4, extensibility: what may change the meaning must not be passed over."""
    case = read(result("phosphate", 1.4, modifierExtension=[{"url": "https://a.org/not"}]))

    assert case.labs == ()
    assert "extension that may change its meaning" in case.left_out[0]


def test_observation_that_is_no_result_is_counted():
    smoking = result("calcium", code={"text": "Smoking"}, category=None, valueString="never")

    assert read(CALCIUM, smoking, smoking).left_out == (
        "2 observations are neither laboratory results nor height, weight or temperature, and are left out.",
    )


def test_impossible_height_is_left_out_and_told():
    """1.58 cm: nobody is so small."""
    height = result("calcium", 1.58, "cm", code={"coding": [{"system": "http://loinc.org", "code": "8302-2"}]})
    case = read(CALCIUM, height)

    assert case.patient.height_cm is None
    assert case.left_out == ("1 entry says what cannot be, and is left out.",)


def test_diseases_that_do_not_stand_are_told():
    """Refuted is absent; resolved, unconfirmed, in error and with a broken date are left out."""
    case = read(
        CALCIUM,
        disease("Stroke", verified="refuted"),
        disease("Gout", verified="entered-in-error"),
        disease("Diabetes mellitus", "resolved"),
        disease("Atrial fibrillation", verified="provisional"),
        disease("Hypertension", onsetDateTime="2023-02-30"),
        disease("End-stage renal disease", verified="refuted"),
    )

    assert [(one.name, one.present) for one in case.conditions] == [("stroke", False)]
    assert case.kidney.stage is None
    assert [sentence.partition(" ")[0] for sentence in case.left_out] == ["1", "1", "1", "2"]


@pytest.mark.parametrize("name", ["onsetDateTime", "recordedDate", "recorded"])
def test_disease_with_a_broken_date_is_left_out_and_told(name):
    case = read(CALCIUM, disease("Gout", **{name: "2023-02-30"}))

    assert case.conditions is None
    assert case.left_out == ("1 entry has a date that does not exist or ends before it begins, and is left out.",)


def test_disease_that_is_listed_again_and_again_is_one():
    """Since its first day; when it was written down is a day on which it was there."""
    case = read(
        disease("Gout", onsetDateTime="2020-01-02"), disease("Gout", onsetDateTime="2019-01-02", recorded="2026-04-01")
    )

    assert [(one.name, str(one.since)) for one in case.conditions] == [("gout", "2019-01-02")]
    assert str(case.examined_on) == "2026-04-01"


def test_one_session_of_dialysis_is_asked_about():
    """It is neither dialysis that goes on nor dialysis that ended."""
    case = read(CALCIUM, done("Hemodialysis", performedDateTime="2026-02-28"))

    assert (case.kidney.on_dialysis, case.kidney.dialysis) == (None, ())
    assert case.left_out == (
        "1 session of dialysis is not counted as dialysis that goes on. Is the patient on dialysis?",
    )


def test_session_tells_the_kind_of_dialysis_that_is_known_to_go_on():
    """Z99.2 says that it goes on."""
    dependent = disease("x", code={"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "Z99.2"}]})
    case = read(CALCIUM, dependent, done("Hemodialysis", performedDateTime="2026-02-28"))

    assert (case.kidney.stage, case.kidney.on_haemodialysis, case.left_out) == ("5D", True, ())


def test_dialysis_that_ended_and_goes_on_is_asked_about():
    dependent = disease("x", code={"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "Z99.2"}]})
    ended = done("Peritoneal dialysis", performedPeriod={"start": "2018-01-01", "end": "2020-01-01"})
    case = read(CALCIUM, dependent, ended)

    assert case.kidney.on_dialysis is True
    assert "Which is so?" in case.left_out[0]


def test_procedures_of_which_nothing_is_made_are_counted():
    broken = done("Hemodialysis", "in-progress", performedPeriod={"start": "2020-02-30"})
    case = read(CALCIUM, broken, done("Appendectomy"), done("Debridement of wound", "not-done"))

    assert [sentence.partition(" ")[0] for sentence in case.left_out] == ["1", "1", "1"]


@pytest.mark.parametrize(("born", "age"), [("1960-05", 65), ("1960", None), ("1960-02-30", None), ("1850-01-01", None)])
def test_birthday_that_is_not_whole(born, age):
    """On 1 March 2026 everybody born in May 1960 is 65; of those born in 1960 nobody can say."""
    case = read(CALCIUM, patient={"resourceType": "Patient", "id": "p1", "birthDate": born})

    assert case.patient.age_years == age
    assert bool(case.left_out) is (age is None)


def test_nesting_without_end_is_refused_in_a_sentence():
    from calcinet.errors import BadInput

    deep: dict = {}
    for _ in range(200):
        deep = {"a": [deep]}
    with pytest.raises(BadInput, match="nested too deeply"):
        read({**CALCIUM, "extension": [deep]})
