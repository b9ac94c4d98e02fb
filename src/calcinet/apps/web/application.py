"""The application: the interface /api/v1 and the page in front of it."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from starlette.staticfiles import StaticFiles

from calcinet.apps.node import stow_service
from calcinet.apps.web import (
    cases,
    decision_hooks,
    findings,
    photographs,
    sessions,
    sign_in,
    studies,
    timelines,
    waiting,
    watching,
)
from calcinet.apps.web.guard import Services
from calcinet.apps.web.problems import Problem, answer_with_problems
from calcinet.text import say
from calcinet.version import __version__

ROOT: Final = "/api/v1"

PAGE: Final = Path(str(files("calcinet.apps.web"))) / "page"
"""The page as it was built from the folder `web` of the source."""

DESCRIPTION: Final = (
    "Films and a case in, the record and its documents out: the same as `calcinet examine`, for several people and for "
    "programs. Decision support for research; not a diagnosis. What goes wrong is told as application/problem+json."
)


class Health(BaseModel):
    """Whether the server works."""

    status: str
    version: str


def make_application(services: Services | None = None) -> FastAPI:
    """Make the application; without services it only describes itself."""
    app = FastAPI(
        title="calcinet",
        version="1",
        description=DESCRIPTION,
        openapi_url=f"{ROOT}/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses={401: {"description": "Not logged in"}, 403: {"description": "Not allowed"}},
        license_info={"name": "Apache-2.0"},
    )
    app.state.services = services
    answer_with_problems(app)
    api = APIRouter(prefix=ROOT)

    @api.get("/health", tags=["server"])
    def tell_health() -> Health:
        """Whether the server works, and its version."""
        return Health(status="ok", version=__version__)

    own = (sessions, sign_in, studies, findings, cases, photographs, timelines, waiting)
    for router in (room.router for room in own):
        api.include_router(router)
    app.include_router(api)
    for router in (stow_service.router, decision_hooks.router, watching.router):
        app.include_router(router)
    _add_page(app)
    return app


def _add_page(app: FastAPI) -> None:
    """The page, where it was built; else a word on how to build it."""
    if (PAGE / "index.html").is_file():
        app.mount("/", StaticFiles(directory=PAGE, html=True), name="page")
        return

    @app.get("/", include_in_schema=False)
    def tell_missing() -> None:
        raise Problem(404, say("the page is not built here: the interface for programs is at /api/v1"), code="no-page")
