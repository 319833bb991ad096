"""Files and streams of many strings."""
