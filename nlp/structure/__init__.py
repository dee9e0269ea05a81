"""Structure: raw text → units with Akoma Ntoso ids, and the passages to be coded. `find_structure` is in `find.py`."""
