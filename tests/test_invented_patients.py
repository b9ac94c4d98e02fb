"""Twelve invented patients: what each is for, and one field whose change changes differential or advice."""

from collections.abc import Callable
from typing import Any

import pytest

import calcinet
from calcinet.clinical.case import Case
from calcinet.io.case.reader import read_case
from calcinet.record import Record
from tests.support.paths import ROOT

FOLDER = ROOT / "examples" / "invented"

Told = dict[str, Any]


def case_of(stem: str) -> Case:
    return read_case(FOLDER / f"{stem}.yaml")


def changed(stem: str, change: Callable[[Told], Any]) -> Record:
    """The record of a patient of whom one thing was told otherwise."""
    told = case_of(stem).model_dump(mode="json", by_alias=True)
    change(told)
    return calcinet.examine((), Case.model_validate(told))


def codes(record: Record) -> set[str]:
    return {step.code for step in record.advice}


def said(record: Record) -> str:
    """Everything that speaks for or against another disease."""
    return " ".join(
        f"{entry.name}: {sentence}" for entry in record.differential for sentence in (*entry.for_, *entry.against)
    )


def put(key: str, value: Any, *path: Any) -> Callable[[Told], Any]:
    """A change of one field, along a path of keys and numbers."""

    def change(told: Told) -> None:
        place: Any = told
        for step in path:
            place = place[step]
        place[key] = value

    return change


ADVICE = [
    ("01-young-woman-low-pth", put("venous_disease", None, "examination"), "venous_question", True),
    ("02-normal-kidneys", put("stage", "5D", "kidney"), "working_kidneys", False),
    ("03-venous-disease-only", put("net_like", False, "imaging", 0), "negative_image", True),
    ("05-warfarin-for-years", put("name", "hypertension", "conditions", 0), "vitamin_k_antagonist_stroke", False),
    ("06-penile", put("site", "forearm", "lesions", 0), "biopsy_penis", False),
    ("06-penile", put("site", "forearm", "lesions", 0), "biopsy_adds", True),
    ("08-breast", put("imaging", []), "mammogram", True),
    ("08-breast", put("malignancy_suspected", True, "imaging", 0), "breast_malignancy", True),
    ("10-second-biopsy", put("result", "negative", "pathology", 1), "negative_biopsy", True),
    ("11-early-plaques", put("kind", "peritoneal", "kidney", "dialysis", 0), "never_into_the_abdomen", True),
]

DIFFERENTIAL = [
    ("03-venous-disease-only", put("periosteal_reaction", None, "examination"), "Wavy new bone", False),
    ("04-warfarin-for-five-days", put("start", "2025-04-15", "drugs", 0), "taken for months", True),
    ("07-arterial-disease", put("peripheral_pulses", "present", "examination"), "pulses are present", True),
    ("09-antiphospholipid", put("value", "negative", "labs", 0), "Lupus anticoagulant is negative", True),
    ("11-early-plaques", put("temperature_c", 36.8, "examination"), "No fever", True),
    ("12-vasculitis", put("excluded", True, "exclusions", 0), "Excluded by the treating clinician", True),
]


@pytest.mark.parametrize(("stem", "change", "code", "there"), ADVICE)
def test_one_field_changes_the_advice(stem, change, code, there):
    """A rule comes up or falls away, and the rest of the patient is the same."""
    assert (code in codes(changed(stem, change))) is there
    if code != "breast_malignancy":  # the breast alone brings that up
        assert (code in codes(calcinet.examine((), case_of(stem)))) is not there


@pytest.mark.parametrize(("stem", "change", "words", "there"), DIFFERENTIAL)
def test_one_field_changes_the_differential(stem, change, words, there):
    """A sentence is said or is not."""
    assert (words in said(changed(stem, change))) is there


def first(stem: str) -> str:
    return calcinet.examine((), case_of(stem)).differential[0].name


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("03-venous-disease-only", "Chronic venous disease and venous ulcer"),
        ("04-warfarin-for-five-days", "Necrosis by a vitamin K antagonist"),
        ("07-arterial-disease", "Arterial disease of the limb"),
        ("09-antiphospholipid", "Antiphospholipid syndrome"),
        ("11-early-plaques", "Cellulitis and wound infection"),
        ("12-vasculitis", "Vasculitis"),
    ],
)
def test_the_mimic_that_a_patient_was_invented_for_stands_first(stem, name):
    """Most speaks for it."""
    assert first(stem) == name


@pytest.mark.parametrize(
    ("stem", "level"),
    [
        ("01-young-woman-low-pth", "clinical"),
        ("03-venous-disease-only", None),
        ("07-arterial-disease", "clinical"),
        ("10-second-biopsy", "confirmed"),
        ("12-vasculitis", None),
    ],
)
def test_level_of_suspicion(stem, level):
    """By the published scheme, which says nothing off dialysis; a black toe waits for the artery to be excluded."""
    assert calcinet.examine((), case_of(stem)).summary.suspicion.level == level


def test_low_parathyroid_hormone_does_not_exclude():
    """Below 5 pg/mL, and it says so."""
    assert "low_parathyroid_hormone" in codes(calcinet.examine((), case_of("01-young-woman-low-pth")))


def test_her_net_counts_and_that_of_venous_disease_does_not():
    """One field apart: the disease that imitates it."""
    young, venous = (
        calcinet.examine((), case_of(stem), prior=0.3) for stem in ("01-young-woman-low-pth", "03-venous-disease-only")
    )

    assert young.evidence.posterior.median == pytest.approx(0.68, abs=0.02)
    assert venous.evidence.posterior.median == pytest.approx(0.3)


def test_her_bone_scan_counts_only_on_request():
    """Then it stands for the net as well: both say calcium in soft tissue."""
    asked = calcinet.examine((), case_of("01-young-woman-low-pth"), prior=0.3, include_secondary=True)
    used = [term.finding for term in asked.evidence.terms if term.used]

    assert used == ["bone_scan"]
    assert asked.evidence.posterior.median > 0.8


def test_a_case_that_says_too_little_has_no_level_and_says_so():
    """Venous disease with a painful necrotic ulcer: risk factors that nobody has told decide."""

    def painful(told: Told) -> None:
        told["lesions"][0].update(painful=True, necrotic=True)

    summary = changed("03-venous-disease-only", painful).summary

    assert summary.suspicion is None
    assert summary.sentences[0] == "The case does not say enough for the published scheme."
    assert sum("items met" in sentence for sentence in summary.sentences) == 1
