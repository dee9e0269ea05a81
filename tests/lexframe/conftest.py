"""Fixtures of the service's tests."""

from tests.api.service import served as served
