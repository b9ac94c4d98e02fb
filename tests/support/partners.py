"""Programs that tests speak to."""

import os

import pytest


def need(there: object, what: str) -> None:
    """Skip a test by name where a tool is missing; fail where CI=true, which installs it."""
    if not there and os.environ.get("CI") == "true":
        pytest.fail(f"missing: {what}")
    if not there:
        pytest.skip(f"needs {what}")
