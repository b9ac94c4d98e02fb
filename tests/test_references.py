"""Every statement that rests on the literature can be followed to it."""

import re
from pathlib import Path

import pytest

import calcinet
from calcinet.references import load, reference, references

CITED = re.compile(r"\[([a-z_]+(?:19|20)\d\d[a-z]?|ng_case|eucalnet|csbi_bac)\]")


def test_case_report_is_a_known_reference():
    """It is the report that the project starts from."""
    assert reference("ng_case").citation.startswith("Ng SSH, Ng SC.")


def test_unknown_key_does_not_load():
    """The message lists the keys that there are."""
    with pytest.raises(KeyError, match=r"no 'nobody1999'; it has .*shmidt2012"):
        reference("nobody1999")


def test_every_reference_says_what_it_is_used_for():
    """A citation without a claim supports nothing."""
    assert all(source.says.endswith(".") and source.citation for source in references().values())


def test_source_that_was_seen_has_an_address_or_is_the_case_report():
    """What was read can be read again."""
    seen = [source for source in references().values() if source.confidence == "seen"]

    assert [source.key for source in seen if not source.url] == ["ng_case"]


def test_unknown_confidence_is_refused():
    """Only seen, secondary and recalled say how far a text was read."""
    with pytest.raises(ValueError, match="confidence must be one of"):
        load('[a]\ncitation = "A"\nsays = "B."\nconfidence = "sure"')


def test_missing_citation_is_refused():
    """A key alone is not a source."""
    with pytest.raises(TypeError, match="citation"):
        load('[a]\nsays = "B."\nconfidence = "seen"')


def test_keys_cited_in_the_code_are_in_the_table():
    """A docstring cites as [name2001]; each such key must load."""
    package = Path(calcinet.__file__).parent
    cited = {key for path in package.rglob("*.py") for key in CITED.findall(path.read_text(encoding="utf-8"))}

    assert cited <= set(references())
