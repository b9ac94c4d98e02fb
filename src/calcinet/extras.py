"""What is installed only where it is asked for: the extras of the package, and the refusal where one is missing."""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Final

from calcinet.errors import BadInput
from calcinet.text import say

EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "pdf": ("typst",),
    "hospital": ("highdicom", "fhir.resources", "pynetdicom", "requests", "dicomanonymizer"),
    "tables": ("pyarrow",),
    "docx": ("docx",),
    "mesh": ("trimesh",),
    "serial": ("SimpleITK",),
    "store": ("sqlalchemy", "alembic"),
    "postgres": ("psycopg",),
    "cohort": ("distributed", "duckdb", "pyarrow", "fsspec", "sqlalchemy", "alembic"),
    "oidc": ("authlib", "joserfc", "httpx"),
    "serve": ("fastapi", "uvicorn", "argon2", "python_multipart", "prometheus_client", "sqlalchemy", "alembic"),
}
"""Modules that each extra of `pyproject.toml` brings, as they are imported."""


def find_missing(extras: Iterable[str]) -> tuple[str, ...]:
    """Find the extras that lack a module here, each once and in the order given."""
    return tuple(extra for extra in dict.fromkeys(extras) if not all(map(_is_installed, EXTRAS[extra])))


def require_extras(extras: Iterable[str], what: str) -> None:
    """Refuse what cannot be done with the packages that are installed, before anything is computed.

    Parameters
    ----------
    extras
        Among EXTRAS.
    what
        What was asked for, as its user names it.

    Raises
    ------
    BadInput
        If a module of an extra is missing; all such extras are in the line that installs them.
    """
    missing = find_missing(extras)
    if missing:
        raise BadInput(
            say(
                "{what} needs packages that are not installed: pip install 'calcinet[{extra}]'",
                what=what,
                extra=",".join(missing),
            )
        )


def _is_installed(module: str) -> bool:
    """Whether a module can be found; nothing but the packages that it lies in is imported."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
