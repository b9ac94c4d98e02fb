"""Fitting: batches drawn ahead, false marks found, a loss that falls, a run that goes on where it stopped."""

import json

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")

from calcinet.training.fit import (  # noqa: E402
    BLOCK_PX,
    FAR_BLOCKS,
    Recipe,
    Stream,
    _list_false,
    _measure_loss,
    fit,
    learning_rate,
)
from calcinet.training.network import CalciumNet  # noqa: E402
from calcinet.training.samples.base import Sample  # noqa: E402

SIDE = 64
PLACE = (0.0, 1.0, 20.0, 30.0, 0.2)


class Bright:
    """Samples of noise in which what is bright is true on every map; the second channel tells how many places are
    remembered, the third one a random number."""

    def __init__(self):
        self.places = []
        self.searches = 0

    def draw(self, rng):
        noise = rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32)
        counted = np.full_like(noise, len(self.places))
        chance = np.full_like(noise, rng.random())
        target = np.stack([noise > 1] * 4).astype(np.float32)
        return Sample(np.stack([noise, counted, chance]), target, np.ones_like(target), PLACE)

    def remember(self, places):
        self.places.extend(places)

    def search(self, net, recipe):
        self.searches += 1
        return self


def draw_batches(start=0, seed=3, count=3):
    stream = Stream(Bright(), Recipe(batch=2, seed=seed), start)
    batches = [stream.next() for _ in range(count)]
    stream.close()
    return batches


def test_the_same_seed_and_start_give_the_same_batches():
    """And one after the other they differ."""
    first, again = draw_batches(), draw_batches()

    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.image, other.image)
        assert np.array_equal(one.target, other.target)
    assert not np.array_equal(first[0].image, first[1].image)


def test_another_start_or_seed_gives_other_batches():
    """A run that goes on does not see again what it saw at its beginning."""
    (first,) = draw_batches(count=1)

    assert not np.array_equal(first.image, draw_batches(start=200, count=1)[0].image)
    assert not np.array_equal(first.image, draw_batches(seed=4, count=1)[0].image)


def test_a_batch_holds_its_samples_with_their_places():
    """Two samples of three channels and four maps."""
    (batch,) = draw_batches(count=1)

    assert batch.image.shape == (2, 3, SIDE, SIDE)
    assert batch.target.shape == batch.weight.shape == (2, 4, SIDE, SIDE)
    assert batch.places == [PLACE, PLACE]
    assert np.array_equal(batch.target[:, 0] > 0, batch.image[:, 0] > 1)


def test_places_are_remembered_before_the_batch_after_the_next_is_drawn():
    """One batch is drawn ahead: the one asked for with two places was drawn without them, the one after it with."""
    stream = Stream(Bright(), Recipe(batch=1), 0)
    counts = [float(stream.next(found).image[0, 1, 0, 0]) for found in ([PLACE, PLACE], [PLACE], [])]
    stream.close()

    assert counts == [0, 2, 3]


def _logits(squares, side=96):
    """Of as many samples as there are squares, five maps: 9 in the square of each on the last map, -9 elsewhere."""
    logits = torch.full((len(squares), 5, side, side), -9.0)
    for sample, square in enumerate(squares):
        if square is not None:
            logits[sample, 4][square] = 9.0
    return logits


def _false_places(logits, target=None, weight=None):
    places = [(float(number), 0.0, 0.0, 0.0, 0.2) for number in range(len(logits))]
    target = torch.zeros_like(logits) if target is None else target
    weight = torch.ones_like(logits) if weight is None else weight
    return [int(place[0]) for place in _list_false(logits, target, weight, places)]


def test_a_mark_far_from_all_that_is_true_is_false():
    """24 x 24 pixels are 36 blocks; nothing, and a single pixel, are not enough."""
    large, single = (slice(40, 64), slice(40, 64)), (slice(40, 41), slice(40, 41))

    assert _false_places(_logits([large, None, single])) == [0]


def test_a_mark_at_a_true_one_or_beside_it_is_not_false():
    """True on another map of the same sample; marked on it and as far about it as a block's edge may blur."""
    reach = BLOCK_PX * FAR_BLOCKS
    true = slice(40, 56)
    about = slice(true.start - reach, true.stop + reach)
    logits = _logits([(about, about), (about, about)])
    target = torch.zeros_like(logits)
    target[0, 0, true, true] = 1

    assert _false_places(logits, target) == [1]


def test_a_mark_where_marking_is_neither_right_nor_wrong_is_not_false():
    square = (slice(40, 64), slice(40, 64))
    logits = _logits([square])
    weight = torch.ones_like(logits)
    weight[0, 4][square] = 0

    assert _false_places(logits, weight=weight) == []


def test_a_sample_of_no_film_has_no_place_to_go_back_to():
    square = (slice(40, 64), slice(40, 64))
    logits = _logits([square])

    assert _list_false(logits, torch.zeros_like(logits), torch.ones_like(logits), [None]) == []


def test_the_loss_falls_on_one_batch():
    """Twelve steps on the same samples."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    samples = [Bright().draw(rng) for _ in range(2)]
    image = torch.from_numpy(np.stack([sample.channels for sample in samples]))
    target = torch.from_numpy(np.stack([sample.target for sample in samples]))
    net = CalciumNet()
    optimiser = torch.optim.AdamW(net.parameters(), 4e-3)
    losses = []
    for _ in range(12):
        loss = _measure_loss(net(image), target, torch.ones_like(target), Recipe())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))

    assert losses[-1] < 0.8 * losses[0]


def test_pixels_without_weight_do_not_count_in_the_loss():
    """Whatever is said of them."""
    logits, target = torch.zeros(1, 4, 8, 8), torch.zeros(1, 4, 8, 8)
    target[:, :, :4] = 1
    weight = torch.ones_like(target)
    weight[:, :, 6:] = 0
    other = logits.clone()
    other[:, :, 6:] = 50

    losses = [float(_measure_loss(said, target, weight, Recipe())) for said in (logits, other)]

    assert losses[0] == pytest.approx(losses[1])


def test_the_learning_rate_rises_over_a_tenth_and_falls_to_nothing():
    """Half of its height at a twentieth of the steps, all of it at a tenth, half again at 0.55, none at the end."""
    recipe = Recipe(steps=1000, learning_rate=2.0)

    assert [learning_rate(step, recipe) for step in (0, 50, 100, 550, 1000)] == pytest.approx([0, 1, 2, 1, 0], abs=1e-9)


def _run(folder, steps, samples=None, **settings):
    torch.manual_seed(0)
    net = CalciumNet()
    seen = []
    recipe = Recipe(steps=steps, batch=1, mined_at=(), **settings)
    fit(samples or Bright(), folder, net=net, recipe=recipe, progress=lambda step, _: seen.append(step))
    return net, seen


def test_a_run_goes_on_from_its_checkpoint(tmp_path):
    """Two steps that are asked for again are none, and the network is that of before; four are two more."""
    first, _ = _run(tmp_path, 2)
    again, seen = _run(tmp_path, 2)

    assert seen == []
    assert torch.equal(again.head.weight, first.head.weight)

    more, seen = _run(tmp_path, 4)
    steps = [json.loads(line)["step"] for line in (tmp_path / "curve.jsonl").read_text().splitlines()]

    assert seen == [4]
    assert steps == [2, 4]
    assert not torch.equal(more.head.weight, first.head.weight)


def test_films_are_searched_after_the_shares_that_are_named_and_again_by_a_run_that_goes_on(tmp_path):
    """After two of four steps; what was found is in no checkpoint."""
    torch.manual_seed(0)
    samples = Bright()
    recipe = Recipe(steps=4, batch=1, mined_at=(0.5,))
    fit(samples, tmp_path / "whole", net=CalciumNet(), recipe=recipe)

    assert samples.searches == 1

    fit(samples, tmp_path / "broken", net=CalciumNet(), recipe=Recipe(steps=3, batch=1, mined_at=()))
    fit(samples, tmp_path / "broken", net=CalciumNet(), recipe=recipe)

    assert samples.searches == 2
