"""The steps of a run: propose, draft, revise, gather, review, score, judge, merge, evolve, overview."""
