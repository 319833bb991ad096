"""Molecules: readers, properties, similarity."""
