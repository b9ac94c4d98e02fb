"""The hand-made examination, for tests of what is drawn and written from it; alone, and with the patient beside it."""

import pytest

import calcinet
from calcinet.examined import ExaminedImage
from calcinet.io.case.reader import read_case
from calcinet.io.radiograph.pixel_data import PRESENTED
from calcinet.measure.radiograph.visibility import Visibility
from calcinet.protocols.radiograph.sentences import state_visibility
from calcinet.protocols.summary import summarise_images
from calcinet.record import ImageRecord, NotMeasured, Record, Refusal
from calcinet.report.pictures.canvas import Canvas
from calcinet.report.pictures.modalities import canvas_of
from calcinet.text import say
from tests.support import handmade, handmade_ct
from tests.support.paths import ROOT

CASE = ROOT / "examples" / "case-report" / "case.yaml"


@pytest.fixture(scope="session")
def pixels() -> ExaminedImage:
    return handmade.limb()


@pytest.fixture(scope="session")
def record() -> Record:
    return handmade.examination()


@pytest.fixture(scope="session")
def patient() -> Record:
    """The patient of the case report while she lived, with a prior, and a film whose sentences are the program's."""
    seen = Visibility(resolvable_mm=0.21, noise=2.0, blur_fwhm_mm=0.3, pixel_mm=0.2, contrast_per_mm=50.0)
    film = handmade.examined_image()
    film = film.model_copy(
        update={
            "statements": (state_visibility(seen, film.findings),),
            "cautions": (PRESENTED,),
            "not_measured": (
                NotMeasured(measure="net.length_density_per_mm", because=say("too few junctions in the net")),
            ),
        }
    )
    refusal = Refusal(reason=say("some pixels are not numbers: export the film again"), code="not-finite")
    refused = handmade.refused_image().model_copy(update={"refused": refusal})
    alive = read_case(CASE).model_copy(update={"outcome": None})
    alone = calcinet.examine((), case=alive, prior=0.3)
    told = (*alone.summary.sentences, *summarise_images([film, refused]).sentences)
    return alone.model_copy(
        update={"images": (film, refused), "summary": alone.summary.model_copy(update={"sentences": told})}
    )


@pytest.fixture(scope="session")
def ct() -> ExaminedImage:
    return handmade_ct.examined(handmade_ct.slices())


@pytest.fixture(scope="session")
def ct_image() -> ImageRecord:
    return handmade_ct.examined_image()


@pytest.fixture(scope="session")
def ct_case() -> Record:
    return handmade_ct.examination()


@pytest.fixture(scope="session")
def ct_film(ct, ct_image) -> Canvas:
    return canvas_of(ct_image, ct)
