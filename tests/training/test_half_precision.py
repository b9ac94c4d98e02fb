"""Half precision only where the device has instructions for it."""

import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")

from calcinet.training import half_precision  # noqa: E402


@pytest.mark.parametrize(
    ("instructions", "expected"),
    [
        ({"avx2": True}, torch.float32),
        ({"avx512_bf16": False, "amx_bf16": False}, torch.float32),
        ({"avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True}, torch.bfloat16),
    ],
)
def test_products_are_of_the_precision_that_the_processor_has(monkeypatch, instructions, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: instructions)
    with half_precision.multiply_fast("cpu"):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == expected
