"""A leg whose artery is broken off, examined with a detector that marks the truth."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calcinet.findings.radiograph import finder
from calcinet.findings.radiograph.scales import RadiographMaps
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.phantoms.radiograph.limb import LimbSpec, VesselSpec, limb
from calcinet.phantoms.truth import VESSEL
from calcinet.protocols.radiograph.protocol import examine_radiograph


@pytest.fixture(scope="session")
def phantom():
    """A leg with one artery of 2 mm, calcified in patches."""
    artery = VesselSpec(
        artery=1, diameter_mm=2.0, pattern="patchy", coverage=0.55, contrast_in_noise=14, tortuosity=0.2, branches=0
    )
    return limb(LimbSpec(seed=2, vessels=(artery,)))


def fill_lumen(marked):
    """The artery of 10 pixels from the marks of its walls: what lies between them."""
    return cv2.morphologyEx(marked, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (11, 11)))


@pytest.fixture
def examined(phantom, monkeypatch):
    """Its record, of the film as it is or changed; the detector marks the truth and nothing else."""
    marked = np.where(phantom.truth.mask == VESSEL, np.float32(0.999), np.float32(0))
    nothing = np.zeros_like(marked)
    maps = RadiographMaps(
        vessel=marked, net=nothing, focus=nothing, patch=nothing, artery=fill_lumen(marked), shape=marked.shape
    )
    monkeypatch.setattr(finder, "radiograph_maps", lambda *_: maps)

    def examine(**changes):
        return examine_radiograph(replace(phantom.image, **changes), "img-1", CalibreClasses())[0]

    return examine
