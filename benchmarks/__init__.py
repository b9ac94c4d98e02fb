"""How accurate and how fast calcinet is, beside its peers: `python -m benchmarks`."""
