"""The node that is measured: that of the fixtures, to which the boards that are a did:key are known as well."""

from __future__ import annotations

from functools import partial

from registry.records import Terms
from scripts.bench.cases import did_key, status_list
from tests.simulators.contracts import ContractsModel
from tests.simulators.fixture_ledger import LIST_SIZE, fixture_ledger, replica_of
from tests.simulators.hospital import Hospital

_TERMS = Terms("Example State Board of Nursing", ("NursingLicenceCredential",), ("US",), 0, 4_000_000_000)


def measured_node() -> Hospital:
    """Everything real but the ledger and the clock."""
    ledger = fixture_ledger()
    for board in ("board", "boardP256"):
        number = len(ledger.contracts.dids) + 1
        ledger.mine(
            partial(ContractsModel.accredit, did=did_key(board), terms=_TERMS),
            partial(ContractsModel.create, issuer_id=number, uri=status_list(board), size=LIST_SIZE),
        )
    return Hospital(replica_of(ledger))
