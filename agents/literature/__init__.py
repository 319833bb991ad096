"""What the literature says of a hypothesis: found, quoted, checked, judged, bounded by what was searched."""

from agents.literature.look_up import look_up
from agents.literature.survey import Surveyor

__all__ = ["Surveyor", "look_up"]
