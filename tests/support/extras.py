"""Modules that only an extra brings."""

import importlib
import os
from types import ModuleType

import pytest


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
