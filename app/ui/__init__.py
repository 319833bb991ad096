"""The question box: a Streamlit page that talks to the finder through its REST API only."""

from pathlib import Path

__all__ = ["ENTRY"]

ENTRY = Path(__file__).parent / "main.py"  # `streamlit run` it: settings and theme lie beside it
