"""Follow-up: studies of one patient on one time line, as `calcinet follow` puts them."""

import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from calcinet.apps.web.data_folder import STUDY_ID
from calcinet.apps.web.guard import Reader, Served, Services
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.protection import REPORT_POLICY
from calcinet.apps.web.studies import PROBLEM, Spoken, find_result, find_study
from calcinet.report.language import translator
from calcinet.report.write import RECORD
from calcinet.text import restored, say

router: Final = APIRouter(prefix="/timelines", tags=["follow-up"])

MOST_STUDIES: Final = 100
"""On one time line. Our choice: ten years with a visit a month."""

PATIENCE_S: Final = 120.0
"""A time line is waited for so long. Our choice: it takes some seconds."""

REMEMBERED: Final = 8
"""Time lines that are not made again for the next reader. Our choice: some megabytes."""

Given = Annotated[
    list[Annotated[str, Query(pattern=f"^{STUDY_ID.pattern}$")]],
    Query(alias="study", min_length=1, max_length=MOST_STUDIES, description="Ids of studies, several times."),
]

_made: "OrderedDict[tuple[str, ...], dict[str, Any]]" = OrderedDict()
_one_at_a_time: Final = threading.Lock()


@router.get("", responses={422: {}, **PROBLEM})
def tell_timeline(study: Given, person: Reader, services: Served) -> dict[str, Any]:
    """Studies on one time line: what was measured twice, and whether it changed (calcinet.timeline/1)."""
    timeline: dict[str, Any] = _follow(services, person, study, "en")["timeline"]
    return timeline


@router.get("/page.html", responses={200: {"content": {"text/html": {}}}, 422: {}, **PROBLEM}, response_class=Response)
def read_timeline(study: Given, person: Reader, services: Served, lang: Spoken = None) -> Response:
    """The same as a page; it can run nothing."""
    made = _follow(services, person, study, translator(lang or "en").tag)
    headers = {"Content-Security-Policy": REPORT_POLICY}
    return Response(made["page"], media_type="text/html; charset=utf-8", headers=headers)


def _follow(services: Services, person: Person, study_ids: Sequence[str], language: str) -> dict[str, Any]:
    """The time line of studies and its page.

    Raises
    ------
    Problem
        If they cannot be of one course; the sentence says which and why.
    """
    chosen = list(dict.fromkeys(study_ids))
    patients = {find_study(services, person, study_id).patient for study_id in chosen} - {""}
    if len(patients) > 1:
        raise Problem(422, say("these studies are of {count} patients: choose those of one", count=len(patients)))
    folders = [find_result(services, person, study_id) for study_id in chosen]
    paths = [folder.result / RECORD for folder in folders]
    for study_id in chosen:
        services.people.note(person.name, "viewed", f"study {study_id}", what="time line")
    key = (language, *(f"{path} {path.stat().st_mtime_ns}" for path in paths))
    with _one_at_a_time:
        if key not in _made:
            films = [str(folder.given) for folder in folders]
            _made[key] = _ask_process({"records": [str(path) for path in paths], "films": films, "lang": language})
            while len(_made) > REMEMBERED:
                _made.popitem(last=False)
        made = _made[key]
    if "refused" in made:
        raise Problem(422, restored(made["refused"], made["messages"]), code="timeline")
    return made


def _ask_process(asked: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "calcinet.apps.web.timeline_process"]
    try:
        done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        raise Problem(503, say("the time line takes too long now: try again later"), code="busy") from None
    if done.returncode != 0:
        raise Problem(500, say("the time line could not be made; nothing was lost, try again"), code="unexpected")
    made: dict[str, Any] = json.loads(done.stdout)
    return made
