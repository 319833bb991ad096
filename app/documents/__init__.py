"""Pages of the documentation that are made from the program; a test compares them with the code."""
