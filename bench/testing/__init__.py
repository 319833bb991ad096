"""Claims whose truth is known: `python -m bench.testing`."""
