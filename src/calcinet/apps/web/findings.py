"""Findings corrected by a reader; everything that follows from them is worked out again by a worker."""

import asyncio
import json
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from calcinet.apps.web.edits import Action, Edit, collect_corrections, read_edits
from calcinet.apps.web.guard import Editor, Reader, Served, Services
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.queue import now
from calcinet.apps.web.studies import PROBLEM, ImageId, StudyAnswer, StudyId, find_result, find_study
from calcinet.record import ImageRecord, Record
from calcinet.report.write import RECORD
from calcinet.text import plain, say
from calcinet.vocabulary import FindingKind

router: Final = APIRouter(prefix="/studies/{study_id}", tags=["findings"])

FindingId = Annotated[str, InPath(pattern="^f[1-9][0-9]{0,5}$", description="As in the record: f1.")]

AWAITED_S: Final = 60.0
"""The answer waits so long for the worker. Our choice: a film takes some seconds."""

LOOK_S: Final = 0.1


class FindingChange(BaseModel):
    """What a reader says of a finding."""

    model_config = ConfigDict(extra="forbid")
    action: Action
    """`restore` takes back what was said before."""
    kind: FindingKind | None = None
    """Of `relabel`: what it is."""
    why: str = Field(min_length=1, max_length=500)
    """The reason; it is kept, so name nobody."""


class EditAnswer(BaseModel):
    """One edit."""

    image: str
    finding: str
    action: Action
    kind: FindingKind | None
    why: str
    who: str
    at: str


WAITING: Final[dict[int | str, dict[str, Any]]] = {
    202: {"description": "It is worked out still: look at the study", "model": StudyAnswer},
    422: {},
    **PROBLEM,
}


@router.get("/edits", responses=PROBLEM)
def list_edits(study_id: StudyId, person: Reader, services: Served) -> list[EditAnswer]:
    """What readers corrected, in order."""
    find_study(services, study_id)
    services.people.note(person.name, "viewed", f"study {study_id}", what="edits")
    return [EditAnswer.model_validate(edit, from_attributes=True) for edit in read_edits(services.data.study(study_id))]


@router.patch("/images/{image_id}/findings/{finding_id}", responses=WAITING)
async def change_finding(
    study_id: StudyId,
    image_id: ImageId,
    finding_id: FindingId,
    given: FindingChange,
    person: Editor,
    services: Served,
) -> Response:
    """Reject a finding, call it something else, or take that back; the answer is the record as it is then."""
    edit = Edit(
        image=image_id,
        finding=finding_id,
        action=given.action,
        kind=given.kind if given.action == "relabel" else None,
        why=plain(given.why).strip(),
        who=person.name,
        at=now(),
    )
    if not edit.why:
        raise Problem(422, say("a correction needs its reason"), code="input")
    if given.action == "relabel" and given.kind is None:
        raise Problem(422, say("say what the finding is: kind"), code="input")
    await run_in_threadpool(_add_edit, services, person, study_id, edit)
    return await _await_record(services, study_id)


@router.patch("/findings/{finding_id}", responses=WAITING)
async def change_finding_of_study(
    study_id: StudyId, finding_id: FindingId, given: FindingChange, person: Editor, services: Served
) -> Response:
    """The same without naming the image, where one image alone has a finding of that name."""
    image_id = await run_in_threadpool(_find_image, services, study_id, finding_id)
    return await change_finding(study_id, image_id, finding_id, given, person, services)


@router.post("/undo", responses=WAITING)
async def undo(study_id: StudyId, person: Editor, services: Served) -> Response:
    """Take the last edit back; that it was made stays in the audit."""
    await run_in_threadpool(_take_back, services, person, study_id)
    return await _await_record(services, study_id)


def _find_image(services: Services, study_id: str, finding_id: str) -> str:
    """The image of a study that has a finding, rejected or not."""
    from calcinet.apps.web.kept_images import read_found

    folder = find_result(services, study_id)
    record = Record.from_json((folder.result / RECORD).read_text("utf-8"))
    examined = [read_found(folder, image.id) for image in record.examined]
    having = [image.id for image in examined if _has_finding(image, finding_id)]
    if not having:
        raise Problem(404, say("this study has no finding {finding}", finding=finding_id), code="no-finding")
    if len(having) > 1:
        raise Problem(
            409,
            say("{images:, } each have a finding {finding}: name the image", images=having, finding=finding_id),
            code="image",
        )
    return having[0]


def _has_finding(image: ImageRecord, finding_id: str) -> bool:
    return any(finding.id == finding_id for finding in image.findings)


def _add_edit(services: Services, person: Person, study_id: str, edit: Edit) -> None:
    from calcinet.apps.web.kept_images import read_found
    from calcinet.protocols.corrections import check_corrections

    folder = find_result(services, study_id)
    try:
        found = read_found(folder, edit.image)
    except FileNotFoundError:
        raise Problem(404, say("this study has no such image, or it was refused"), code="no-image") from None
    if not _has_finding(found, edit.finding):
        raise Problem(404, say("this image has no finding {finding}", finding=edit.finding), code="no-finding")

    def add(edits: Sequence[Edit]) -> Sequence[Edit]:
        check_corrections(found, collect_corrections([*edits, edit], edit.image))
        return [*edits, edit]

    services.change_edits(study_id, add)
    services.people.note(
        person.name,
        "edited",
        f"study {study_id}",
        image=edit.image,
        finding=edit.finding,
        what=edit.action,
        kind=edit.kind,
        why=edit.why,
    )


def _take_back(services: Services, person: Person, study_id: str) -> None:
    find_result(services, study_id)
    gone: list[Edit] = []

    def leave_last_out(edits: Sequence[Edit]) -> Sequence[Edit]:
        if not edits:
            raise Problem(409, say("nothing of this study was corrected"), code="no-edit")
        gone.append(edits[-1])
        return edits[:-1]

    services.change_edits(study_id, leave_last_out)
    last = gone[0]
    services.people.note(person.name, "took edit back", f"study {study_id}", image=last.image, finding=last.finding)


async def _await_record(services: Services, study_id: str) -> Response:
    """The record once the worker has written it; where that takes long, the state of the study."""
    services.wake()
    for _ in range(int(AWAITED_S / LOOK_S)):
        study = await run_in_threadpool(find_study, services, study_id)
        if study.state not in ("queued", "running"):
            break
        await asyncio.sleep(LOOK_S)
    if study.state in ("queued", "running"):
        return JSONResponse(StudyAnswer.of(study).model_dump(), status_code=202)
    if study.state != "done":
        raise Problem(409, study.reason or say("it was stopped"), code=study.code or "failed")
    content = await run_in_threadpool((services.data.study(study_id).result / RECORD).read_bytes)
    return JSONResponse(json.loads(content))
