"""An archive in an S3, spoken to over loopback: the same films give the same rows as in a folder."""

import zipfile
from collections.abc import Iterator

import fsspec
import pyarrow.parquet as pq
import pytest

from calcinet.cohort.sources import open_source
from calcinet.errors import MachineFault, Unreadable
from tests.support.command_line import run
from tests.support.partners import need
from tests.support.s3 import HAS_S3, LoopbackS3

pytestmark = pytest.mark.xdist_group("cohort")

BUCKET = "films"
MOST_OF_A_PAGE = 1000
"""Objects that S3 lists at once."""


@pytest.fixture(scope="module")
def s3(tmp_path_factory) -> Iterator[LoopbackS3]:
    """A server with an empty bucket, and an environment that leads to it."""
    need(HAS_S3, "moto, flask, flask-cors and s3fs of the extra 'dev': .venv/bin/python -m pip install -e '.[dev]'")
    server = LoopbackS3(tmp_path_factory.mktemp("s3"))
    server.client().create_bucket(Bucket=BUCKET)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server
    server.stop()


@pytest.fixture(scope="module")
def films(s3, archive) -> str:
    """The archive as objects; what the folder has in a zip lies beside the others."""
    client = s3.client()
    for file in sorted(archive.rglob("*")):
        if file.is_file():
            client.upload_file(str(file), BUCKET, f"2025/{file.relative_to(archive)}")
    with zipfile.ZipFile(archive / "packed.zip") as packed:
        client.put_object(Bucket=BUCKET, Key="2025/four.dcm", Body=packed.read("four.dcm"))
    client.put_object(Bucket=BUCKET, Key="2025/a/", Body=b"")  # as a console of S3 makes a folder
    client.put_object(Bucket=BUCKET, Key="2024/another year.dcm", Body=b"not asked for")
    return f"s3://{BUCKET}/2025"


def test_an_archive_gives_the_rows_of_the_same_films_in_a_folder(films, finished, tmp_path):
    """Beside the names of the films, which are hashes of their places. Zips are not opened in an S3: that of the folder
    which unpacks to too much is the one row of failures that is missing.
    """
    code = run("cohort", films, "-o", str(tmp_path / "out"), "--workers", "1", "--quiet")
    here, there = (pq.read_table(folder / "results.parquet").to_pylist() for folder in (tmp_path / "out", finished[0]))
    failures = pq.read_table(tmp_path / "out" / "failures.parquet").column("code").to_pylist()
    for row in (*here, *there):
        del row["film"]

    assert code == 4
    assert len(here) == 4
    assert here == there
    assert sorted(failures) == ["empty", "not-an-image", "truncated"]


def test_objects_are_listed_and_their_first_bytes_read(films, archive):
    source = open_source(films)
    found = {entry.path: entry.size for entry in source.walk()}
    place, film = f"{BUCKET}/2025/a/one.dcm", archive / "a" / "one.dcm"

    assert source.is_there()
    assert list(found) == sorted(found)
    assert found[place] == film.stat().st_size
    assert not [path for path in found if "2024" in path or path.endswith((".zip", "/"))]
    assert source.load(place, None, 200) == film.read_bytes()[:200]
    assert source.load(place, None, None) == film.read_bytes()
    assert source.load(f"{BUCKET}/2025/b/empty.dcm", None, 200) == b""
    assert source.load(f"{BUCKET}/2025/b/empty.dcm", None, None) == b""
    with pytest.raises(Unreadable, match="not there any more"):
        source.load(f"{BUCKET}/2025/gone.dcm", None, None)


def test_more_objects_than_s3_lists_at_once_are_all_found(s3):
    client = s3.client()
    names = [f"many/{number:05d}.dcm" for number in range(MOST_OF_A_PAGE + 5)]
    for name in names:
        client.put_object(Bucket=BUCKET, Key=name, Body=b"film")

    assert [entry.path for entry in open_source(f"s3://{BUCKET}/many").walk()] == [f"{BUCKET}/{name}" for name in names]


def test_a_bucket_that_is_not_there_is_told(s3, tmp_path, capsys):
    code = run("cohort", "s3://no-such-bucket/films", "-o", str(tmp_path / "out"), "--workers", "1", "--quiet")

    assert code == 2
    assert "the archive is not there" in capsys.readouterr().err
    assert not open_source("s3://no-such-bucket/films").is_there()


def test_a_server_that_is_gone_is_no_fault_of_its_films(s3, tmp_path, monkeypatch):
    """Its address is that of one which was stopped."""
    folder = tmp_path / "gone"
    folder.mkdir()
    other = LoopbackS3(folder)
    other.client().create_bucket(Bucket="elsewhere")
    other.client().put_object(Bucket="elsewhere", Key="one.dcm", Body=b"film")
    monkeypatch.setenv("AWS_ENDPOINT_URL", other.url)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    source = open_source("s3://elsewhere")
    before = [entry.path for entry in source.walk()]
    other.stop()

    assert before == ["elsewhere/one.dcm"]
    assert not source.is_there()
    with pytest.raises(MachineFault, match="the archive does not answer"):
        source.load("elsewhere/one.dcm", None, None)
