"""Protein binding sites: a ligand and the residues around it."""
