"""Cases that a critical reader wrote down, with what calcinet must say of each."""

import os
from functools import cache
from pathlib import Path

import pytest

import calcinet
from calcinet.record import Record
from tests.support.paths import ROOT

CASES = ROOT.parent / "shared" / "review"


@cache
def examine_reviewed(name: str, prior: float | None = 0.3) -> Record:
    """The record of a case of `cases/` or `use/` by the beginning of its name; skips where they are absent."""
    return calcinet.examine(case=find_case(name), prior=prior)


def find_case(name: str) -> Path:
    """The case file whose name begins with `name`."""
    found = sorted([*CASES.glob(f"cases/{name}*.yaml"), *CASES.glob(f"use/{name}*.yaml")])
    if not found:
        require_cases()
        raise FileNotFoundError(f"no reviewed case begins with {name}")
    assert len(found) == 1, f"{name} begins {len(found)} names"
    return found[0]


def require_cases() -> None:
    """Skip, or fail where everything must be there, without the reviewed cases."""
    if CASES.is_dir():
        return
    if os.environ.get("CI") == "true":
        pytest.fail("the reviewed cases are missing: expected a folder shared/review beside the checkout")
    pytest.skip("needs the reviewed cases of shared/review beside the checkout")


def codes(record: Record) -> list[str]:
    """Codes of the next steps, in order."""
    return [step.code for step in record.advice]
