"""The figures of docs/benchmarks.md: `python -m bench.figures` lists the old ones and writes the page."""
