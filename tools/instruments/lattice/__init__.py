"""Lattice spins by cluster Monte Carlo: Ising, Potts, XY, Heisenberg, in units of J and as magnets."""

from tools.instruments.lattice.instrument import INSTRUMENTS

__all__ = ["INSTRUMENTS"]
