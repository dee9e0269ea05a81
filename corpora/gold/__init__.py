"""Hand-coded labels, kept apart from the texts they were coded on: `labels/` holds block numbers and labels, no words of any instrument."""
