"""One file per format: bytes → text with what led to it. `read.py` chooses; `child.py` does it in a process with limits."""
