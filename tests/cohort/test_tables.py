"""The order of review, of films whose index and outcomes are written by hand."""

import pyarrow.parquet as pq
import pytest

from calcinet.cohort.columns import INDEX
from calcinet.cohort.ledger import LINES
from calcinet.cohort.parquet import write_table
from calcinet.cohort.tables import write_tables

ORDER = (
    ("a net, sure", {"net_called": True, "net_probability": 0.95, "net_score": 0.95}),
    ("a net, hardly called", {"net_called": True, "net_probability": 0.52, "net_score": 0.60}),
    ("nearly a net", {"net_probability": 0.49, "net_score": 0.93}),
    ("less like a net, the longer vessels", {"net_probability": 0.49, "net_score": 0.61, "vessel_length_mm": 400.0}),
    ("as much, shorter vessels, two", {"net_score": 0.61, "vessel_length_mm": 20.0, "vessels": 2}),
    ("as much, shorter vessels, one", {"net_score": 0.61, "vessel_length_mm": 20.0, "vessels": 1}),
    ("as much, vessels without a length", {"net_score": 0.61, "vessels": 9}),
    ("no net at all, and the most vessels", {"net_score": 0.02, "vessel_length_mm": 2000.0, "vessels": 12}),
    ("no score", {"vessels": 0}),
    ("no score either", {"vessels": 0}),
)
"""As somebody would go through them: where a net was called first, then by how net-like they are, then by vessels."""


def write_run(folder, lines):
    """Index and ledger of films in some order; gives the rows of the results."""
    index, ledger = folder / "index-00000000.parquet", folder / "part-00000000.parquet"
    usual = {"net_called": False, "net_probability": 0.1, "vessels": 0, "cost": "{}"}
    write_table([{"film": film, "path": f"{film}.dcm", "patient": film[:4]} for film, _ in lines], INDEX, index)
    write_table([{"film": film, **usual, **said} for film, said in lines], LINES, ledger)
    write_tables(folder, [index], [ledger])
    return pq.read_table(folder / "results.parquet").to_pylist()


@pytest.mark.parametrize("step", [1, -1, 3])
def test_films_are_ranked_by_nets_then_by_how_net_like_they_are_then_by_vessels(tmp_path, step):
    """Whatever the order in which they were examined: as below, backwards, or every third, ten being no multiple."""
    lines = [ORDER[step * number % len(ORDER)] for number in range(len(ORDER))]
    rows = write_run(tmp_path, lines)

    assert [row["film"] for row in rows] == [film for film, _ in ORDER]
    assert [row["rank"] for row in rows] == list(range(1, len(ORDER) + 1))


def test_a_patient_has_the_highest_score_of_his_films(tmp_path):
    """Two films begin "no s", three "as m"."""
    write_run(tmp_path, ORDER)
    scores = {row["patient"]: row["net_score"] for row in pq.read_table(tmp_path / "patients.parquet").to_pylist()}

    assert scores == {"a ne": 0.95, "near": 0.93, "less": 0.61, "as m": 0.61, "no n": 0.02, "no s": None}
