"""Bounds: what holds, how another is set, and the table of the documents."""

import json
import re

import pytest

from calcinet import limits
from calcinet.errors import BadInput
from calcinet.io.case.reader import read_case
from calcinet.limits import FILE_BYTES, Limit, check_all, list_all, write_table
from tests.support.bundles import bundle, result
from tests.support.paths import ROOT

CASE = b"labs: [{name: calcium, value: 2.345, unit: mmol/L}]\n"

BUNDLE = json.dumps(bundle(result("calcium", 2.3))).encode()


def test_a_bound_holds_until_another_is_set(monkeypatch):
    monkeypatch.delenv("CALCINET_MAX_FILE_BYTES", raising=False)
    assert FILE_BYTES.value == 1024 * 1024 * 1024

    monkeypatch.setenv("CALCINET_MAX_FILE_BYTES", " 5000 ")
    assert FILE_BYTES.value == 5000


@pytest.mark.parametrize("given", ["0", "-1", "1.5", "1e9", "2 GB", "²", "٣", "9" * 5000, "1_000", "nan"])
def test_what_is_no_whole_number_above_zero_is_refused_without_being_repeated(monkeypatch, given):
    monkeypatch.setenv("CALCINET_MAX_FILE_BYTES", given)

    with pytest.raises(BadInput, match="CALCINET_MAX_FILE_BYTES must be a whole number of bytes above 0"):
        check_all()


def test_a_variable_that_is_misspelt_is_told(monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_FILEBYTES", "5000")

    with pytest.raises(BadInput, match="CALCINET_MAX_FILEBYTES names no bound"):
        check_all()


def test_every_bound_has_a_name_of_its_own_and_a_reason():
    bounds = list_all()

    assert len({bound.name for bound in bounds}) == len(bounds) > 20
    for bound in bounds:
        assert getattr(limits, bound.name) is bound
        assert bound.why.endswith(".")


def test_the_table_of_the_documents_is_the_one_that_holds():
    assert write_table() in (ROOT / "docs/limits.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("default", "unit", "written"),
    [
        (2**30, "bytes", "1 GiB"),
        (30_000_000, "bytes", "30 MB"),
        (7 * 2**28, "bytes", "1.75 GiB"),
        (20_000, "files", "20 000 files"),
        (10**8, "pixels", "100 million pixels"),
        (12, "levels", "12 levels"),
    ],
)
def test_numbers_are_written_as_people_read_them(default, unit, written):
    assert limits.write_value(Limit(name="X", default=default, unit=unit, what="", why="")) == written


def test_every_bound_bounds_something():
    """A bound that nobody asks for is a promise that nobody keeps."""
    modules = [path for path in (ROOT / "src").rglob("*.py") if path.name != "limits.py"]
    code = "\n".join(re.sub(r"(?m)^from calcinet.limits import .*$", "", path.read_text("utf-8")) for path in modules)

    assert [bound.name for bound in list_all() if not re.search(rf"\b{bound.name}\b", code)] == []


@pytest.mark.parametrize(
    ("name", "most", "case", "words"),
    [
        ("CASE_CHARACTERS", 20, CASE, "the text has"),
        ("CASE_DEPTH", 1, CASE, "nested too deeply"),
        ("NUMBER_DIGITS", 3, CASE, "a number of 5 digits"),
        ("BUNDLE_DEPTH", 3, BUNDLE, "nested too deeply"),
        ("BUNDLE_ENTRIES", 1, BUNDLE, "more than are read"),
    ],
)
def test_bounds_of_a_case_hold_as_they_are_set(monkeypatch, name, most, case, words):
    """Sound with the usual bounds."""
    read_case(case)
    monkeypatch.setenv(f"CALCINET_MAX_{name}", str(most))

    with pytest.raises(BadInput, match=words):
        read_case(case)
