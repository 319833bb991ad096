"""Fields in space and time: diffusion, fronts, waves, coarsening, patterns, turbulence in one dimension."""

from tools.instruments.declared import declared

INSTRUMENTS = declared(__name__)
