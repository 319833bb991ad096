"""Point defects in 2D materials: formation energy and gap from a sparse graph of defects."""
