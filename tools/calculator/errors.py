"""What can go wrong in a sum.

CalculatorError          (a ToolError)
├── BadExpression        it cannot be read: the message says where, and what may stand there
└── NoResult             it can be read and has no finite real value in that unit
"""

from tools.errors import ToolError


class CalculatorError(ToolError):
    """Root of this tool's errors."""


class BadExpression(CalculatorError):
    """Not an expression of this calculator."""


class NoResult(CalculatorError):
    """An expression without a finite real value, or of another dimension than the unit asked for."""
