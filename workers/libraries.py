"""What the numeric libraries are to do in every process of ours; they read it when they are first imported."""

from __future__ import annotations

from collections.abc import MutableMapping

HABITS = {
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # threads that spin while they wait take six times as long beside another program
    "OMP_WAIT_POLICY": "PASSIVE",
}


def settle(environment: MutableMapping[str, str]) -> None:
    """Sets what the operator has not set."""
    for name, value in HABITS.items():
        environment.setdefault(name, value)
