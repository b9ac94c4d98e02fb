"""Sentences about two bone scans of one patient."""

import pytest

from calcinet.protocols.scintigram.change_sentences import describe_change, is_diffuse, to_percent
from calcinet.record import ScanComparison, SegmentChange


def change(part, ratio, call="decreased") -> SegmentChange:
    return SegmentChange(part=part, side="L", ratio=ratio, interval=(ratio - 0.05, ratio + 0.05), call=call)


def comparison(overall, segments, call="decreased", basis="dose") -> ScanComparison:
    interval = None if overall is None else (overall - 0.1, overall + 0.1)
    return ScanComparison(
        earlier="img-1",
        normalised_by=basis,
        overall=overall,
        overall_interval=interval,
        call=call,
        segments=tuple(segments),
    )


@pytest.mark.parametrize(("ratio", "percent"), [(1.0, 0.0), (1.5, 50.0), (0.6, -40.0)])
def test_a_ratio_is_a_change_in_percent(ratio, percent):
    assert to_percent(ratio) == pytest.approx(percent)


def test_a_change_is_diffuse_where_most_segments_change_by_half_of_it():
    """The mean is ln 0.64; ln 0.8 is exactly half of it and counts, ln 0.85 does not."""
    alike, apart = change("thigh", 0.79), change("forearm", 0.85)

    assert is_diffuse(comparison(0.64, [alike, alike, apart]))
    assert not is_diffuse(comparison(0.64, [alike, apart]))


def test_without_an_overall_change_nothing_is_said():
    assert describe_change(comparison(None, [])) == ()


@pytest.mark.parametrize(
    ("overall", "call", "ratio", "words"),
    [
        (1.02, "no change", 1.0, "has not changed as a whole"),
        (0.6, "decreased", 0.6, "has diffusely decreased: -40 %"),
        (1.5, "increased", 1.5, "has diffusely increased: 50 %"),
        (0.6, "decreased", 0.99, "has changed by -40 % on average"),
    ],
)
def test_the_overall_change_is_said_first(overall, call, ratio, words):
    segments = [change("thigh", ratio, "no change"), change("forearm", ratio, "no change")]

    assert words in describe_change(comparison(overall, segments, call))[0]


def test_segments_that_changed_are_named_with_their_intervals():
    """0.6 is -40 %, between 0.55 and 0.65."""
    sentences = describe_change(comparison(0.6, [change("lower leg", 0.6), change("thigh", 1.0, "no change")]))

    assert "left lower leg -40 % (-45 to -35 %)" in sentences[1]
    assert "thigh" not in sentences[1]


def test_the_last_sentence_says_what_both_were_normalised_by():
    assert "normalised by dose" in describe_change(comparison(0.6, []))[-1]
    assert "counts of leg bones" in describe_change(comparison(0.6, [], basis="bone"))[-1]
