from agents.checks.first import Subject, run_checks, prediction_given
__all__ = ["Subject", "prediction_given", "run_checks"]
