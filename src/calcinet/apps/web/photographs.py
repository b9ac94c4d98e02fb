"""Photographs of a study, one by one: shown again where its case is opened, sent before a case that names them."""

from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool

from calcinet.apps.web.guard import Editor, Reader, Served, Services
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.studies import StudyId, find_study
from calcinet.apps.web.study_photographs import FILE, FOLDER, keep_photographs, list_kept, renew_all
from calcinet.text import say

router: Final = APIRouter(tags=["cases"])

MOST: Final = 100
"""Photographs of a study. Our choice: four of each of many lesions."""

PhotographFile = Annotated[str, InPath(pattern=f"^{FILE}$", description="As the case has it, behind photographs/.")]

BODY: Final = {
    "requestBody": {"required": True, "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get(
    "/studies/{study_id}/photographs/{file}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, 404: {}},
)
def read_photograph(study_id: StudyId, file: PhotographFile, person: Reader, services: Served) -> Response:
    """A photograph as it is kept: its pixels alone."""
    find_study(services, person, study_id)
    name = f"{FOLDER}/{file}"
    folder = services.data.study(study_id).root
    if name not in list_kept(folder):
        raise Problem(404, say("this study has no photograph of this name"), code="no-photograph")
    services.people.note(person.name, "viewed", f"study {study_id}", what="photograph")
    return Response((folder / name).read_bytes(), media_type="image/jpeg")


@router.put(
    "/studies/{study_id}/photographs/{file}", status_code=204, openapi_extra=BODY, responses={404: {}, 413: {}, 422: {}}
)
async def put_photograph(
    study_id: StudyId, file: PhotographFile, request: Request, person: Editor, services: Served
) -> None:
    """Send a photograph; the case that names it is put afterwards, and one that does not forgets it."""
    content = await request.body()
    await run_in_threadpool(_keep, services, person, study_id, {f"{FOLDER}/{file}": content})


def _keep(services: Services, person: Person, study_id: str, sent: dict[str, bytes]) -> None:
    find_study(services, person, study_id)
    folder = services.data.study(study_id).root
    if len(list_kept(folder) | set(sent)) > MOST:
        raise Problem(422, say("the study has {most} photographs, and takes no more", most=MOST), code="photograph")
    keep_photographs(folder, renew_all(sent))
    services.people.note(person.name, "changed case", f"study {study_id}", what="photograph")
