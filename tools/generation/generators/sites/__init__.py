"""A language of binding sites: residues placed around a given ligand, and their torsions."""
