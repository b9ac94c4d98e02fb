"""CDS Hooks 2.0: a record system asks as it opens a patient, and is told what is known, from stored records alone."""

import json
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from calcinet.apps.web.guard import Reader, Served, Services
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem, find_language
from calcinet.apps.web.queue import QueuedStudy
from calcinet.report.labels import SHORT_DISCLAIMER
from calcinet.report.language import translator
from calcinet.report.write import RECORD
from calcinet.text import plain, say

router: Final = APIRouter(prefix="/cds-services", tags=["decision support"])

SERVICE: Final = "calcinet"

SHOWN: Final = 3
"""Cards at most: the latest studies of the patient. Our choice: a reader looks at no more while a chart opens."""

LONGEST_SUMMARY: Final = 140
"""Letters of a card's summary (CDS Hooks 2.0, Card Attributes)."""

SENTENCES: Final = 6
"""Of the summary of a record that a card repeats; the page has all."""

LONGEST_ID: Final = 200
"""Letters of an identifier that is looked up."""

TITLE: Final = say("Calcium outside bone on this patient's images")

WHAT: Final = say(
    "Tells what was found on images of this patient that were examined before; it examines nothing itself."
)

MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~&])")
"""What Markdown would take for more than a letter."""


class Identifier(BaseModel):
    """One identifier of a patient (FHIR R4)."""

    model_config = ConfigDict(extra="ignore")
    value: Annotated[str, Field(max_length=LONGEST_ID)] = ""


class HookPatient(BaseModel):
    """What is read of a FHIR Patient: its identifiers, and nothing else."""

    model_config = ConfigDict(extra="ignore")
    resourceType: Literal["Patient"]  # noqa: N815 - FHIR's own word
    identifier: Annotated[tuple[Identifier, ...], Field(max_length=50)] = ()


class Prefetch(BaseModel):
    """What the record system sends along."""

    model_config = ConfigDict(extra="ignore")
    patient: HookPatient | None = None


class HookRequest(BaseModel):
    """A call of the service; `context` names no more than we need, and `fhirServer` is never called."""

    model_config = ConfigDict(extra="ignore")
    hook: Literal["patient-view"]
    hookInstance: Annotated[str, Field(max_length=LONGEST_ID)]  # noqa: N815 - CDS Hooks' own word
    prefetch: Prefetch = Prefetch()


class Service(BaseModel):
    """One service of the discovery."""

    hook: Literal["patient-view"]
    id: str
    title: str
    description: str
    prefetch: dict[str, str]


class Discovery(BaseModel):
    """All services."""

    services: tuple[Service, ...]


class Source(BaseModel):
    """Who says it."""

    label: str


class Link(BaseModel):
    """Where more stands."""

    label: str
    url: str
    type: Literal["absolute"] = "absolute"


class Card(BaseModel):
    """What is known of one study."""

    uuid: str
    summary: str
    indicator: Literal["info", "warning"]
    detail: str
    source: Source
    links: tuple[Link, ...]


class Cards(BaseModel):
    """The answer; empty where nothing is known."""

    cards: tuple[Card, ...]


@router.get("")
def discover() -> Discovery:
    """Which services there are; this tells nothing of anybody and needs no token."""
    service = Service(
        hook="patient-view",
        id=SERVICE,
        title=str(TITLE),
        description=str(WHAT),
        prefetch={"patient": "Patient/{{context.patientId}}"},
    )
    return Discovery(services=(service,))


@router.post(f"/{SERVICE}", responses={412: {"description": "The patient was not sent along"}})
def tell_known(asked: HookRequest, request: Request, person: Reader, services: Served) -> Cards:
    """What is known of a patient, whose identifiers are those that the images bear; nothing is kept of them."""
    if asked.prefetch.patient is None:
        raise Problem(
            412,
            say("send the patient along: prefetch needs {key}, a FHIR Patient with its identifiers", key="patient"),
            code="prefetch",
        )
    values = [identifier.value for identifier in asked.prefetch.patient.identifier]
    found = _find_studies(services, person, values)
    for study in found:
        services.people.note(person.name, "viewed", f"study {study.id}", what="card")
    language = find_language(request.headers.get("accept-language", ""))
    return Cards(cards=tuple(_make_card(services, study, request, language) for study in found))


def _find_studies(services: Services, person: Person, identifiers: Sequence[str]) -> list[QueuedStudy]:
    """The latest examined studies, among those shown to who asks, of whoever has one of these identifiers."""
    names = {services.people.name_patient(value.strip()) for value in identifiers if value.strip()}
    shown = [study for study in services.queue.list_studies() if study.patient and person.sees(study.site)]
    known = [study for study in shown if study.patient in names and _record_path(services, study).is_file()]
    return known[:SHOWN]


def _record_path(services: Services, study: QueuedStudy) -> Path:
    return services.data.study(study.id).result / RECORD


def _make_card(services: Services, study: QueuedStudy, request: Request, language: str) -> Card:
    _ = translator(language)
    summary: dict[str, Any] = json.loads(_record_path(services, study).read_bytes())["summary"]
    sentences = [plain(sentence) for sentence in summary["sentences"]]
    suspicion = summary.get("suspicion") or {}
    level = suspicion.get("level")
    headline = suspicion.get("headline") or (sentences or [_(TITLE)])[0]
    lines = [f"- {_write_plain(sentence)}" for sentence in sentences[:SENTENCES]]
    lines.append(f"\n{_write_plain(_(SHORT_DISCLAIMER))}")
    address = f"{str(request.base_url).rstrip('/')}/#/studies/{study.id}"
    return Card(
        uuid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:calcinet:study:{study.id}")),
        summary=_cut(plain(headline)),
        indicator="warning" if level not in (None, "none") else "info",
        detail="\n".join(lines),
        source=Source(label="calcinet"),
        links=(Link(label=_(say("Open the study of {day}", day=study.made_at[:10])), url=address),),
    )


def _write_plain(text: str) -> str:
    """Letters alone, whatever Markdown makes of them."""
    return MARKUP.sub(r"\\\1", text)


def _cut(text: str) -> str:
    """As long as a summary may be.

    >>> _cut("short"), len(_cut("word" * 50))
    ('short', 140)
    """
    if len(text) <= LONGEST_SUMMARY:
        return text
    return text[: LONGEST_SUMMARY - 1] + "…"
