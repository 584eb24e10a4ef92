"""Statements that a laptop signs: ops have no signature, and a relaying laptop could write under other names."""

from __future__ import annotations

from base64 import b64encode

from fieldkit.store.oplog.ops import Op
from fieldkit.sync.bundle.keys import PublicKey, SigningKey, strict_base64
from fieldkit.sync.network.identity import Identity

#: The field of the network's rules with the creator's signature over the rest of the record.
SIGNATURE = "order_signature"
_PURPOSE = b"fieldkit-statement@v1"


def sign_statement(key: SigningKey, *parts: str) -> str:
    """The signature over these texts in this order, in base64."""
    return b64encode(key.sign(_message(parts))).decode()


def is_signed(by: PublicKey, signature: str, *parts: str) -> bool:
    """Whether `signature` is that laptop's over these texts."""
    try:
        return by.verify(strict_base64(signature), _message(parts))
    except ValueError:
        return False


def _message(parts: tuple[str, ...]) -> bytes:
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in (_PURPOSE, *encoded))


def creators_order(me: Identity, field: str, text: str) -> dict[str, str]:
    """The fields of a record of the rules with which the network's creator gives an order for everybody."""
    return {field: text, SIGNATURE: sign_statement(me.key, field, text)}


def creator_signed(me: Identity, field: str, op: Op) -> bool:
    """Whether the network's creator signed the value that an op gives a field of the rules."""
    text, signature = op.fields.get(field), op.fields.get(SIGNATURE)
    return (
        isinstance(text, str) and isinstance(signature, str) and is_signed(me.founder, signature, field, text)
    )
