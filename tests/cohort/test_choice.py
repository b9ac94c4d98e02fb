"""Which films of an index are chosen; the index is written by hand."""

from datetime import date

import pytest

from calcinet.cohort.choice import Wish, choose_films
from calcinet.cohort.columns import INDEX
from calcinet.cohort.copies import DIGESTS, find_suspects
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
    line("unlike", instance="instance of calf", path="zzz.dcm", body_part="hand"),
    line("broken", modality=None, code="truncated", reason="cut off"),
)


@pytest.fixture
def index(tmp_path):
    file = tmp_path / "index-00000000.parquet"
    write_table(LINES, INDEX, file)
    return [file]


@pytest.fixture
def digests(tmp_path):
    """The calf once more, and a film that has its SOP Instance UID and its size, and another content."""
    file = tmp_path / "digest-00000000.parquet"
    contents = {"calf.dcm": "one", "zz.dcm": "one", "zzz.dcm": "another"}
    write_table([{"path": path, "digest": digest} for path, digest in contents.items()], DIGESTS, file)
    return [file]


@pytest.mark.parametrize(
    ("wish", "films"),
    [
        (Wish(), {"calf", "foot", "picture", "unlike"}),
        (Wish(modalities=("ct",)), {"ct"}),
        (Wish(modalities=()), {"calf", "foot", "picture", "ct", "mr", "unlike"}),
        (Wish(body_parts=("Lower leg",)), {"calf"}),
        (Wish(views=("lat",)), {"foot"}),
        (Wish(ages=(18, 200)), {"calf", "unlike"}),
        (Wish(modalities=("CT",), where="film = 'slice 2'"), {"ct"}),
        (Wish(where="age_years < 18 OR modality = 'picture' -- children"), {"foot", "picture"}),
        (Wish(keep_copies=True, body_parts=("lower leg",)), {"calf", "again"}),
        (Wish(limit=1), {"calf"}),
    ],
)
def test_films_are_chosen(index, digests, wish, films):
    choice = choose_films(index, digests, wish, "archive")

    assert {film.film for film in choice.films} == films


@pytest.mark.parametrize("where", [None, "film = 'slice 2'"])
def test_slices_of_a_series_are_one_film_and_none_is_left_out(index, where):
    """A condition that holds for one slice holds for the series."""
    (film,) = choose_films(index, [], Wish(modalities=("CT",), where=where), "archive").films

    assert film.files == (("ct/1.dcm", None), ("ct/2.dcm", None))


def test_a_slice_that_is_there_twice_is_taken_once(tmp_path):
    file, digest = tmp_path / "index-00000000.parquet", tmp_path / "digest-00000000.parquet"
    slices = [line(name, modality="CT", series="ct", instance=name[:7]) for name in ("slice 1", "slice 2", "slice 2b")]
    write_table(slices, INDEX, file)
    write_table([{"path": f"{name}.dcm", "digest": "same"} for name in ("slice 2", "slice 2b")], DIGESTS, digest)

    for keep in (False, True):
        wish = Wish(modalities=("CT",), keep_copies=keep)
        choice = choose_films([file], [digest], wish, "archive")
        assert choice.films[0].files == (("slice 1.dcm", None), ("slice 2.dcm", None))
        assert (choice.copies, choice.unwanted) == (1, 0)


def test_every_file_is_counted_once(index, digests):
    choice = choose_films(index, digests, Wish(), "archive")

    assert (choice.files, len(choice.films), choice.unreadable, choice.copies, choice.unwanted) == (9, 4, 1, 1, 3)


def test_a_film_whose_header_names_no_modality_is_examined_unless_one_is_asked_for(tmp_path):
    file = tmp_path / "index-00000000.parquet"
    write_table([line("silent", modality=None)], INDEX, file)

    assert len(choose_films([file], [], Wish(), "archive").films) == 1
    assert not choose_films([file], [], Wish(modalities=("DX",)), "archive").films


def test_the_limit_counts_in_the_order_of_the_archive(tmp_path):
    """Whatever the studies are called."""
    file = tmp_path / "index-00000000.parquet"
    write_table([line("c", study="1"), line("a", study="3"), line("b", study="2"), line("d", study="3")], INDEX, file)
    choice = choose_films([file], [], Wish(limit=3), "archive")

    assert [film.film for film in choice.films] == ["a", "d", "b"]


def test_what_may_be_copies_is_read(index):
    """Files of one instance and one size."""
    (slice_,) = find_suspects(index)

    assert [entry.path for entry in slice_.files] == ["calf.dcm", "zz.dcm", "zzz.dcm"]


@pytest.mark.parametrize(
    "where",
    [
        "path IS NOT NULL",
        "film IN (SELECT film FROM films WHERE path LIKE '%calf%')",
        "film IN (SELECT film FROM files)",
        "film IN (SELECT error(path) FROM films)",
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
        choose_films(index, [], Wish(where=where.format(file=index[0])), "archive")
