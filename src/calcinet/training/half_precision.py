"""Half precision where the device multiplies in it."""

import torch


def multiply_fast(device: str) -> torch.autocast:
    """Products in bfloat16 for as long as this lasts, where the device has instructions for it; else in float32.

    A processor without them imitates bfloat16, ten times slower than float32.
    """
    return torch.autocast(device, dtype=torch.bfloat16, enabled=device != "cpu" or _has_instructions())


def _has_instructions() -> bool:
    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))
