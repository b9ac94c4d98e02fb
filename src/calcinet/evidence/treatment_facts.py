"""What a treatment rests on, as facts: drugs by their own name, and what a drug is needed for. None is not known."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.names import plain
from calcinet.clinical.results import DrugResult
from calcinet.clinical.ternary import Ternary
from calcinet.evidence.context import Fact, PatientContext, blood, condition, either
from calcinet.evidence.people import is_found, names_condition, transplant
from calcinet.text import as_written, say

ACCUMULATING: Final = frozenset({"morphine", "codeine", "dihydrocodeine", "co codamol", "diamorphine"})
"""Opioids whose metabolites accumulate when kidneys fail. [coluzzi2020]"""

PLANNED_CLASSES: Final = frozenset({"vitamin_k_antagonist", "calcium_salt", "active_vitamin_d"})
"""Classes to talk about before the first dose: they are risk factors. [china_scheme]"""

NEEDING_STEROID: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        say("vasculitis"): either(
            condition("vasculitis", "cryoglobulinaemia"), is_found("vasculitis", "cryoglobulinaemia")
        ),
        say("positive ANCA"): blood("anca", "positive"),
        say("systemic lupus erythematosus"): condition("systemic lupus erythematosus"),
        say("dermatomyositis"): condition("dermatomyositis"),
        say("pyoderma gangrenosum"): is_found("pyoderma gangrenosum"),
        say("a kidney transplant"): transplant,
        say("adrenal insufficiency"): condition("adrenal insufficiency"),
        say("polymyalgia rheumatica"): condition("polymyalgia rheumatica"),
    }
)
"""What a corticosteroid treats that must not be left without it. Our choice of the usual ones in kidney patients."""

VALVE: Final = ("mechanical heart valve", "mechanical valve", "mechanical aortic valve", "mechanical mitral valve")
"""Beginnings of the names of a valve that needs a vitamin K antagonist."""


def takes_named(*names: str) -> Fact:
    """Whether a drug of one of these names is taken, recognised or not."""

    def fact(situation: PatientContext) -> Ternary:
        return bool(_list_named(situation, frozenset(names))) or None

    return fact


def _list_named(situation: PatientContext, names: frozenset[str]) -> list[DrugResult]:
    return [drug for drug in situation.assessment.drugs if drug.status == "taking" and _is_called(drug, names)]


def _is_called(drug: DrugResult, names: frozenset[str]) -> bool:
    text = f" {plain(drug.drug or '')} {plain(drug.name)} "
    return any(f" {name} " in text for name in names)


def list_opioids(situation: PatientContext) -> list[str]:
    """Opioids of this patient whose metabolites accumulate, by their own names."""
    return _list_once(_list_named(situation, ACCUMULATING))


def list_calcimimetics(situation: PatientContext) -> list[str]:
    """Calcimimetics of this patient, by their own names."""
    return _list_once(situation.assessment.taking("calcimimetic"))


def _list_once(drugs: Iterable[DrugResult]) -> list[str]:
    """The names of drugs, each once though it stands in the list twice."""
    names = dict.fromkeys(map(_name_drug, drugs))
    return [as_written(name) for name in names]


def _name_drug(drug: DrugResult) -> str:
    return drug.drug or drug.name


def list_planned(situation: PatientContext) -> list[str]:
    """Drugs that are planned and that would be reviewed here if they were taken."""
    planned: list[DrugResult] = []
    for drug in situation.assessment.drugs:
        reviewed = not PLANNED_CLASSES.isdisjoint(drug.classes) or _is_called(drug, ACCUMULATING)
        if drug.status == "planned" and reviewed:
            planned.append(drug)
    return _list_once(planned)


def steroid_needed(situation: PatientContext) -> Ternary:
    """Whether something is known that a corticosteroid treats."""
    return bool(list_steroid_reasons(situation))


def list_steroid_reasons(situation: PatientContext) -> list[str]:
    """What a corticosteroid treats here."""
    return [name for name, fact in NEEDING_STEROID.items() if fact(situation)]


TREATMENTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        "nicorandil": takes_named("nicorandil"),
        "risky_drug_planned": lambda situation: bool(list_planned(situation)),
        "accumulating_opioid": takes_named(*ACCUMULATING),
        "steroid_needed": steroid_needed,
        "mechanical_valve": lambda situation: names_condition(situation.case, VALVE),
    }
)
"""By name, as rules.toml calls them."""

TREATMENT_VALUES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "opioids": list_opioids,
        "planned_drugs": list_planned,
        "calcimimetics": list_calcimimetics,
        "steroid_reasons": list_steroid_reasons,
    }
)
"""What their sentences may name."""
