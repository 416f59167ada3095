"""The attacks real verifiers fell for × every mechanism they concern. None is accepted, nobody is asked.

| attack | concerns | because |
| --- | --- | --- |
| re-spelling a member | all | under a signature over the meaning the holder can; under any, an issuer might |
| context injection | all | likewise: the meaning alone is signed, or the issuer writes such contexts |
| dropped terms | signatures over the meaning | what JSON-LD drops is not signed; text and tokens are, whole |
| poison graph | signatures over the meaning | nothing else turns a document into a graph |
| vacuous success | presentations of each kind | a credential alone cannot be empty |
| fail-open status | all | |
| status signer not the issuer | all | |
| SSRF | all | |
| long base58 | all | |
| another's key, no signature, another algorithm | all | |
| decompression bomb | lists that are fetched | ../web_status_lists/test_unreliable.py |
| signature replay on the ledger, cross-tenant keys | the contracts | contracts/test |

A cell that does not concern its mechanism is not generated; `test_the_table_is_complete` counts the others.
"""

from __future__ import annotations

import pytest

from node.verification.verdict import Decision
from tests.behaviours.attack_matrix.attacks import ATTACKS, Attack
from tests.behaviours.attack_matrix.presenting import judged
from tests.simulators.mechanism import Mechanism
from tests.simulators.mechanisms import MECHANISMS

# An SD-JWT VC is no JSON-LD: what its issuer writes are claims, signed as such.
CLAIMS_OF_ITS_OWN = "dc+sd-jwt"


def concerned(attack: Attack, mechanism: Mechanism) -> bool:
    if mechanism.name == CLAIMS_OF_ITS_OWN and attack.name.endswith("by an issuer"):
        return False
    return mechanism.covers in attack.concerns


CELLS = [(a, m) for a in ATTACKS for m in MECHANISMS.values() if concerned(a, m)]


@pytest.mark.parametrize(("attack", "mechanism"), CELLS, ids=[f"{a.name} × {m.name}" for a, m in CELLS])
def test_an_attack(attack: Attack, mechanism: Mechanism) -> None:
    board = mechanism.board()
    presented = attack.present(mechanism, board)
    for policy in attack.policies:
        verdict = judged(board, presented, policy)
        assert verdict.decision in {Decision.REJECT, Decision.INDETERMINATE}, (policy.name, verdict)
        for one in verdict.credentials:
            assert (one.summary, one.credential) == (None, None)
    asked = [url for url in board.party.web.asked if "forger" not in url]
    assert asked == []


def test_the_table_is_complete() -> None:
    """Every attack concerns someone, every mechanism is attacked by all that concern it."""
    assert {attack.name for attack, _ in CELLS} == {attack.name for attack in ATTACKS}
    for mechanism in MECHANISMS.values():
        against = sum(one is mechanism for _, one in CELLS)
        assert against >= (10 if mechanism.name == CLAIMS_OF_ITS_OWN else 16), mechanism.name
    assert len(CELLS) > 450
