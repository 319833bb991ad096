"""Links of concepts that come: `python -m bench.atlas`."""
