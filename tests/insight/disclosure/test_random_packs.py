"""Random packs and random tables: the attack pins no small number of any.

PROTECTED_PACKS=1000 tries that many instead of the few in the test suite.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import people_attack
import table_attack
from fieldkit.insight.disclosure.plain_tables import protect_tables
from fieldkit.insight.disclosure.protection import ReleaseRefused, protect
from fieldkit.insight.disclosure.thresholds import FFT, HES, TEN, Preset
from made_packs import QUESTIONS, made_pack
from made_tables import MadeTables

PACKS = int(os.environ.get("PROTECTED_PACKS", "8"))
SLOW = settings(
    max_examples=PACKS,
    deadline=None,
    derandomize=PACKS < 100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)


@SLOW
@given(st.randoms(use_true_random=False))
def test_no_small_number_of_a_random_pack_can_be_pinned(chance: random.Random) -> None:
    pack = made_pack(chance)
    try:
        protected = protect(
            pack.people, QUESTIONS, pack.tables, pack.preset, quotes=pack.quotes, earlier=pack.earlier
        )
    except ReleaseRefused:
        return
    assert not people_attack.leaks(
        pack.people,
        QUESTIONS,
        pack.tables,
        pack.preset,
        protected.levels,
        protected.printed,
        quotes=pack.quotes,
        quoted=protected.quotes,
        earlier=pack.earlier,
    )


@SLOW
@given(st.randoms(use_true_random=False), st.sampled_from([FFT, TEN, HES]))
def test_no_small_number_of_random_tables_can_be_pinned(chance: random.Random, preset: Preset) -> None:
    with TemporaryDirectory() as place:
        folder, out = Path(place, "tables"), Path(place, "out")
        MadeTables(chance, 2).write(folder)
        out.mkdir()
        assert not table_attack.leaks(folder, preset, protect_tables(folder, preset).files, out)
