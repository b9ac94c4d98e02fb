"""What is made of a finished run: the page, the answers, questions, and what may be expected."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from calcinet.cohort.expectation import Count, find_predictive_value
from calcinet.cohort.review import take_answers
from calcinet.cohort.stats import VIEWS, ask_run
from calcinet.errors import BadInput
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
    data = json.JSONDecoder().raw_decode(page.split("const { films, told } = ")[1])[0]
    pictures = {file.stem for file in (folder / "thumbnails").iterdir()}

    assert {film["film"] for film in data["films"]} == pictures
    assert [film["rank"] for film in data["films"]] == sorted(film["rank"] for film in data["films"])
    assert "@DATA@" not in page
    assert "per 1,000 films" in data["told"][1]


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


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers(finished, view):
    assert ask_run(finished[0], view).count(",") >= 2


def test_a_question_of_ones_own_is_answered(finished):
    assert ask_run(finished[0], question="SELECT count(*) AS n FROM results") == "n\n4"


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
    """Of 10,000 films 100 show a net: 90 are called, and 1 in 60 of 9,900 others, 165."""
    value, (low, high) = find_predictive_value(0.01)

    assert value == pytest.approx(90 / (90 + 165))
    assert low < value < high
