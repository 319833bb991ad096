"""Crystals and molecules written as strings, and what they are worth."""
