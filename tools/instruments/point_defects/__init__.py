"""Point defects in 2D materials by the defect model, set by structure instead of by site numbers."""

from tools.instruments.point_defects.instrument import INSTRUMENTS

__all__ = ["INSTRUMENTS"]
