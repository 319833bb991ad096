"""Crystals: readers, validity, matching, fingerprints."""
