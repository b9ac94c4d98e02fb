"""Conditions and procedures of a FHIR bundle: kidneys, skin lesions, other diseases, dialysis, biopsies, treatments."""

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

from calcinet.clinical.body_sites import SITE_WORDS, SITES
from calcinet.clinical.conditions import by_icd10, condition
from calcinet.clinical.history import TreatmentName
from calcinet.clinical.names import plain
from calcinet.clinical.skin_lesion import KIND_WORDS, Kind
from calcinet.io.case.fhir_types import (
    Resource,
    blocks,
    day_of,
    icd10_of,
    said,
    span_of,
    status_of,
    without_nothing,
    words_of,
)

STAGES: Final = {"N18.1": "1", "N18.2": "2", "N18.3": "3", "N18.4": "4", "N18.5": "5", "N18.6": "5", "Z99.2": "5D"}
"""Stages of chronic kidney disease by the beginnings of ICD-10 codes."""

DIALYSES: Final = {
    "peritoneal dialysis": "peritoneal",
    "haemodiafiltration": "haemodiafiltration",
    "hemodiafiltration": "haemodiafiltration",
    "haemodialysis": "haemodialysis",
    "hemodialysis": "haemodialysis",
}

PAST: Final = {
    "gadolinium": "gadolinium",
    "angiography": "vascular procedure",
    "angioplasty": "vascular procedure",
    "transfusion": "transfusion",
}
"""Words of procedures that can imitate or trigger the disease."""

DONE: Final = {"completed": "given", "in-progress": "given", "preparation": "planned", "stopped": "stopped"}
"""Status of a Procedure and of a treatment in the case file."""

HEALED: Final = ("resolved", "inactive", "remission")
"""Clinical status of a lesion that is no longer there."""

STAGE_WORDS: Final = {
    "end stage renal disease": "5",
    "end stage kidney disease": "5",
    "end stage renal failure": "5",
    **{f"chronic kidney disease stage {stage}": stage for stage in "12345"},
}
"""The same in words, without strokes and commas."""

LESION_KINDS: Final = dict(zip(get_args(Kind), get_args(Kind), strict=True)) | KIND_WORDS
"""Kinds of skin lesion by the words that name them."""

BODY_SITES: Final = dict(zip(SITES, SITES, strict=True)) | SITE_WORDS
"""Sites of the chart by the words that name them."""

TREATMENTS: Final = {name: name for name in get_args(TreatmentName) if name != "other"}

SKIN_BIOPSIES: Final = ("skin", "incisional", "punch")
"""Words that tell a biopsy of the skin from others."""

BIOPSY_STATUS: Final = {"not-done": "declined", "preparation": "planned"}
"""Status of a Procedure and of a biopsy in the case file; all others are done."""


def stage_of(concept: Any) -> str | None:
    """Stage of chronic kidney disease that a condition names."""
    for code in icd10_of(concept):
        for beginning, stage in STAGES.items():
            if code.startswith(beginning):
                return stage
    for words in words_of(concept):
        if plain(words) in STAGE_WORDS:
            return STAGE_WORDS[plain(words)]
    return None


def condition_of(resource: Resource) -> dict[str, Any] | None:
    """Another disease as the case file writes it."""
    name = _name_disease(resource.get("code"))
    if name is None:
        return None
    present = "yes"
    if status_of(resource, "verificationStatus") == "refuted":
        present = "no"
    return without_nothing({"name": name, "present": present, "since": day_of(resource.get("onsetDateTime"))})


def _name_disease(concept: Any) -> str | None:
    """The table's name by code, else by the words; a disease that is not in the table keeps its words."""
    for code in icd10_of(concept):
        name = by_icd10(code)
        if name:
            return name
    for words in words_of(concept):
        name = condition(words)
        if name:
            return name
    return next(iter(words_of(concept)), None)


def lesion_of(resource: Resource) -> dict[str, Any] | None:
    """A skin lesion: a condition whose words name a kind of lesion and whose body site is on the chart."""
    if status_of(resource, "verificationStatus") == "refuted" or status_of(resource, "clinicalStatus") in HEALED:
        return None
    words = said(resource.get("code"))
    where = _read_body_sites(resource) or words
    kind, site = _find_word(words, LESION_KINDS), _find_word(where, BODY_SITES)
    if kind is None or site is None:
        return None
    lesion = {
        "kind": kind,
        "site": site,
        "side": _read_side(where),
        "since": day_of(resource.get("onsetDateTime")),
        "painful": _read_yes("painful", words),
        "necrotic": _read_yes("necrotic", words),
    }
    return without_nothing(lesion)


def _read_yes(word: str, text: str) -> str | None:
    """Yes where a text has the word; a text without it leaves the question open."""
    if word in text:
        return "yes"
    return None


def dialysis_of(resource: Resource) -> dict[str, Any] | None:
    """A period of dialysis."""
    kind = _find_word(said(resource.get("code")), DIALYSES)
    if kind is None or status_of(resource) == "not-done":
        return None
    start, stop = span_of(resource, "performed")
    if "performedPeriod" not in resource or status_of(resource) == "in-progress":
        stop = None
    return without_nothing({"kind": kind, "start": start, "stop": stop})


def biopsy_of(resource: Resource) -> dict[str, Any] | None:
    """A biopsy of the skin; the report itself is not read."""
    words = said(resource.get("code"))
    if "biopsy" not in words or not any(word in words for word in SKIN_BIOPSIES):
        return None
    if status_of(resource) == "not-done" and not _was_declined(resource):
        return None
    status = BIOPSY_STATUS.get(status_of(resource), "done")
    site = _find_word(_read_body_sites(resource), BODY_SITES)
    return without_nothing({"status": status, "site": site, "on": span_of(resource, "performed")[0]})


def treatment_of(resource: Resource) -> dict[str, Any] | None:
    """A treatment of the list."""
    name = _find_word(said(resource.get("code")), TREATMENTS)
    start, stop = span_of(resource, "performed")
    status = DONE.get(status_of(resource))
    if _was_declined(resource):
        status = "refused"
    if name is None or (status is None and status_of(resource) == "not-done"):
        return None
    return without_nothing({"name": name, "status": status, "start": start, "stop": stop})


def _was_declined(resource: Resource) -> bool:
    """Whether it was not done because the patient did not want it; other reasons are none of the patient's."""
    reason = said(resource.get("statusReason"))
    return status_of(resource) == "not-done" and re.search("declin|refus", reason) is not None


def procedure_of(resource: Resource) -> dict[str, Any] | None:
    """An earlier procedure that matters."""
    name = _find_word(said(resource.get("code")), PAST)
    if name is None or status_of(resource) == "not-done":
        return None
    return without_nothing({"name": name, "on": span_of(resource, "performed")[0]})


def _read_body_sites(resource: Resource) -> str:
    """The words of all body sites in small letters."""
    return " ".join(said(site) for site in blocks(resource.get("bodySite")))


def _find_word(text: str, words: Mapping[str, str]) -> str | None:
    """What the longest of the words that stand in a text means."""
    found = []
    for word in words:
        if re.search(rf"\b{re.escape(word.casefold())}s?\b", text):
            found.append(word)
    if not found:
        return None
    return words[max(found, key=len)]


def _read_side(text: str) -> str | None:
    left = re.search(r"\bleft\b", text) is not None
    right = re.search(r"\bright\b", text) is not None
    both = re.search(r"\b(both|bilateral)\b", text) is not None
    if both or (left and right):
        return "both"
    if left:
        return "left"
    if right:
        return "right"
    return None
