"""What is told from within an image."""

import pytest

from calcinet import examine
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.progress import CALCIUM, MEASURING, READING, TISSUE, enter_stage, stages_told, tell_step


def test_where_nobody_listens_nothing_happens():
    enter_stage(CALCIUM, 0.0, 1.0)
    tell_step(1, 2)


def test_steps_lie_within_their_stage():
    """The second of four steps, of a stage from a fifth to three fifths."""
    heard = []
    with stages_told(lambda what, share: heard.append((what, share))):
        enter_stage(CALCIUM, 0.2, 0.6)
        tell_step(2, 4)
        tell_step(0, 0)
    tell_step(3, 4)

    assert heard == [(CALCIUM, 0.2), (CALCIUM, pytest.approx(0.4))]


def test_a_film_tells_its_stages_in_order(tmp_path):
    """Of a real examination; each begins where the one before ends."""
    film = write_radiograph(tmp_path / "film.dcm", limb(random_spec(6, vessels=True, anatomy="hand")).image)
    heard = []
    with stages_told(lambda what, share: heard.append((str(what), share))):
        examine(film)

    assert list(dict.fromkeys(what for what, _ in heard)) == [READING, TISSUE, CALCIUM, MEASURING]
    begins = [next(share for told, share in heard if told == what) for what in (READING, TISSUE, CALCIUM, MEASURING)]
    assert begins == sorted(begins)
    assert all(0 <= share < 1 for _, share in heard)
    assert len({share for what, share in heard if what == MEASURING}) > 1
