"""Mining of method transfers: `python -m bench.mining`."""
