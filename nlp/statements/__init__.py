"""Deontic statements of a text: `find_statements` is in `find.py`."""
