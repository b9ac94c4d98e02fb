"""The ranking as one page that is gone through by keyboard: yes, no, unsure; and the answers taken back."""

import csv
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from calcinet.cohort.columns import Column
from calcinet.cohort.parquet import read_table, write_table, write_whole
from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import read_given
from calcinet.limits import CASE_BYTES
from calcinet.store import Store
from calcinet.store.answering import WORDS

PAGE: Final = "review.html"
ANSWERS: Final = "answers.parquet"

MOST_FILMS: Final = 500
"""Films on the page. Our choice: a morning's work; the table has all."""

SHOWN: Final = (
    "rank",
    "film",
    "patient",
    "body_part",
    "laterality",
    "view",
    "age_years",
    "net_probability",
    "net_score",
    "net_area_cm2",
    "net_area_low_cm2",
    "net_area_high_cm2",
    "vessels",
)

COLUMNS: Final = (
    Column(name="film", type="text", meaning="film that was looked at"),
    Column(name="answer", type="text", meaning="yes, no or unsure: whether it is worth a second look"),
)


def write_page(folder: Path, expectation: Sequence[str]) -> int:
    """Write the page of the first films of the ranking that have a picture; tells how many."""
    films = []
    for row in read_table(folder / "results.parquet").slice(0, MOST_FILMS).to_pylist():
        if (folder / "thumbnails" / f"{row['film']}.jpg").is_file():
            films.append({name: row[name] for name in SHOWN})
    template = files("calcinet.cohort").joinpath("review_page.html").read_text("utf-8")
    ranking = hashlib.sha256((folder / "results.parquet").read_bytes()).hexdigest()
    told = json.dumps({"films": films, "told": list(expectation), "ranking": ranking}).replace("<", "\\u003c")
    write_whole(folder / PAGE, template.replace('"@DATA@"', told).encode())
    return len(films)


def take_answers(folder: Path, file: Path, *, place: str | None = None, who: str) -> dict[str, int]:
    """Take the answers that the page saved into a store, and into answers.parquet of the run.

    In the table a later answer on a film replaces the earlier; in the store both stand, with who gave them and when.

    Parameters
    ----------
    folder
        Of the run.
    file
        answers.csv, as the page saved it.
    place
        The store, as of `Store.open`; it is made where there is none.
    who
        Who answered.

    Raises
    ------
    BadInput
        If there is no run in the folder, a line is no answer on one of its films, or the store refuses; nothing is
        taken then.
    """
    answers = _read_file(folder, file)
    project, ranking = _identify_run(folder)
    with Store.open(place, who=who, make=True) as store:
        store.add_answers(project, ranking, answers)
    answers = {**_read_earlier(folder), **answers}
    rows = [{"film": film, "answer": answer} for film, answer in sorted(answers.items())]
    write_table(rows, COLUMNS, folder / ANSWERS)
    return {word: list(answers.values()).count(word) for word in WORDS}


def _identify_run(folder: Path) -> tuple[str, str]:
    """Its project, and the SHA-256 of its ranking."""
    try:
        project = str(json.loads((folder / "RUN.json").read_bytes())["project"])
    except (OSError, ValueError, KeyError) as error:
        raise BadInput("the run in this folder did not come to its end: give the command of the run again") from error
    return project, hashlib.sha256((folder / "results.parquet").read_bytes()).hexdigest()


def _read_file(folder: Path, file: Path) -> dict[str, str]:
    """Answers by film, each on a film of the run."""
    if not (folder / "results.parquet").is_file():
        raise BadInput("there is no run in this folder: give the folder that calcinet cohort wrote")
    try:
        known = set(read_table(folder / "results.parquet").column("film").to_pylist())
    except (OSError, ValueError, KeyError) as error:  # those of pyarrow are among them
        raise BadInput("the tables in this folder are damaged: give the command of the run again") from error
    try:
        lines = list(csv.DictReader(read_given(file, CASE_BYTES).decode("utf-8-sig").splitlines()))
    except Unreadable as error:
        raise BadInput(f"the file of answers cannot be read: {error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput("the file of answers is no CSV in UTF-8: give the one that the page saved") from error
    if not lines:
        raise BadInput("the file holds no answer: answer on the page of the run, and save")
    answers = dict[str, str]()
    for number, line in enumerate(lines, start=2):
        if line.get("film") not in known or line.get("answer") not in WORDS:
            raise BadInput(f"line {number} of the answers is none: expected a film of this run, and yes, no or unsure")
        answers[line["film"]] = line["answer"]
    return answers


def _read_earlier(folder: Path) -> dict[str, Any]:
    if not (folder / ANSWERS).is_file():
        return {}
    rows = read_table(folder / ANSWERS).to_pylist()
    return {row["film"]: row["answer"] for row in rows}
