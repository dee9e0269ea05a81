"""Lexframe as a library: `annotate` and `compare` on this machine, `Client` for a service. Nothing heavy is loaded before it is used."""

from lexframe.client import Client, JobFailed, ServiceError
from lexframe.local import annotate, annotate_file, compare

__all__ = ["Client", "JobFailed", "ServiceError", "annotate", "annotate_file", "compare"]
