"""Modules that only an extra brings."""

import importlib
import os
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]


def of_extra(extra: str, name: str) -> ModuleType:
    """Import a module of an extra; where it is missing, its tests are skipped by name.

    They fail instead where REQUIRED_EXTRAS, a list with commas, names the extra, as `make test-training` does.
    """
    __tracebackhide__ = True  # the line of the skip is then that of the tests
    if extra in os.environ.get("REQUIRED_EXTRAS", "").split(","):
        return importlib.import_module(name)
    return pytest.importorskip(
        name, reason=f"needs {name} of the extra '{extra}': .venv/bin/python -m pip install -e '.[{extra}]'"
    )


TESTS_OF_EXTRAS: Final = {
    "apps/node": ("serve", "fastapi"),
    "apps/test_outbox_view.py": ("hospital", "pynetdicom"),
    "apps/web": ("serve", "fastapi"),
    "delivery": ("hospital", "pynetdicom"),
    "reception": ("hospital", "pynetdicom"),
    "report/casereport/test_casereport.py": ("docx", "docx"),
    "report/casereport/test_word.py": ("docx", "docx"),
    "report/dicom": ("hospital", "highdicom"),
    "report/fhir": ("hospital", "fhir.resources"),
    "report/quantities/test_spreadsheet.py": ("tables", "pyarrow"),
    "report/test_paper.py": ("pdf", "typst"),
    "report/volumes/test_surfaces.py": ("mesh", "trimesh"),
    "apps/test_storing.py": ("store", "sqlalchemy"),
    "cohort": ("cohort", "duckdb"),
    "store": ("store", "sqlalchemy"),
    "test_ct_objects.py": ("hospital", "highdicom"),
    "test_hospital_objects.py": ("hospital", "highdicom"),
}
"""Files and folders of tests that need an extra as a whole: the extra and one of its modules."""


class ModuleOfExtra(pytest.Module):
    """Tests that are skipped by name, unread, where their extra is missing."""

    needs: tuple[str, str]

    def collect(self):
        of_extra(*self.needs)
        return super().collect()


def find_extra(module: Path) -> tuple[str, str] | None:
    """The extra that a file of tests needs as a whole."""
    name = module.relative_to(TESTS).as_posix()
    return next((needs for place, needs in TESTS_OF_EXTRAS.items() if f"{name}/".startswith(f"{place}/")), None)
