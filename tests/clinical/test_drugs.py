"""Drugs by any of their names."""

from datetime import date

import pytest

from calcinet.clinical.case import Case
from calcinet.clinical.conditions import by_icd10, condition, conditions, has
from calcinet.clinical.drugs import load, read_drugs, table
from calcinet.clinical.history import Drug

CASE_DRUGS = {
    "aspirin": "B01AC06", "atorvastatin": "C10AA05", "bisoprolol": "C07AB07", "diltiazem": "C08DB01",
    "methyldopa": "C02AB01", "telmisartan": "C09CA07", "terazosin": "G04CA03", "glipizide": "A10BB07",
    "pioglitazone": "A10BG03", "linagliptin": "A10BH05", "pantoprazole": "A02BC02",
    "potassium chloride": "A12BA01", "sevelamer": "V03AE02", "calcitriol": "A11CC04",
}  # fmt: skip


def read(name: str, now: date | None = None, **more):
    (result,), questions = read_drugs([Drug(name=name, **more)], now)
    return result, questions


@pytest.mark.parametrize(("name", "atc"), CASE_DRUGS.items())
def test_every_drug_of_the_case_is_known(name, atc):
    """Fourteen, calcitriol among them."""
    assert read(name)[0].atc == atc


@pytest.mark.parametrize(
    ("name", "drug", "drug_class"),
    [
        ("Coumadin", "warfarin", "vitamin_k_antagonist"),
        ("MARCUMAR", "phenprocoumon", "vitamin_k_antagonist"),
        ("vitamin D3", "colecalciferol", "nutritional_vitamin_d"),
        ("One-Alpha", "alfacalcidol", "active_vitamin_d"),
        ("PhosLo", "calcium acetate", "calcium_salt"),
        ("Mimpara", "cinacalcet", "calcimimetic"),
        ("IV iron", "intravenous iron", "iron"),
        ("Lantus", "insulin glargine", "subcutaneous_injection"),
        ("Clexane s.c.", "enoxaparin", "heparin"),
        ("prednisone", "prednisone", "corticosteroid"),
        ("Renvela", "sevelamer", "calcium_free_binder"),
        ("hydroxycarbamide", "hydroxyurea", "hydroxyurea"),
        ("sodium thiosulfate", "sodium thiosulphate", "thiosulphate"),
    ],
)
def test_other_names_and_classes(name, drug, drug_class):
    """Trade names, other spellings, any case."""
    result, questions = read(name)

    assert result.drug == drug
    assert drug_class in result.classes
    assert questions == []


def test_unknown_drug_is_shown_as_unknown():
    """Nothing follows from it, and it is asked what it is."""
    result, (question,) = read("moonshine")

    assert (result.drug, result.classes, result.atc, result.matters) == (None, (), None, None)
    assert (question.field, question.likely) == ("drugs.0.name", None)
    assert "moonshine" in question.text


def test_misspelt_drug_is_suggested_and_not_taken():
    """One letter is missing."""
    result, (question,) = read("calcitrol")

    assert (result.drug, result.likely) == (None, "calcitriol")
    assert question.text == 'The drug "calcitrol" is not known. If it is calcitriol, write that.'


def test_why_a_drug_matters_has_a_reference():
    """Warfarin with the study; aspirin does not matter here."""
    assert read("warfarin")[0].reference == "hayashi2012"
    assert (read("aspirin")[0].matters, read("aspirin")[0].reference) == (None, None)


@pytest.mark.parametrize(
    ("given", "months", "days"),
    [
        ({"start": date(2026, 1, 1)}, 2.0, 60),
        ({"start": date(2025, 1, 1), "stop": date(2025, 7, 2), "status": "stopped"}, 6.0, 425),
        ({"months": 30}, 30, None),
        ({"start": date(2026, 1, 1), "status": "stopped"}, None, 60),
    ],
)
def test_how_long_it_was_taken(given, months, days):
    """1 January to 2 March 2026 is 60 days, 2.0 mean months; a stopped drug without a last day is open."""
    result, _ = read("warfarin", date(2026, 3, 2), **given)

    assert (result.months, result.days_since_start) == (months, days)


def test_no_day_no_duration():
    """Without a day of examination "now" is unknown."""
    result, _ = read("warfarin", None, start=date(2020, 1, 1))

    assert (result.months, result.days_since_start) == (None, None)


def test_insulin_by_route_is_an_injection():
    """An unlisted preparation is one too, where its route says so."""
    assert "subcutaneous_injection" in read("heparin", route="subcutaneous")[0].classes


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[class.a]\nname = "a"\nmatters = "M."\n[drug]', "what matters needs a source"),
        ('[class.a]\nname = "a"\nmatters = "M."\nsource = "nobody1999"\n[drug]', "nobody1999"),
        ('[class]\n[drug.x]\nclasses = ["b"]\natc = "X"', "b"),
        (
            '[class.a]\nname = "a"\n[drug.x]\nalso = ["z"]\nclasses = ["a"]\natc = "X"\n'
            '[drug.y]\nalso = ["Z"]\nclasses = ["a"]\natc = "Y"',
            "stands for both",
        ),
    ],
)
def test_table_with_a_hole_does_not_load(text, error):
    """A claim without a source, a class that is not there, one name for two drugs."""
    with pytest.raises((ValueError, KeyError), match=error):
        load(text)


def test_every_class_of_the_table_is_used():
    """A class without a drug can never matter."""
    used = {entry.key for drug in table().drugs.values() for entry in drug.classes}

    assert used == set(table().classes)


def test_diseases_by_name_and_code():
    """Names in any case, ICD-10 by its beginning."""
    assert condition("Type 2 Diabetes") == by_icd10("E11.65") == "diabetes mellitus"
    assert by_icd10("I48.91") == "atrial fibrillation"


def test_every_name_of_a_disease_is_found():
    """Two diseases never share a name, or the table would not load."""
    assert all(condition(also) == name for name, row in conditions().items() for also in (name, *row["also"]))


def test_disease_that_nobody_named_is_unknown():
    """Only an empty list says that there is none."""
    named = Case.model_validate({"conditions": [{"name": "AF"}]})

    assert has(named, "atrial fibrillation") is True
    assert has(named, "obesity") is None
    assert has(Case(conditions=()), "obesity") is False
    assert has(Case(), "obesity") is None


def test_disease_that_the_table_lacks_is_the_caller_s_mistake():
    """A misspelt name in the code must not read "unknown"."""
    with pytest.raises(KeyError, match="obesety"):
        has(Case(), "obesety")


def test_a_combination_belongs_to_the_classes_of_its_parts():
    """Amlodipine with valsartan; calcium with vitamin D3 is in the table by its own name."""
    assert read("amlodipine/valsartan 5/160 mg od")[0].classes == ("antihypertensive",)
    assert read("calcium carbonate + vitamin D3")[0].classes == ("calcium_salt", "nutritional_vitamin_d")


def test_a_name_of_two_kinds_is_asked_about():
    """Vitamin D may be active or not: the question says which there are."""
    result, (question,) = read("vitamin D 1000 IU od")

    assert (result.drug, question.likely) == (None, None)
    assert "calcitriol" in question.text


def test_every_drug_of_the_table_knows_itself():
    """No row is hidden by another's name or by what is taken off names."""
    for name, drug in table().drugs.items():
        for spelled in (name, *drug.also):
            assert read(spelled)[0].drug == name
