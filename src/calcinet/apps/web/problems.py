"""What went wrong, as `application/problem+json` (RFC 9457): a sentence for people beside a word for programs."""

import errno
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from calcinet.apps.web.page_words import to_page_words
from calcinet.errors import BadInput, CalcinetError, MachineFault, Unreadable
from calcinet.io.case.errors import CaseFileError
from calcinet.machine import explain_fault
from calcinet.report.language import translator
from calcinet.text import say

TITLES: Final[Mapping[int, str]] = {
    400: "Bad request",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not there",
    405: "No such method",
    409: "Not now",
    413: "Too large",
    415: "Another kind of content is expected",
    422: "Cannot be right",
    429: "Too many tries",
    500: "Unexpected failure",
    503: "Not ready",
    507: "The machine refuses",
}

USUAL: Final[Mapping[int, str]] = {
    404: say("there is nothing at this address: look at /api/v1/openapi.json"),
    405: say("this address knows other methods: look at /api/v1/openapi.json"),
}
"""Said where the framework itself refuses."""


class Problem(Exception):
    """A request that is refused."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        places: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code, self.places = status, detail, code, places
        self.headers = dict(headers or {})


def find_language(accepted: str) -> str:
    """The language that a browser asks for, among ours.

    >>> find_language("zh-TW,zh;q=0.9,en;q=0.8"), find_language("de")
    ('zh-Hant', 'en')
    """
    for entry in accepted.split(","):
        tag = entry.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh-Hant"
        if tag.startswith("en"):
            return "en"
    return "en"


def write_problem(request: Request, problem: Problem) -> JSONResponse:
    """The answer that tells it, in the language that is asked for."""
    translate = translator(find_language(request.headers.get("accept-language", "")))
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(problem.status, "Refused"),
        "status": problem.status,
        "detail": translate(to_page_words(problem.detail)),
    }
    if problem.code:
        body["code"] = problem.code
    if problem.places:
        body["places"] = [{**place, "text": translate(to_page_words(place["text"]))} for place in problem.places]
    return JSONResponse(
        body, status_code=problem.status, media_type="application/problem+json", headers=problem.headers
    )


def explain_error(error: CalcinetError) -> Problem:
    """An error of the program as the answer to a request."""
    if isinstance(error, CaseFileError):
        places = [
            {"field": mistake.text.split(":")[0], "line": mistake.line, "column": mistake.column, "text": mistake.text}
            for mistake in error.mistakes
        ]
        return Problem(422, str(error), code="case", places=places)
    if isinstance(error, BadInput):
        return Problem(422, str(error), code="input")
    if isinstance(error, Unreadable):
        return Problem(422, str(error), code=error.code)
    if isinstance(error, MachineFault):
        return Problem(507, str(error), code="machine")
    return Problem(500, str(error), code=type(error).__name__)


def answer_with_problems(app: FastAPI) -> None:
    """Let everything that goes wrong be answered so."""

    @app.exception_handler(Problem)
    def tell_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return write_problem(request, error)

    @app.exception_handler(CalcinetError)
    def tell_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, CalcinetError)
        return write_problem(request, explain_error(error))

    @app.exception_handler(RequestValidationError)
    def tell_invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        places = []
        for entry in error.errors():
            field = ".".join(str(step) for step in entry["loc"] if step not in ("body", "query", "path"))
            places.append({"field": field, "text": entry["msg"]})
        detail = say("the request cannot be right: {what:; }", what=[f"{p['field']}: {p['text']}" for p in places])
        return write_problem(request, Problem(422, detail, code="request", places=places))

    @app.exception_handler(HTTPException)
    def tell_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        detail = USUAL.get(error.status_code, str(error.detail))
        return write_problem(request, Problem(error.status_code, detail, headers=error.headers))

    @app.exception_handler(OSError)
    def tell_fault(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, OSError)
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return write_problem(request, Problem(404, say("this is not there, or not any more"), code="gone"))
        return write_problem(
            request, Problem(507, str(explain_fault(error, "the folder of the server")), code="machine")
        )

    @app.exception_handler(Exception)
    def tell_unexpected(request: Request, error: Exception) -> JSONResponse:
        detail = say("unexpected failure ({kind}); nothing was lost, try again", kind=type(error).__name__)
        return write_problem(request, Problem(500, detail, code="unexpected"))
