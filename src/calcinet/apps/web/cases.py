"""Cases: what the form of the page needs, and a case assessed without films."""

import json
from typing import Annotated, Any, Final

import yaml
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from calcinet import limits
from calcinet.apps.web.guard import Editor, Reader, Served, Services
from calcinet.apps.web.page_words import reword_for_page
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.studies import StudyAnswer, StudyId, find_study
from calcinet.apps.web.study_photographs import forget_others, list_kept, list_names, require_all
from calcinet.clinical.schema import case_schema
from calcinet.io.case.reader import read_case
from calcinet.record import Record
from calcinet.text import say

router: Final = APIRouter(tags=["cases"])

CASE_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {"application/json": {"schema": {"type": "object", "description": "A case: GET /api/v1/schemas/case"}}},
}
TEXT_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/yaml": {"schema": {"type": "string"}},
        "application/json": {"schema": {"type": "object"}},
    },
}


@router.post("/cases/assess", openapi_extra={"requestBody": CASE_BODY}, responses={422: {}})
async def assess_case(
    request: Request,
    person: Reader,
    prior: Annotated[
        str | None, Query(max_length=60, description="Pre-test probability: 0.3, 30% or a published figure's name.")
    ] = None,
    include_secondary: bool = False,
) -> dict[str, Any]:
    """Assess a case without films; nothing of it is kept."""
    del person
    values = read_json(await request.body())
    record = await run_in_threadpool(_assess, values, prior, include_secondary)
    answer: dict[str, Any] = json.loads(record.to_json())
    return answer


def load_tables() -> None:
    """Assess a short case, so that the first reader does not wait until everything is loaded."""
    _assess({"lesions": [{"site": "calf", "kind": "ulcer"}], "labs": []}, "0.1", False)


def _assess(values: dict[str, Any], prior: str | None, include_secondary: bool) -> Record:
    from calcinet.api import examine

    return reword_for_page(examine(case=values, prior=prior, include_secondary=include_secondary))


@router.post("/cases/yaml", openapi_extra={"requestBody": CASE_BODY}, responses={422: {}}, response_class=Response)
async def write_yaml(request: Request, person: Reader) -> Response:
    """A case as the YAML of a case file; it is checked first."""
    del person
    values = read_json(await request.body())
    await run_in_threadpool(_check, values)
    return Response(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), media_type="application/yaml")


@router.post("/cases/read", openapi_extra={"requestBody": TEXT_BODY}, responses={422: {}})
async def read_text(request: Request, person: Reader) -> dict[str, Any]:
    """A case file, YAML or JSON, as the JSON that the form takes; a FHIR bundle as the case that it gives."""
    del person
    return await run_in_threadpool(_read, await request.body())


@router.get("/studies/{study_id}/case", response_class=Response, responses={404: {}})
def read_case_of(study_id: StudyId, person: Reader, services: Served) -> Response:
    """The case of a study as it was sent."""
    find_study(services, person, study_id)
    content = services.data.study(study_id).read_case()
    if content is None:
        raise Problem(404, say("this study has no case"), code="no-case")
    services.people.note(person.name, "viewed", f"study {study_id}", what="case")
    return Response(content, media_type="application/yaml")


@router.put("/studies/{study_id}/case", openapi_extra={"requestBody": TEXT_BODY}, responses={404: {}, 409: {}, 422: {}})
async def put_case(study_id: StudyId, request: Request, person: Editor, services: Served) -> StudyAnswer:
    """Give a study another case, YAML, JSON or a FHIR bundle; what follows from it is worked out again."""
    return await run_in_threadpool(_change_case, services, person, study_id, await request.body())


@router.get("/schemas/case")
def tell_case_schema() -> dict[str, Any]:
    """JSON Schema of a case, for forms."""
    return case_schema()


@router.get("/schemas/record")
def tell_record_schema() -> dict[str, Any]:
    """JSON Schema of the record."""
    return Record.model_json_schema(mode="serialization")


def read_json(content: bytes) -> dict[str, Any]:
    """An object of JSON.

    Raises
    ------
    Problem
        If it is none.
    """
    if len(content) > limits.CASE_BYTES.value:
        raise Problem(413, say("the case is larger than {most} bytes", most=limits.CASE_BYTES.value), code="too-large")
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        raise Problem(422, say("the body is no JSON: send the case as an object"), code="json") from None
    if not isinstance(values, dict):
        raise Problem(422, say("the case is an object of its blocks, for instance patient and labs"), code="json")
    return values


def _change_case(services: Services, person: Person, study_id: str, content: bytes) -> StudyAnswer:
    find_study(services, person, study_id)
    names = list_names(read_case(content))
    folder = services.data.study(study_id).root
    require_all(names, list_kept(folder) & set(names))
    services.change_case(study_id, content)
    forget_others(folder, names)
    services.people.note(person.name, "changed case", f"study {study_id}")
    services.wake()
    return StudyAnswer.of(find_study(services, person, study_id))


def _check(values: dict[str, Any]) -> None:
    from calcinet.io.case.reader import case_of_mapping

    case_of_mapping(values)


def _read(content: bytes) -> dict[str, Any]:
    from calcinet.io.case.reader import read
    from calcinet.io.case.yaml_tree import tree_of

    read(content)
    text = content.decode("utf-8-sig")
    if '"resourceType"' in text:
        values: dict[str, Any] = json.loads(read(content).case.model_dump_json(exclude_none=True))
        return values
    tree = tree_of(text).value
    assert isinstance(tree, dict)
    return tree
