"""Well-known instruments: works with the names by which they are cited. Data in `works.toml`, look-ups in `find.py`."""
