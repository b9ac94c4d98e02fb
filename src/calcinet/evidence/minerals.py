"""Calcium, parathyroid hormone and dialysate, as facts: what cannot wait, and what KDIGO asks for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.ternary import Ternary, above, any_of, at_or_above, is_among
from calcinet.evidence.context import Fact, PatientContext
from calcinet.evidence.result_age import recent_blood, recent_lab
from calcinet.evidence.sepsis_signs import read_number
from calcinet.text import say

CRITICAL_CALCIUM: Final = (1.8, 3.0)
"""Adjusted calcium in mmol/L down to which and from which on it cannot wait: from 3.0 prompt treatment is usual
[walsh2016]; 1.8 is our choice, the usual limit at which a laboratory telephones."""

CRITICAL_IONISED_CALCIUM: Final = (0.8, 1.6)
"""The same of ionised calcium in mmol/L. Our choice: the usual limits at which a laboratory telephones."""

PTH_MULTIPLE: Final = 9.0
"""Over this many times the upper limit PTH lies above the band of dialysis. [kdigo2017]"""

DIALYSATE_CALCIUM: Final = 1.5
"""Dialysate calcium in mmol/L up to which KDIGO suggests it. [kdigo2017]"""


def calcium_mmol_l(situation: PatientContext) -> float | None:
    """Adjusted calcium; total calcium where it cannot be adjusted."""
    adjusted = _read_adjusted_mmol_l(situation)
    if adjusted is not None:
        return adjusted
    for analyte in ("adjusted_calcium", "calcium"):
        value = read_number(recent_lab(situation, analyte))
        if value is not None:
            return value
    return None


def _read_adjusted_mmol_l(situation: PatientContext) -> float | None:
    """Adjusted calcium, as printed or reckoned; none where the results that it rests on are old."""
    if recent_lab(situation, "adjusted_calcium") is None and recent_lab(situation, "calcium") is None:
        return None
    return situation.assessment.value("adjusted_calcium")


def _read_ionised_mmol_l(situation: PatientContext) -> float | None:
    return read_number(recent_lab(situation, "ionised_calcium"))


def calcium_critically_high(situation: PatientContext) -> Ternary:
    """Whether calcium is so high that it cannot wait."""
    return any_of(
        [
            at_or_above(calcium_mmol_l(situation), CRITICAL_CALCIUM[1]),
            at_or_above(_read_ionised_mmol_l(situation), CRITICAL_IONISED_CALCIUM[1]),
        ]
    )


def calcium_critically_low(situation: PatientContext) -> Ternary:
    """Whether adjusted or ionised calcium is so low that it cannot wait; total calcium alone does not tell."""
    adjusted = _read_adjusted_mmol_l(situation)
    return any_of(
        [
            _is_at_or_below(adjusted, CRITICAL_CALCIUM[0]),
            _is_at_or_below(_read_ionised_mmol_l(situation), CRITICAL_IONISED_CALCIUM[0]),
        ]
    )


def _is_at_or_below(value: float | None, limit: float) -> Ternary:
    if value is None:
        return None
    return value <= limit


def list_calcium(situation: PatientContext) -> list[str]:
    """The calcium that cannot wait, with its unit."""
    found: list[str] = []
    value, ionised = calcium_mmol_l(situation), _read_ionised_mmol_l(situation)
    if value is not None and not CRITICAL_CALCIUM[0] < value < CRITICAL_CALCIUM[1]:
        found.append(say("calcium {value:.2f} mmol/L", value=value))
    if ionised is not None and not CRITICAL_IONISED_CALCIUM[0] < ionised < CRITICAL_IONISED_CALCIUM[1]:
        found.append(say("ionised calcium {value:.2f} mmol/L", value=ionised))
    return found


def calcium_high(situation: PatientContext) -> Ternary:
    """Whether calcium is flagged as high."""
    flags = [entry.flag for entry in situation.assessment.derived if entry.name == "adjusted_calcium"]
    return any_of([*(is_among(flag, ("H",)) for flag in flags), recent_blood("ionised_calcium", "high")(situation)])


def pth_very_high(situation: PatientContext) -> Ternary:
    """Whether PTH lies above the band of dialysis."""
    if not situation.case.kidney.on_dialysis:
        return None
    return above(situation.assessment.value("pth_multiple"), PTH_MULTIPLE)


def dialysate_calcium_mmol_l(situation: PatientContext) -> float | None:
    """The highest calcium of the dialysis fluids in use."""
    fluids: list[float] = []
    for period in situation.case.kidney.dialysis:
        if period.stop is None and period.dialysate_calcium_mmol_l is not None:
            fluids.append(period.dialysate_calcium_mmol_l)
    return max(fluids, default=None)


def dialysate_calcium_high(situation: PatientContext) -> Ternary:
    """Whether a dialysis fluid has more calcium than is suggested."""
    return above(dialysate_calcium_mmol_l(situation), DIALYSATE_CALCIUM)


MINERALS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        "calcium_critically_high": calcium_critically_high,
        "calcium_critically_low": calcium_critically_low,
        "calcium_high": calcium_high,
        "pth_very_high": pth_very_high,
        "dialysate_calcium_high": dialysate_calcium_high,
    }
)
"""By name, as rules.toml calls them."""

MINERAL_VALUES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "critical_calcium": list_calcium,
        "pth_multiple": lambda situation: situation.assessment.value("pth_multiple"),
        "dialysate_calcium": dialysate_calcium_mmol_l,
    }
)
"""What their sentences may name."""
