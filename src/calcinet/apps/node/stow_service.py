"""STOW-RS (PS3.18 10.5): objects of other systems over the web, kept as those of a modality are."""

from collections.abc import AsyncIterator
from email.message import Message
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser
from starlette.concurrency import run_in_threadpool

from calcinet import limits
from calcinet.apps.node.register import Register
from calcinet.apps.node.shelf import Shelf
from calcinet.apps.web.guard import Editor, Served, Services
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.site_rights import require_all_sites
from calcinet.delivery.wholeness import NotWhole, read_instance
from calcinet.reception import Answer, Arrival, NotTaken
from calcinet.text import say

router: Final = APIRouter(prefix="/dicom-web", include_in_schema=False)

DICOM: Final = "application/dicom"
DICOM_JSON: Final = "application/dicom+json"

FAILED: Final = "00081198"
STORED: Final = "00081199"
CLASS: Final = "00081150"
INSTANCE: Final = "00081155"
REASON: Final = "00081197"
"""Tags of Failed SOP Sequence, Referenced SOP Sequence, their classes, instances and Failure Reason (PS3.18 I.2)."""

Item = dict[str, Any]


@router.post("/studies")
async def store(request: Request, person: Editor, services: Served) -> Response:
    """Keep objects of any studies."""
    return await _store(request, person, services, None)


@router.post("/studies/{study_uid}")
async def store_in_study(study_uid: str, request: Request, person: Editor, services: Served) -> Response:
    """Keep objects of one study; those of another fail."""
    return await _store(request, person, services, study_uid)


async def _store(request: Request, person: Person, services: Services, study_uid: str | None) -> Response:
    require_all_sites(person)  # what comes this way belongs to none
    shelf = Shelf(services.data.received, Register(services.data.register), services.queue)
    stored: list[Item] = []
    failed: list[Item] = []
    async for content in _read_parts(request):
        kept, item = await run_in_threadpool(_keep, shelf, content, person.name, study_uid)
        (stored if kept else failed).append(item)
    if not stored and not failed:
        raise Problem(400, say("the request holds no object: each is a part of its own"), code="empty")
    body = {tag: {"vr": "SQ", "Value": items} for tag, items in ((STORED, stored), (FAILED, failed)) if items}
    status = 200
    if failed:
        status = 202 if stored else 409
    return JSONResponse(body, status, media_type=DICOM_JSON)


def _keep(shelf: Shelf, content: bytes, who: str, study_uid: str | None) -> tuple[bool, Item]:
    """Keep one object; whether it is safe, and what is answered of it."""
    try:
        instance = read_instance(content)
    except NotWhole as error:
        return False, _describe("", error.uid, Answer.NOT_UNDERSTOOD)
    uid, sop_class = str(instance.uid), str(instance.sop_class)
    if study_uid is not None and instance.study != study_uid:
        return False, _describe(sop_class, uid, Answer.DOES_NOT_MATCH)
    try:
        shelf.take(Arrival(content=content, uid=uid, sop_class=sop_class, caller=who))
    except NotTaken as error:
        return False, _describe(sop_class, uid, error.answer)
    return True, _describe(sop_class, uid, None)


def _describe(sop_class: str, uid: str, fault: Answer | None) -> Item:
    item: Item = {CLASS: {"vr": "UI", "Value": [sop_class]}, INSTANCE: {"vr": "UI", "Value": [uid]}}
    if fault is not None:
        item[REASON] = {"vr": "US", "Value": [int(fault)]}
    return item


async def _read_parts(request: Request) -> AsyncIterator[bytes]:
    """The objects of a request, one after the other: no more than one, and what is just read, is in memory."""
    parts = _Parts()
    parser = MultipartParser(_read_boundary(request.headers.get("content-type", "")), parts.callbacks())
    try:
        async for piece in request.stream():
            parser.write(piece)
            while parts.whole:
                yield parts.whole.pop(0)
        parser.finalize()
    except FormParserError:
        raise Problem(400, say("the parts of the request cannot be told apart: send it again"), code="form") from None
    if parts.open or not parts.ended:
        raise Problem(400, say("the request ended before its last part: send it again"), code="form")


def _read_boundary(content_type: str) -> bytes:
    """What parts the objects of a request.

    Raises
    ------
    Problem
        If the request is not of the kind that holds objects.
    """
    held = Message()
    held["content-type"] = content_type
    boundary, kind = held.get_param("boundary"), held.get_param("type")
    if held.get_content_type() != "multipart/related" or kind != DICOM or not isinstance(boundary, str):
        raise Problem(
            415, say('send objects as multipart/related; type="{kind}"; boundary=...', kind=DICOM), code="form"
        )
    return boundary.encode("ascii", "replace")


class _Parts:
    """Gathers the parts of a request as they come."""

    def __init__(self) -> None:
        self.whole: list[bytes] = []
        self.open, self.ended = False, False
        self._content = bytearray()

    def callbacks(self) -> Any:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_part_data": self._add,
            "on_part_end": self._close,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self.open = True
        self._content = bytearray()

    def _add(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]
        most = limits.RECEIVED_OBJECT_BYTES.value
        if len(self._content) > most:
            raise Problem(413, say("an object has more than {most} bytes", most=most), code="too-large")

    def _close(self) -> None:
        self.open = False
        self.whole.append(bytes(self._content))

    def _end(self) -> None:
        self.ended = True
