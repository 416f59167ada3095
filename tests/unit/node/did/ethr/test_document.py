"""Events → document: whatever an owner published, in whatever order, no key is there that nobody published."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.did.ethr.document import build
from node.did.ethr.events import AttributeChanged, DelegateChanged, Event, OwnerChanged
from node.did.ethr.identifier import identity_of
from node.did.parse import parse_document

ADDRESS = "0xf3beac30c498d9e26865f34fcaa57dbb935b0d74"
DID = f"did:ethr:0x1:{ADDRESS}"
ED = SigningKey.from_bytes(KeyType.ED25519, bytes(range(32))).public
NOW = 1000


def built(*events: Event, now: int = NOW) -> dict[str, Any]:
    return build(DID, identity_of(f"0x1:{ADDRESS}"), 1, events, now).document


def service(value: bytes) -> dict[str, Any]:
    return built(AttributeChanged(1, 1, "did/svc/Hub", value, 2 * NOW))


@pytest.mark.parametrize(
    ("value", "endpoint"),
    [
        (b"https://hub.example", "https://hub.example"),
        (b'{"uri": "https://hub.example"}', {"uri": "https://hub.example"}),
        (b"[" * 300 + b"]" * 300, "[" * 300 + "]" * 300),
        (b'{"a":1,"a":2}', '{"a":1,"a":2}'),
        (b"", ""),
    ],
)
def test_a_service(value: bytes, endpoint: Any) -> None:
    found = service(value)
    assert found["service"][0]["serviceEndpoint"] == endpoint
    orjson.dumps(found)


def test_a_service_that_is_not_text_is_left_out() -> None:
    assert "service" not in service(b"\xff\xfe")


def test_publishing_again_renews_and_renumbers() -> None:
    once = AttributeChanged(1, 1, "did/pub/Ed25519/veriKey", ED.raw, 500)
    again = AttributeChanged(2, 2, "did/pub/Ed25519/veriKey", ED.raw, 5000)
    methods = built(once, again)["verificationMethod"]
    assert [one["id"] for one in methods] == [f"{DID}#controller", f"{DID}#delegate-2"]


numbers = st.integers(min_value=0, max_value=2 * NOW)
events = st.one_of(
    st.builds(OwnerChanged, numbers, numbers, st.binary(min_size=20, max_size=20)),
    st.builds(
        DelegateChanged,
        numbers,
        numbers,
        st.sampled_from(["veriKey", "sigAuth", "enc", "x"]),
        st.binary(min_size=20, max_size=20),
        numbers,
    ),
    st.builds(
        AttributeChanged,
        numbers,
        numbers,
        st.one_of(
            st.text(max_size=32),
            st.builds(
                "did/pub/{}/{}/hex".format,
                st.sampled_from(["Ed25519", "Secp256k1", "Multikey", "RSA", "X25519"]),
                st.sampled_from(["veriKey", "sigAuth", "enc", "other"]),
            ),
            st.just("did/svc/Hub"),
        ),
        st.one_of(st.binary(max_size=70), st.just(ED.raw), st.just(b"\xed\x01" + ED.raw)),
        numbers,
    ),
)


@given(st.lists(events, max_size=12))
def test_any_events_make_a_document(history: list[Event]) -> None:
    made = build(DID, identity_of(f"0x1:{ADDRESS}"), 1, history, NOW)
    orjson.dumps(made.document)
    found = parse_document(made.document, DID, source="did:ethr", deactivated=made.deactivated)
    published = {
        event.value for event in history if isinstance(event, AttributeChanged) and event.valid_to >= NOW
    }
    for method in found.methods.values():
        assert any(value.endswith(method.key.raw) for value in published), "a key that nobody published"
        assert made.valid_to[method.id] >= NOW
    gone = any(isinstance(event, OwnerChanged) and event.owner == bytes(20) for event in history)
    assert made.deactivated == gone
