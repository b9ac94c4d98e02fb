"""What of an examined film the weighing reads."""

import pytest

from calcinet.protocols.readings import readings
from calcinet.record import FindingRecord, ImageRecord, NotMeasured


def _film(resolvable_mm):
    missing = () if resolvable_mm else (NotMeasured(measure="resolvable_mm", because="the pixel size is unknown"),)
    return ImageRecord(
        id="img-1", modality="DX", anatomy="lower leg", resolvable_mm=resolvable_mm, not_measured=missing
    )


@pytest.mark.parametrize(("resolvable_mm", "blind"), [(0.2, False), (0.42, True), (None, True)])
def test_a_film_that_could_not_show_an_arteriole_or_does_not_say_so_cannot_tell(resolvable_mm, blind):
    """Above 0.3 mm it cannot tell; without a pixel size nobody knows, and a better film is asked for too."""
    (reading,) = readings([_film(resolvable_mm)])

    assert reading.blind is blind
    assert reading.net is (None if blind else False)


def test_a_film_that_shows_a_net_is_not_asked_for_again():
    """What was seen was seen, however fine a line the film could show."""
    net = FindingRecord(id="f1", kind="net", probability=0.9)
    (reading,) = readings([_film(0.42).model_copy(update={"findings": (net,)})])

    assert (reading.net, reading.blind) == (True, False)
