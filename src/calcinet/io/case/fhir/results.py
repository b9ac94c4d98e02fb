"""Observations of a bundle on their own and as parts of panels and reports, in the order in which they were made."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from typing import Any, Final

from calcinet.io.case.fhir.dates import BrokenDate, Moment, find_usual_offset, read_moment, read_span
from calcinet.io.case.fhir.entries import ERROR, Entries, is_patients
from calcinet.io.case.fhir.left_out import LeftOut
from calcinet.io.case.fhir.observations import (
    HEIGHT,
    TEMPERATURE,
    WEIGHT,
    has_value,
    inherit,
    is_vital,
    laboratory_of,
    list_components,
    moment_of,
    name_analyte,
    vital,
)
from calcinet.io.case.fhir.ranges import RangeOwner
from calcinet.io.case.fhir.types import Resource, block, blocks, codes_of, said, status_of

FINAL: Final = frozenset({"final", "amended", "corrected", "appended", ""})
"""Status of a result that holds; where none is told, it is taken as final."""

CORRECTED: Final = frozenset({"amended", "corrected"})

VITALS: Final = {HEIGHT: "cm", WEIGHT: "kg", TEMPERATURE: "Cel"}
"""Vital signs that are read, and the unit that each is brought into."""

MEMBERS: Final = {"Observation": "hasMember", "DiagnosticReport": "result"}
"""Where a panel and a report list their results."""

MOST_NESTED: Final = 5
"""How deeply panels stand within panels that are contained. Our choice: two are in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """An observation and when it was made."""

    resource: Resource
    moment: Moment | None
    issued: datetime | None = None

    @property
    def day(self) -> str | None:
        """None where only a month or a year is known."""
        if self.moment is None:
            return None
        return self.moment.day


def read_observations(entries: Entries, left_out: LeftOut) -> list[Observed]:
    """Every single observation that is the patient's, is final, and has a time that can be; oldest first."""
    found = []
    for observation in _list_observations(entries, left_out):
        reason = _find_reason(observation, entries)
        if reason is not None:
            left_out.note(reason)
            continue
        dated = _find_time(observation, entries, left_out)
        if dated is not None:
            found.append(dated)
    return _drop_corrected(_sort_observed(found), left_out)


def read_results(
    observed: Sequence[Observed], entries: Entries, owner: RangeOwner, left_out: LeftOut
) -> list[dict[str, Any]]:
    """Laboratory results in the order of the observations; what is none is counted, unless it is a vital sign."""
    results: list[dict[str, Any]] = []
    latest: dict[str, str] = {}
    for one in observed:
        specimen = _name_specimen(one.resource, entries)
        result = laboratory_of(one.resource, owner, left_out, specimen)
        if result is None:
            _note_passed_over(one, specimen, left_out)
            continue
        _note_day(one, left_out)
        day = result.get("on")
        if day is not None and one.moment is not None and one.moment.has_offset:
            result["on"] = latest[result["name"]] = max(day, latest.get(result["name"], day))
        results.append(result)
    return results


def _list_observations(entries: Entries, left_out: LeftOut) -> Iterator[Resource]:
    """Observations of their own, those within panels and reports, and the components of all."""
    panels, withdrawn = _find_panels(entries, left_out)
    for observation in entries.of_type("Observation"):
        if id(observation) in withdrawn:
            left_out.note("error")
            continue
        whole = inherit(observation, panels.get(id(observation), {}))
        yield from list_components(whole)
        yield from _list_contained(whole, "hasMember", MOST_NESTED)
    for report in entries.of_type("DiagnosticReport"):
        yield from _list_contained(report, "result", MOST_NESTED)
        if any(report.get(key) for key in ("conclusion", "conclusionCode", "presentedForm")):
            left_out.note("report")


def _list_contained(holder: Resource, name: str, depth: int) -> Iterator[Resource]:
    """Results that stand within a panel or a report."""
    wanted = {str(reference.get("reference", "")).removeprefix("#") for reference in blocks(holder.get(name))}
    for inside in blocks(holder.get("contained")):
        is_wanted = str(inside.get("id", "")).removeprefix("#") in wanted
        if is_wanted and inside.get("resourceType") == "Observation" and depth:
            whole = inherit(inside, holder)
            yield from list_components(whole)
            yield from _list_contained(whole, "hasMember", depth - 1)


def _find_panels(entries: Entries, left_out: LeftOut) -> tuple[dict[int, Resource], set[int]]:
    """The panel or report of each observation that one lists, and observations of withdrawn reports alone."""
    panels: dict[int, Resource] = {}
    withdrawn: set[int] = set()
    for holder in entries.every:
        name = MEMBERS.get(str(holder.get("resourceType")))
        if name is None:
            continue
        is_withdrawn = status_of(holder) in ERROR
        for reference in blocks(holder.get(name)):
            member = entries.references.resolve(reference, holder)
            if member is None:
                if not is_withdrawn:
                    left_out.note("no member")
            elif is_withdrawn:
                withdrawn.add(id(member))
            elif id(member) not in panels:
                panels[id(member)] = holder
    return panels, withdrawn - set(panels)


def _find_reason(observation: Resource, entries: Entries) -> str | None:
    """Why an observation is left out, with what it takes from its panel; None where it is not."""
    if status_of(observation) in ERROR:
        return "error"
    if observation.get("modifierExtension"):
        return "modifier"
    reason = is_patients(observation, entries.person, entries.references)
    if reason is None and status_of(observation) not in FINAL:
        return "not final"
    return reason


def _find_time(observation: Resource, entries: Entries, left_out: LeftOut) -> Observed | None:
    """When it was made; else when its sample was taken; else when it was issued, which is counted."""
    try:
        moment = moment_of(observation) or _find_collection(observation, entries)
        issued = read_moment(observation.get("issued"))
    except BrokenDate:
        left_out.note("broken date")
        return None
    resource = observation
    if moment is None and issued is not None and has_value(observation):
        left_out.note("day of issue")
        moment = issued
    if moment is not None:
        resource = {key: value for key, value in observation.items() if not key.startswith("effective")}
        resource["effectiveDateTime"] = _write_moment(moment)
    at = issued.instant(UTC) if issued is not None else None
    return Observed(resource=resource, moment=moment, issued=at)


def _write_moment(moment: Moment) -> str:
    """As exactly as it is known."""
    if moment.day is not None:
        return moment.day
    if moment.first.month == moment.last.month:
        return moment.first.isoformat()[:7]
    return moment.first.isoformat()[:4]


def _find_collection(observation: Resource, entries: Entries) -> Moment | None:
    specimen = block(entries.references.resolve(observation.get("specimen"), observation))
    return read_span(block(specimen.get("collection")), "collected").latest


def _name_specimen(observation: Resource, entries: Entries) -> str:
    """Words of the specimen's type."""
    given = block(observation.get("specimen"))
    specimen = block(entries.references.resolve(given, observation))
    return said(specimen.get("type")) or str(given.get("display") or "")


def _sort_observed(observed: Iterable[Observed]) -> list[Observed]:
    """By time, then by when they were issued; what has no time stands last, as it came."""
    several = list(observed)
    usual = find_usual_offset(one.moment for one in several)
    return sorted(several, key=lambda one: _rank(one, usual))


def _rank(one: Observed, usual: timezone) -> tuple[bool, datetime, datetime]:
    never = datetime.min.replace(tzinfo=UTC)
    if one.moment is None:
        return True, never, never
    return False, one.moment.instant(usual), one.issued or never


def _drop_corrected(observed: Sequence[Observed], left_out: LeftOut) -> list[Observed]:
    """Of one thing seen at one time the correction, where there is one."""
    corrected = {_find_key(one) for one in observed if status_of(one.resource) in CORRECTED}
    kept = []
    for one in observed:
        key = _find_key(one)
        if key is not None and key in corrected and status_of(one.resource) not in CORRECTED:
            left_out.note("corrected")
            continue
        kept.append(one)
    return kept


def _find_key(one: Observed) -> tuple[str, datetime] | None:
    """What was seen, and when; None where the one or the other is not told."""
    code = one.resource.get("code")
    name = name_analyte(one.resource) or " ".join(sorted(codes_of(code))) or said(code)
    if one.moment is None or not name:
        return None
    return name, one.moment.instant(UTC)


def _note_day(one: Observed, left_out: LeftOut) -> None:
    """Count what has no day."""
    if one.moment is None:
        left_out.note("no day")
    elif one.moment.day is None:
        left_out.note("part of a date")


def _note_passed_over(one: Observed, specimen: str, left_out: LeftOut) -> None:
    """Count what is neither a result nor a vital sign that is read; a panel that only lists others is none."""
    if not has_value(one.resource):
        return
    if is_vital(one.resource, *VITALS):
        if any(vital([one.resource], loinc, unit) for loinc, unit in VITALS.items()):
            _note_day(one, left_out)
        else:
            left_out.note("other value")
    elif name_analyte(one.resource, specimen) is None:
        left_out.note("other observation")
