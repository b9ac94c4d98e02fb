"""Goals, and the log of runs."""

import math

import pytest

from benchmarks.agreement import Estimate
from benchmarks.goals import LOG_COLUMNS, Figure, at_least, at_most, figure_table, log_figures
from benchmarks.patients import read_manifest


def figure(value, goal=None):
    return Figure(name="arteries found", reached=Estimate(value, 0.5, 0.875, 4), of=20, goal=goal)


@pytest.mark.parametrize(
    ("value", "goal", "verdict"),
    [
        (0.8, at_least(0.8), "held"),
        (0.79, at_least(0.8), "not held"),
        (0.15, at_most(0.15), "held"),
        (0.16, at_most(0.15), "not held"),
        (math.nan, at_most(0.15), "not held"),
        (math.nan, at_least(0.8), "not held"),
        (0.5, None, ""),
    ],
)
def test_a_goal_that_is_met_exactly_is_held_and_no_number_holds_none(value, goal, verdict):
    assert figure(value, goal).verdict == verdict


def test_a_figure_stands_beside_its_goal():
    table = figure_table("Arteries", [figure(0.75, at_least(0.8)), figure(0.75)], "")

    assert table.rows == (
        ("arteries found", Estimate(0.75, 0.5, 0.875, 4), 20, 4, ">= 0.8", "not held"),
        ("arteries found", Estimate(0.75, 0.5, 0.875, 4), 20, 4, "", ""),
    )


def test_every_run_leaves_its_lines_and_none_is_overwritten(tmp_path):
    """Two runs, of one figure each: two lines under one head."""
    log = tmp_path / "runs.csv"
    log_figures("arteries", [figure(0.75)], log)
    log_figures("arteries", [figure(0.5)], log)
    lines = read_manifest(log)

    assert [tuple(line) for line in lines] == [LOG_COLUMNS] * 2
    assert [line["value"] for line in lines] == ["0.750 (0.500 to 0.875)", "0.500 (0.500 to 0.875)"]
    assert {line["figure"] for line in lines} == {"arteries found; of 20"}
