"""Receipt codes printed on forms before anybody filled them in: each serves one person, once."""

from __future__ import annotations

import pytest

from fieldkit.errors import WrongCode
from fieldkit.store.oplog.receipt_codes import new_code
from marked_text import spoken
from networks import Network


def test_a_printed_code_withdraws_its_record(network: Network) -> None:
    kit, code = network.hub.kit, new_code()
    stored, given = kit.add_with_code("feedback", spoken(), code.lower().replace("-", " "))
    assert given == code
    assert kit.withdraw(code) == 1
    assert kit.many("feedback", [stored.record_id]) == {}


def test_a_copy_of_a_form_does_not_share_its_code(network: Network) -> None:
    kit, code = network.hub.kit, new_code()
    kit.add_with_code("feedback", spoken(), code)
    with pytest.raises(WrongCode, match="here already"):
        kit.add_with_code("feedback", spoken(), code)
    assert kit.counts()["feedback"] == 1


def test_a_form_that_was_withdrawn_before_it_was_entered_is_refused(network: Network) -> None:
    kit, code = network.hub.kit, new_code()
    kit.withdraw(code)
    with pytest.raises(WrongCode, match="withdrawn"):
        kit.add_with_code("feedback", spoken(), code)
    assert kit.counts().get("feedback", 0) == 0


@pytest.mark.parametrize("text", ["K7Q2", "K7Q2-M9XD-4TBX", "%" * 12])
def test_a_mistyped_printed_code_keeps_nothing(network: Network, text: str) -> None:
    with pytest.raises(WrongCode) as caught:
        network.hub.kit.add_with_code("feedback", spoken(), text)
    assert "Nothing was saved yet." in str(caught.value)
    assert network.hub.kit.counts().get("feedback", 0) == 0
