"""Where a training stands after an epoch, so that an interrupted one goes on: safetensors, never a pickle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Standing:
    """What changes while training: the weights, their running average, and the optimiser's moments."""

    model: nn.Module
    average: nn.Module
    optimizer: torch.optim.Optimizer


class OtherTraining(ValueError):
    """What was kept is that of a training with another recipe, other examples or other weights to begin with."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} belongs to a training with another recipe or other examples: move it away, or train as it was")


def once(file: Path | None, training: str, make: Callable[[], Mapping[str, Tensor]]) -> Mapping[str, Tensor]:
    """What `make` gives, kept in `file` under the name of its training and from then on read from there; raises OtherTraining."""
    if file is None:
        return make()
    if not file.is_file():
        _write(file, make(), {"training": training})
    with safe_open(file, framework="pt") as kept:
        if kept.metadata().get("training") != training:
            raise OtherTraining(file)
        return {name: kept.get_tensor(name) for name in list(kept.keys())}


def save_standing(standing: Standing, file: Path, epochs: int, training: str) -> None:
    """Writes it with the name of its training."""
    _write(file, _tensors(standing), {"epochs": str(epochs), "training": training})


def _write(file: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    """Writes beside the file first and then moves it there, so that a crash leaves the last whole one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, fresh, metadata=metadata)
    fresh.replace(file)


def load_standing(standing: Standing, file: Path, training: str) -> int:
    """Takes up a kept training and returns how many epochs it had done; raises OtherTraining where it is another one's."""
    with safe_open(file, framework="pt") as kept:
        if kept.metadata().get("training") != training:
            raise OtherTraining(file)
        tensors = {name: kept.get_tensor(name) for name in list(kept.keys())}
        epochs = int(kept.metadata()["epochs"])
    standing.model.load_state_dict(_under("model.", tensors))
    standing.average.load_state_dict(_under("average.", tensors))
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _under("optimizer.", tensors).items():
        number, _, kind = name.partition(".")
        moments.setdefault(int(number), {})[kind] = tensor
    groups = standing.optimizer.state_dict()["param_groups"]
    standing.optimizer.load_state_dict({"state": moments, "param_groups": groups})
    return epochs


def _tensors(standing: Standing) -> dict[str, Tensor]:
    moments = standing.optimizer.state_dict()["state"]
    return (
        {f"model.{name}": tensor for name, tensor in standing.model.state_dict().items()}
        | {f"average.{name}": tensor for name, tensor in standing.average.state_dict().items()}
        | {f"optimizer.{i}.{kind}": tensor for i, kinds in moments.items() for kind, tensor in kinds.items()}
    )


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
