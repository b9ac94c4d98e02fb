"""The outbox of the server's folder: what waits for archives, what they refused for good, and what is done about it."""

from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from calcinet.apps.outbox_view import drop_named, list_items, put_back
from calcinet.apps.web.guard import Admin, Editor, Reader, Served, Services
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.site_rights import require_all_sites
from calcinet.apps.web.studies import PROBLEM
from calcinet.delivery import Outbox
from calcinet.delivery.outcome import Busy
from calcinet.text import say

router: Final = APIRouter(prefix="/outbox", tags=["outbox"])


class ItemAnswer(BaseModel):
    """One object."""

    uid: str
    """SOP Instance UID."""
    study: str | None
    """Study Instance UID."""
    kind: str | None
    """Name of its SOP Class."""
    bytes: int
    since: str
    """When it was put there."""
    tried: int
    """How often in vain."""
    because: str
    """The last answer."""
    last: str
    """When that came; empty where it was not noted."""


class DestinationAnswer(BaseModel):
    """What waits for one archive."""

    address: str
    waiting: list[ItemAnswer]
    refused: list[ItemAnswer]
    """For good."""


class Objects(BaseModel):
    """Objects for one archive."""

    model_config = ConfigDict(extra="forbid")
    address: Annotated[str, Field(max_length=500)]
    """As the list has it."""
    uids: Annotated[list[Annotated[str, Field(pattern=r"^[0-9.]{1,64}$")]], Field(min_length=1, max_length=1000)]
    """SOP Instance UIDs, those that were refused for good among them."""


@router.get("")
def list_outbox(person: Reader, services: Served) -> list[DestinationAnswer]:
    """What waits for each archive with age, tries and the last answer, and apart from it what was refused for good."""
    require_all_sites(person)
    return _list(services)


@router.post("/retry", responses=PROBLEM)
def retry_objects(given: Objects, person: Editor, services: Served) -> list[DestinationAnswer]:
    """Let objects wait again that an archive refused for good; whoever delivers from this outbox sends them then."""
    require_all_sites(person)
    put_back(given.uids, given.address, services.data.outbox)
    services.people.note(person.name, "edited", "outbox", what="retry", address=given.address, objects=given.uids)
    return _list(services)


@router.post("/drop", responses=PROBLEM)
def drop_objects(given: Objects, person: Admin, services: Served) -> list[DestinationAnswer]:
    """Delete objects from the outbox: they are not sent. The studies that they are of stay."""
    require_all_sites(person)
    try:
        drop_named(given.uids, given.address, services.data.outbox)
    except Busy:
        raise Problem(503, say("something is being sent to this archive: try again"), code="busy") from None
    services.people.note(person.name, "edited", "outbox", what="drop", address=given.address, objects=given.uids)
    return _list(services)


def _list(services: Services) -> list[DestinationAnswer]:
    box = Outbox(services.data.outbox)
    answers = []
    for receiver in box.destinations():
        items = list_items(box, receiver)
        if not items:
            continue
        waiting = [ItemAnswer.model_validate(item, from_attributes=True) for item in items if not item.refused]
        refused = [ItemAnswer.model_validate(item, from_attributes=True) for item in items if item.refused]
        answers.append(DestinationAnswer(address=str(receiver), waiting=waiting, refused=refused))
    return answers
