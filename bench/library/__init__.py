"""The user's library: speed, and dumps of abstracts."""
