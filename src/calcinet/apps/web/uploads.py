"""What is sent: films and a case, taken into the folder of a new study, all or nothing."""

import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from calcinet import limits
from calcinet.apps.web.data_folder import StudyFolder, clean_name, place_in
from calcinet.apps.web.problems import Problem
from calcinet.apps.web.site_rights import LONGEST_SITE
from calcinet.apps.web.study_photographs import keep_photographs, list_names, renew_all, require_all
from calcinet.clinical.case import Case
from calcinet.evidence.priors import prior as read_prior
from calcinet.io.case.reader import read_case
from calcinet.io.options import STATED
from calcinet.report.language import translator
from calcinet.text import plain, say

FILES: Final = "files"
PHOTOGRAPHS: Final = "photographs"
CASE: Final = "case"
SITE: Final = "site"

TEXTS: Final = ("case", "prior", "include_secondary", "spacing_mm", "modality", "anatomy", "lang", "title", "site")
"""Fields of the form beside the files."""

LONGEST_TITLE: Final = 200
"""Letters."""

LONGEST_ANATOMY: Final = 60
"""Letters."""

FORM: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    FILES: {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "Films, slices, zips; a relative path as file name keeps folders.",
                    },
                    PHOTOGRAPHS: {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "Photographs of lesions, JPEG or PNG, each with the name that the case has for "
                        "it: photographs/photo-1a2b3c4d.jpg. Nothing but their pixels is kept.",
                    },
                    CASE: {
                        "type": "string",
                        "description": "The patient: YAML, JSON or a FHIR R4 bundle, as a file or as text.",
                    },
                    "prior": {"type": "string", "description": "0.3, 30% or the name of a published figure."},
                    "include_secondary": {"type": "string", "enum": ["true", "false"]},
                    "spacing_mm": {"type": "string", "description": "One number, or those of rows and columns."},
                    "modality": {"type": "string", "enum": list(STATED)},
                    "anatomy": {"type": "string", "maxLength": LONGEST_ANATOMY},
                    "lang": {"type": "string", "enum": ["en", "zh-Hant"]},
                    "title": {"type": "string", "maxLength": LONGEST_TITLE, "description": "What you call it."},
                    "site": {"type": "string", "maxLength": LONGEST_SITE, "description": "Whose people see it."},
                },
            }
        }
    },
}
"""The form in the words of OpenAPI."""


@asynccontextmanager
async def read_form(request: Request) -> AsyncIterator[FormData]:
    """The form of a request; its files are on the disk as long as the context lasts.

    Raises
    ------
    Problem
        If it is none, or holds too much.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Problem(415, say("send the files as multipart/form-data, in fields called {name}", name=FILES))
    try:
        form = await request.form(
            max_files=limits.UPLOAD_FILES.value, max_fields=len(TEXTS) * 2, max_part_size=limits.CASE_BYTES.value
        )
    except (HTTPException, MultiPartException) as error:
        why = error.detail if isinstance(error, HTTPException) else error.message
        raise Problem(400, say("the form cannot be read ({why}): send it again", why=str(why)), code="form") from None
    try:
        yield form
    finally:
        await form.close()


def read_site(form: FormData) -> str | None:
    """The site that a form names; None where it names none."""
    given = form.get(SITE)
    return given if isinstance(given, str) and given else None


async def take_study(form: FormData, folder: StudyFolder) -> tuple[int, Mapping[str, Any], str]:
    """Take what a form holds into a folder; gives the number of files, the options and the title.

    Raises
    ------
    Problem, BadInput
        If something in it cannot be right; nothing is kept then.
    """
    unknown = sorted(plain(name)[:40] for name in form if name not in (FILES, PHOTOGRAPHS, *TEXTS))
    if unknown:
        raise Problem(422, say("the form has no field {names:, }", names=unknown), code="form")
    uploads = form.getlist(FILES)
    if any(isinstance(upload, str) for upload in uploads):
        raise Problem(422, say("{name} holds text: send files there, each with its name", name=FILES), code="form")
    files = [upload for upload in uploads if isinstance(upload, UploadFile)]
    case = await _read_case(form)
    options, title = read_options({name: form.get(name) for name in TEXTS if name != CASE})
    if not files and case is None:
        raise Problem(422, say("nothing to examine: send a film, a case, or both"), code="empty")
    read = None if case is None else await run_in_threadpool(read_case, case)
    photographs = await _read_photographs(form, read)
    await run_in_threadpool(_keep, files, case, photographs, folder)
    return len(files), options, title


async def _read_photographs(form: FormData, case: Case | None) -> dict[str, bytes]:
    """Photographs by the names that the case has for them, made anew."""
    uploads = [upload for upload in form.getlist(PHOTOGRAPHS) if isinstance(upload, UploadFile)]
    names = list_names(case)
    require_all(names, {upload.filename or "" for upload in uploads})
    most = limits.PHOTOGRAPH_BYTES.value + 1
    sent = {upload.filename or "": await upload.read(most) for upload in uploads}
    return await run_in_threadpool(renew_all, sent)


def read_options(fields: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The options of a form as the examiner takes them, and the title; those alone that were given."""
    given = {name: str(value).strip() for name, value in fields.items() if isinstance(value, str) and value.strip()}
    options: dict[str, Any] = {}
    if "prior" in given:
        read_prior(given["prior"])
        options["prior"] = given["prior"]
    if given.get("include_secondary", "false") not in ("true", "false"):
        raise Problem(422, say("include_secondary is true or false"), code="form")
    if given.get("include_secondary") == "true":
        options["include_secondary"] = True
    if "spacing_mm" in given:
        options["spacing_mm"] = _read_spacing(given["spacing_mm"])
    if "modality" in given:
        if given["modality"] not in STATED:
            raise Problem(422, say("modality is one of {names:, }", names=list(STATED)), code="form")
        options["modality"] = given["modality"]
    if "anatomy" in given:
        options["anatomy"] = plain(given["anatomy"])[:LONGEST_ANATOMY]
    if "lang" in given:
        options["lang"] = translator(given["lang"]).tag
    return options, plain(given.get("title", ""))[:LONGEST_TITLE]


def _read_spacing(text: str) -> float | list[float]:
    problem = Problem(
        422,
        say("spacing_mm is the pixel size in mm, one number or that of rows and of columns (0.2,0.1)"),
        code="form",
    )
    try:
        sides = [float(side) for side in text.split(",")]
    except ValueError:
        raise problem from None
    if len(sides) > 2 or not all(0 < side < 1000 for side in sides):
        raise problem
    return sides[0] if len(sides) == 1 else sides


async def _read_case(form: FormData) -> bytes | None:
    """The case as it was sent, as a file or as text."""
    given = form.get(CASE)
    if isinstance(given, UploadFile):
        content = await given.read(limits.CASE_BYTES.value + 1)
    else:
        content = (given or "").encode()
    if len(content) > limits.CASE_BYTES.value:
        raise Problem(413, say("the case is larger than {most} bytes", most=limits.CASE_BYTES.value), code="too-large")
    return content if content.strip() else None


def _keep(
    files: Sequence[UploadFile], case: bytes | None, photographs: Mapping[str, bytes], folder: StudyFolder
) -> None:
    """Put files, case and photographs into the folder; where that fails, nothing stays."""
    try:
        folder.given.mkdir(mode=0o700, parents=True)
        for upload in files:
            _copy(upload, place_in(folder.given, clean_name(upload.filename or "")))
        if case is not None:
            folder.case.write_bytes(case)
        keep_photographs(folder.root, photographs)
    except BaseException:
        shutil.rmtree(folder.root, ignore_errors=True)
        raise


def _copy(upload: UploadFile, target: Path) -> None:
    upload.file.seek(0)
    with target.open("wb") as stream:
        shutil.copyfileobj(upload.file, stream, 2**20)
