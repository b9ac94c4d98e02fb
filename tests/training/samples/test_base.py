"""Training samples: truth beside what is drawn."""

import numpy as np
import pytest

from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.random_deposits import KINDS, grow
from calcinet.phantoms.truth import NET, VESSEL, VISIBLE_IN_NOISE
from calcinet.training.samples.base import (
    CENTRES,
    FAINT_IN_NOISE,
    GROWN_PX,
    PLAIN,
    Source,
    answer_of,
    choose_centres,
    cover_nets,
    draw,
    make_bank,
    make_empty_answer,
    turn,
)


def _make_source(*, net):
    truth = (made := limb(random_spec(3, anatomy="hand", net=net, vessels=True))).truth
    return Source(
        plane=made.image.plane.astype(np.float16), answer=answer_of(truth), centres=choose_centres(truth.mask)
    )


@pytest.fixture(scope="module")
def phantoms():
    """One with a net, one without."""
    return [_make_source(net=True), _make_source(net=False)]


def _make_bank(seed):
    everywhere = np.ones((GROWN_PX, GROWN_PX), dtype=bool)
    growth = grow(KINDS[seed % len(KINDS)], everywhere, np.random.default_rng(seed))
    return make_bank(growth, cover_nets([net.outline for net in growth.nets], growth.deposit.footprint))


@pytest.fixture(scope="module")
def banks():
    """Of every kind by turns."""
    return [_make_bank(seed) for seed in range(8)]


def _bare_film(centres=None):
    noise = np.random.default_rng(1).normal(100, 4, (400, 300))
    film = Source(plane=noise.astype(np.float16))
    return film if centres is None else Source(plane=film.plane, centres=centres)


def test_a_sample_has_the_shapes_the_network_takes(phantoms, banks):
    """Three channels, four maps, one weight for each."""
    sample = draw(phantoms, banks, np.random.default_rng(0))

    assert sample.channels.shape == (3, PLAIN.crop_px, PLAIN.crop_px)
    assert sample.target.shape == sample.weight.shape == (4, PLAIN.crop_px, PLAIN.crop_px)
    assert np.isfinite(sample.channels).all()


def test_the_same_seed_draws_the_same_sample(phantoms, banks):
    """A run can be repeated."""
    for sources in (phantoms, [_bare_film()]):
        first, second = (draw(sources, banks, np.random.default_rng(5)) for _ in range(2))

        assert np.array_equal(first.channels, second.channels)
        assert np.array_equal(first.target, second.target)


def test_three_real_films_of_ten_stay_empty(banks):
    """100 draws of 0.3 have a deviation of 4.6; some calcium falls beside the sample, so more may be empty."""
    rng = np.random.default_rng(2)

    empty = sum(not draw([_bare_film()], banks, rng).target[:3].any() for _ in range(100))

    assert 12 <= empty <= 60


def test_what_was_put_in_is_brighter_than_what_lies_beside(banks):
    """Fine detail on marked pixels exceeds that of unmarked ones, on average over samples."""
    rng = np.random.default_rng(3)
    samples = [draw([_bare_film()], banks, rng) for _ in range(40)]

    marked = np.concatenate([s.channels[0][s.target[0] > 0] for s in samples])
    beside = np.concatenate([s.channels[0][(s.target[:3].sum(0) == 0) & (s.weight[0] > 0)] for s in samples])

    assert marked.mean() > beside.mean() + 0.5


def test_a_faint_line_is_neither_right_nor_wrong_but_the_edge_of_a_clear_one_is_wrong(phantoms):
    """Open is only what lies away from anything that counts as visible."""
    answer = phantoms[0].answer

    assert answer.undecided.any()
    assert not (answer.undecided & (answer.mask > 0)).any()
    assert FAINT_IN_NOISE < VISIBLE_IN_NOISE


def test_open_pixels_have_no_weight(phantoms):
    """And no target: the loss does not see them."""
    rng = np.random.default_rng(1)
    samples = [draw(phantoms[:1], [], rng) for _ in range(6)]

    assert any((sample.weight == 0).any() for sample in samples)
    for sample in samples:
        assert not sample.target[:3].max(0)[sample.weight[0] == 0].any()


def test_the_patch_covers_its_net(phantoms):
    """Lines of a net lie in its patch, vessels need not."""
    answer = phantoms[0].answer

    assert answer.patch[answer.mask == NET].mean() > 0.95
    assert not answer.patch[answer.mask == VESSEL].all()


def test_samples_are_drawn_round_the_centres_where_the_network_was_wrong():
    """A film that is bright in one corner alone: six of ten samples must show it, where a tenth would by chance."""
    plane = np.random.default_rng(0).normal(100, 1, (1200, 1200)).astype(np.float16)
    plane[1100:, 1100:] += 400
    corner = np.tile([1150, 1150], (CENTRES, 1))
    rng = np.random.default_rng(4)

    def bright(source):
        return sum(draw([source], [], rng).channels[1].max() > 3.5 for _ in range(60))

    plain = Source(plane=plane)

    assert bright(Source(plane=plane, centres=corner)) > bright(plain) + 10


def test_the_answer_turns_with_the_film():
    """A film whose only bright pixel is the only one to be marked, on every map."""
    plane = np.zeros((8, 8), np.float32)
    answer = make_empty_answer(plane.shape)
    for part in (plane, answer.mask, answer.patch, answer.artery, answer.artery_open, answer.undecided):
        part[1, 2] = 1
    seen = set()
    for seed in range(40):
        turned, told = turn(plane, answer, np.random.default_rng(seed))
        seen.add(tuple(np.argwhere(turned)[0].tolist()))
        for part in (told.mask, told.patch, told.artery, told.artery_open, told.undecided):
            assert np.array_equal(part > 0, turned > 0)

    assert len(seen) == 8
