"""Strings of crystals and molecules: judged, screened, and shown with pictures."""
