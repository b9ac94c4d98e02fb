"""Bone scans on the command line."""

import json

import pytest

from calcinet.io.scintigram.writer import write_scintigram
from tests.support.command_line import run
from tests.support.retagged import retagged
from tests.support.scintigrams import scan


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({}, "nothing-measured"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "STATIC", "EMISSION"], "BodyPartExamined": "LEG"}, "spot-view"),
    ],
)
def test_a_scan_on_which_nothing_was_measured_ends_with_3(tags, code, tmp_path, capsys):
    """A picture of 32 cm that says it is a whole body, and one of a leg alone: a sentence each, no page of reasons."""
    path = retagged(write_scintigram(tmp_path / "scan.dcm", scan()), **tags)

    assert run("examine", str(path), "-o", str(tmp_path / "out")) == 3
    (image,) = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))["images"]
    assert image["refused"]["code"] == code
    assert image["not_measured"] == []
    assert image["measures"] == {}
    assert "whole" in image["refused"]["reason"]
