"""Generated crystals, molecules and binding sites: `python -m bench.generation`."""
