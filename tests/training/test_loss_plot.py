"""The learning curve as a picture."""

import json
from xml.etree import ElementTree

import pytest

from calcinet.training.loss_plot import FRAME, SMOOTHED, write_curve

SVG = "{http://www.w3.org/2000/svg}"


def _draw(folder, losses):
    log, picture = folder / "curve.jsonl", folder / "curve.svg"
    lines = [json.dumps({"step": 25 * (n + 1), "loss": loss}) for n, loss in enumerate(losses)]
    log.write_text("\n".join(lines) + "\n", "utf-8")
    write_curve(log, picture)
    return picture.read_text("utf-8")


def test_the_picture_says_over_how_many_steps(tmp_path):
    """Forty lines of 25 steps are 1000; ticks at every quarter."""
    text = _draw(tmp_path, [2.0 - 0.04 * n for n in range(40)])
    words = ["".join(one.itertext()) for one in ElementTree.fromstring(text).iter(f"{SVG}text")]

    assert "Loss over 1000 steps" in text
    assert {"0", "250", "500", "750", "1000", "step", "loss"} <= set(words)


def test_all_that_is_drawn_lies_in_the_frame(tmp_path):
    """One loss is a hundred times the others, and is drawn at the top."""
    text = _draw(tmp_path, [1.0] * 30 + [100.0] + [0.5] * 30)
    left, top, right, bottom = FRAME
    paths = [one for one in ElementTree.fromstring(text).iter() if one.tag in (f"{SVG}path", f"{SVG}polyline")]

    assert paths
    for path in paths:
        numbers = path.get("d") or path.get("points")
        values = [float(value) for value in numbers.replace("M", " ").replace("L", " ").replace(",", " ").split()]
        assert all(left - 1 <= x <= right + 1 for x in values[::2])
        assert all(top - 1 <= y <= bottom + 1 for y in values[1::2])


@pytest.mark.parametrize("count", [1, SMOOTHED - 1, SMOOTHED + 5])
def test_a_short_run_is_drawn_as_well(tmp_path, count):
    """Fewer losses than are averaged."""
    assert _draw(tmp_path, [1.0] * count).endswith("</svg>\n")
