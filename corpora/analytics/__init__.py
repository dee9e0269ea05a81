"""Corpora in figures: what can be asked, how documents are grouped, and how each figure is reckoned from what the store counted."""
