"""Chat models as tools outside a run: a generator of crystals and molecules, and a reader of papers."""
