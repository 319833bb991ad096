"""What comes after a generator: stability, filters, ranking and inverse design."""
