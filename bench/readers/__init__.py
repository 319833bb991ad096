"""Files in the dialects that people bring: `python -m bench.readers`."""
