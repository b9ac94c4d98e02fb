"""Procedures of a FHIR bundle: dialysis, biopsies of the skin, treatments, and what came before."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, get_args

from calcinet.clinical.history import TreatmentName
from calcinet.io.case.fhir.conditions import BODY_SITES, find_word, read_body_sites
from calcinet.io.case.fhir.dates import Moment, Span, read_span
from calcinet.io.case.fhir.types import Resource, codes_of, said, status_of, without_nothing

DIALYSES: Final = {
    "peritoneal dialysis": "peritoneal",
    "capd": "peritoneal",
    "haemodiafiltration": "haemodiafiltration",
    "hemodiafiltration": "haemodiafiltration",
    "haemodialysis": "haemodialysis",
    "hemodialysis": "haemodialysis",
    "血液透析": "haemodialysis",
    "腹膜透析": "peritoneal",
}
"""Kinds of dialysis by the words that name them."""

DIALYSIS_CODES: Final = {
    "302497006": "haemodialysis", "233575001": "haemodialysis", "233583003": "haemodiafiltration",
    "71192002": "peritoneal", "238318009": "peritoneal", "90935": "haemodialysis", "90937": "haemodialysis",
}  # fmt: skip
"""The same by codes of SNOMED CT and CPT."""

BESIDE_DIALYSIS: Final = re.compile(
    r"\b(?:catheters?|fistulas?|grafts?|access|insertion|removal|creation|placement|education|training|counsell?ing|"
    r"assessment|evaluation|planning|referral|consultation|peritonitis|shunts?|cannulation|line|transfer)\b|導管|瘻管"
)
"""What is done for dialysis and is none."""

PAST: Final = {
    "gadolinium": "gadolinium",
    "gadobutrol": "gadolinium",
    "gadoterate": "gadolinium",
    "angiography": "vascular procedure",
    "angioplasty": "vascular procedure",
    "transfusion": "transfusion",
}
"""Words of procedures that can imitate or trigger the disease."""

WITHOUT: Final = re.compile(r"\b(?:without|no|non)\b[\w\s-]*$")
"""Words before a name that deny it."""

DONE: Final = {"completed": "given", "in-progress": "given", "preparation": "planned", "stopped": "stopped"}
"""Status of a Procedure and of a treatment in the case file."""

WAS_DONE: Final = frozenset({"completed", "in-progress", ""})
"""Status of what has begun; where none is said, it is told as done."""

TREATMENTS: Final = {name: name for name in get_args(TreatmentName) if name != "other"} | {
    "sodium thiosulfate": "sodium thiosulphate"
}

SKIN_BIOPSIES: Final = ("skin", "incisional", "punch")
"""Words that tell a biopsy of the skin from others."""

BIOPSY_STATUS: Final = {
    "completed": "done", "in-progress": "done", "": "done", "preparation": "planned", "not-done": "declined",
}  # fmt: skip
"""Status of a Procedure and of a biopsy in the case file."""

SESSION_DAYS: Final = 2
"""A period of dialysis that is no longer is one session. Our choice: a night in between."""

LAST_SESSION_DAYS: Final = 14
"""Within how many days of today the last session lies of dialysis that goes on. Our choice: four to six are missed."""

CHRONIC_DAYS: Final = 90
"""Over how many days sessions are spread that are no acute dialysis. [KDIGO: chronic is over three months]"""

PERFORMED: Final = ("performed", "occurrence")
"""When it was done, in R4 and in R5."""


def span_of(resource: Resource) -> Span:
    """When it was done.

    Raises
    ------
    BrokenDate
        If a day is none, or the end lies before the beginning.
    """
    return read_span(resource, *PERFORMED)


def dialysis_kind(resource: Resource) -> str | None:
    """Kind of dialysis; None where it is none, or something done for it."""
    words = said(resource.get("code"))
    if BESIDE_DIALYSIS.search(words):
        return None
    for code in codes_of(resource.get("code")):
        if code in DIALYSIS_CODES:
            return DIALYSIS_CODES[code]
    return find_word(words, DIALYSES)


def is_dialysis(resource: Resource) -> bool:
    """Whether it is dialysis of any kind, that of no kind too."""
    words = said(resource.get("code"))
    named = dialysis_kind(resource) is not None or re.search(r"\bdialysis\b|透析", words) is not None
    return named and BESIDE_DIALYSIS.search(words) is None


def dialysis_of(resource: Resource) -> dict[str, Any] | None:
    """A period of dialysis that goes on, or that began and ended; None of a single session and of what is not done.

    Raises
    ------
    BrokenDate
        As `span_of`.
    """
    kind = dialysis_kind(resource)
    if kind is None or status_of(resource) not in (*WAS_DONE, "stopped"):
        return None
    span = span_of(resource)
    start, stop = _find_day(span.start), _find_day(span.end)
    if status_of(resource) == "in-progress":
        return without_nothing({"kind": kind, "start": start})
    if is_session(resource) or stop is None:
        return None
    return without_nothing({"kind": kind, "start": start, "stop": stop})


def is_session(resource: Resource) -> bool:
    """Whether it is over and took at most two days.

    Raises
    ------
    BrokenDate
        As `span_of`.
    """
    span = span_of(resource)
    if status_of(resource) not in ("completed", "stopped", ""):
        return False
    if span.start is None or span.single:
        return True
    return span.end is not None and (span.end.last - span.start.first).days <= SESSION_DAYS


def goes_on(sessions: Sequence[Resource], now: str | None) -> bool:
    """Whether sessions are spread over more than three months up to today, with no long gap on the average."""
    days = {day for _, day in _list_session_days(sessions)}
    if now is None or not days:
        return False
    is_long = (max(days) - min(days)).days > CHRONIC_DAYS
    is_recent = (date.fromisoformat(now) - max(days)).days <= LAST_SESSION_DAYS
    return is_long and is_recent and len(days) * LAST_SESSION_DAYS >= (max(days) - min(days)).days


def last_kind(sessions: Sequence[Resource], now: str | None) -> str | None:
    """Kind of the last session, where that was lately and says it."""
    days = sorted(_list_session_days(sessions), key=lambda pair: pair[1])
    if now is None or not days or (date.fromisoformat(now) - days[-1][1]).days > LAST_SESSION_DAYS:
        return None
    return days[-1][0]


def _list_session_days(sessions: Sequence[Resource]) -> list[tuple[str | None, date]]:
    """Kinds and days, of those that have one."""
    found = []
    for session in sessions:
        moment = span_of(session).latest
        if moment is not None and moment.day is not None:
            found.append((dialysis_kind(session), moment.last))
    return found


def biopsy_of(resource: Resource) -> dict[str, Any] | None:
    """A biopsy of the skin; the report itself is not read."""
    words = said(resource.get("code"))
    status = BIOPSY_STATUS.get(status_of(resource))
    if not is_skin_biopsy(words) or status is None:
        return None
    if status == "declined" and not _was_declined(resource):
        return None
    site = find_word(read_body_sites(resource), BODY_SITES)
    return without_nothing({"status": status, "site": site, "on": _find_day(span_of(resource).start)})


def is_skin_biopsy(words: str) -> bool:
    """Whether words name a biopsy of the skin."""
    return "biopsy" in words and any(word in words for word in SKIN_BIOPSIES)


def treatment_of(resource: Resource) -> dict[str, Any] | None:
    """A treatment of the list."""
    name = _find_named(resource, TREATMENTS)
    status = DONE.get(status_of(resource) or "completed")
    if _was_declined(resource):
        status = "refused"
    if name is None or status is None:
        return None
    span = span_of(resource)
    told = {"name": name, "status": status, "start": _find_day(span.start), "stop": _find_day(span.end)}
    return without_nothing(told)


def procedure_of(resource: Resource) -> dict[str, Any] | None:
    """An earlier procedure that matters."""
    name = _find_named(resource, PAST)
    if name is None or status_of(resource) not in (*WAS_DONE, "stopped"):
        return None
    return without_nothing({"name": name, "on": _find_day(span_of(resource).start)})


def is_named(resource: Resource) -> bool:
    """Whether it is of a kind that is read, done or not."""
    words = said(resource.get("code"))
    named = _find_named(resource, PAST) or _find_named(resource, TREATMENTS)
    return named is not None or is_skin_biopsy(words) or is_dialysis(resource)


def _find_named(resource: Resource, words: dict[str, str]) -> str | None:
    """What a procedure is by its words, unless these deny it: "MRI without gadolinium"."""
    told = said(resource.get("code"))
    named = find_word(told, words)
    for word, meaning in words.items():
        if meaning == named and WITHOUT.search(told.partition(word.casefold())[0]) and word.casefold() in told:
            return None
    return named


def _was_declined(resource: Resource) -> bool:
    """Whether it was not done because the patient did not want it; other reasons are none of the patient's."""
    reason = said(resource.get("statusReason"))
    return status_of(resource) == "not-done" and re.search("declin|refus", reason) is not None


def _find_day(moment: Moment | None) -> str | None:
    if moment is None:
        return None
    return moment.day
