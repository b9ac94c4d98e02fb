"""What is not stated is not known: risk factors, drugs, proteins, questions and days, as a clinician reads them."""

from typing import Any

import pytest
import yaml

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.results import CriterionResult
from calcinet.evidence.context import PatientContext
from calcinet.evidence.differential import differential
from calcinet.evidence.facts import FACTS
from calcinet.evidence.readings import observations
from calcinet.io.case.errors import CaseFileError
from calcinet.io.case.reader import read_case
from tests.support.reviewed import find_case

OF_DRUGS = (
    "major_long_term_warfarin",
    "major_high_dose_binder",
    "major_active_vitamin_d",
    "minor_long_term_immunosuppression",
    "minor_subcutaneous_insulin_or_heparin",
)
"""Items that rest on drugs alone."""

BASE: dict[str, Any] = {
    "examined_on": "2026-11-01",
    "patient": {"age_years": 60, "sex": "female"},
    "kidney": {"stage": "5D", "dialysis": [{"kind": "haemodialysis", "start": "2022-11-01"}]},
    "lesions": [
        {"site": "lower leg", "side": "left", "kind": "ulcer", "painful": True, "necrotic": True, "since": "2026-09-20"}
    ],
}
"""Haemodialysis for four years, an ulcer since 20 September."""


def items(case: Case):
    return assess(case).criteria["chinese_three_level"].items


def reviewed(name: str) -> Case:
    return read_case(find_case(name))


def based(**parts) -> Case:
    return Case.model_validate({**BASE, **parts})


def asked(case: Case) -> str:
    """Every question of items, case and differential, one after the other."""
    situation = PatientContext.of(case)
    known = situation.assessment
    texts = [question.text for question in known.questions]
    for scheme in known.criteria.values():
        texts += [item.question or "" for item in scheme.items.values()]
    texts += [alternative.ask for alternative in differential(situation)]
    return "\n".join(texts)


@pytest.mark.parametrize("name", ["42", "77", "79", "80", "00", "A3"])
def test_a_list_that_nobody_called_complete_never_says_not_met(name):
    """Sevelamer alone, or with nicorandil, or with what was taken long ago."""
    found = items(reviewed(name))

    for item in OF_DRUGS:
        assert found[item].met is not False, item


@pytest.mark.parametrize("name", ["81", "01-warfarin"])
def test_warfarin_with_salt_or_strength_is_never_not_met(name):
    """Recognised it is met, unrecognised it is open."""
    found = items(reviewed(name))

    assert found["major_long_term_warfarin"].met is not False
    assert [found[item].met for item in OF_DRUGS].count(False) == 0


@pytest.mark.parametrize("drug", ["warfarin sodium zz", "Zzyzx 3mg", "brand nobody knows"])
@pytest.mark.parametrize("complete", [True, None])
def test_an_unknown_name_leaves_every_item_of_drugs_open(drug, complete):
    """Though somebody called the list complete; and the name is asked about."""
    found = items(based(drugs=[{"name": "sevelamer"}, {"name": drug}], drugs_complete=complete))

    for item in OF_DRUGS:
        assert found[item].met is None
        assert drug in found[item].question


def test_a_complete_list_of_known_names_says_no():
    """Sevelamer and nothing else."""
    found = items(based(drugs=[{"name": "sevelamer"}], drugs_complete=True))

    assert [found[item].met for item in OF_DRUGS] == [False] * len(OF_DRUGS)


def test_an_open_list_reads_not_on_the_list():
    """And says what would close it."""
    item = items(based(drugs=[{"name": "sevelamer"}]))["major_long_term_warfarin"]

    assert item.because == "Not on the list, which nobody has called complete."
    assert item.field == "drugs_complete"
    assert item.question.endswith("Is the list of drugs complete?")


def test_an_empty_list_tells_of_now_and_not_of_the_past():
    """What was taken before is asked."""
    case = based(drugs=[])
    situation = PatientContext.of(case)

    assert FACTS["vitamin_k_antagonist"](situation) is False
    assert FACTS["antagonist_ever"](situation) is None
    assert "before is not stated" in items(case)["major_long_term_warfarin"].because


@pytest.mark.parametrize(("name", "item"), [("77", OF_DRUGS[4]), ("79", OF_DRUGS[4]), ("80", OF_DRUGS[0])])
def test_route_and_days_stand_above_the_class(name, item):
    """Enoxaparin into the circuit, insulin until 2008, warfarin in 2005: none counts."""
    assert items(reviewed(name))[item].met is not True


def test_the_same_on_a_complete_list_is_not_met():
    """Then it is known."""
    into_circuit = based(drugs=[{"name": "enoxaparin", "route": "intravenous"}], drugs_complete=True)
    long_ago = based(
        drugs=[
            {"name": "insulin glargine", "status": "stopped", "start": "2005-01-01", "stop": "2008-01-01"},
            {"name": "warfarin", "status": "stopped", "start": "2005-01-01", "stop": "2006-01-01"},
        ],
        drugs_complete=True,
    )

    assert items(into_circuit)["minor_subcutaneous_insulin_or_heparin"].met is False
    assert items(long_ago)["minor_subcutaneous_insulin_or_heparin"].met is False
    assert items(long_ago)["major_long_term_warfarin"].met is False


def test_warfarin_of_2005_does_not_speak_for_the_disease():
    """It was taken, and not near the lesion."""
    situation = PatientContext.of(reviewed("80"))
    said = [text for entry in differential(situation) for text in (*entry.speaks_for, *entry.against)]

    assert FACTS["antagonist_ever"](situation) is True
    assert FACTS["antagonist_long"](situation) is not True
    assert not [text for text in said if "for months" in text]


@pytest.mark.parametrize(
    "drugs",
    [
        [{"name": "darbepoetin", "route": "intravenous"}],
        [{"name": "tinzaparin", "route": "intravenous"}, {"name": "darbepoetin", "route": "intravenous"}],
        [{"name": "enoxaparin", "route": "intravenous"}],
        [{"name": "insulin", "route": "intraperitoneal"}],
        [{"name": "enoxaparin"}],
        [{"name": "enoxaparin", "route": "subcutaneous", "status": "planned"}],
        [{"name": "insulin glargine", "status": "stopped", "start": "2005-01-01", "stop": "2008-01-01"}],
        [{"name": "insulin glargine", "start": "2005-01-01", "stop": "2008-01-01"}],
    ],
)
def test_nothing_of_these_goes_under_the_skin(drugs):
    """By the route that is stated, or because it is past, planned, or given with dialysis."""
    case = based(drugs=drugs)

    assert items(case)["minor_subcutaneous_insulin_or_heparin"].met is None
    assert FACTS["subcutaneous_injection"](PatientContext.of(case)) is None


@pytest.mark.parametrize(
    ("drug", "met"),
    [
        ({"name": "insulin glargine"}, True),
        ({"name": "enoxaparin", "route": "subcutaneous"}, True),
        ({"name": "insulin glargine", "stop": "2026-06-01"}, True),
        ({"name": "insulin glargine", "start": "2026-10-10"}, None),
    ],
)
def test_what_does_go_under_the_skin_near_the_lesion(drug, met):
    """And what was begun after it does not count."""
    assert items(based(drugs=[drug]))["minor_subcutaneous_insulin_or_heparin"].met is met


def test_case_with_intravenous_heparin_and_epoetin():
    """No item, no fact."""
    case = reviewed("03-intravenous")

    assert items(case)["minor_subcutaneous_insulin_or_heparin"].met is not True
    assert FACTS["subcutaneous_injection"](PatientContext.of(case)) is not True


LOW = {"name": "protein C", "value": "31 %", "low": 70, "on": "2026-10-30"}


@pytest.mark.parametrize(
    ("parts", "met"),
    [
        ({}, True),
        ({"drugs": [{"name": "warfarin", "start": "2024-01-01", "status": "stopped", "stop": "2026-10-26"}]}, None),
        ({"drugs": [{"name": "warfarin", "start": "2024-01-01", "status": "stopped", "stop": "2026-10-02"}]}, None),
        ({"drugs": [{"name": "warfarin", "start": "2024-01-01", "status": "stopped", "stop": "2026-10-01"}]}, True),
        ({"drugs": [{"name": "warfarin", "status": "stopped"}]}, None),
        ({"drugs": [{"name": "phenprocoumon"}]}, None),
        ({"drugs": [{"name": "warfarin", "start": "2026-10-31"}]}, True),
        ({"drugs": [{"name": "warfarin", "status": "planned"}]}, True),
        ({"drugs": [{"name": "zzyzx"}]}, None),
        ({"conditions": [{"name": "liver disease"}]}, None),
        ({"conditions": [{"name": "cirrhosis"}]}, None),
        ({"conditions": [{"name": "pregnancy"}]}, None),
        ({"conditions": [{"name": "sepsis"}]}, None),
        ({"conditions": [{"name": "liver disease", "present": False}]}, True),
        ({"examination": {"septic_shock": True}}, None),
    ],
)
def test_low_protein_that_something_else_lowers_shows_no_deficiency(parts, met):
    """An antagonist within four weeks before the sample, liver disease, sepsis, pregnancy; the weight follows."""
    case = based(labs=[LOW], **parts)
    situation = PatientContext.of(case)
    weighed = {entry.finding: entry.present for entry in observations(situation.case, situation.assessment, ())}

    assert items(case)["major_protein_c_or_s_deficiency"].met is met
    assert weighed["protein_c_deficiency"] is met


def test_reviewed_protein_s_in_liver_disease():
    """And the page says why."""
    item = items(reviewed("64"))["major_protein_c_or_s_deficiency"]

    assert item.met is None
    assert "liver disease" in item.because


def test_a_given_value_is_not_asked_for():
    """Alkaline phosphatase and protein C are given without limits."""
    case = reviewed("A3")

    assert "What is the alkaline phosphatase?" not in asked(case)
    assert "What was measured of protein C" not in asked(case)
    assert items(case)["minor_high_alkaline_phosphatase"].met is not False


def test_no_adult_limit_serves_a_child():
    """Of nine years; the same value of an adult is high."""
    labs = [{"name": "ALP", "value": "320 U/L"}]

    assert assess(based(patient={"age_years": 9}, labs=labs)).lab("alkaline_phosphatase").flag is None
    assert assess(based(labs=labs)).lab("alkaline_phosphatase").flag == "H"


@pytest.mark.parametrize(
    ("drug", "item", "field", "wanted"),
    [
        ({"name": "calcium carbonate", "daily_dose": "3 g", "start": "2025-01-01"}, OF_DRUGS[1], "high_dose", "high"),
        ({"name": "calcium carbonate", "high_dose": True}, OF_DRUGS[1], "start", "started"),
        ({"name": "calcitriol", "start": "2025-01-01"}, OF_DRUGS[2], "daily_dose", "dose a day"),
        ({"name": "warfarin"}, OF_DRUGS[0], "start", "started"),
        ({"name": "warfarin", "status": "stopped", "start": "2020-01-01"}, OF_DRUGS[0], "stop", "stopped"),
        ({"name": "prednisolone", "daily_dose": "10 mg"}, OF_DRUGS[3], "start", "started"),
        ({"name": "enoxaparin"}, OF_DRUGS[4], "route", "how it is given"),
    ],
)
def test_of_a_given_drug_only_the_missing_part_is_asked(drug, item, field, wanted):
    """Its dose, its first or last day, its route; never whether it is taken."""
    found = items(based(drugs=[{"name": "sevelamer"}, drug]))[item]

    assert found.met is None
    assert found.field == f"drugs.1.{field}"
    assert wanted in found.question
    assert "Is or was" not in found.question


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"drugs": [{"name": "sevelamer"}]}, "Is or was a vitamin K antagonist taken, and from which day on?"),
        ({"drugs": [{"name": "warfarin"}]}, "On which day was the vitamin K antagonist started?"),
        (
            {
                "drugs": [{"name": "warfarin", "start": "2026-10-25"}],
                "lesions": [{**BASE["lesions"][0], "since": None}],
            },
            "",
        ),
    ],
)
def test_a_question_presupposes_no_drug(parts, text):
    """Nicorandil is no antagonist; a day that is given is not asked for."""
    found = {entry.key: entry.ask for entry in differential(PatientContext.of(based(**parts)))}

    assert found["warfarin_necrosis"] == text
    assert "On which day was the vitamin K antagonist" not in asked(reviewed("42"))


@pytest.mark.parametrize(
    ("value", "likely"), [("604 pg/dL", "pg/mL"), ("64 nmol/L", "pmol/L"), ("604 pg/mL", None), ("64 pmol/L", None)]
)
def test_a_unit_that_nobody_uses_is_asked_about(value, likely):
    """604 pg/dL would be a very low PTH; nobody reports it so."""
    known = assess(based(labs=[{"name": "PTH", "value": value}]))
    found = [question.likely for question in known.questions if question.field.startswith("labs")]

    assert found == ([likely] if likely else [])
    assert (known.lab("pth").value is None) is (likely is not None)
    if likely:
        assert known.criteria["chinese_three_level"].items["minor_pth_under_300"].met is None


@pytest.mark.parametrize(
    ("results", "met"),
    [
        (["indeterminate"], None),
        (["negative", "indeterminate"], None),
        (["indeterminate", "positive"], True),
        (["negative"], False),
    ],
)
def test_an_indeterminate_biopsy_excludes_nothing(results, met):
    """It leaves the item open, a positive one beside it meets it."""
    case = based(pathology=[{"status": "done", "result": result} for result in results])

    assert items(case)["biopsy_positive"].met is met


def test_very_high_pth_is_met():
    """210 pmol/L are 1980 pg/mL."""
    assert items(reviewed("56"))["major_pth_over_1000"].met is True


def test_days_after_the_examination_are_mistakes_all_at_once():
    """Dialysis, lesion, drug and result."""
    with pytest.raises(CaseFileError) as caught:
        reviewed("04-days")

    text = str(caught.value)
    assert [mistake.line for mistake in caught.value.mistakes] == [3, 4, 5, 6]
    for field in ("kidney.dialysis.start", "lesions.since", "drugs.start", "labs.on"):
        assert f"{field}: " in text


@pytest.mark.parametrize(
    ("first", "lost", "answer"),
    [
        ({"kg": 92, "on": "2026-05-01"}, 7.4, True),
        ({"kg": 92, "on": "2026-06-01"}, 8.0, True),
        ({"kg": 92, "on": "2024-05-01"}, None, None),
        ({"kg": 88, "on": "2026-01-01"}, 2.3, False),
        ({"kg": 90, "on": "2025-12-15"}, 3.3, None),
        ({"kg": 84, "on": "2026-01-01"}, None, False),
    ],
)
def test_weight_lost_outside_six_months_is_said(first, lost, answer):
    """To 84 kg on 15 November, over 198 and 167 days and over years."""
    case = Case.model_validate({"patient": {"weights": [first, {"kg": 84, "on": "2026-11-15"}]}})
    situation = PatientContext.of(case)
    found = {entry.name: entry for entry in situation.assessment.derived}.get("weight_loss_kg")

    assert (found is None) is (first["kg"] == 84)
    if found is not None:
        assert found.value == (None if lost is None else pytest.approx(lost, abs=0.05))
    assert FACTS["rapid_weight_loss"](situation) is answer


FULL: dict[str, Any] = {
    "examined_on": "2026-11-01",
    "patient": {
        "age_years": 60,
        "sex": "female",
        "height_cm": 160,
        "weights": [{"kg": 60, "on": "2026-06-01"}, {"kg": 60, "on": "2026-10-30"}],
    },
    "kidney": {"stage": "5D", "egfr_ml_min": 5, "dialysis": [{"kind": "peritoneal", "start": "2022-11-01"}]},
    "lesions": [
        {
            "site": "lower leg",
            "side": "left",
            "kind": "ulcer",
            "count": 2,
            "painful": False,
            "necrotic": False,
            "purpura_around": False,
            "refractory": False,
            "since": "2026-09-20",
        },
        {"site": "thigh", "side": "left", "kind": "plaque", "painful": False},
    ],
    "conditions": [
        *({"name": name, "present": False} for name in ("diabetes", "obesity", "iron overload")),
        *({"name": name, "present": False} for name in ("vitamin K deficiency", "protein C deficiency")),
        {"name": "protein S deficiency", "present": False},
    ],
    "drugs_complete": True,
    "drugs": [
        {"name": "sevelamer", "start": "2025-01-01"},
        {"name": "warfarin", "status": "stopped", "start": "2005-01-01", "stop": "2006-01-01"},
        {"name": "calcium carbonate", "start": "2025-01-01", "high_dose": False},
        {"name": "calcitriol", "start": "2025-01-01", "daily_dose": "0.25 ug"},
        {"name": "prednisolone", "start": "2026-09-01"},
        {"name": "enoxaparin", "route": "intravenous"},
    ],
    "labs": [
        {"name": "adjusted calcium", "value": "2.40 mmol/L", "low": 2.1, "high": 2.6},
        {"name": "phosphate", "value": "1.2 mmol/L", "low": 0.8, "high": 1.45},
        {"name": "PTH", "value": "40 pmol/L", "low": 1.1, "high": 6.9},
        {"name": "albumin", "value": "40 g/L", "low": 35, "high": 50},
        {"name": "ALP", "value": "90 U/L", "low": 30, "high": 130},
        {"name": "protein C", "value": "100 %", "low": 70, "high": 140},
        {"name": "protein S", "value": "100 %", "low": 60, "high": 140},
    ],
    "pathology": [{"status": "done", "result": "negative", "necrosis_or_ulcer": False, "vessels_calcified": False}],
    "procedures": [],
    "exclusions": [],
}
"""A case in which nearly every item is known to be not met."""


def paths(told: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every statement of a case by its path, blocks and lists too."""
    inner: list[tuple[str | int, ...]] = [path] if path else []
    entries: list[tuple[str | int, Any]] = []
    if isinstance(told, dict):
        entries = list(told.items())
    if isinstance(told, list):
        entries = list(enumerate(told))
    for key, value in entries:
        inner += paths(value, (*path, key))
    return inner


def without(told: Any, path: tuple[str | int, ...]) -> Any:
    """The same without one statement."""
    if isinstance(told, dict):
        return {key: _less(value, key, path) for key, value in told.items() if path != (key,)}
    return [_less(value, key, path) for key, value in enumerate(told) if path != (key,)]


def _less(value: Any, key: str | int, path: tuple[str | int, ...]) -> Any:
    if path[0] != key:
        return value
    return without(value, path[1:])


def schemes(told: Any) -> dict[str, CriterionResult]:
    return assess(Case.model_validate(told)).criteria


HALF: dict[str, Any] = {
    **FULL,
    "drugs_complete": None,
    "patient": {"weights": [{"kg": 60}]},
    "conditions": [{"name": "hypertension"}, {"name": "diabetes", "present": False}],
    "labs": [{"name": "ALP", "value": "90 U/L"}, {"name": "PTH", "value": "40 pmol/L"}],
}
"""The same half known."""

MAY_TURN = {"site", "kind", "name", "status", "value", "kg"}
"""What a case file cannot leave out, or what is another statement without it."""

TAKEN_AWAY = [path for path in paths(FULL) if path != ("drugs",) and path[-1] not in MAY_TURN]


@pytest.mark.parametrize("path", TAKEN_AWAY, ids=str)
@pytest.mark.parametrize("told", [FULL, HALF], ids=["full", "half"])
def test_taking_a_statement_away_never_makes_a_no(told, path):
    """Of no item of either scheme; it may only become unknown, or stay as it was.

    Only a lesion that was described and is taken away whole leaves what it alone had met unmet.
    """
    before, after = schemes(told), schemes(without(told, path))

    for name, scheme in before.items():
        for key, item in scheme.items.items():
            if after[name].items[key].met is False:
                assert item.met is False or (item.met and path[0] == "lesions"), f"{key} without {path}"


def test_the_full_case_knows_nearly_all_its_noes():
    """So that the test above has something to lose."""
    met = [item.met for scheme in schemes(FULL).values() for item in scheme.items.values()]

    assert met.count(False) >= 20


OPEN = {"examined_on": "2026-11-01", "lesions": [{"site": "lower leg", "kind": "ulcer"}]}


@pytest.mark.parametrize("item", sorted({*schemes(OPEN)["chinese_three_level"].items} - {"early_skin_change"}))
def test_an_empty_case_answers_no_item(item):
    """One lesion and nothing else: every risk factor is open, and each asks or says why."""
    found = schemes(OPEN)["chinese_three_level"].items[item]

    assert found.met is None
    assert found.question or found.because


def test_every_drug_of_the_full_case_left_out_leaves_its_item_known():
    """The list is complete: what is not on it was not taken."""
    told = yaml.safe_load(yaml.safe_dump({**FULL, "drugs": [{"name": "sevelamer"}]}))

    assert [schemes(told)["chinese_three_level"].items[item].met for item in OF_DRUGS] == [False] * len(OF_DRUGS)
