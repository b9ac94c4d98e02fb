"""Numbers worked out from the case: adjusted calcium, Ca x P, PTH in multiples, body mass, weight lost, durations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from calcinet.clinical.analytes import analytes
from calcinet.clinical.case import Case
from calcinet.clinical.results import Derived, LabResult, latest
from calcinet.clinical.units import factor
from calcinet.text import Text, say, sentences
from calcinet.vocabulary import LabFlag

CALCIUM_PER_ALBUMIN_MMOL_G: Final = 0.02
"""Calcium added in mmol/L for each g/L of albumin below the normal one. [gpnotebook_calcium]"""

NORMAL_ALBUMIN_G_L: Final = 40.0
"""[gpnotebook_calcium]"""

OLD_TARGET_MG2_DL2: Final = 55.0
"""Below it Ca x P was once kept. Recalled, not read: shown beside the product and weighed nowhere."""

OLD_RISK_MG2_DL2: Final = 70.0
"""Above it Ca x P went with the disease. [weenig2007]"""

PTH_BAND: Final = (2.0, 9.0)
"""Multiples of the upper limit between which PTH may lie on dialysis. [kdigo2017]"""

OBESITY_KG_M2: Final = 30.0
"""Body mass index from which we write obesity. Our choice: the usual limit; the scheme names none."""

WEIGHT_LOSS_DAYS: Final = 183
"""Weight lost in the six months before goes with the disease. [gaisne2020]"""

INTERPOLATED_DAYS: Final = 366
"""Between weighings further apart nobody can say when weight was lost. Our choice: one year."""

DAYS_A_YEAR: Final = 365.25


def derive(case: Case, labs: Sequence[LabResult]) -> list[Derived]:
    """Work out what follows; where something is missing the number is, and the text says what."""
    steps: tuple[Callable[[Case, Sequence[LabResult]], Derived | None], ...] = (
        *(_adjust_calcium, _multiply_calcium_phosphate, _convert_product, _convert_pth, _compare_pth_with_limit),
        *(_compute_body_mass_index, _compute_weight_loss, _count_dialysis_years),
    )
    found: list[Derived] = []
    for step in steps:
        entry = step(case, labs)
        if entry is not None:
            found.append(entry)
    return found


def calcium_of(labs: Sequence[LabResult]) -> tuple[float | None, LabResult | None]:
    """Give adjusted calcium in mmol/L and the result that it rests on.

    What is adjusted already is never adjusted again; a later total calcium with albumin takes its place.
    """
    adjusted = _find_value(labs, "adjusted_calcium")
    total = _find_value(labs, "calcium")
    albumin = _find_value(labs, "albumin")
    complete = total is not None and total.value is not None and albumin is not None and albumin.value is not None
    if adjusted is not None and not (complete and _is_later(total, adjusted)):
        return adjusted.value, adjusted
    if total is None or total.value is None or albumin is None or albumin.value is None:
        return None, total
    return total.value + CALCIUM_PER_ALBUMIN_MMOL_G * (NORMAL_ALBUMIN_G_L - albumin.value), total


def _is_later(one: LabResult | None, other: LabResult) -> bool:
    """Whether both have a day and that of the first is the later one."""
    return one is not None and one.on is not None and other.on is not None and one.on > other.on


def _adjust_calcium(_: Case, labs: Sequence[LabResult]) -> Derived | None:
    value, basis = calcium_of(labs)
    if basis is None or basis.value is None:
        return None
    name, label = "adjusted_calcium", say("albumin-adjusted calcium")
    if basis.analyte == "adjusted_calcium":
        text = say("Given as adjusted; not adjusted again.")
        return Derived(name, label, basis.value, "mmol/L", text, basis.flag, "medscape_calcium")
    if value is None:
        return Derived(name, label, None, "mmol/L", say("Albumin is missing, so calcium is not adjusted."))
    flag = _flag_value(value, basis.range)
    text = say("From total calcium and albumin; inaccurate in kidney disease, ionised calcium is better.")
    if _are_of_different_days(basis, _find_value(labs, "albumin")):
        text = sentences(text, say("Calcium and albumin are of different days."))
    elif _may_be_of_different_days(basis, _find_value(labs, "albumin")):
        text = sentences(text, say("Whether calcium and albumin are of one day is not known."))
    return Derived(name, label, value, "mmol/L", text, flag, "gpnotebook_calcium")


def _flag_value(value: float, limits: tuple[float | None, float | None] | None) -> LabFlag | None:
    low, high = limits or (None, None)
    if high is None or low is None:
        return None
    if value > high:
        return "H"
    if value < low:
        return "L"
    return "N"


def _are_of_different_days(one: LabResult | None, other: LabResult | None) -> bool:
    return one is not None and other is not None and bool(one.on and other.on) and one.on != other.on


def _may_be_of_different_days(one: LabResult, other: LabResult | None) -> bool:
    """Whether the day of one of two results is not stated."""
    return other is not None and (one.on is None or other.on is None)


def _multiply_calcium_phosphate(_: Case, labs: Sequence[LabResult]) -> Derived | None:
    calcium, basis = calcium_of(labs)
    phosphate = _find_value(labs, "phosphate")
    if phosphate is None or phosphate.value is None or calcium is None:
        return None
    value = calcium * phosphate.value
    return Derived(
        "ca_x_p", say("Ca x P"), value, "mmol2/L2", _explain_product(value, basis, phosphate), None, "kdigo2017"
    )


def _convert_product(case: Case, labs: Sequence[LabResult]) -> Derived | None:
    product = _multiply_calcium_phosphate(case, labs)
    if product is None or product.value is None:
        return None
    value = product.value * _compute_mg2_dl2_per_mmol2_l2()
    return Derived(
        "ca_x_p_mg2_dl2",
        product.label,
        value,
        "mg2/dL2",
        say("The same in conventional units."),
        None,
        product.reference,
    )


def _explain_product(value: float, calcium: LabResult | None, phosphate: LabResult) -> str:
    mg = value * _compute_mg2_dl2_per_mmol2_l2()
    if _are_of_different_days(calcium, phosphate):
        return say("Calcium and phosphate are of different days. The product is not weighed, high or low.")
    if mg < OLD_TARGET_MG2_DL2:
        return say(
            "Below the old limits of {target:.0f} and {risk:.0f} mg²/dL². That does not count against calciphylaxis: "
            "the product is not weighed, high or low.",
            target=OLD_TARGET_MG2_DL2, risk=OLD_RISK_MG2_DL2,
        )  # fmt: skip
    if mg > OLD_RISK_MG2_DL2:
        return say("Above {risk:.0f} mg²/dL², which went with the disease; not weighed.", risk=OLD_RISK_MG2_DL2)
    return say(
        "Between the old limits of {target:.0f} and {risk:.0f} mg²/dL²; the product is not weighed, high or low.",
        target=OLD_TARGET_MG2_DL2, risk=OLD_RISK_MG2_DL2,
    )  # fmt: skip


def _convert_pth(_: Case, labs: Sequence[LabResult]) -> Derived | None:
    pth = _find_value(labs, "pth")
    if pth is None or pth.value is None:
        return None
    times = factor("pmol/L", "pg/mL", molar=analytes()["pth"].molar)
    value = None
    if times is not None:
        value = pth.value * times
    text = say("By the molar mass of PTH; the factor is recalled, not read.")
    return Derived("pth_pg_ml", say("parathyroid hormone"), value, "pg/mL", text, pth.flag)


def _compare_pth_with_limit(case: Case, labs: Sequence[LabResult]) -> Derived | None:
    pth = _find_value(labs, "pth")
    if pth is None or pth.value is None or pth.range is None or not pth.range[1]:
        return None
    value = pth.value / pth.range[1]
    where = _place_in_pth_band(value)
    limit = say("an upper limit found in the literature")
    if pth.range_basis == "laboratory":
        limit = say("the laboratory's upper limit")
    text = say(
        "Multiple of {limit}, {high:g} pmol/L; {where} the band of {low:g} to {top:g} on dialysis. "
        "PTH low or high does not exclude the disease.",
        limit=limit, high=pth.range[1], where=where, low=PTH_BAND[0], top=PTH_BAND[1],
    )  # fmt: skip
    if not case.kidney.on_dialysis:
        text = say("Multiple of {limit}, {high:g} pmol/L.", limit=limit, high=pth.range[1])
    return Derived("pth_multiple", say("PTH over its upper limit"), value, "1", text, pth.flag, "kdigo2017")


def _place_in_pth_band(multiple: float) -> Text:
    if multiple > PTH_BAND[1]:
        return say("above")
    if multiple < PTH_BAND[0]:
        return say("below")
    return say("within")


def _compute_body_mass_index(case: Case, _: Sequence[LabResult]) -> Derived | None:
    if case.patient.height_cm is None or not case.patient.weights:
        return None
    value = round(case.patient.weights[-1].kg / (case.patient.height_cm / 100) ** 2, 6)
    flag: LabFlag | None = None
    if value >= OBESITY_KG_M2:
        flag = "H"
    text = say("Last weight over height squared; {limit:g} and more is called obesity here.", limit=OBESITY_KG_M2)
    return Derived("body_mass_index", say("body mass index"), value, "kg/m2", text, flag)


@dataclass(frozen=True, slots=True)
class WeightLoss:
    """Weight lost up to the last weighing."""

    kg: float
    days: int
    """Between the weighing that it is counted from and the last one."""
    last_kg: float
    six_months_kg: float | None
    """What of it was lost in the last six months; None where the weighings lie too far apart to say."""
    interpolated: bool = False
    """Whether a straight line between two weighings gives the weight of six months ago."""


def lost_weight(case: Case) -> WeightLoss | None:
    """Weight lost in the last six months, or the last known loss with its span; None where none is known."""
    dated = sorted((weight.on, weight.kg) for weight in case.patient.weights if weight.on is not None)
    if len(dated) < 2:
        return None
    last_day, last = dated[-1]
    begin = last_day - timedelta(days=WEIGHT_LOSS_DAYS)
    within = [(kg, day) for day, kg in dated[:-1] if begin <= day < last_day]
    at_begin = _interpolate_weight(dated, begin)
    if at_begin is not None and at_begin > max((kg for kg, _ in within), default=0.0):
        before_kg, before = [(kg, day) for day, kg in dated if day < begin][-1]
        lost = max(0.0, at_begin - last)
        return WeightLoss(before_kg - last, (last_day - before).days, last, lost, interpolated=True)
    if within:
        highest, day = max(within)
        return WeightLoss(highest - last, (last_day - day).days, last, highest - last)
    before, before_kg = dated[-2]
    return WeightLoss(before_kg - last, (last_day - before).days, last, None)


def _interpolate_weight(dated: Sequence[tuple[date, float]], day: date) -> float | None:
    """The weight of a day by a straight line between the weighings about it; None where they lie too far apart."""
    earlier = [entry for entry in dated if entry[0] < day]
    later = [entry for entry in dated if entry[0] >= day]
    if not earlier or not later:
        return None
    (first, first_kg), (second, second_kg) = earlier[-1], later[0]
    apart = (second - first).days
    if apart > INTERPOLATED_DAYS:
        return None
    return first_kg + (second_kg - first_kg) * (day - first).days / apart


def _compute_weight_loss(case: Case, _: Sequence[LabResult]) -> Derived | None:
    loss = lost_weight(case)
    if loss is None or loss.kg <= 0:
        return None
    text = say("Highest weight of the last six months less the last one.")
    if loss.interpolated:
        text = say(
            "{kg:.1f} kg were lost over {days} days; by a straight line between the two weighings about the day six "
            "months before the last one, this much of it within six months.",
            kg=loss.kg, days=loss.days,
        )  # fmt: skip
    if loss.six_months_kg is None:
        text = say(
            "{kg:.1f} kg were lost over {days} days; no weighing tells how much of it within six months.",
            kg=loss.kg, days=loss.days,
        )  # fmt: skip
    label = say("weight lost in six months")
    return Derived("weight_loss_kg", label, loss.six_months_kg, "kg", text, None, "gaisne2020")


def _count_dialysis_years(case: Case, _: Sequence[LabResult]) -> Derived | None:
    years = dialysis_years(case)
    if years is None:
        return None
    text = say("All periods together, up to the day of examination.")
    return Derived("dialysis_years", say("time on dialysis"), years, "a", text)


def dialysis_years(case: Case) -> float | None:
    """Years on dialysis, all periods together; None where a period has neither days nor a number."""
    if not case.kidney.dialysis:
        return None
    durations: list[float] = []
    for period in case.kidney.dialysis:
        years = _count_years(period.start, period.stop or case.examined_on, period.years)
        if years is None:
            return None
        durations.append(years)
    return sum(durations)


def _count_years(start: date | None, stop: date | None, stated: float | None) -> float | None:
    if start is None or stop is None:
        return stated
    return (stop - start).days / DAYS_A_YEAR


def _find_value(labs: Sequence[LabResult], name: str) -> LabResult | None:
    found = latest(labs, name)
    if found is None or found.comparator is not None:
        return None
    return found


def _compute_mg2_dl2_per_mmol2_l2() -> float:
    """Factor from the molar masses: 4.008 x 3.097 = 12.41."""
    calcium = analytes()["calcium"].molar or 0.0
    phosphate = analytes()["phosphate"].molar or 0.0
    return calcium / 10 * phosphate / 10
