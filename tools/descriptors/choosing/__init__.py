"""Which representation of a data set is enough: those with the wanted invariances, tried on one target.

choose(read_table(path, "gap"), ["E(3)"])
"""
