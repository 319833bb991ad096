"""What `python -m bench.record` keeps of a bench's run: command, data, commit, machine, cost and output."""
