"""Laws found in data: `python -m bench.laws`."""
