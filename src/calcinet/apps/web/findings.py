"""Findings corrected by a reader; everything that follows from them is worked out again by a worker."""

import asyncio
import json
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from calcinet.apps.web.edits import Action, Edit, Edits, collect_corrections, next_id, read_edits
from calcinet.apps.web.guard import Editor, Reader, Served, Services
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.queue import now
from calcinet.apps.web.studies import PROBLEM, ImageId, StudyAnswer, StudyId, find_result, find_study
from calcinet.protocols.corrections import MOST_POINTS, check_corrections
from calcinet.record import ImageRecord, Record
from calcinet.report.write import RECORD
from calcinet.text import plain, say
from calcinet.vocabulary import FindingKind

router: Final = APIRouter(prefix="/studies/{study_id}", tags=["findings"])

FINDING: Final = "^f[1-9][0-9]{0,5}$"

FindingId = Annotated[str, InPath(pattern=FINDING, description="As in the record: f1.")]

AWAITED_S: Final = 60.0
"""The answer waits so long for the worker. Our choice: a film takes some seconds."""

LOOK_S: Final = 0.1


Coordinate = Annotated[float, Field(allow_inf_nan=False)]

Points = Annotated[list[tuple[Coordinate, Coordinate]], Field(max_length=MOST_POINTS)]

Reason = Annotated[str, Field(min_length=1, max_length=500)]


class FindingChange(BaseModel):
    """What a reader does with a finding."""

    model_config = ConfigDict(extra="forbid")
    action: Literal["reject", "relabel", "restore", "erase", "split", "join"]
    """`restore` takes back what it was called before, or that it was rejected."""
    kind: FindingKind | None = None
    """Of `relabel`: what it is."""
    detail: Annotated[str, Field(max_length=40)] = ""
    """Of `relabel`, with a kind or alone: of a CT the compartment, of a breast artery `punctate` or `coarse`, of uptake
    side and part of a limb (`L thigh`), or what it is that is no tissue (`injection site`)."""
    points: Points = []
    """Rows and columns of the image. Of `erase` the outline of what goes; of `split` one point of a vessel, or two
    between which another mark is cut."""
    other: Annotated[str, Field(pattern=FINDING)] | None = None
    """Of `join`: the finding that becomes part of this one."""
    why: Reason
    """The reason; it is kept, so name nobody."""


class NewFinding(BaseModel):
    """A mark that a reader draws."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["vessel", "net", "focus"]
    points: Points
    """Rows and columns of the image: the line of a vessel, the outline of anything else."""
    width_px: Annotated[float, Field(gt=0, le=1000)] | None = None
    """Of a vessel: about how wide it is; 2 mm where nothing is said. Its calibre is measured then."""
    why: Reason
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
    points: list[tuple[float, float]]
    detail: str
    other: str
    undone: bool = False
    """It was taken back, and can be done again."""


WAITING: Final[dict[int | str, dict[str, Any]]] = {
    202: {"description": "It is worked out still: look at the study", "model": StudyAnswer},
    422: {},
    **PROBLEM,
}


@router.get("/edits", responses=PROBLEM)
def list_edits(study_id: StudyId, person: Reader, services: Served) -> list[EditAnswer]:
    """What readers corrected, in order."""
    find_study(services, person, study_id)
    services.people.note(person.name, "viewed", f"study {study_id}", what="edits")
    edits = read_edits(services.data.study(study_id))
    made = [EditAnswer.model_validate(edit, from_attributes=True) for edit in edits.made]
    undone = [EditAnswer.model_validate(edit, from_attributes=True) for edit in reversed(edits.undone)]
    return [*made, *(edit.model_copy(update={"undone": True}) for edit in undone)]


@router.post("/images/{image_id}/findings", responses=WAITING)
async def add_finding(
    study_id: StudyId, image_id: ImageId, given: NewFinding, person: Editor, services: Served
) -> Response:
    """Add a mark that the program did not find; the answer is the record as it is then."""
    edit = Edit(
        image=image_id,
        finding="",
        action="add",
        kind=given.kind,
        points=tuple(given.points),
        width_px=given.width_px,
        why=_read_reason(given.why),
        who=person.name,
        at=now(),
    )
    await run_in_threadpool(_add_edit, services, person, study_id, edit)
    return await _await_record(services, person, study_id, edit)


@router.patch("/images/{image_id}/findings/{finding_id}", responses=WAITING)
async def change_finding(
    study_id: StudyId,
    image_id: ImageId,
    finding_id: FindingId,
    given: FindingChange,
    person: Editor,
    services: Served,
) -> Response:
    """Reject a finding, call it something else, erase a part, split it or join another to it, or take back what it was
    called; the answer is the record as it is then.
    """
    if given.action == "relabel" and given.kind is None and not given.detail:
        raise Problem(422, say("say what the finding is: kind, or detail"), code="input")
    edit = Edit(
        image=image_id,
        finding=finding_id,
        action=given.action,
        kind=given.kind if given.action == "relabel" else None,
        detail=given.detail if given.action == "relabel" else "",
        points=tuple(given.points) if given.action in ("erase", "split") else (),
        other=(given.other or "") if given.action == "join" else "",
        why=_read_reason(given.why),
        who=person.name,
        at=now(),
    )
    await run_in_threadpool(_add_edit, services, person, study_id, edit)
    return await _await_record(services, person, study_id, edit)


@router.patch("/findings/{finding_id}", responses=WAITING)
async def change_finding_of_study(
    study_id: StudyId, finding_id: FindingId, given: FindingChange, person: Editor, services: Served
) -> Response:
    """The same without naming the image, where one image alone has a finding of that name."""
    image_id = await run_in_threadpool(_find_image, services, person, study_id, finding_id)
    return await change_finding(study_id, image_id, finding_id, given, person, services)


@router.post("/undo", responses=WAITING)
async def undo(study_id: StudyId, person: Editor, services: Served) -> Response:
    """Take the last edit back; that it was made stays in the audit."""
    await run_in_threadpool(_take_back, services, person, study_id)
    return await _await_record(services, person, study_id)


@router.post("/redo", responses=WAITING)
async def redo(study_id: StudyId, person: Editor, services: Served) -> Response:
    """Do again what was taken back last, as long as nothing else was corrected since."""
    await run_in_threadpool(_do_again, services, person, study_id)
    return await _await_record(services, person, study_id)


def _read_reason(given: str) -> str:
    reason = plain(given).strip()
    if not reason:
        raise Problem(422, say("a correction needs its reason"), code="input")
    return reason


def _find_image(services: Services, person: Person, study_id: str, finding_id: str) -> str:
    """The image of a study that has a finding, rejected or not."""
    from calcinet.apps.web.kept_images import read_found

    folder = find_result(services, person, study_id)
    record = Record.from_json((folder.result / RECORD).read_text("utf-8"))
    examined = [read_found(folder, image.id) for image in record.examined]
    edits = read_edits(folder)
    having = [image.id for image in examined if finding_id in _list_ids(image, edits)]
    if not having:
        raise Problem(404, say("this study has no finding {finding}", finding=finding_id), code="no-finding")
    if len(having) > 1:
        raise Problem(
            409,
            say("{images:, } each have a finding {finding}: name the image", images=having, finding=finding_id),
            code="image",
        )
    return having[0]


def _list_ids(image: ImageRecord, edits: Edits) -> list[str]:
    """Ids that findings of an image have, or had before somebody corrected them."""
    ids = [finding.id for finding in image.findings]
    for edit in edits.made:
        if edit.image == image.id:
            ids += [name for name in (edit.finding, edit.other) if name]
    return ids


def _add_edit(services: Services, person: Person, study_id: str, edit: Edit) -> None:
    from calcinet.apps.web.kept_images import read_found

    folder = find_result(services, person, study_id)
    try:
        found = read_found(folder, edit.image)
    except FileNotFoundError:
        raise Problem(404, say("this study has no such image, or it was refused"), code="no-image") from None
    if edit.finding and edit.finding not in _list_ids(found, read_edits(folder)):
        raise Problem(404, say("this image has no finding {finding}", finding=edit.finding), code="no-finding")

    def add(edits: Edits) -> Edits:
        added = edits.add(_name_parts(edit, found, edits))
        check_corrections(found, collect_corrections(added.made, edit.image))
        return added

    services.change_edits(study_id, add)
    services.people.note(
        person.name,
        "edited",
        f"study {study_id}",
        image=edit.image,
        finding=edit.finding or "a new one",
        what=edit.action,
        kind=edit.kind,
        detail=edit.detail,
        other=edit.other,
        points=len(edit.points),
        why=edit.why,
    )


def _name_parts(edit: Edit, found: ImageRecord, edits: Edits) -> Edit:
    """The edit with ids for what it makes."""
    fresh = next_id([finding.id for finding in found.findings], edits, found.id)
    if edit.action == "add":
        return replace(edit, finding=fresh)
    if edit.action in ("erase", "split"):
        return replace(edit, other=fresh)
    return edit


def _take_back(services: Services, person: Person, study_id: str) -> None:
    find_result(services, person, study_id)
    gone: list[Edit] = []

    def leave_last_out(edits: Edits) -> Edits:
        if not edits.made:
            raise Problem(409, say("nothing of this study was corrected"), code="no-edit")
        gone.append(edits.made[-1])
        return edits.undo()

    services.change_edits(study_id, leave_last_out)
    last = gone[0]
    services.people.note(person.name, "took edit back", f"study {study_id}", image=last.image, finding=last.finding)


def _do_again(services: Services, person: Person, study_id: str) -> None:
    find_result(services, person, study_id)
    back: list[Edit] = []

    def bring_last_back(edits: Edits) -> Edits:
        if not edits.undone:
            raise Problem(409, say("nothing was taken back that could be done again"), code="no-edit")
        back.append(edits.undone[-1])
        return edits.redo()

    services.change_edits(study_id, bring_last_back)
    last = back[0]
    services.people.note(person.name, "did edit again", f"study {study_id}", image=last.image, finding=last.finding)


def _forget(services: Services, study_id: str, edit: Edit) -> None:
    """Leave out an edit that could not be worked out, and work out what was there before it."""

    def leave_out(edits: Edits) -> Edits:
        if edits.made and edits.made[-1].at == edit.at and edits.made[-1].why == edit.why:
            return edits.forget_last()
        return edits

    services.change_edits(study_id, leave_out)
    services.wake()


async def _await_record(services: Services, person: Person, study_id: str, edit: Edit | None = None) -> Response:
    """The record once the worker has written it; where that takes long, the state of the study.

    An edit that turns out to be impossible is left out again, and refused with the reason.
    """
    services.wake()
    for _ in range(int(AWAITED_S / LOOK_S)):
        study = await run_in_threadpool(find_study, services, person, study_id)
        if study.state not in ("queued", "running"):
            break
        await asyncio.sleep(LOOK_S)
    if study.state in ("queued", "running"):
        return JSONResponse(StudyAnswer.of(study).model_dump(), status_code=202)
    if study.state != "done":
        reason = study.reason or say("it was stopped")
        if edit is None or study.code != "BadInput":
            raise Problem(409, reason, code=study.code or "failed")
        await run_in_threadpool(_forget, services, study_id, edit)
        raise Problem(422, reason, code="input")
    content = await run_in_threadpool((services.data.study(study_id).result / RECORD).read_bytes)
    return JSONResponse(json.loads(content))
