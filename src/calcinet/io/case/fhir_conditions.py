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


def stage_of(concept: Any) -> str | None:
    """Stage of chronic kidney disease that a condition names."""
    coded = [stage for code in icd10_of(concept) for start, stage in STAGES.items() if code.startswith(start)]
    plainly = [STAGE_WORDS[words] for words in map(plain, words_of(concept)) if words in STAGE_WORDS]
    return next(iter([*coded, *plainly]), None)


def condition_of(resource: Resource) -> dict[str, Any] | None:
    """Another disease as the case file writes it."""
    concept = resource.get("code")
    known = [name for name in (*map(by_icd10, icd10_of(concept)), *map(condition, words_of(concept))) if name]
    name = next(iter([*known, *words_of(concept)]), None)
    if name is None:
        return None
    present = "no" if status_of(resource, "verificationStatus") == "refuted" else "yes"
    return without_nothing({"name": name, "present": present, "since": day_of(resource.get("onsetDateTime"))})


def lesion_of(resource: Resource) -> dict[str, Any] | None:
    """A skin lesion: a condition whose words name a kind of lesion and whose body site is on the chart."""
    if status_of(resource, "verificationStatus") == "refuted" or status_of(resource, "clinicalStatus") in HEALED:
        return None
    kind = _find_word(said(resource.get("code")), {**{kind: kind for kind in get_args(Kind)}, **KIND_WORDS})
    where = " ".join(said(site) for site in blocks(resource.get("bodySite"))) or said(resource.get("code"))
    site = _find_word(where, {**{site: site for site in SITES}, **SITE_WORDS})
    if kind is None or site is None:
        return None
    since = day_of(resource.get("onsetDateTime"))
    painful, necrotic = ("yes" if word in said(resource.get("code")) else None for word in ("painful", "necrotic"))
    lesion = {
        "kind": kind,
        "site": site,
        "side": _read_side(where),
        "since": since,
        "painful": painful,
        "necrotic": necrotic,
    }
    return without_nothing(lesion)


def dialysis_of(resource: Resource) -> dict[str, Any] | None:
    """A period of dialysis."""
    kind = _find_word(said(resource.get("code")), DIALYSES)
    if kind is None or status_of(resource) == "not-done":
        return None
    start, stop = span_of(resource, "performed")
    ongoing = "performedPeriod" not in resource or status_of(resource) == "in-progress"
    return without_nothing({"kind": kind, "start": start, "stop": None if ongoing else stop})


def biopsy_of(resource: Resource) -> dict[str, Any] | None:
    """A biopsy of the skin; the report itself is not read."""
    words = said(resource.get("code"))
    if "biopsy" not in words or not ("skin" in words or "incisional" in words or "punch" in words):
        return None
    if status_of(resource) == "not-done" and not _was_declined(resource):
        return None
    status = {"not-done": "declined", "preparation": "planned"}.get(status_of(resource), "done")
    where = " ".join(said(site) for site in blocks(resource.get("bodySite")))
    site = _find_word(where, {**{site: site for site in SITES}, **SITE_WORDS})
    return without_nothing({"status": status, "site": site, "on": span_of(resource, "performed")[0]})


def treatment_of(resource: Resource) -> dict[str, Any] | None:
    """A treatment of the list."""
    named = {name: name for name in get_args(TreatmentName) if name != "other"}
    name = _find_word(said(resource.get("code")), named)
    start, stop = span_of(resource, "performed")
    status = "refused" if _was_declined(resource) else DONE.get(status_of(resource))
    if name is None or (status is None and status_of(resource) == "not-done"):
        return None
    return without_nothing({"name": name, "status": status, "start": start, "stop": stop})


def _was_declined(resource: Resource) -> bool:
    """Whether it was not done because the patient did not want it; other reasons are none of the patient's."""
    return (
        status_of(resource) == "not-done" and re.search("declin|refus", said(resource.get("statusReason"))) is not None
    )


def procedure_of(resource: Resource) -> dict[str, Any] | None:
    """An earlier procedure that matters."""
    name = _find_word(said(resource.get("code")), PAST)
    if name is None or status_of(resource) == "not-done":
        return None
    return without_nothing({"name": name, "on": span_of(resource, "performed")[0]})


def _find_word(text: str, words: Mapping[str, str]) -> str | None:
    """What the longest of the words that stand in a text means."""
    found = [word for word in words if re.search(rf"\b{re.escape(word.casefold())}s?\b", text)]
    return words[max(found, key=len)] if found else None


def _read_side(text: str) -> str | None:
    left, right = (re.search(rf"\b{word}\b", text) is not None for word in ("left", "right"))
    both = re.search(r"\b(both|bilateral)\b", text) is not None or (left and right)
    return "both" if both else "left" if left else "right" if right else None
