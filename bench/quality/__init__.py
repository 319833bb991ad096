"""Texts of which one is better: `python -m bench.quality`."""
