"""Scores of a CT by side, level and compartment, and its arteries."""

from calcinet.protocols.ct.scan import COMPARTMENTS, LEVELS


def test_scores_stand_in_the_order_of_the_table(examined):
    """By side, then from the trunk down, then by compartment."""
    scores = examined[0].ct.scores
    order = [(score.side or "", LEVELS.index(score.level), COMPARTMENTS.index(score.compartment)) for score in scores]

    assert order == sorted(order)
    assert len(set(order)) == len(order)


def test_only_arteries_have_an_agatston_score(examined):
    for score in examined[0].ct.scores:
        assert (score.agatston is not None) == (score.compartment == "artery")


def test_every_score_and_every_length_has_its_interval(examined):
    """A number of more than nothing stands within its own interval."""
    ct = examined[0].ct
    bounded = [(score.volume_mm3, score.volume_interval_mm3) for score in ct.scores]
    bounded += [(score.agatston, score.agatston_interval) for score in ct.scores if score.agatston]
    bounded += [(artery.calcified_mm, artery.calcified_interval_mm) for artery in ct.arteries]

    assert bounded
    assert all(low <= value <= high for value, (low, high) in bounded)


def test_each_finding_of_an_artery_is_of_that_artery_alone(examined):
    record, _ = examined
    vessels = {finding.id: finding.side for finding in record.findings if finding.compartment == "artery"}
    named = [name for artery in record.ct.arteries for name in artery.findings]

    assert named
    assert len(set(named)) == len(named)
    for artery in record.ct.arteries:
        assert {vessels[name] for name in artery.findings} == {artery.side}
        assert 0 < artery.calcified_mm <= artery.length_mm


def test_the_geometry_is_that_of_the_volume(scan, examined):
    image, _ = scan

    assert examined[0].ct.shape == image.pixels.shape
    assert examined[0].ct.spacing_mm == image.spacing_mm
