"""Predictions of point defects in 2D materials: `python -m bench.defects`."""
