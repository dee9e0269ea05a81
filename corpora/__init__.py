"""Documents in, kept and out: readers, store, catalogue, samples, gold."""
