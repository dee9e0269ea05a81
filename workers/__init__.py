"""When and where annotation runs: claiming, leases, Celery, the embedded runner, recovery."""
