"""A run over a small archive: what is in the tables, that nobody is named there, and that a broken run goes on."""

import json
import os
import signal
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from calcinet.cohort.choice import Wish
from calcinet.cohort.columns import TABLES
from calcinet.cohort.engine import Cluster
from calcinet.cohort.ledger import Ledger
from calcinet.cohort.run import CohortOrder, run_cohort
from calcinet.cohort.sources import open_source
from calcinet.errors import BadInput

pytestmark = pytest.mark.xdist_group("cohort")


def read(folder: Path, name: str) -> list[dict]:
    """Rows of a table."""
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def find_workers() -> list[int]:
    """Processes of Dask that are children of this one."""
    found = psutil.Process().children(recursive=True)
    return [child.pid for child in found if "spawn_main" in " ".join(child.cmdline())]


def test_every_whole_film_has_one_row(finished):
    folder, result = finished
    rows = read(folder, "results")

    assert len({row["film"] for row in rows}) == len(rows) == result.rows["results"] == 4
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert {row["modality"] for row in rows} == {"DX"}
    assert {row["body_part"] for row in rows} == {"hand"}
    assert all(0 <= row["net_probability"] <= 1 for row in rows)


def test_a_net_that_was_called_stands_before_none_and_the_more_net_like_first(finished):
    """What is cut off of the probability of a film without a called net is not cut off of its score."""
    rows = read(finished[0], "results")

    assert rows == sorted(rows, key=lambda row: (not row["net_called"], -row["net_score"]))
    assert all(row["net_probability"] == min(row["net_score"], 0.49) for row in rows if not row["net_called"])
    assert all(0.5 <= row["net_probability"] <= row["net_score"] <= 1 for row in rows if row["net_called"])


def test_every_broken_file_has_its_reason(finished):
    folder, result = finished
    rows = read(folder, "failures")

    assert len(rows) == 4
    assert {row["code"] for row in rows} == {"empty", "not-an-image", "truncated", "too-large"}
    assert all(row["reason"] for row in rows)
    assert result.choice.copies == 1


def test_a_patient_has_one_row_and_the_days_keep_their_distance(finished):
    folder, _ = finished
    patients = [row for row in read(folder, "patients") if row["films"] > 0]

    assert sorted(row["films"] for row in patients) == [2, 2]
    assert sorted((row["last_on"] - row["first_on"]).days for row in patients) == [1, 30]
    assert not {row["first_on"].isoformat() for row in patients} & {"2024-03-01", "2025-01-01"}
    assert {row["age_years"] for row in read(folder, "results")} == {90.0}


def test_nobody_is_named_in_what_is_given_away(finished):
    folder, _ = finished
    files = [file for file in folder.rglob("*") if file.is_file() and "private" not in file.parts]
    tables = " ".join(str(read(folder, name)) for name in TABLES)

    assert (folder / "private").stat().st_mode & 0o077 == 0
    for word in ("CHAN", "A1234567", "B7654321", "one.dcm", "2.25."):
        assert word not in tables
        assert not [file.name for file in files if word.encode() in file.read_bytes()]


def test_what_can_be_cited_names_the_tables_by_their_hashes(finished):
    folder, _ = finished
    run = json.loads((folder / "RUN.json").read_text("utf-8"))

    assert run["counts"] | {"patients": 0} == {
        "files": 9,
        "no_film": 3,
        "copies": 1,
        "not_asked_for": 0,
        "examined": 4,
        "failed": 1,
        "patients": 0,
    }
    assert set(run["tables"]) == {"results.parquet", "patients.parquet", "failures.parquet"}


def test_every_column_of_a_file_is_declared_with_its_meaning(finished):
    for name, columns in TABLES.items():
        schema = pq.read_schema(finished[0] / f"{name}.parquet")

        assert schema.names == [column.name for column in columns]
        assert [schema.field(column.name).metadata[b"meaning"].decode() for column in columns] == [
            column.meaning for column in columns
        ]


def test_a_worker_that_is_killed_costs_no_film(finished, archive, tmp_path):
    """Killed in the middle; and the run is broken off after it, and goes on."""
    folder = tmp_path / "out"
    order = CohortOrder(source=str(archive), folder=folder, cluster=Cluster(workers=1))
    seen: list[int] = []

    def kill(told):
        if told.phase == "examine" and told.done == 0 and not seen:
            seen.extend(find_workers())
            for pid in seen:
                os.kill(pid, signal.SIGKILL)
        if told.phase == "examine" and told.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_cohort(order, kill)
    done = Ledger(folder / "private" / "ledger", folder / "thumbnails").find_done()
    begun: list[int] = []
    run_cohort(order, lambda told: begun.append(told.before) if told.phase == "examine" else None)

    assert seen
    assert len(done) == 2
    assert begun[0] == 2
    for name in ("results", "patients", "failures"):
        assert read(folder, name) == read(finished[0], name)
    assert (folder / "RUN.json").read_bytes() == (finished[0] / "RUN.json").read_bytes()


def test_another_question_is_not_asked_of_the_same_folder(finished, tmp_path):
    with pytest.raises(BadInput, match="another archive, version, key or options"):
        run_cohort(CohortOrder(source=str(tmp_path), folder=finished[0]), lambda told: None)


def test_a_condition_that_cannot_be_asked_is_refused_before_the_archive_is_looked_at(archive, tmp_path):
    """Nothing is written, so that the folder takes the right one afterwards."""
    order = CohortOrder(source=str(archive), folder=tmp_path / "out", wish=Wish(where="no_such > 1"))

    with pytest.raises(BadInput, match="--where is no condition"):
        run_cohort(order, lambda told: None)
    assert not (tmp_path / "out").exists()


def test_a_file_where_the_folder_is_to_be_is_refused(archive, tmp_path):
    (tmp_path / "out").write_bytes(b"")

    with pytest.raises(BadInput, match="a file stands where"):
        run_cohort(CohortOrder(source=str(archive), folder=tmp_path / "out"), lambda told: None)


def test_the_result_of_a_run_is_no_archive(finished):
    """Neither of this run nor of an earlier one, whose small pictures would be taken for films."""
    folder, _ = finished

    assert not list(open_source(str(folder.parent)).walk())


def test_there_must_be_a_run_to_go_on_with(archive, tmp_path):
    order = CohortOrder(source=str(archive), folder=tmp_path / "new", must_resume=True)

    with pytest.raises(BadInput, match="no run to go on with"):
        run_cohort(order, lambda told: None)
    assert not (tmp_path / "new").exists()
