"""Inverse design: from a wanted gap and low energy to configurations, by search over the model."""

from tools.defects.design.goal import Goal
from tools.defects.design.report import METHODS, DesignReport, MethodTrial, design

__all__ = ["METHODS", "DesignReport", "Goal", "MethodTrial", "design"]
