"""Studies: sent, waited for, looked at, exported, removed."""

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from calcinet.apps.web.cleaning import remove_deleted
from calcinet.apps.web.data_folder import HEADER, IMAGE_ID, PLANE, STUDY_ID, VOLUME, StudyFolder
from calcinet.apps.web.guard import Admin, Editor, Reader, Served, Services
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.protection import REPORT_POLICY
from calcinet.apps.web.queue import QueuedStudy, make_id
from calcinet.apps.web.site_rights import LONGEST_SITE, check_site, choose_site
from calcinet.apps.web.uploads import FORM, LONGEST_TITLE, read_form, read_site, take_study
from calcinet.report.language import translator
from calcinet.report.write import RECORD
from calcinet.text import messages_of, plain, say

router: Final = APIRouter(prefix="/studies", tags=["studies"])

StudyId = Annotated[str, InPath(pattern=f"^{STUDY_ID.pattern}$", description="As it was answered when it was sent.")]
ImageId = Annotated[str, InPath(pattern=f"^{IMAGE_ID.pattern}$", description="As in the record: img-1.")]

Spoken = Annotated[
    str | None, Query(max_length=20, description="Language: en or zh-Hant; that of the study where not given.")
]

OBJECTS: Final = (".dcm", ".fhir.json")
"""Endings of what goes to other systems."""


class StudyAnswer(BaseModel):
    """One study of the worklist."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float = Field(ge=0, le=1)
    """Share of the work that is done."""
    stage: str | None
    """What is being done."""
    reason: str | None
    """A sentence where it failed."""
    code: str | None
    """The same as a word for programs."""
    title: str
    """What its sender calls it."""
    site: str
    """Whose people see it; empty where it is of none."""
    patient: str
    """Pseudonym: studies with the same one are of one patient. Empty where the films do not say."""
    made_at: str
    made_by: str
    ended_at: str | None
    files: int
    images: int | None
    """Examined and refused."""
    refused: int | None
    level: str | None
    """Suspicion by the case."""
    messages: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Of the reason, where it was made with values: its message and the values, as in a record."""

    @classmethod
    def of(cls, study: QueuedStudy) -> "StudyAnswer":
        """Tell of a study of the queue."""
        told = {name: getattr(study, name) for name in cls.model_fields if name not in ("progress", "messages")}
        share = min(max(study.share, 0.0), 1.0)
        return cls(progress=share, messages=messages_of([study.reason]), **told)


class Created(BaseModel):
    """A study that was taken."""

    id: str


class Change(BaseModel):
    """What of a study can be changed."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(max_length=LONGEST_TITLE)


class SiteChange(BaseModel):
    """Another site."""

    model_config = ConfigDict(extra="forbid")
    site: str = Field(max_length=LONGEST_SITE)
    """Empty: of none."""


class WindowAnswer(BaseModel):
    """Values that are shown black and white first."""

    low: float
    high: float


class SlicesAnswer(BaseModel):
    """The slices of a CT."""

    count: int
    rows: int
    columns: int
    bits: int
    type: Literal["int16"]
    slope: float
    intercept: float
    unit: str
    window: WindowAnswer


class ImageAnswer(BaseModel):
    """What the pixels of an image mean: value = slope * pixel + intercept, rising with attenuation (bone bright)."""

    rows: int
    columns: int
    bits: int
    type: Literal["uint16"]
    slope: float
    intercept: float
    window: WindowAnswer
    spacing_mm: tuple[float, float] | None
    """Distance of rows and of columns."""
    spacing_basis: str
    """Where that comes from: calibrated, corrected, detector, user, assumed, none."""
    modality: str
    slices: SlicesAnswer | None
    """Of a CT, whose plane is its projection from the front."""


class ShownImage(ImageAnswer):
    """One image that can be looked at."""

    id: str


PROBLEM: Final[dict[int | str, dict[str, Any]]] = {
    404: {"description": "There is none"},
    409: {"description": "Not yet, or not any more"},
}


def find_study(services: Services, person: Person, study_id: str) -> QueuedStudy:
    """The study of an id.

    Raises
    ------
    Problem
        If there is none, or none that is shown to who asks: he is not told which of both.
    """
    study = services.queue.find(study_id)
    if study is None or not person.sees(study.site):
        raise Problem(404, say("there is no such study, or not any more"), code="no-study")
    return study


def find_result(services: Services, person: Person, study_id: str) -> StudyFolder:
    """The folder of a study that has a result.

    Raises
    ------
    Problem
        If it has none, with the reason.
    """
    study = find_study(services, person, study_id)
    folder = services.data.study(study_id)
    if (folder.result / RECORD).exists():
        return folder
    if study.reason is not None:
        raise Problem(409, study.reason, code=study.code or "failed")
    raise Problem(409, say("this study is not examined yet: its state is {state}", state=study.state), code=study.state)


@router.post("", status_code=201, openapi_extra={"requestBody": FORM}, responses={413: {}, 415: {}, 422: {}})
async def send_study(request: Request, response: Response, person: Editor, services: Served) -> Created:
    """Send films of one or several patients, a case, or both; they are examined one study after the other."""
    study_id = make_id()
    folder = services.data.study(study_id)
    async with read_form(request) as form:
        site = choose_site(person, read_site(form))
        taken = await take_study(form, folder)
    await run_in_threadpool(_put_in_queue, services, person, study_id, taken, site)
    services.wake()
    response.headers["Location"] = f"/api/v1/studies/{study_id}"
    return Created(id=study_id)


def _put_in_queue(
    services: Services, person: Person, study_id: str, taken: tuple[int, Mapping[str, Any], str], site: str
) -> None:
    files, options, title = taken
    services.people.note(person.name, "sent", f"study {study_id}", files=files)
    services.queue.add(who=person.name, files=files, options=options, title=title, study_id=study_id, site=site)


@router.get("")
def list_studies(person: Reader, services: Served) -> list[StudyAnswer]:
    """The worklist, the latest first: studies of the sites of who asks."""
    return [StudyAnswer.of(study) for study in services.queue.list_studies() if person.sees(study.site)]


@router.get("/{study_id}", responses=PROBLEM)
def tell_study(study_id: StudyId, person: Reader, services: Served) -> StudyAnswer:
    """How far a study has come."""
    return StudyAnswer.of(find_study(services, person, study_id))


@router.patch("/{study_id}", responses=PROBLEM)
def change_study(study_id: StudyId, given: Change, person: Editor, services: Served) -> StudyAnswer:
    """Give a study another title."""
    find_study(services, person, study_id)
    services.queue.rename(study_id, plain(given.title))
    services.people.note(person.name, "renamed", f"study {study_id}")
    return StudyAnswer.of(find_study(services, person, study_id))


@router.put("/{study_id}/site", responses={422: {}, **PROBLEM})
def change_site(study_id: StudyId, given: SiteChange, person: Admin, services: Served) -> StudyAnswer:
    """Let the people of another site see a study, and those of its site of before no more."""
    find_study(services, person, study_id)
    if given.site:
        check_site(given.site)
    services.queue.move_to_site(study_id, given.site)
    services.people.note(person.name, "moved", f"study {study_id}", site=given.site)
    return StudyAnswer.of(find_study(services, person, study_id))


@router.delete("/{study_id}", status_code=204, responses=PROBLEM)
def delete_study(study_id: StudyId, person: Editor, services: Served) -> None:
    """Remove a study with its films and results for good."""
    find_study(services, person, study_id)
    services.people.note(person.name, "deleted", f"study {study_id}")
    if services.queue.mark_deleted(study_id):
        remove_deleted(services.data, services.queue, services.people)


@router.post("/{study_id}/cancel", responses=PROBLEM)
def cancel_study(study_id: StudyId, person: Editor, services: Served) -> StudyAnswer:
    """Stop a study that waits or is examined; images that are done stay."""
    find_study(services, person, study_id)
    if not services.queue.cancel(study_id):
        raise Problem(409, say("this study is neither waiting nor being examined"), code="not-running")
    services.people.note(person.name, "cancelled", f"study {study_id}")
    return StudyAnswer.of(find_study(services, person, study_id))


@router.post("/{study_id}/retry", responses=PROBLEM)
def retry_study(study_id: StudyId, person: Editor, services: Served) -> StudyAnswer:
    """Examine a study again; what is done of it is not done twice, what was set aside is tried."""
    find_study(services, person, study_id)
    if not services.queue.retry(study_id):
        raise Problem(409, say("this study is waiting or being examined"), code="running")
    services.people.note(person.name, "tried again", f"study {study_id}")
    services.wake()
    return StudyAnswer.of(find_study(services, person, study_id))


@router.get("/{study_id}/record", responses=PROBLEM)
def read_record(study_id: StudyId, person: Reader, services: Served) -> dict[str, Any]:
    """The record: all that was found, as record.json (calcinet.record/1)."""
    folder = find_result(services, person, study_id)
    services.people.note(person.name, "viewed", f"study {study_id}", what="record")
    record: dict[str, Any] = json.loads((folder.result / RECORD).read_bytes())
    return record


@router.get("/{study_id}/report.html", responses={200: {"content": {"text/html": {}}}, **PROBLEM})
def read_page(study_id: StudyId, person: Reader, services: Served, lang: Spoken = None) -> FileResponse:
    """The report as a page; it needs nothing beside it and can run nothing."""
    headers = {"Content-Security-Policy": REPORT_POLICY}
    kind = "text/html; charset=utf-8"
    return _send(services, person, study_id, "report.html", media_type=kind, headers=headers, lang=lang)


@router.get("/{study_id}/report.pdf", responses={200: {"content": {"application/pdf": {}}}, **PROBLEM})
def read_paper(study_id: StudyId, person: Reader, services: Served, lang: Spoken = None) -> FileResponse:
    """The report on paper."""
    return _send(services, person, study_id, "report.pdf", media_type="application/pdf", lang=lang)


@router.get("/{study_id}/measures.csv", responses={200: {"content": {"text/csv": {}}}, **PROBLEM})
def read_table(study_id: StudyId, person: Reader, services: Served) -> FileResponse:
    """Every number in a table."""
    return _send(services, person, study_id, "measures.csv", media_type="text/csv; charset=utf-8")


@router.get("/{study_id}/objects.zip", responses={200: {"content": {"application/zip": {}}}, **PROBLEM})
def read_objects(study_id: StudyId, person: Reader, services: Served) -> FileResponse:
    """The record with its DICOM objects and its FHIR bundle; they name the patient as the films do."""
    folder = find_result(services, person, study_id)
    services.people.note(person.name, "exported", f"study {study_id}", what="objects.zip")
    handle, name = tempfile.mkstemp(suffix=".zip", dir=services.data.incoming)
    with (
        os.fdopen(handle, "wb") as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped,
    ):
        for path in sorted(folder.result.iterdir()):
            if path.name == RECORD or path.name.endswith(OBJECTS):
                zipped.write(path, path.name)
    remove = BackgroundTask(Path(name).unlink, missing_ok=True)
    headers = {"Content-Disposition": f'attachment; filename="calcinet-{study_id}.zip"'}
    return FileResponse(name, media_type="application/zip", headers=headers, background=remove)


@router.get("/{study_id}/images", responses=PROBLEM)
def list_images(study_id: StudyId, person: Reader, services: Served) -> list[ShownImage]:
    """Images that can be looked at, also while they are examined."""
    find_study(services, person, study_id)
    view = services.data.study(study_id).view
    shown = []
    for header in sorted(view.glob(f"*/{HEADER}"), key=lambda path: int(path.parent.name.partition("-")[2])):
        image = ImageAnswer.model_validate_json(header.read_bytes())
        shown.append(ShownImage(id=header.parent.name, **image.model_dump()))
    return shown


@router.get("/{study_id}/images/{image_id}", responses=PROBLEM)
def tell_image(study_id: StudyId, image_id: ImageId, person: Reader, services: Served) -> ImageAnswer:
    """What the pixels of an image mean."""
    return ImageAnswer.model_validate_json((_find_view(services, person, study_id, image_id) / HEADER).read_bytes())


@router.get(
    "/{study_id}/images/{image_id}/pixels",
    responses={200: {"content": {"application/octet-stream": {}}}, **PROBLEM},
    response_class=Response,
)
def read_pixels(
    study_id: StudyId,
    image_id: ImageId,
    person: Reader,
    services: Served,
    slice_: Annotated[int | None, Query(alias="slice", ge=0, le=100_000, description="Of a CT, from 0.")] = None,
) -> Response:
    """Pixels without a header, 16 bits, little-endian, row by row; what they mean stands at the image's own address."""
    view = _find_view(services, person, study_id, image_id)
    services.people.note(person.name, "viewed", f"study {study_id}", what=f"{image_id} pixels")
    if slice_ is None:
        return FileResponse(view / PLANE, media_type="application/octet-stream")
    slices = ImageAnswer.model_validate_json((view / HEADER).read_bytes()).slices
    if slices is None or slice_ >= slices.count:
        raise Problem(404, say("this image has no such slice"), code="no-slice")
    size = slices.rows * slices.columns * slices.bits // 8
    return StreamingResponse(
        _read_part(view / VOLUME, slice_ * size, size),
        media_type="application/octet-stream",
        headers={"Content-Length": str(size)},
    )


@router.get("/{study_id}/images/{image_id}/overlay.png", responses={200: {"content": {"image/png": {}}}, **PROBLEM})
def read_overlay(study_id: StudyId, image_id: ImageId, person: Reader, services: Served) -> FileResponse:
    """The picture with its marks."""
    return _send(services, person, study_id, f"{image_id}.overlay.png", media_type="image/png")


@router.get("/{study_id}/images/{image_id}/mask.png", responses={200: {"content": {"image/png": {}}}, **PROBLEM})
def read_mask(study_id: StudyId, image_id: ImageId, person: Reader, services: Served) -> FileResponse:
    """The label map: 0 none, 1 vessel, 2 net, 3 other calcium; of a film alone."""
    return _send(services, person, study_id, f"masks/{image_id}.png", media_type="image/png")


def _send(
    services: Services,
    person: Person,
    study_id: str,
    name: str,
    *,
    media_type: str,
    headers: dict[str, str] | None = None,
    lang: str | None = None,
) -> FileResponse:
    """A document of the result; in another language where it is asked for and there."""
    folder = find_result(services, person, study_id)
    path = folder.result / name
    if lang is not None and (folder.said(translator(lang).tag) / name).is_file():
        path = folder.said(translator(lang).tag) / name
    if not path.is_file():
        raise Problem(404, say("this study has no such document"), code="no-document")
    services.people.note(person.name, "viewed", f"study {study_id}", what=name)
    return FileResponse(path, media_type=media_type, headers=headers)


def _find_view(services: Services, person: Person, study_id: str, image_id: str) -> Path:
    """The folder of the pixels of an image, which are there before it is examined."""
    find_study(services, person, study_id)
    view = services.data.study(study_id).view / image_id
    if not (view / HEADER).is_file():
        find_result(services, person, study_id)
        raise Problem(404, say("this study has no such image, or it was refused"), code="no-image")
    return view


def _read_part(path: Path, start: int, size: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(start)
        while size > 0:
            piece = stream.read(min(size, 2**20))
            if not piece:
                return
            size -= len(piece)
            yield piece
