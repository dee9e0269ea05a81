"""Annotated documents as the files of other tools, one format per file; each from the one span model of `marks`."""
