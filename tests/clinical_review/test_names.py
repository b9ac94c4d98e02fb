"""Names of drugs, diseases and results as hospitals write them: known, or visible and asked about, never another."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.conditions import condition, has
from tests.support.reviewed import codes, examine_reviewed
from tests.support.usual_names import CONDITIONS, DRUGS, LABS, pairs

SHARE = 0.95
"""At least so many of the usual names are known."""


def asked(case, field):
    """Fields and texts of the questions of one field."""
    return [question for question in assess(Case.model_validate(case)).questions if question.field == field]


def judge(listed, read, ask):
    """Assert that 95 % are recognised, none is another, and each unknown one is asked about."""
    unknown = []
    for written, meant in listed:
        found = read(written)
        if found is None:
            unknown.append(written)
            assert ask(written), f"{written} is neither known nor asked about"
        else:
            assert found == meant, f"{written} was taken for {found}, not {meant}"
    assert len(unknown) <= (1 - SHARE) * len(listed), unknown


def test_drugs_of_a_renal_ward():
    """150 names with salt, strength, form, route, frequency and brand."""

    def read(name):
        return assess(Case.model_validate({"drugs": [{"name": name}]})).drugs[0].drug

    assert len(pairs(DRUGS)) >= 150
    judge(pairs(DRUGS), read, lambda name: asked({"drugs": [{"name": name}]}, "drugs.0.name"))


def test_diseases_of_letters():
    """60 names, abbreviations and all."""
    assert len(pairs(CONDITIONS)) >= 60
    judge(pairs(CONDITIONS), condition, lambda name: asked({"conditions": [{"name": name}]}, "conditions.0.name"))


def test_laboratory_names():
    """60 names of printed reports."""

    def read(name):
        return assess(Case.model_validate({"labs": [{"name": name, "value": "5"}]})).labs[0].analyte

    assert len(pairs(LABS)) >= 60
    judge(pairs(LABS), read, lambda name: asked({"labs": [{"name": name, "value": "5"}]}, "labs.0.name"))


@pytest.mark.parametrize("name", ["moonshine", "Zzyzx 20 mg od", "青草茶"])
def test_a_drug_that_nobody_knows_is_asked_about(name):
    """It counts for nothing, and the question says so."""
    (question,) = asked({"drugs": [{"name": name}]}, "drugs.0.name")

    assert question.likely is None
    assert name in question.text


def read_drugs_of(*drugs, **case):
    """Drugs of a case, read."""
    return assess(Case.model_validate({"drugs": list(drugs), **case})).drugs


@pytest.mark.parametrize("name", ["81", "01-warfarin"])
def test_warfarin_with_salt_or_dose_is_warfarin(name):
    """Neither salt nor strength hides the antagonist; the advice on it is there."""
    record = examine_reviewed(name)
    found = [drug.drug for drug in record.clinical.drugs]

    assert "warfarin" in found
    assert any("antagonist" in code for code in codes(record))


def test_warfarin_3mg_without_a_space():
    """The dose is kept, and no dose a day is made of it without a frequency."""
    (drug,) = read_drugs_of({"name": "Warfarin 3mg", "start": "2020-01-01"}, examined_on="2026-11-01")

    assert (drug.drug, drug.strength, drug.daily_dose) == ("warfarin", "3mg", None)


def test_nicorandil_is_known():
    """A cause of ulcers of its own; with it every drug of the case is known."""
    drugs = examine_reviewed("42").clinical.drugs

    assert [drug.drug for drug in drugs] == ["sevelamer", "nicorandil"]
    assert drugs[1].reference == "nicorandil2020"


def test_brands_of_seven_countries():
    """74 names: all are known but "vitamin D", which is of two kinds and is asked about without a suggestion."""
    clinical = examine_reviewed("44").clinical
    unknown = [drug.name for drug in clinical.drugs if drug.drug is None]

    assert unknown == ["vitamin D"]
    (question,) = [asked for asked in clinical.questions if asked.as_given == "vitamin D"]
    assert question.likely is None


def test_diseases_of_case_a6():
    """Type II diabetes and AFib are what they are; the sentence on the stroke is there."""
    case = Case.model_validate({"conditions": [{"name": "type II diabetes"}, {"name": "AFib"}]})

    assert has(case, "diabetes mellitus") is True
    assert has(case, "atrial fibrillation") is True
    assert "stroke" in " ".join(str(step.text) for step in examine_reviewed("A6").advice)


def test_all_names_of_the_condition_file_are_known():
    """57 names."""
    questions = examine_reviewed("condition-names").clinical.questions

    assert not [question for question in questions if question.field.startswith("conditions.")]


def test_all_names_of_the_laboratory_file_are_known():
    """None is taken for another: urea is no creatinine, anti-dsDNA no anti-ENA."""
    clinical = examine_reviewed("lab-names").clinical
    names = {lab.analyte for lab in clinical.labs}

    assert None not in names
    assert {"urea", "anti_dsdna", "complement_c3", "aluminium", "lactate", "procalcitonin", "bicarbonate"} <= names


def test_aluminium_is_no_albumin():
    """It has a value of its own, and nothing is asked about its name."""
    clinical = examine_reviewed("A7").clinical
    (found,) = [lab for lab in clinical.labs if lab.analyte == "aluminium"]

    assert (found.value, found.unit) == (45, "ug/L")
    assert not [asked for asked in clinical.questions if "aluminium" in asked.text]


@pytest.mark.parametrize("name", ["77", "03-intravenous"])
def test_a_stated_route_stands_above_the_class(name):
    """Enoxaparin, tinzaparin and darbepoetin by vein are no injections under the skin."""
    for drug in examine_reviewed(name).clinical.drugs:
        assert "subcutaneous injection" not in drug.classes


@pytest.mark.parametrize("name", ["wafarin", "warfarine"])
def test_a_slip_is_suggested_and_not_taken(name):
    """One letter."""
    (question,) = asked({"drugs": [{"name": name}]}, "drugs.0.name")

    assert question.likely == "warfarin"


def test_a_slip_of_the_laboratory():
    """A letter is missing."""
    (question,) = asked({"labs": [{"name": "phosphrus", "value": "7.1 mg/dL"}]}, "labs.0.name")

    assert question.likely == "phosphate"


@pytest.mark.parametrize(
    "name",
    [
        "warfarin stopped",
        "no warfarin",
        "warfarin (stopped 2019)",
        "allergic to aspirin",
        "?warfarin",
        "warfarin on hold",
        "metoprolol (bisoprolol)",
    ],
)
def test_a_drug_that_is_not_taken_is_not_read_as_taken(name):
    """The words beside the name change its meaning: nobody guesses which."""
    (drug,) = read_drugs_of({"name": name})

    assert drug.drug is None
    assert asked({"drugs": [{"name": name}]}, "drugs.0.name")


HAEMODIALYSIS = {"dialysis": [{"kind": "haemodialysis", "years": 4}]}
PERITONEAL = {"dialysis": [{"kind": "peritoneal", "years": 4}]}


@pytest.mark.parametrize(
    ("drug", "kidney", "under_skin"),
    [
        ({"name": "tinzaparin 3500u"}, HAEMODIALYSIS, None),
        ({"name": "tinzaparin 3500u"}, {}, None),
        ({"name": "tinzaparin 3500u"}, PERITONEAL, True),
        ({"name": "tinzaparin 3500u s.c."}, HAEMODIALYSIS, True),
        ({"name": "Innohep 4500 IU via circuit"}, HAEMODIALYSIS, False),
        ({"name": "EPO 4000 units s.c. weekly", "route": "iv"}, HAEMODIALYSIS, False),
        ({"name": "EPO"}, HAEMODIALYSIS, None),
        ({"name": "Lantus 20 units nocte"}, HAEMODIALYSIS, True),
        ({"name": "insulin", "route": "IP"}, PERITONEAL, False),
        ({"name": "heparin"}, PERITONEAL, None),
        ({"name": "heparin", "route": "s.c."}, PERITONEAL, True),
        ({"name": "vancomycin", "route": "i.v."}, HAEMODIALYSIS, False),
    ],
)
def test_what_goes_under_the_skin(drug, kidney, under_skin):
    """The stated route, else the one in the name, else the class; on haemodialysis heparin and EPO are asked about."""
    case = {"drugs": [drug], "kidney": kidney}
    (read,) = assess(Case.model_validate(case)).drugs

    assert ("subcutaneous_injection" in read.classes) == (under_skin is True)
    assert ("subcutaneous_injection" in read.open_classes) == (under_skin is None)
    assert bool(asked(case, "drugs.0.route")) == (under_skin is None)


@pytest.mark.parametrize("word", ["iv", "I.V.", "s.c.", "SC", "subcut", "po", "ip", "im", "into the circuit"])
def test_short_words_are_routes(word):
    """As charts have them."""
    assert Case.model_validate({"drugs": [{"name": "heparin", "route": word}]}).drugs[0].route is not None


@pytest.mark.parametrize(
    ("name", "dose"),
    [
        ("warfarin 3 mg od", "3 mg"),
        ("calcium acetate 667 mg 2 tabs TID", "4002 mg"),
        ("calcium carbonate 500 mg three times a day", "1500 mg"),
        ("Calcitriol 0.25 mcg daily", "0.25 ug"),
        ("Calcitriol 0.25 mcg alt days", None),
        ("Calcitriol 0.25 mcg", None),
        ("prednisolone 10 mg prn", None),
        ("warfarin 3-5 mg od", None),
        ("warfarin 3 od", None),
        ("Metoprolol 47.5 mg 1-0-1", "95 mg"),
        ("Zemplar 5 mcg IV post HD", None),
        ("Dekristol 20.000 IE daily", None),
    ],
)
def test_a_dose_a_day_only_where_it_is_certain(name, dose):
    """Strength times pieces times a day; no unit and no frequency is guessed."""
    assert read_drugs_of({"name": name})[0].daily_dose == dose


def test_a_cream_is_no_corticosteroid_in_the_blood():
    """Topical drugs lose the classes that matter because a drug reaches the blood."""
    assert read_drugs_of({"name": "hydrocortisone 1% cream"})[0].classes == ()
    assert read_drugs_of({"name": "hydrocortisone 20 mg od"})[0].classes == ("corticosteroid",)


@pytest.mark.parametrize("name", ["warfarin", "acenocoumarol", "phenprocoumon", "fluindione", "VKA"])
def test_every_coumarin_is_a_vitamin_k_antagonist(name):
    assert read_drugs_of({"name": name})[0].classes == ("vitamin_k_antagonist",)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("valsartan", "losartan"), ("prazosin", "terazosin"), ("lansoprazole", "pantoprazole"),
        ("felodipine", "amlodipine"),
        ("glibenclamide", "gliclazide"), ("citrate", "calcium carbonate"), ("maxacalcitol", "paricalcitol"),
        ("prednisone", "prednisolone"), ("decortin", "decortin h"), ("torasemide", "furosemide"),
        ("sitagliptin", "linagliptin"), ("vitamin k1", "vitamin k2"), ("vitamin d2", "vitamin d3"),
    ],
)  # fmt: skip
def test_real_drugs_are_two(first, second):
    """Both are known, and neither is the other."""
    one, other = read_drugs_of({"name": first}, {"name": second})

    assert one.drug is not None
    assert other.drug is not None
    assert one.drug != other.drug


@pytest.mark.parametrize("name", ["somesartan", "prasosine retard x", "teneligliptan 5"])
def test_suggestions_of_unknown_drugs_are_small_slips_only(name):
    """An unknown -sartan is not taken for losartan."""
    (question,) = asked({"drugs": [{"name": name}]}, "drugs.0.name")

    assert question.likely in (None, "teneligliptin")


def test_kinds_of_a_disease():
    """Who has a myeloma has a malignancy; who has no malignancy has no breast cancer; the reverse is not known."""
    some = Case.model_validate({"conditions": [{"name": "myeloma"}]})
    none = Case.model_validate({"conditions": [{"name": "malignancy", "present": "no"}]})
    no_breast = Case.model_validate({"conditions": [{"name": "Ca breast", "present": "no"}]})

    assert has(some, "malignancy") is True
    assert has(none, "breast cancer") is False
    assert has(no_breast, "malignancy") is None


@pytest.mark.parametrize("name", ["no AF", "?AF", "family history of diabetes", "HTN, DM", "HIT (excluded)"])
def test_a_disease_in_doubt_is_asked_about(name):
    """Words that change the meaning, or two diseases on a line."""
    assert condition(name) is None
    assert asked({"conditions": [{"name": name}]}, "conditions.0.name")


def test_urea_is_not_urea_nitrogen():
    """60 mg/dL of urea are 10.0 mmol/L (molar mass 60.06); of urea nitrogen they stay urea nitrogen."""
    case = {"labs": [{"name": "urea", "value": "60 mg/dL"}, {"name": "BUN", "value": "60 mg/dL"}]}
    urea, nitrogen = assess(Case.model_validate(case)).labs

    assert (urea.analyte, urea.unit, round(urea.value, 1)) == ("urea", "mmol/L", 10.0)
    assert (nitrogen.analyte, nitrogen.unit, nitrogen.value) == ("urea_nitrogen", "mg/dL", 60.0)
