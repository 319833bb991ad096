"""Who speaks: perspectives near and far of the question, chosen from PhySH, and what a user pins of them."""
