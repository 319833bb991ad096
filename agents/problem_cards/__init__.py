"""Problem cards: what a physicist and a machine-learning person must settle before a model is learned."""
