"""What has arrived from a laptop, in sentences: one known only through others has sent no bundle yet."""

from __future__ import annotations

from nacl.signing import SigningKey

from fieldkit.presentation.exchange.devices import Laptop
from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.network.roster import Member
from fieldkit.sync.peers.gaps import Arrivals, Gap

NOW = 1_795_756_026_662


def _laptop(arrivals: Arrivals, status: str = "trusted") -> Laptop:
    key = PublicKey(bytes(SigningKey(bytes(32)).verify_key))
    return Laptop(
        Member(key.device_id, "St Mary", "field", status, key), founder=False, own=False, arrivals=arrivals
    )


def test_a_laptop_that_was_never_heard_has_no_age() -> None:
    gap = (Gap("st-mary", 1, 3),)
    ((look, sentence),) = _laptop(Arrivals(missing=gap)).sentences(NOW, "r")
    assert look and sentence == "Missing 1-3, no bundle yet. A receipt (r) asks for what is missing."
    ((_, sentence),) = _laptop(Arrivals(last_heard=NOW, missing=gap)).sentences(NOW, "r")
    assert sentence.startswith("Missing 1-3, last bundle today. ")


def test_no_bundle_of_a_revoked_laptop_is_waited_for() -> None:
    """What only a revoked deputy reported of it no longer counts either."""
    revoked = _laptop(Arrivals(), "revoked")
    assert revoked.shown_arrivals(NOW) == "no bundle"
    assert _laptop(Arrivals()).shown_arrivals(NOW) == "no bundle yet"
    ((look, sentence),) = _laptop(Arrivals(missing=(Gap("st-mary", 1, 3),)), "revoked").sentences(NOW, "r")
    assert look
    assert sentence == "Missing 1-3, no bundle. The laptop is revoked: nothing more of it is merged."
