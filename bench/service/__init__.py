"""The service under load, faults and strangers: `python -m bench.service` names them."""
