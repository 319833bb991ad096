"""Settings from flags, the environment, a file and defaults, in this order of weight."""

from app.settings.layers import find_file, load_settings
from app.settings.sections import Settings

__all__ = ["Settings", "find_file", "load_settings"]
