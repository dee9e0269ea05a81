"""Search: what people type, as a query; provisions found by words, by labels and by meaning."""
