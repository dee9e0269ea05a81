"""Definitions of a text: `find_definitions` is in `find.py`, the later uses of defined terms in `uses.py`."""
