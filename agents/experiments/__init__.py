"""Claims tested by instruments: what is offered, planned, measured, swept, recorded and told of it."""
