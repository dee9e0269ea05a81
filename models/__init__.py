"""Strings in, label probabilities and token tags out. Knows nothing of law, documents or databases."""
