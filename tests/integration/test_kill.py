"""kill -9 of either node or of the ledger, at any moment, then a restart: same answers.

One workload runs all the while: the board revokes entry after entry, asking each time until the node says that
the publication is final. Whatever it was told is so must be so at the end, on both nodes and on the ledger.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.cli.client import ApiProblem
from node.cli.commands.keys import addresses_in
from node.cli.demo.listener import AlertListener
from node.cli.demo.processes import Process, wait_until
from node.cli.demo.register import LICENCE_TYPE, licence
from node.cli.demo.stage import BOARD_DID, Ports, Stage

KILLS = 50
LONGEST_LIFE = 3.5  # seconds between kills: some hit a process that starts, some one that works
PATIENCE = 60
CANARY = 99_999  # an entry that is never revoked


@pytest.fixture
def stage(anvil_binary: Path, tmp_path: Path) -> Iterator[Stage]:
    listener = AlertListener()
    # Not the demo's own ports, and below those the system gives to connections: nobody may take one of
    # ours while its process is down.
    first = random.randrange(20_000, 30_000)
    stage = Stage(tmp_path / "stage", listener.url, Ports(first, first + 1, first + 2))
    try:
        stage.start_ledger()
        stage.start_nodes()
        yield stage
    finally:
        stage.close()
        listener.close()


class Workload(threading.Thread):
    """Revokes 0, 1, 2, …; `told` holds what the board's node said is final."""

    def __init__(self, stage: Stage, status_list: str) -> None:
        super().__init__(daemon=True)
        self.told: list[int] = []
        self.refused: list[str] = []
        self.ended = threading.Event()
        self._stage = stage
        self._status_list = status_list

    def run(self) -> None:
        index = 0
        while not self.ended.is_set():
            body = {"uri": self._status_list, "entries": [{"index": index, "value": 1}], "wait": 5}
            try:
                answer = self._stage.board.client.post("/v1/status-lists/updates", body)
            except ApiProblem as problem:
                if problem.body.get("status", 503) < 500 and "knows no list" not in str(problem):
                    self.refused.append(str(problem))
                time.sleep(0.05)
                continue
            if answer["state"] == "done":
                self.told.append(index)
                index += 1


def accredited_with_list(stage: Stage) -> str:
    hospital, board = stage.hospital.client, stage.board
    hospital.post(
        "/v1/issuers",
        {
            "did": BOARD_DID,
            "name": "Example State Board of Nursing",
            "credentialTypes": [LICENCE_TYPE],
            "validUntil": "2035-01-01T00:00:00Z",
            **addresses_in(board.folder),
            "wait": PATIENCE,
        },
    )
    eventually(lambda: bool(board.client.get(f"/v1/issuers/{BOARD_DID}")))
    for path, body in (("/v1/dids", {}), ("/v1/status-lists", {"name": "nursing"})):
        assert board.client.post(path, {**body, "wait": PATIENCE})["state"] == "done"
    return f"{board.url}/status-lists/nursing"


def eventually(holds: object, patience: float = PATIENCE) -> None:
    assert callable(holds)
    deadline = time.monotonic() + patience
    while True:
        try:
            if holds():
                return
        except ApiProblem:
            pass
        assert time.monotonic() < deadline, "not within the time given"
        time.sleep(0.1)


def issued(stage: Stage, status_list: str, index: int) -> dict[str, object]:
    unsigned = licence(
        given="Ana",
        family="Silva",
        holder="did:example:holder",
        issuer=BOARD_DID,
        status_list=status_list,
        index=index,
    )
    answer: dict[str, object] = stage.board.client.post("/credentials/issue", {"credential": unsigned})
    return answer["verifiableCredential"]  # type: ignore[return-value] # JSON


def decision(stage: Stage, node: str, credential: dict[str, object]) -> str:
    client = getattr(stage, node).client
    return str(client.post("/v1/verifications", {"credential": credential})["decision"])


@pytest.mark.timeout(900)
def test_killed_at_any_moment_nothing_told_is_lost(stage: Stage) -> None:
    status_list = accredited_with_list(stage)
    first, canary = issued(stage, status_list, 0), issued(stage, status_list, CANARY)
    workload = Workload(stage, status_list)
    workload.start()
    try:
        kill_and_restart(stage, workload)
    finally:
        workload.ended.set()
        workload.join(PATIENCE)
    assert not workload.refused
    assert workload.told == list(range(len(workload.told)))
    check_answers(stage, status_list, workload.told, first, canary)


def kill_and_restart(stage: Stage, workload: Workload) -> None:
    dice = random.Random(9)
    victims: dict[str, Process] = {
        "ledger": stage.ledger,
        "board": stage.board.process,
        "hospital": stage.hospital.process,
    }
    eventually(lambda: len(workload.told) > 0)
    for _ in range(KILLS):
        time.sleep(dice.random() * LONGEST_LIFE)
        victim = victims[dice.choice(list(victims))]
        victim.kill()
        time.sleep(dice.random() * 0.3)
        victim.start()
    for participant in (stage.board, stage.hospital):
        wait_until(
            f"{participant.process.name} is back", participant.is_ready, list(victims.values()), 2 * PATIENCE
        )
    before = len(workload.told)
    eventually(lambda: len(workload.told) > before)  # it goes on where it was


def check_answers(
    stage: Stage,
    status_list: str,
    revoked: list[int],
    first: dict[str, object],
    canary: dict[str, object],
) -> None:
    for name in ("board", "hospital"):
        client = getattr(stage, name).client
        lists = client.get("/v1/status-lists")["statusLists"]
        assert [one["intact"] for one in lists] == [True]
        eventually(lambda name=name: decision(stage, name, first) == "reject")
        assert decision(stage, name, canary) == "accept"
        eventually(lambda client=client: client.post("/v1/ledger/audit")["agrees"])
    for index in revoked[:: max(1, len(revoked) // 20)] + revoked[-1:]:
        assert decision(stage, "hospital", issued(stage, status_list, index)) == "reject"
