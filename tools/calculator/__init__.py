"""Sums with units: what an expression of numbers, units and physical constants comes to."""

from tools.calculator.errors import BadExpression, CalculatorError, NoResult
from tools.calculator.tool import TOOL, Asked, CalculationResult, Calculator

__all__ = ["TOOL", "Asked", "BadExpression", "CalculationResult", "Calculator", "CalculatorError", "NoResult"]
