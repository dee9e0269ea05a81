from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import models
from models.encoder import Pair
from models.labeller import load_labeller
from models.light import load_light
from models.manifest import ModelDamaged

FOLDER = Path(models.__file__).parent / "weights" / "provisions"
TEXTS = (
    "Victims shall not be punished for what they were forced to do.",
    "compensation",
    "Each State Party shall establish as criminal offences the acts set forth in article 3. " * 30,
    "𝔸 – ñ 中文",
)


def test_the_light_encoder_gives_the_mean_states_of_the_one_that_labels() -> None:
    heard: dict[str, np.ndarray] = {}
    labeller = replace(load_labeller(FOLDER), notice=lambda pair, mean: heard.__setitem__(pair.text, mean))
    short = [text for text in TEXTS if len(text) < 1000]
    labeller.read([Pair("", text) for text in short])
    light = load_light(FOLDER)
    assert light.digest == labeller.digest
    for text in short:
        mine, theirs = light.mean_state(text), heard[text]
        assert mine @ theirs / np.linalg.norm(mine) / np.linalg.norm(theirs) > 0.999


def test_long_texts_are_cut_and_empty_ones_have_a_state() -> None:
    light = load_light(FOLDER)
    assert np.isfinite(light.mean_state(TEXTS[2])).all()
    assert np.isfinite(light.mean_state("")).all()


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    for name in ("manifest.json", "config.json"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    with pytest.raises(ModelDamaged):
        load_light(tmp_path)
