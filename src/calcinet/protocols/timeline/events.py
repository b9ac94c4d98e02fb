"""Drugs, treatments, dialysis and what happened, with the days that are known of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from calcinet.protocols.timeline.visits import Visit
from calcinet.record import DialysisRecord, Drug, TreatmentRecord
from calcinet.record.timeline import EventKind, TimedEvent
from calcinet.text import Text, as_written, counted, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Something that goes on over several records."""

    kind: EventKind
    label: str
    start: str | None = None
    stop: str | None = None
    seen: tuple[str, ...] = field(default=())
    ended_by: str | None = None
    detail: str = ""
    status: str = ""
    acts: bool = True

    def as_event(self) -> TimedEvent:
        """The course in the shape of the time line."""
        return TimedEvent(
            kind=self.kind,
            label=self.label,
            start=self.start,
            stop=self.stop,
            seen=self.seen,
            ended_by=self.ended_by,
            detail=self.detail,
            status=self.status,
            acts=self.acts,
        )


def list_events(visits: Sequence[Visit]) -> tuple[TimedEvent, ...]:
    """Courses first, in the order in which they are told, then what happened on a day."""
    courses: dict[tuple[str, ...], Course] = {}
    for visit in visits:
        for key, course, goes_on in _list_courses(visit):
            courses[key] = _join(courses.get(key), course, visit.day, goes_on=goes_on)
    single: dict[TimedEvent, None] = {}
    for visit in visits:
        single |= dict.fromkeys(_list_single(visit))
    outcome = list(_list_outcome(visits))
    return (*(course.as_event() for course in courses.values()), *single, *outcome)


def _list_courses(visit: Visit) -> Iterator[tuple[tuple[str, ...], Course, bool]]:
    """What a record says of each course, its key, and whether it goes on."""
    clinical = visit.record.clinical
    for drug in clinical.drugs:
        yield ("drug", drug.drug or drug.name.casefold()), _read_drug(drug), drug.status == "taking"
    for entry in clinical.treatments:
        done = ("treatment", entry.name, entry.drug or "", entry.route or "")
        yield done, _read_treatment(entry), entry.status == "given"
    for period in clinical.dialysis:
        key = ("dialysis", period.kind, str(period.dialysate_calcium_mmol_l))
        yield key, _read_dialysis(period), period.stop is None


def _read_drug(drug: Drug) -> Course:
    return Course(
        kind="drug",
        label=as_written(drug.drug or drug.name),
        start=drug.start,
        stop=drug.stop,
        detail=drug.daily_dose or "",
        status=drug.status,
        acts=drug.matters is not None,
    )


def _read_treatment(entry: TreatmentRecord) -> Course:
    parts: list[str] = []
    if entry.dose:
        parts.append(as_written(entry.dose))
    if entry.sessions is not None:
        parts.append(counted(entry.sessions, "{count} session", "{count} sessions"))
    label: Text = as_written(entry.name)
    if entry.drug:
        label = say("{treatment}: {drug}", treatment=label, drug=as_written(entry.drug))
    return Course(
        kind="treatment",
        label=label,
        start=entry.start,
        stop=entry.stop,
        detail=say("{parts}", parts=parts) if parts else "",
        status=entry.status,
    )


def _read_dialysis(period: DialysisRecord) -> Course:
    label: Text = as_written(period.kind)
    if period.kind == "peritoneal":
        label = say("peritoneal dialysis")
    detail: str = ""
    if period.dialysate_calcium_mmol_l is not None:
        detail = say("dialysate calcium {value:.2f} mmol/L", value=period.dialysate_calcium_mmol_l)
    return Course(kind="dialysis", label=label, start=period.start, stop=period.stop, detail=detail)


def _join(before: Course | None, now: Course, day: str, *, goes_on: bool) -> Course:
    """A course with what one more record says of it; later words replace earlier ones, days that were stated stay."""
    earlier = before or now
    seen = before.seen if before is not None else ()
    ended_by = before.ended_by if before is not None else None
    if goes_on:
        seen = (*seen, day)
    elif seen and ended_by is None:
        ended_by = day
    return replace(
        now,
        start=now.start or earlier.start,
        stop=now.stop or earlier.stop,
        detail=now.detail or earlier.detail,
        acts=now.acts or earlier.acts,
        seen=seen,
        ended_by=ended_by,
    )


def _list_single(visit: Visit) -> Iterator[TimedEvent]:
    clinical = visit.record.clinical
    for lesion in clinical.lesions:
        if lesion.since is not None:
            label = say(
                "first seen: {site}, {kind}",
                site=as_written(lesion.site),
                kind=as_written(lesion.began_as or lesion.kind),
            )
            yield TimedEvent(kind="lesion", label=label, start=lesion.since, stop=lesion.since)
    for biopsy in clinical.biopsies:
        yield TimedEvent(kind="biopsy", label=biopsy.label, start=biopsy.on, stop=biopsy.on, status=biopsy.status)
    for procedure in clinical.procedures:
        yield TimedEvent(kind="procedure", label=procedure.label, start=procedure.on, stop=procedure.on)


def _list_outcome(visits: Sequence[Visit]) -> Iterator[TimedEvent]:
    """The outcome as the latest record tells it."""
    for visit in reversed(visits):
        outcome = visit.record.clinical.outcome
        if outcome is not None:
            day = outcome.on or (None if outcome.months_after_diagnosis is not None else visit.day)
            yield TimedEvent(kind="outcome", label=outcome.label, start=day, stop=day, status=outcome.state)
            return
