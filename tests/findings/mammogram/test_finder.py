"""From a whole mammogram to its findings, by phantoms."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.findings.finding import LABELS, Kind
from calcinet.findings.mammogram.breast import find_breast
from calcinet.findings.mammogram.finder import find_breast_calcium
from calcinet.phantoms.mammogram import breast, random_breast


def examine(grade):
    image = breast(replace(random_breast(21, grade=grade), pixel_mm=0.2)).image
    return find_breast_calcium(image, find_breast(image))


@pytest.fixture(scope="module")
def calcified():
    """A phantom with much calcium of arteries."""
    return examine(3)


def test_every_vessel_has_its_artery(calcified):
    """In the same order, with the same line."""
    vessels = [finding for finding in calcified.calcium.findings if finding.kind is Kind.VESSEL]

    assert len(vessels) == len(calcified.arteries) > 0
    for vessel, artery in zip(vessels, calcified.arteries, strict=True):
        assert np.array_equal(vessel.centre_lines[0], artery.centre_line)


def test_the_label_map_holds_the_pixels_of_the_findings(calcified):
    """Every finding's own pixels, and no others."""
    labels = calcified.calcium.labels.copy()
    for finding in calcified.calcium.findings:
        assert (calcified.calcium.labels[finding.box][finding.mask] > 0).all()
        labels[finding.box][finding.mask] = 0

    assert not labels.any()
    assert set(np.unique(calcified.calcium.labels)) <= {0, LABELS[Kind.VESSEL], LABELS[Kind.NET]}


def test_a_breast_without_arterial_calcium_has_no_artery():
    """Grade 0."""
    assert examine(0).arteries == ()
