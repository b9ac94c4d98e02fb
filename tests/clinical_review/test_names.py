"""Names of drugs, diseases and results as hospitals write them: known, or visible and asked about, never another."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.conditions import condition
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
