"""Fields with many answers: the limit on ticked answers."""

from __future__ import annotations

import pytest

from fieldkit.errors import InvalidRecord
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.field import MOST_ANSWERS
from fieldkit.records.schema.kind import kind


def test_too_many_answers_are_refused_with_their_number_and_the_limit() -> None:
    districts = sorted(code_list("district").codes)
    assert kind("cycle").check_fields({"area": districts[:MOST_ANSWERS]})["area"]
    with pytest.raises(InvalidRecord, match=f"{len(districts)} answers are too many; the limit is 100"):
        kind("cycle").check_fields({"area": districts})
