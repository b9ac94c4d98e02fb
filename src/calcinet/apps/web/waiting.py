"""The outbox of the server's folder: what waits for archives, and what they refused for good."""

from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel

from calcinet.apps.outbox_view import list_items
from calcinet.apps.web.guard import Reader, Served
from calcinet.apps.web.site_rights import require_all_sites
from calcinet.delivery import Outbox

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


@router.get("")
def list_outbox(person: Reader, services: Served) -> list[DestinationAnswer]:
    """What waits for each archive with age, tries and the last answer, and apart from it what was refused for good."""
    require_all_sites(person)
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
