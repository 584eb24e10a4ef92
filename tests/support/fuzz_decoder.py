"""A coverage-guided fuzz of everything that reads a stranger's bytes; run by hand, with atheris installed.

    python tests/fuzz_decoder.py -max_total_time=600 tests/corpus

The first letter of an input says what the rest is given to: t a tar, g a signature, m a manifest (signed here, so that
what follows the signature is reached), p a packed payload, l lines of operations, r the lines of a receipt.
Each must be taken or be refused by BundleRefused (a signature by ValueError), and what is taken must hold together.
New inputs are written to the first folder named: give a scratch folder before tests/corpus to keep that one small.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import atheris  # type: ignore[import-not-found, unused-ignore]

with atheris.instrument_imports(include=["fieldkit"]):
    from fieldkit.errors import BundleRefused
    from fieldkit.records.schema.kind import kinds
    from fieldkit.store.oplog.fold import fold, interpret
    from fieldkit.store.oplog.ops import Op, decode, decode_many, encode
    from fieldkit.sync.bundle import sshsig
    from fieldkit.sync.bundle.container import NAMESPACE, Container, digest, read_container
    from fieldkit.sync.bundle.keys import SigningKey
    from fieldkit.sync.bundle.limits import Limits
    from fieldkit.sync.bundle.manifest import check_header, open_container
    from fieldkit.sync.bundle.payload import unpack
    from fieldkit.sync.receipts import receipt_file

KEY = SigningKey.from_seed(bytes(32))
SMALL = Limits(unpacked=1 << 20)
KINDS = kinds()


def tar(data: bytes) -> None:
    """A container, and what its manifest says if its signature holds."""
    open_container(read_container(data))


def signature(data: bytes) -> None:
    """An armoured signature of nothing in particular."""
    try:
        sshsig.verify(data, b"", NAMESPACE)
    except ValueError:
        return


def manifest(data: bytes) -> None:
    """A manifest and a header: two lines, the first signed by a key that is held."""
    said, _, rest = data.partition(b"\0")
    name = "payload.jsonl.zst"
    said = said.replace(b"SIGNER", KEY.public.ssh_line().encode()).replace(b"HASH", digest(rest).encode())
    container = Container(said, sshsig.sign(KEY, said, NAMESPACE), memoryview(rest), name)
    opened = open_container(container)
    check_header(rest.replace(b"SIGNER", KEY.public.ssh_line().encode()), opened)


def payload(data: bytes) -> None:
    """A packed payload, unpacked to its end."""
    for _ in unpack(memoryview(data), None, SMALL):
        pass


def lines(data: bytes) -> None:
    """Operations: both decoders agree, and whatever is taken can be folded and shown."""
    given = data.split(b"\n")
    ops: list[object] | None
    try:
        ops = [decode(line) for line in given]
    except BundleRefused:
        ops = None
    try:
        together: list[object] | None = list(decode_many(given))
    except BundleRefused:
        together = None
    assert ops == together, "the two decoders differ"
    for op in ops or ():
        if isinstance(op, Op):
            assert decode(encode(op)) == op
            values, extra = interpret(KINDS.get(op.kind), op.fields)
            again, _ = interpret(KINDS.get(op.kind), values)
            assert again == values, "a stored value is not one that would be stored"
            fold([op]).digest.hex()
            repr(extra).encode()


def receipt(data: bytes) -> None:
    """The lines of a receipt."""
    receipt_file.read_lines("a" * 26, iter(data.split(b"\n")))


TARGETS: dict[int, Callable[[bytes], None]] = {
    ord("t"): tar,
    ord("g"): signature,
    ord("m"): manifest,
    ord("p"): payload,
    ord("l"): lines,
    ord("r"): receipt,
}


def one(data: bytes) -> None:
    """Give one input to its reader."""
    if data and (target := TARGETS.get(data[0])):
        try:
            target(data[1:])
        except BundleRefused as refused:
            assert refused.reason and refused.message


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
