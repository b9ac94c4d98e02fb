"""The table of modalities."""

import numpy as np
import pytest

from calcinet.image import Image
from calcinet.protocols import PROTOCOLS, collect_meanings, examine_image, protocol_of
from calcinet.record import ImageRecord, Refusal


def image(modality, **facts) -> ImageRecord:
    return ImageRecord(id="img-1", modality=modality, resolvable_mm=0.2, **facts)


def test_each_modality_has_a_protocol_and_both_kinds_of_film_the_same():
    assert set(PROTOCOLS) == {"CR", "DX", "MG", "CT", "NM"}
    assert PROTOCOLS["CR"] is PROTOCOLS["DX"]
    assert len({protocol.kind for protocol in PROTOCOLS.values()}) == 4


def test_an_image_that_names_no_modality_is_a_film():
    assert protocol_of(image("")) is PROTOCOLS["DX"]
    assert protocol_of(image("NM")) is PROTOCOLS["NM"]


def test_meanings_are_those_of_the_modalities_that_were_examined():
    """A refused CT was not examined; films come before CT whatever the order of the images."""
    refused = ImageRecord(id="img-2", modality="CT", refused=Refusal(reason="cut off", code="truncated"))
    films_alone = collect_meanings([refused, image("DX")])
    both = list(collect_meanings([image("CT"), image("DX")]))

    assert "ct.volume_mm3" not in films_alone
    assert films_alone == dict(PROTOCOLS["DX"].meanings)
    assert both.index("net.mesh_mm") < both.index("ct.volume_mm3")
    assert collect_meanings([]) == {}


@pytest.mark.parametrize(("modality", "unit"), [("DX", "1"), ("MG", "1"), ("CT", "[hnsf'U]")])
def test_air_is_refused_by_every_protocol_that_looks_for_a_body(modality, unit):
    """Noise about nothing; the picture is kept, and nothing is marked on it."""
    slices = 20 if modality == "CT" else 1
    level = -1000.0 if modality == "CT" else 10.0
    noise = np.random.default_rng(0).normal(level, 1, (slices, 300, 300)).astype(np.float32)
    record, examined = examine_image(Image(noise, (1.0, 1.0, 1.0), unit, modality=modality), "img-1")

    assert record.refused is not None
    assert record.refused.code == "no-tissue"
    assert examined.mask.shape == examined.plane.shape
    assert not examined.mask.any()
