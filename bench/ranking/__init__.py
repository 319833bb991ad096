"""Tournaments of judges whose strengths, noise and position bias are known."""
