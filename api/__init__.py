"""Who may ask, and how answers look: the HTTP service and the command line."""
