"""Training of the shipped model; prediction needs none of this, and no torch."""
