"""What is kept of every entrance is read again, without a crash, in seconds; the fuzzer itself is not needed."""

import zipfile

import pytest

from fuzz.corpus import FOLDER, MOST_BYTES, MOST_INPUTS, choose_inputs, load_corpus, name_input, save_corpus
from fuzz.entrances import ENTRANCES, Entrance, find_entrance
from fuzz.verdict import judge

each_entrance = pytest.mark.parametrize("entrance", ENTRANCES, ids=lambda entrance: entrance.name)


@each_entrance
def test_no_kept_input_is_a_finding(entrance):
    """A crash that was mended, or a way through the readers that a fuzzer found."""
    inputs = load_corpus(entrance)
    findings = {name_input(data): judge(lambda data=data: entrance.read(data)) for data in inputs}

    assert {name: finding for name, finding in findings.items() if finding is not None} == {}
    assert 1 <= len(inputs) <= MOST_INPUTS


@each_entrance
def test_first_inputs_are_read_as_they_are_meant(entrance):
    """Nothing of what the program itself writes, or shows as an example, is a finding; each is made alike each time."""
    seeds = entrance.make_seeds()

    assert [judge(lambda data=data: entrance.read(data)) for data in seeds] == [None] * len(seeds)
    assert seeds == entrance.make_seeds()
    assert max(map(len, seeds)) <= MOST_BYTES


def test_all_zips_together_are_small():
    zips = list(FOLDER.glob("*.zip"))

    assert {path.stem for path in zips} == {entrance.name for entrance in ENTRANCES}
    assert sum(path.stat().st_size for path in zips) < 1_000_000


def test_a_corpus_is_the_same_bytes_for_the_same_inputs(tmp_path, monkeypatch):
    monkeypatch.setattr("fuzz.corpus.FOLDER", tmp_path)
    entrance = find_entrance("film")
    first = save_corpus(entrance, [b"one", b"two"]).read_bytes()
    again = save_corpus(entrance, [b"two", b"one"]).read_bytes()

    assert first == again
    assert sorted(load_corpus(entrance)) == [b"one", b"two"]
    with zipfile.ZipFile(tmp_path / "film.zip") as archive:
        assert archive.namelist() == sorted(map(name_input, (b"one", b"two")))


def test_what_adds_no_line_is_not_chosen():
    """Two cases of one kind: the second, longer one takes the same way; a third takes another; a fourth crashes."""
    from calcinet.text import counted

    def read(data, folder):
        del folder
        if data == b"crash":
            raise KeyError(data)
        if data == b"other":
            counted(1, "{count} film", "{count} films")

    entrance = Entrance(name="x", make_seeds=list, mutate=lambda data, random: data, read_in=read)

    assert choose_inputs(entrance, [b"aaaa", b"other", b"crash", b"a"]) == [b"other"]
