"""Usual words of letters and charts are read as what they mean; what is open stays open and is asked about."""

import pytest
from pydantic import ValidationError

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case, Exclusion
from calcinet.clinical.conditions import condition
from calcinet.clinical.lab_value import read_printed
from calcinet.evidence.differential import mimics


@pytest.mark.parametrize(
    ("block", "field", "word", "meant"),
    [
        ("dialysis", "kind", "peritoneal dialysis", "peritoneal"),
        ("dialysis", "kind", "CAPD", "peritoneal"),
        ("dialysis", "kind", "APD", "peritoneal"),
        ("dialysis", "kind", "CCPD", "peritoneal"),
        ("dialysis", "kind", "Hemodialysis", "haemodialysis"),
        ("dialysis", "kind", "ICHD", "haemodialysis"),
        ("dialysis", "kind", "HDF", "haemodiafiltration"),
        ("outcome", "state", "dead", "died"),
        ("outcome", "state", "Deceased", "died"),
        ("pathology", "status", "refused", "declined"),
        ("pathology", "kind", "incisional", "incisional"),
        ("pathology", "kind", "excision", "excision"),
        ("pathology", "kind", "shave", "shave"),
        ("pathology", "kind", "punch biopsy", "punch"),
        ("pathology", "result", "inconclusive", "indeterminate"),
        ("pathology", "result", "equivocal", "indeterminate"),
        ("pathology", "result", "non-diagnostic", "indeterminate"),
        ("imaging", "modality", "MR", "MRI"),
        ("imaging", "modality", "X-ray", "film"),
        ("imaging", "modality", "radiograph", "film"),
        ("imaging", "modality", "mammography", "mammogram"),
        ("imaging", "modality", "scintigraphy", "bone scan"),
        ("imaging", "modality", "US", "ultrasound"),
        ("imaging", "quality", "poor", "limited"),
        ("examination", "peripheral_pulses", "weak", "reduced"),
        ("examination", "peripheral_pulses", "diminished", "reduced"),
        ("examination", "peripheral_pulses", "palpable", "present"),
        ("examination", "peripheral_pulses", "not palpable", "absent"),
        ("treatments", "name", "sodium thiosulfate", "sodium thiosulphate"),
        ("treatments", "name", "STS", "sodium thiosulphate"),
        ("treatments", "name", "palliative care", "palliative care"),
        ("treatments", "status", "ongoing", "given"),
        ("treatments", "status", "declined", "refused"),
        ("treatments", "status", "done", "given"),
        ("drugs", "status", "discontinued", "stopped"),
        ("exclusions", "status", "ruled out", "excluded"),
        ("exclusions", "status", "confirmed", "found"),
        ("patient", "sex", "F", "female"),
        ("patient", "sex", "man", "male"),
        ("lesions", "site", "great toe", "toe"),
        ("lesions", "site", "sacrum", "buttock"),
        ("lesions", "site", "labia", "vulva"),
        ("lesions", "site", "tongue", "head"),
        ("lesions", "site", "ear", "head"),
        ("lesions", "painful", "unknown", None),
        ("lesions", "painful", "無", False),
        ("lesions", "painful", "Yes", True),
    ],
)
def test_a_usual_word_is_read(block, field, word, meant):
    """A word of everyday use means one word of the format."""
    assert getattr(_read_block(block, field, word), field) == meant


def _read_block(block, field, word):
    """The entry of a block that holds the word, with what it needs besides."""
    needed = {
        "pathology": {"status": "done"},
        "imaging": {"modality": "film"},
        "treatments": {"name": "wound care"},
        "drugs": {"name": "sevelamer"},
        "exclusions": {"name": "cellulitis"},
        "lesions": {"site": "thigh", "kind": "ulcer"},
    }
    entry = needed.get(block, {}) | {field: word}
    if block == "dialysis":
        return Case.model_validate({"kidney": {"dialysis": [entry]}}).kidney.dialysis[0]
    if block in needed:
        return getattr(Case.model_validate({block: [entry]}), block)[0]
    return getattr(Case.model_validate({block: entry}), block)


@pytest.mark.parametrize(("site", "side"), [("left breast", "L"), ("Right great toe", "R"), ("both thigh", "B")])
def test_a_side_before_the_site(site, side):
    """ "Left breast" is the breast, on the left."""
    lesion = Case.model_validate({"lesions": [{"site": site, "kind": "ulcer"}]}).lesions[0]

    assert lesion.side == side


def test_a_side_that_contradicts_the_field_is_a_mistake():
    """Nobody chooses between two sides."""
    with pytest.raises(ValidationError):
        Case.model_validate({"lesions": [{"site": "left breast", "side": "R", "kind": "ulcer"}]})


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("weakly positive", "positive"),
        ("+", "positive"),
        ("++", "positive"),
        ("-", "negative"),
        ("neg", "negative"),
        ("pos", "positive"),
        ("not detected", "negative"),
        ("detected", "positive"),
        ("Reactive", "positive"),
        ("陽性", "positive"),
        ("陰性", "negative"),
        ("equivocal", None),
        ("borderline", None),
        ("+/-", None),
    ],
)
def test_words_of_the_laboratory(word, meant):
    """What is neither positive nor negative stays open."""
    assert read_printed(word).word == meant


@pytest.mark.parametrize("value", ["equivocal", "borderline"])
def test_an_open_result_is_asked_about(value):
    """Neither yes nor no."""
    case = Case.model_validate({"labs": [{"name": "lupus anticoagulant", "value": value}]})

    assert [question.field for question in assess(case).questions if question.field.startswith("labs")]


def test_a_dash_where_a_number_is_due_is_no_result():
    """Nobody measured it: it is not negative."""
    known = assess(Case.model_validate({"labs": [{"name": "CRP", "value": "-"}]}))

    assert known.labs[0].word is None
    assert any(question.field == "labs.0.value" for question in known.questions)


@pytest.mark.parametrize("entry", mimics().values(), ids=lambda entry: entry.key)
def test_every_disease_of_the_page_can_be_excluded_by_its_name(entry):
    """What the page lists, a person can answer with the same words, in any case."""
    for name in (entry.name, entry.name.upper()):
        assert Exclusion.model_validate({"name": name, "status": "excluded"}).name in entry.mimics


@pytest.mark.parametrize("word", ["present", "absent", "有", "無"])
def test_a_word_for_presence_is_no_answer_to_excluded(word):
    """A disease that is present is not excluded: nobody guesses which was meant."""
    with pytest.raises(ValidationError):
        Exclusion.model_validate({"name": "cellulitis", "excluded": word})


@pytest.mark.parametrize("name", ["gas gangrene", "Fournier gangrene", "Fournier's gangrene"])
def test_gangrene_by_bacteria(name):
    """An emergency of the soft tissue by whichever name."""
    assert Exclusion.model_validate({"name": name, "status": "found"}).name == "necrotising fasciitis"


@pytest.mark.parametrize(
    ("name", "value", "likely"),
    [
        ("WBC", "28,000 /mm3", "28000 /mm3"),
        ("platelets", "145,000 /uL", "145000 /uL"),
        ("calcium", "2,35 mmol/L", "2.35 mmol/L"),
        ("phosphate", "1,850 mmol/L", "1.850 mmol/L"),
    ],
)
def test_a_comma_is_read_as_what_the_unit_allows(name, value, likely):
    """28 white cells in a microlitre nobody has."""
    known = assess(Case.model_validate({"labs": [{"name": name, "value": value}]}))

    asked = [question for question in known.questions if question.field == "labs.0.value"]
    assert [question.likely for question in asked] == [likely]


def test_a_comma_that_may_be_either_is_left_to_the_reader():
    """1.25 and 1250 are both a ferritin."""
    known = assess(Case.model_validate({"labs": [{"name": "ferritin", "value": "1,250 ug/L"}]}))

    asked = [question for question in known.questions if question.field == "labs.0.value"]
    assert [question.likely for question in asked] == [None]
    assert "1250 ug/L" in asked[0].text
    assert "1.250 ug/L" in asked[0].text


@pytest.mark.parametrize(
    ("name", "drug"), [("pred 5 mg", "prednisolone"), ("Préviscan 20 mg 1/2 cp le soir", "fluindione")]
)
def test_drugs_in_short_and_in_french(name, drug):
    """As a chart has them."""
    assert assess(Case.model_validate({"drugs": [{"name": name}]})).drugs[0].drug == drug


def test_a_misspelt_drug_with_its_salt_in_short():
    """The salt does not hide the likely name."""
    known = assess(Case.model_validate({"drugs": [{"name": "Wafarin K"}]})).drugs[0]

    assert (known.drug, known.likely) == (None, "warfarin")


@pytest.mark.parametrize("name", ["prednisolone eye drops", "prednisolone 1% ear drops qid", "prednisolone cream"])
def test_a_steroid_on_the_surface_is_not_in_the_blood(name):
    """Drops are no more systemic than a cream."""
    known = assess(Case.model_validate({"drugs": [{"name": name}]})).drugs[0]

    assert (known.drug, known.route, known.classes) == ("prednisolone", "topical", ())


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("pregnant, 12 weeks", "pregnancy"),
        ("pregnancy 28 weeks", "pregnancy"),
        ("pregnancy (31 weeks)", "pregnancy"),
        ("MRSA bacteraemia", "sepsis"),
        ("Staph aureus bacteremia", "sepsis"),
        ("E. coli bacteraemia", "sepsis"),
    ],
)
def test_weeks_and_bacteria_beside_a_disease(name, meant):
    """What advice rests on is not said to count for nothing."""
    assert condition(name) == meant
    assert not assess(Case.model_validate({"conditions": [{"name": name}]})).questions
