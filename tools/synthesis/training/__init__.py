"""How the shipped tables and weights are made."""
