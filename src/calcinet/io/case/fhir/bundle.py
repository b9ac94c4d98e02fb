"""A FHIR R4 or R5 bundle as a Case: codes first, words where there is no code, and nobody's name, number or birthday.

What is not taken is counted and told (`Case.left_out`); one entry that cannot be right does not refuse the others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from calcinet.clinical.block import CaseBlock
from calcinet.clinical.case import (
    Biopsy,
    Case,
    Condition,
    Dialysis,
    Drug,
    Examination,
    Laboratory,
    Lesion,
    Patient,
    Procedure,
    Treatment,
    Weight,
)
from calcinet.clinical.late_days import late_days
from calcinet.errors import BadInput
from calcinet.io.case.errors import mistake_of
from calcinet.io.case.fhir import conditions as fhir_conditions
from calcinet.io.case.fhir import observations as fhir_observations
from calcinet.io.case.fhir import procedures as fhir_procedures
from calcinet.io.case.fhir.dates import BrokenDate, read_moment, read_span
from calcinet.io.case.fhir.drugs import Taken, drugs_of, join_drugs
from calcinet.io.case.fhir.entries import DRUGS, Entries, read_entries
from calcinet.io.case.fhir.left_out import LeftOut
from calcinet.io.case.fhir.ranges import RangeOwner
from calcinet.io.case.fhir.results import Observed, read_observations, read_results
from calcinet.io.case.fhir.types import Resource, status_of, without_nothing

Made = dict[str, Any]

RECORDED: Final = ("recordedDate", "recorded", "dateRecorded", "authoredOn", "whenHandedOver", "dateAsserted")
"""Elements that say when something was known at the latest."""

NOT_DONE: Final = ("not-done", "preparation", "on-hold", "unknown")
"""Status of a Procedure that has not begun, or of which nobody knows whether it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A bundle while it is read."""

    entries: Entries
    observed: Sequence[Observed]
    now: str | None
    """The latest day on which something was seen, done or written down."""
    left_out: LeftOut


def case_of_bundle(bundle: Resource) -> Case:
    """Read Patient, Condition, Observation, DiagnosticReport (results), Procedure and the four entries of drugs.

    Raises
    ------
    BadInput
        If it is no bundle, holds more than one patient, or says what cannot be.
    """
    if bundle.get("resourceType") != "Bundle":
        raise BadInput("a FHIR file must hold a Bundle; one resource alone is not a case")
    left_out = LeftOut()
    entries = read_entries(bundle, left_out)
    observed = read_observations(entries, left_out)
    reading = _Reading(entries=entries, observed=observed, now=_find_now(entries, observed), left_out=left_out)
    tree = _parse_tree(reading)
    try:
        case = Case.model_validate(tree)
    except ValidationError as error:
        texts = [mistake_of(entry, {}, {}).text for entry in error.errors(include_url=False)]
        raise BadInput(f"the bundle does not make a case: {'; '.join(texts)}") from None
    return case.with_left_out(left_out.sentences())


def _parse_tree(reading: _Reading) -> Made:
    """The case file that says the same; "now" is the latest day on which something was seen or done."""
    owner = _find_owner(reading.entries.patient)
    tree = _parse_blocks(reading, owner)
    later = [day.isoformat() for _, day, _ in late_days({"examined_on": reading.now, **tree})]
    now = max(later, default=reading.now)
    patient = _read_patient(reading, now)
    outcome = _read_outcome(reading.entries.patient, reading.left_out)
    return without_nothing({"examined_on": now, "patient": patient, "outcome": outcome, **tree})


def _parse_blocks(reading: _Reading, owner: RangeOwner) -> Made:
    """All that does not hang on the age."""
    left_out = reading.left_out
    conditions = _list_standing(reading.entries.of_type("Condition"), left_out)
    procedures = reading.entries.of_type("Procedure")
    diseases = [resource for resource in conditions if fhir_conditions.stage_of(resource.get("code")) is None]
    labs = read_results(reading.observed, reading.entries, owner, left_out)
    tree: Made = {
        "kidney": _read_kidney(conditions, procedures, reading),
        "lesions": _make_all(fhir_conditions.lesion_of, diseases, Lesion, left_out) or None,
        "conditions": _read_conditions(diseases, left_out) or None,
        "drugs": _read_drugs(reading) or None,
        "labs": [lab for lab in labs if _is_possible(Laboratory, lab, left_out)],
        "pathology": _make_all(fhir_procedures.biopsy_of, procedures, Biopsy, left_out),
        "treatments": _make_all(fhir_procedures.treatment_of, procedures, Treatment, left_out),
        "procedures": _make_all(fhir_procedures.procedure_of, procedures, Procedure, left_out) or None,
        "examination": _read_examination(reading),
    }
    _note_procedures(procedures, left_out)
    return tree


def _make_all(
    make: Callable[[Resource], Made | None], resources: Iterable[Resource], model: type[CaseBlock], left_out: LeftOut
) -> list[Made]:
    """What is made of each; what has a broken date, or what the case file would refuse, is counted."""
    made = []
    for resource in resources:
        try:
            entry = make(resource)
        except BrokenDate:
            left_out.note("broken date")
            continue
        if entry is not None and _is_possible(model, entry, left_out):
            made.append(entry)
    return made


def _is_possible(model: type[CaseBlock], entry: Made, left_out: LeftOut) -> bool:
    try:
        model.model_validate(entry)
    except ValidationError:
        left_out.note("impossible")
        return False
    return True


def _list_standing(conditions: Iterable[Resource], left_out: LeftOut) -> list[Resource]:
    """Conditions that are there or were looked for; those that are over are counted."""
    standing = []
    for resource in conditions:
        if fhir_conditions.is_over(resource) and not fhir_conditions.is_refuted(resource):
            left_out.note("resolved")
        else:
            standing.append(resource)
    return standing


def _find_now(entries: Entries, observed: Sequence[Observed]) -> str | None:
    """The latest day on which something was seen, done or written down."""
    days = [one.day for one in observed]
    for resource in entries.of_type("Condition", *DRUGS):
        for name in RECORDED:
            days.append(_find_day(resource.get(name)))
    for resource in entries.of_type("Procedure", "MedicationAdministration"):
        if status_of(resource) not in NOT_DONE:
            days.append(_find_last_day(resource))
    return max((day for day in days if day is not None), default=None)


def _find_day(written: Any) -> str | None:
    """The day of an element; None where it is none."""
    try:
        moment = read_moment(written)
    except BrokenDate:
        return None
    if moment is None:
        return None
    return moment.day


def _find_last_day(resource: Resource) -> str | None:
    try:
        moment = read_span(resource, "performed", "occurrence", "effective").latest
    except BrokenDate:
        return None
    if moment is None:
        return None
    return moment.day


def _read_examination(reading: _Reading) -> Made | None:
    temperatures = _list_vitals(reading, fhir_observations.TEMPERATURE, "Cel", "temperature_c", Examination)
    if not temperatures:
        return None
    return {"temperature_c": temperatures[-1][1]}


def _list_vitals(
    reading: _Reading, loinc: str, unit: str, field: str, model: type[CaseBlock]
) -> list[tuple[str | None, float]]:
    """Days and values of one vital sign that a living person may have, oldest first."""
    found = fhir_observations.vital([one.resource for one in reading.observed], loinc, unit)
    return [pair for pair in found if _is_possible(model, {field: pair[1]}, reading.left_out)]


def _read_patient(reading: _Reading, now: str | None) -> Made:
    """Age, sex, height and weights; the birthday makes the age and is forgotten."""
    patient = reading.entries.patient
    known: Made = {"age_years": _compute_age(patient, now, reading.left_out), "weights": []}
    if patient.get("gender") in ("female", "male", "other"):
        known["sex"] = patient["gender"]
    heights = _list_vitals(reading, fhir_observations.HEIGHT, "cm", "height_cm", Patient)
    if heights:
        known["height_cm"] = heights[-1][1]
    for day, kg in _list_vitals(reading, fhir_observations.WEIGHT, "kg", "kg", Weight):
        known["weights"].append(without_nothing({"kg": kg, "on": day}))
    return without_nothing(known)


def _compute_age(patient: Resource, now: str | None, left_out: LeftOut) -> int | None:
    """Completed years; of a birthday without its day only where every day of the month gives the same."""
    try:
        born = read_moment(patient.get("birthDate"))
    except BrokenDate:
        left_out.note("birthday")
        return None
    if born is None or now is None:
        return None
    today = date.fromisoformat(now)
    ages = {_count_years(day, today) for day in (born.first, born.last)}
    age = ages.pop()
    if ages or not _is_age(age):
        left_out.note("birthday")
        return None
    return age


def _is_age(years: int) -> bool:
    try:
        Patient.model_validate({"age_years": years})
    except ValidationError:
        return False
    return True


def _count_years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _find_owner(patient: Resource) -> RangeOwner:
    """Whom reference ranges must hold for."""
    sex = patient.get("gender")
    day = _find_day(patient.get("birthDate"))
    born = None
    if day is not None:
        born = date.fromisoformat(day)
    return RangeOwner(sex if isinstance(sex, str) else None, born)


def _read_outcome(patient: Resource, left_out: LeftOut) -> Made | None:
    """That the patient has died, and when."""
    told = patient.get("deceasedDateTime")
    if patient.get("deceasedBoolean") is not True and not isinstance(told, str):
        return None
    try:
        read_moment(told)
    except BrokenDate:
        left_out.note("broken date")
    return without_nothing({"state": "died", "on": _find_day(told)})


def _read_kidney(conditions: Sequence[Resource], procedures: Sequence[Resource], reading: _Reading) -> Made:
    """The highest stage that a condition names, and the periods of dialysis."""
    stages = []
    for resource in conditions:
        named = fhir_conditions.stage_of(resource.get("code"))
        if named and fhir_conditions.is_refuted(resource):
            reading.left_out.note("unconfirmed")
        elif named:
            stages.append(named)
    stage = max(stages, default=None)
    dialysis = _make_all(fhir_procedures.dialysis_of, procedures, Dialysis, reading.left_out)
    if any("stop" not in period for period in dialysis):
        return without_nothing({"stage": "5D", "dialysis": dialysis})
    sessions = [one for one in procedures if fhir_procedures.is_dialysis(one) and _is_one_session(one)]
    if fhir_procedures.goes_on(sessions, reading.now):
        stage = "5D"
    kind = fhir_procedures.last_kind(sessions, reading.now)
    if stage != "5D":
        reading.left_out.note("single session", len(sessions))
    elif kind is not None:
        dialysis.append({"kind": kind})  # the first session of a bundle need not be the first ever
    elif dialysis:
        reading.left_out.note("ended dialysis", len(dialysis))
        dialysis = []
    return without_nothing({"stage": stage, "dialysis": dialysis})


def _is_one_session(resource: Resource) -> bool:
    """A broken date is counted elsewhere."""
    try:
        return fhir_procedures.is_session(resource)
    except BrokenDate:
        return False


def _read_conditions(diseases: Sequence[Resource], left_out: LeftOut) -> list[Made]:
    """Diseases that are no lesion of the skin, each once, since its first day."""
    others = [resource for resource in diseases if _make_lesion(resource) is None]
    joined: dict[tuple[str, str], Made] = {}
    for entry in _make_all(_name_condition(left_out), others, Condition, left_out):
        key = entry["name"].casefold(), entry["present"]
        since = [one["since"] for one in (joined.get(key, {}), entry) if "since" in one]
        joined[key] = {**joined.get(key, entry), **without_nothing({"since": min(since, default=None)})}
    return list(joined.values())


def _make_lesion(resource: Resource) -> Made | None:
    """A lesion with a broken date is one."""
    try:
        return fhir_conditions.lesion_of(resource)
    except BrokenDate:
        return {}


def _name_condition(left_out: LeftOut) -> Callable[[Resource], Made | None]:
    """Read a disease; one without a name is counted."""

    def name(resource: Resource) -> Made | None:
        entry = fhir_conditions.condition_of(resource)
        if entry is None:
            left_out.note("no name")
        return entry

    return name


def _read_drugs(reading: _Reading) -> list[Made]:
    """Every drug, those that several entries tell of once."""
    taken: list[Taken] = []
    for resource in reading.entries.of_type(*DRUGS):
        try:
            taken += drugs_of(resource, reading.entries.references, reading.left_out, reading.now)
        except BrokenDate:
            reading.left_out.note("broken date")
    drugs = [drug.as_entry() for drug in join_drugs(taken)]
    return [drug for drug in drugs if _is_possible(Drug, drug, reading.left_out)]


def _note_procedures(procedures: Sequence[Resource], left_out: LeftOut) -> None:
    """Count procedures of which nothing was made."""
    for resource in procedures:
        if not fhir_procedures.is_named(resource):
            left_out.note("other procedure")
        elif status_of(resource) in NOT_DONE and not _is_told(resource):
            left_out.note("procedure not done")


def _is_told(resource: Resource) -> bool:
    """Whether something was made of it all the same: planned, or refused."""
    makers: Mapping[str, Callable[[Resource], Made | None]] = {
        "biopsy": fhir_procedures.biopsy_of,
        "treatment": fhir_procedures.treatment_of,
    }
    return any(_try(make, resource) for make in makers.values())


def _try(make: Callable[[Resource], Made | None], resource: Resource) -> Made | None:
    """What is made of a resource; None of one whose date is broken, which is counted elsewhere."""
    try:
        return make(resource)
    except BrokenDate:
        return None
