"""Which films of an index are chosen; the index is written by hand."""

from datetime import date

import pytest

from calcinet.cohort.choice import Wish, choose_films
from calcinet.cohort.columns import INDEX
from calcinet.cohort.parquet import write_table
from calcinet.errors import BadInput


def line(film: str, **said):
    """A film of a calf of somebody of 50."""
    usual = {
        "film": film,
        "path": f"{film}.dcm",
        "study": f"study of {film}",
        "modality": "DX",
        "body_part": "lower leg",
        "view": "AP",
        "age_years": 50.0,
        "taken_on": date(2025, 1, 1),
        "bytes": 1000,
        "instance": f"instance of {film}",
    }
    return usual | said


LINES = (
    line("calf"),
    line("foot", body_part="foot", view="LAT", age_years=17.0),
    line("picture", modality="picture", body_part="unknown", view=None, age_years=None),
    line("slice 1", modality="CT", series="ct", path="ct/1.dcm"),
    line("slice 2", modality="CT", series="ct", path="ct/2.dcm"),
    line("mr", modality="MR"),
    line("again", instance="instance of calf", path="zz.dcm"),
    line("broken", modality=None, code="truncated", reason="cut off"),
)


@pytest.fixture
def index(tmp_path):
    file = tmp_path / "index-00000000.parquet"
    write_table(LINES, INDEX, file)
    return [file]


@pytest.mark.parametrize(
    ("wish", "films"),
    [
        (Wish(), {"calf", "foot", "picture"}),
        (Wish(modalities=("ct",)), {"ct"}),
        (Wish(modalities=()), {"calf", "foot", "picture", "ct", "mr"}),
        (Wish(body_parts=("Lower leg",)), {"calf"}),
        (Wish(views=("lat",)), {"foot"}),
        (Wish(ages=(18, 200)), {"calf"}),
        (Wish(where="age_years < 18 OR modality = 'picture' -- children"), {"foot", "picture"}),
        (Wish(keep_copies=True, body_parts=("lower leg",)), {"calf", "again"}),
        (Wish(limit=1), {"calf"}),
    ],
)
def test_films_are_chosen(index, wish, films):
    choice = choose_films(index, wish, "archive")

    assert {film.film for film in choice.films} == films


def test_slices_of_a_series_are_one_film(index):
    (film,) = choose_films(index, Wish(modalities=("CT",)), "archive").films

    assert film.files == (("ct/1.dcm", None), ("ct/2.dcm", None))


def test_every_file_is_counted_once(index):
    choice = choose_films(index, Wish(), "archive")

    assert (choice.files, len(choice.films), choice.unreadable, choice.copies, choice.unwanted) == (8, 3, 1, 1, 3)


@pytest.mark.parametrize(
    "where",
    [
        "path IS NOT NULL",
        "true); DROP TABLE films; SELECT (true",
        "true; SELECT 1",
        "film IN (SELECT content FROM read_text('{file}'))",
        "film IN (SELECT film FROM '{file}')",
        "film IN (SELECT film FROM read_parquet('https://localhost/x.parquet'))",
        "(SELECT true FROM glob('*'))",
        "getenv('HOME') IS NOT NULL",
        "nonsense",
        "",
        ") --",
    ],
)
def test_what_is_no_condition_over_the_documented_columns_is_refused(index, where):
    """Places in the archive, files, the network, and a second statement are out of reach."""
    with pytest.raises(BadInput, match="--where"):
        choose_films(index, Wish(where=where.format(file=index[0])), "archive")
