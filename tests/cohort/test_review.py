"""What is made of a finished run: the page, the answers, questions, and what may be expected."""

import csv
import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from scipy.stats import beta

from calcinet.cohort.columns import TABLES
from calcinet.cohort.expectation import Count, find_predictive_value
from calcinet.cohort.parquet import write_table
from calcinet.cohort.review import take_answers
from calcinet.cohort.stats import VIEWS, ask_run
from calcinet.errors import BadInput
from calcinet.limits import QUESTION_BYTES, QUESTION_SECONDS
from calcinet.store import Store

pytestmark = pytest.mark.xdist_group("cohort")


@pytest.fixture
def run_folder(finished, tmp_path):
    """A copy that may be changed."""
    return shutil.copytree(finished[0], tmp_path / "run")


@pytest.fixture
def store_file(tmp_path) -> str:
    """Where a store may be made."""
    return str(tmp_path / "store.sqlite")


def test_the_page_holds_the_films_that_have_a_picture_in_their_order(finished):
    folder, _ = finished
    page = (folder / "review.html").read_text("utf-8")
    data = json.JSONDecoder().raw_decode(page.split("const { films, told, ranking } = ")[1])[0]
    pictures = {file.stem for file in (folder / "thumbnails").iterdir()}

    assert {film["film"] for film in data["films"]} == pictures
    assert [film["rank"] for film in data["films"]] == sorted(film["rank"] for film in data["films"])
    assert "@DATA@" not in page
    assert "per 1,000 films" in data["told"][1]
    assert data["ranking"] == hashlib.sha256((folder / "results.parquet").read_bytes()).hexdigest()


def test_answers_are_taken_and_a_later_one_holds(run_folder, store_file):
    film = pq.read_table(run_folder / "results.parquet").column("film").to_pylist()[0]
    file = run_folder / "answers.csv"
    for answer in ("yes", "unsure"):
        file.write_text(f"film,answer\n{film},{answer}\n", "utf-8")
        counts = take_answers(run_folder, file, place=store_file, who="ng")

    assert counts == {"yes": 0, "no": 0, "unsure": 1}
    assert ask_run(run_folder, "answers_by_rank").splitlines()[1] == "unsure,1,1,1"


def test_answers_are_kept_in_the_store_with_who_gave_them(run_folder, store_file):
    """Of two people; what did not change is not told again, and the audit knows all."""
    films = pq.read_table(run_folder / "results.parquet").column("film").to_pylist()[:2]
    file = run_folder / "answers.csv"
    for who, said in (("ng", ("yes", "no")), ("lee", ("yes", "unsure")), ("lee", ("yes", "unsure"))):
        lines = [f"{film},{answer}" for film, answer in zip(films, said, strict=True)]
        file.write_text("\n".join(["film,answer", *lines]), "utf-8")
        take_answers(run_folder, file, place=store_file, who=who)
    with Store.open(store_file, who="ng") as store:
        kept = {answer.film: (answer.answer, answer.who) for answer in store.answers("cohort")}

        assert kept == {films[0]: ("yes", "ng"), films[1]: ("unsure", "lee")}
        assert store.answers("another") == ()
        assert [entry.detail["answers"] for entry in store.entries("project cohort")] == [2, 1]
        assert store.verify().faults == ()


@pytest.mark.parametrize("line", ["F-NOBODY,yes", "{film},perhaps", "{film}"])
def test_what_is_no_answer_is_refused_and_nothing_is_taken(run_folder, store_file, line):
    film = pq.read_table(run_folder / "results.parquet").column("film").to_pylist()[0]
    (run_folder / "answers.csv").write_text(f"film,answer\n{line.format(film=film)}\n", "utf-8")

    with pytest.raises(BadInput, match="line 2"):
        take_answers(run_folder, run_folder / "answers.csv", place=store_file, who="ng")
    assert not (run_folder / "answers.parquet").exists()
    assert not Path(store_file).exists()


@pytest.mark.parametrize("content", [None, b"", b"film,answer\n", b"\xff\xfe\x00"])
def test_a_file_without_an_answer_is_refused(run_folder, store_file, content):
    if content is not None:
        (run_folder / "answers.csv").write_bytes(content)

    with pytest.raises(BadInput, match="answer"):
        take_answers(run_folder, run_folder / "answers.csv", place=store_file, who="ng")
    assert not Path(store_file).exists()


def test_tables_that_are_damaged_are_refused(run_folder, store_file):
    (run_folder / "results.parquet").write_bytes(b"PA")
    (run_folder / "answers.csv").write_text("film,answer\nx,yes\n", "utf-8")

    with pytest.raises(BadInput, match="damaged"):
        take_answers(run_folder, run_folder / "answers.csv", place=store_file, who="ng")
    with pytest.raises(BadInput, match="damaged"):
        ask_run(run_folder)


@pytest.mark.parametrize(
    ("view", "lines"),
    [
        ("overall", 1),
        ("by_year", 2),
        ("by_device", 1),
        ("by_body_part", 1),
        ("failures_by_code", 4),
        ("control_chart", 9),
        ("answers_by_rank", 0),
    ],
)
def test_every_view_answers(finished, view, lines):
    """Four films of two patients in three months or four, by how far their days are shifted; four broken files."""
    found = len(ask_run(finished[0], view).splitlines()) - 1

    assert set(VIEWS) >= {view}
    assert found in ((lines,) if view not in ("by_year", "control_chart") else range(1, 13))


def write_months(folder, noise):
    """A run of one device with these values of noise by month."""
    rows = []
    for month, values in enumerate(noise, start=1):
        for value in values:
            rows.append(
                {"film": f"F-{len(rows)}", "device": "=maker", "taken_on": date(2025, month, 3), "noise": value}
            )
    for name, columns in TABLES.items():
        write_table(rows if name == "results" else [], columns, folder / f"{name}.parquet")


def test_a_drift_does_not_widen_the_limits_that_it_leaves(tmp_path):
    """Six months at 1 and six at 2, with 0.1 either way within each: the mean is 1.5, the spread within a month 0.1
    times the root of 2, and all twelve lie outside; of a steady device none does.
    """
    write_months(tmp_path, [(0.9, 1.1)] * 6 + [(1.9, 2.1)] * 6)
    header, *rows = csv.reader(ask_run(tmp_path, "control_chart").splitlines())
    drifted = [dict(zip(header, row, strict=True)) for row in rows]
    spread = 0.1 * 2**0.5
    write_months(tmp_path, [(0.9, 1.1)] * 12)
    steady = ask_run(tmp_path, "control_chart")

    assert [row["outside"] for row in drifted] == ["True"] * 12
    assert float(drifted[0]["high"]) == pytest.approx(1.5 + 3 * spread / 2**0.5)
    assert steady.count("False") == 12
    assert drifted[0]["device"] == "'=maker"


def test_months_of_one_film_have_no_limits(tmp_path):
    write_months(tmp_path, [(1.0,), (9.0,)])
    header, *rows = csv.reader(ask_run(tmp_path, "control_chart").splitlines())

    assert [dict(zip(header, row, strict=True))["outside"] for row in rows] == ["", ""]


def test_a_question_of_ones_own_is_answered(finished):
    assert ask_run(finished[0], question="SELECT count(*) AS n FROM results") == "n\n4"


def test_a_question_without_an_end_is_broken_off(finished, monkeypatch):
    monkeypatch.setenv(QUESTION_SECONDS.variable, "1")
    endless = "SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range * b.range % 7 = 3"

    with pytest.raises(BadInput, match="no answer within 1 s"):
        ask_run(finished[0], question=endless)


def test_a_question_has_a_bounded_memory(finished, monkeypatch):
    monkeypatch.setenv(QUESTION_BYTES.variable, "50000000")
    large = "SELECT count(DISTINCT hash(range)) FROM range(100000000)"

    with pytest.raises(BadInput, match="cannot be asked"):
        ask_run(finished[0], question=large)
    monkeypatch.setenv(QUESTION_BYTES.variable, "1")
    with pytest.raises(BadInput, match="more memory than a question may use"):
        ask_run(finished[0])


@pytest.mark.parametrize("question", ["   ", "-- nothing", "SELECT 1; SELECT 2"])
def test_what_is_not_one_question_is_refused(finished, question):
    with pytest.raises(BadInput, match="cannot be asked"):
        ask_run(finished[0], question=question)


@pytest.mark.parametrize(
    "question", ["SELECT * FROM '{folder}/results.parquet'", "SELECT nothing", "COPY results TO 'x.csv'"]
)
def test_a_question_that_reaches_for_a_file_is_refused(finished, question):
    with pytest.raises(BadInput, match="cannot be asked"):
        ask_run(finished[0], question=question.format(folder=finished[0]))


def test_an_exact_interval_is_that_of_the_tables():
    """Clopper and Pearson 1934: 0 of 20 reaches to 1 - 0.025^(1/20)."""
    low, high = Count(0, 20).interval95

    assert low == 0
    assert high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_the_predictive_value_is_that_of_counting():
    """Of 10,000 films 100 show a net: 90 are called, and 1 in 60 of 9,900 others, 165. The ends by scipy's beta."""
    value, (low, high) = find_predictive_value(0.01)

    assert value == pytest.approx(90 / (90 + 165))
    true = beta.ppf(0.0125, 18, 3), beta.ppf(0.9875, 19, 2)
    false = beta.ppf(0.0125, 1, 60), beta.ppf(0.9875, 2, 59)
    assert low == pytest.approx(true[0] / (true[0] + 99 * false[1]))
    assert high == pytest.approx(true[1] / (true[1] + 99 * false[0]))
