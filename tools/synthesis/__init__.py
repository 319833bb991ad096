"""A score that a compound can be made, from its composition or its structure."""

from tools.synthesis.errors import SynthesisError
from tools.synthesis.tool import TOOL

__all__ = ["TOOL", "SynthesisError"]
