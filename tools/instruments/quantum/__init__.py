"""Few quantum bodies: driven and noisy qubits, a spin in a cavity, chains of spins."""

from tools.instruments.declared import declared

INSTRUMENTS = declared(__name__)
