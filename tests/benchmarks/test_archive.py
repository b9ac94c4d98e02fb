"""The benchmark of an archive: parts alone, kept, and what it makes of broken files."""

import json

import pytest

from benchmarks.agreement import Estimate
from benchmarks.archive import PARTS, WAYS, Part, broken_table, list_parts, measure_once, read_kept, read_options
from benchmarks.tables import Table
from tests.support.extras import of_extra

TABLE = Table("Planted nets", ("what", "number"), (("found", 3), ("rate", Estimate(0.5, 0.1, 0.9, 8)), ("none", None)))


def test_every_part_can_be_asked_for_alone():
    assert tuple(list_parts(read_options([]))) == PARTS
    assert read_options(["index", "--lines", "100"]).parts == ["index"]


def test_a_part_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit):
        read_options(["hedaers"])
    assert "there is no part hedaers" in capsys.readouterr().err


def test_a_part_that_is_done_is_not_measured_again(tmp_path):
    """With other settings it is."""
    measured: list[int] = []

    def measure():
        measured.append(1)
        return TABLE

    file = tmp_path / "part.json"
    tables = [measure_once(Part(measure, {"films": films}), file) for films in (5, 5, 6)]

    assert len(measured) == 2
    assert tables == [TABLE] * 3
    assert read_kept(json.loads(file.read_text("utf-8"))["table"]) == TABLE


def test_a_part_that_broke_off_is_not_kept(tmp_path):
    def fail():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure_once(Part(fail, {}), tmp_path / "part.json")
    assert not (tmp_path / "part.json").exists()


def test_every_broken_file_has_its_reason_and_every_whole_film_its_row(tmp_path, monkeypatch):
    """Nine files, seven of them broken; a second time nothing is examined again."""
    of_extra("cohort", "duckdb")
    monkeypatch.setenv("CALCINET_KEY", str(tmp_path / "store.key"))
    table = broken_table(9, tmp_path / "kept")
    parts = sorted((tmp_path / "kept" / "out" / "private" / "ledger").iterdir())
    again = broken_table(9, tmp_path / "kept")
    numbers = [row[1] for row in table.rows]

    assert numbers[:5] == [2, 2, 7, 7, 0]
    assert [row[0] for row in table.rows[5:]] == list(WAYS)
    assert all(numbers[5:])
    assert again == table
    assert sorted((tmp_path / "kept" / "out" / "private" / "ledger").iterdir()) == parts
