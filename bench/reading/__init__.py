"""Papers read into records: `python -m bench.reading`."""
