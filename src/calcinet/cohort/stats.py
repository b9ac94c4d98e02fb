"""Questions to the tables of a run: views by year, device and body part, a control chart, and any question in SQL."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calcinet.cohort.columns import TABLES
from calcinet.cohort.database import open_database
from calcinet.cohort.questions import asking, shut
from calcinet.cohort.review import ANSWERS
from calcinet.errors import BadInput
from calcinet.report.quantities.spreadsheet import defuse

if TYPE_CHECKING:
    import duckdb

NO_QUESTION: Final = "the question cannot be asked of this run"

COUNTED: Final = """count(*) AS films, count(DISTINCT patient) AS patients, count(*) FILTER (net_called) AS nets_called,
    round(1000.0 * count(*) FILTER (net_called) / count(*), 2) AS nets_called_per_1000,
    round(median(net_probability), 4) AS median_net_probability,
    round(median(resolvable_mm), 3) AS median_resolvable_mm"""

VIEWS: Final = {
    "overall": f"SELECT {COUNTED} FROM results",
    "by_year": f"SELECT year(taken_on) AS year, {COUNTED} FROM results GROUP BY 1 ORDER BY 1",
    "by_device": f"SELECT device, {COUNTED} FROM results GROUP BY 1 ORDER BY films DESC, device",
    "by_body_part": f"SELECT body_part, {COUNTED} FROM results GROUP BY 1 ORDER BY films DESC, body_part",
    "failures_by_code": "SELECT code, stage, count(*) AS files FROM failures GROUP BY ALL ORDER BY files DESC, code",
    "control_chart": """
        WITH values AS (
            SELECT device, date_trunc('month', taken_on)::DATE AS month, measure, value
            FROM (UNPIVOT (SELECT device, taken_on, noise, blur_fwhm_mm, net_probability FROM results)
                ON noise, blur_fwhm_mm, net_probability INTO NAME measure VALUE value)
            WHERE taken_on IS NOT NULL),
        months AS (
            SELECT device, measure, month, count(*) AS films, avg(value) AS mean, var_samp(value) AS variance
            FROM values GROUP BY ALL),
        devices AS (
            SELECT device, measure, sum(films * mean) / sum(films) AS centre,
                sqrt(sum((films - 1) * variance) / nullif(sum(films - 1), 0)) AS spread
            FROM months GROUP BY ALL)
        SELECT months.device, months.measure, month, films, mean, centre,
            centre - 3 * spread / sqrt(films) AS low, centre + 3 * spread / sqrt(films) AS high,
            abs(mean - centre) > 3 * spread / sqrt(films) AS outside
        FROM months JOIN devices
            ON devices.device IS NOT DISTINCT FROM months.device AND devices.measure = months.measure
        ORDER BY months.device, months.measure, month""",
    "answers_by_rank": """
        SELECT answer, count(*) AS films, min(rank) AS first_rank, max(rank) AS last_rank
        FROM answers JOIN results USING (film) GROUP BY answer ORDER BY answer""",
}
"""Views by name. The control chart has the mean of a month beside three standard errors round the mean of the device
(Shewhart 1931). They come from the spread within the months alone, so that a drift does not widen its own limits; where
no month has two films they are not known. Days are shifted by whole weeks, so that a month is one of the shifted
calendar."""


def ask_run(folder: Path, view: str = "overall", question: str | None = None) -> str:
    """Answer of a view, or of a question in SQL over tables and views, as CSV.

    Raises
    ------
    BadInput
        If there is no run in the folder, no such view, or the question cannot be asked or reaches for a file.
    """
    if not (folder / "results.parquet").is_file():
        raise BadInput("there is no run in this folder: give the folder that calcinet cohort wrote")
    if view not in VIEWS:
        raise BadInput(f"there is no view of this name; there are {', '.join(VIEWS)}")
    with open_database() as database:
        _fill(database, folder)
        shut(database)
        asked = question or f"SELECT * FROM {view}"
        with asking(database, asked, NO_QUESTION):
            return _write_csv(database.execute(asked))


def _fill(database: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """Tables and views of a run."""
    import duckdb

    try:
        for name in TABLES:
            database.read_parquet(str(folder / f"{name}.parquet")).create(name)
        if (folder / ANSWERS).is_file():
            database.read_parquet(str(folder / ANSWERS)).create("answers")
        else:
            database.execute("CREATE TABLE answers (film VARCHAR, answer VARCHAR)")
    except duckdb.Error as error:
        raise BadInput("the tables in this folder are damaged: give the command of the run again") from error
    for name, definition in VIEWS.items():
        database.execute(f"CREATE VIEW {name} AS {definition}")


def _write_csv(answer: "duckdb.DuckDBPyConnection") -> str:
    """With the names of the columns; a text that a spreadsheet would take for a formula is marked as text."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([column[0] for column in answer.description or ()])
    for row in answer.fetchall():
        lines.writerow(map(defuse, row))
    return text.getvalue().rstrip("\n")
