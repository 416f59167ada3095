"""The demo, step by step: each does the real thing, checks the outcome, and says in a line what happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import orjson

from node.cli.client import ApiProblem
from node.cli.commands.keys import addresses_in
from node.cli.demo import register
from node.cli.demo.listener import AlertListener
from node.cli.demo.processes import ProcessFailed
from node.cli.demo.stage import BOARD_DID, Stage
from node.cli.demo.wallet import Wallet, new_challenge
from node.keys import new_secret
from registry.publisher.signer import LocalSigner

PATIENCE = 60  # seconds until something put on the ledger must be final
REVOCATION_PATIENCE = 2.0  # seconds until everybody must know
ANA, BEN = 407, 815  # entries of two nurses
UNTIL = "2035-01-01T00:00:00Z"
Say = Callable[[str, float | None, str], None]
"""What happened, how long it took in seconds, and a remark."""


class DemoFailed(Exception):
    """A step did not end as it must."""


class Story:
    """Remembers what later steps need."""

    def __init__(self, stage: Stage, listener: AlertListener, say: Say) -> None:
        self._stage = stage
        self._listener = listener
        self._say = say
        self._status_list = ""
        self._ana, self._ben = Wallet(), Wallet()
        self._licences: dict[str, dict[str, Any]] = {}
        self.examples: dict[str, dict[str, Any]] = {}
        """Credentials to try on the page, by file name."""

    def tell(self) -> None:
        """All of it. Raises DemoFailed, ApiProblem, ProcessFailed."""
        self.start()
        self.accredit()
        self.publish_register()
        self.issue()
        self.verify_and_enrol()
        self.revoke()
        self.without_the_board()
        self.show_skills()

    def start(self) -> None:
        with self._timed("ledger started, contracts deployed"):
            self._stage.start_ledger()
        with self._timed("a board's node and a hospital's node started, with a database each"):
            self._stage.start_nodes()

    def accredit(self) -> None:
        hospital, board = self._stage.hospital.client, self._stage.board
        with self._timed("board accredited for nursing licences in US-CO"):
            self._done(
                hospital.post(
                    "/v1/issuers",
                    {
                        "did": BOARD_DID,
                        "name": "Example State Board of Nursing",
                        "credentialTypes": [register.LICENCE_TYPE],
                        "jurisdictions": ["US-CO"],
                        "validUntil": UNTIL,
                        **addresses_in(board.folder),
                        "wait": PATIENCE,
                    },
                )
            )
        self._until("the board hears of it", lambda: bool(board.client.get(f"/v1/issuers/{BOARD_DID}")))
        with self._timed("board pinned its DID document (its own web server is never asked)"):
            self._done(board.client.post("/v1/dids", {"wait": PATIENCE}))

    def publish_register(self) -> None:
        board = self._stage.board.client
        with self._timed("status list created (131,072 entries)"):
            self._done(board.post("/v1/status-lists", {"name": "nursing", "wait": PATIENCE}))
        self._status_list = f"{self._stage.board.url}/status-lists/nursing"
        csv = register.register_csv(register.register_rows({ANA, BEN}))
        with self._timed("register of 1,000 licences published", f"{register.REVOKED_AT_FIRST} revoked"):
            self._done(
                board.post(
                    "/v1/status-lists/updates",
                    {"uri": self._status_list, "register": csv, "wait": PATIENCE},
                )
            )

    def issue(self) -> None:
        with self._timed("two nurses got their licences"):
            for name, given, family, wallet, index in (
                ("ana", "Ana", "Silva", self._ana, ANA),
                ("ben", "Ben", "Okafor", self._ben, BEN),
            ):
                unsigned = register.licence(
                    given=given,
                    family=family,
                    holder=wallet.did,
                    issuer=BOARD_DID,
                    status_list=self._status_list,
                    index=index,
                )
                answer = self._stage.board.client.post("/credentials/issue", {"credential": unsigned})
                self._licences[name] = answer["verifiableCredential"]
        self.examples["licence.json"] = self._licences["ben"]
        self._until("the hospital knows the list", lambda: self._decision("ben", self._ben) == "accept")

    def verify_and_enrol(self) -> None:
        started = time.perf_counter()
        verdict = self._present("ana", self._ana)
        took = time.perf_counter() - started
        self._expect(verdict, "accept")
        summary = verdict["credentials"][0]["summary"]
        self._say(
            f"hospital verified {summary['subject']['name']}'s presentation: in good standing",
            took,
            f"{summary['title']}, by {summary['issuer']['recognisedName']}",
        )
        with self._timed("hospital enrolled her licence"):
            self._stage.hospital.client.post(
                "/v1/enrolments", {"credential": self._licences["ana"], "reference": "employee-4711"}
            )

    def revoke(self) -> None:
        board = self._stage.board.client
        started = time.monotonic()
        self._done(
            board.post(
                "/v1/status-lists/updates",
                {"uri": self._status_list, "entries": [{"index": ANA, "value": 1}], "wait": PATIENCE},
            )
        )
        self._say("board revoked it, on the ledger", time.monotonic() - started, "")
        while (verdict := self._present("ana", self._ana))["decision"] == "accept":
            if time.monotonic() - started > REVOCATION_PATIENCE:
                raise DemoFailed("two seconds after the revocation the hospital still accepts the licence")
        known = time.monotonic() - started
        self._expect(verdict, "reject")
        status = next(c for c in verdict["credentials"][0]["checks"] if c["id"] == "status")
        if status["reason"] != "revoked":
            raise DemoFailed(f"rejected for {status['reason']}, not because it was revoked")
        self._say("hospital's next verdict: not valid", known, status["detail"])
        self.examples["revoked-licence.json"] = self._licences["ana"]
        arrived = self._listener.wait(REVOCATION_PATIENCE)
        if arrived is None:
            raise DemoFailed("no alert arrived by webhook")
        self._say("the alert arrived by webhook, unasked", arrived[0] - started, _reference_of(arrived[1]))

    def without_the_board(self) -> None:
        with self._timed("board's node stopped"):
            self._stage.board.process.stop()
        started = time.perf_counter()
        verdict = self._present("ben", self._ben)
        took = time.perf_counter() - started
        self._expect(verdict, "accept")
        self._say("hospital verified Ben Okafor's all the same", took, "nothing was asked of the board")

    def show_skills(self) -> None:
        raw = resources.files("node.cli.demo").joinpath("welding-certificate.json").read_bytes()
        certificate = orjson.loads(raw)
        institute = certificate["issuer"]["id"]
        admin, operator = (LocalSigner(new_secret()).address for _ in range(2))  # it will publish nothing
        with self._timed("welding institute accredited too"):
            self._done(
                self._stage.hospital.client.post(
                    "/v1/issuers",
                    {
                        "did": institute,
                        "name": "Example Welding Institute",
                        "credentialTypes": ["OpenBadgeCredential"],
                        "validUntil": UNTIL,
                        "admin": admin,
                        "operator": operator,
                        "wait": PATIENCE,
                    },
                )
            )
        started = time.perf_counter()
        verdict = self._stage.hospital.client.post("/v1/verifications", {"credential": certificate})
        took = time.perf_counter() - started
        self._expect(verdict, "accept")
        self.examples["welding-certificate.json"] = certificate
        summary = verdict["credentials"][0]["summary"]
        self._say(
            f"{summary['subject']['name']}'s welding certificate (Open Badges 3.0) verified",
            took,
            summary["title"],
        )
        for skill in summary["skills"]:
            self._say(f"    skill: {skill['name']}", None, skill["proficiency"] or "no level named")

    # --- small change

    def _present(self, name: str, wallet: Wallet) -> dict[str, Any]:
        challenge, domain = new_challenge(), self._stage.hospital.url
        presentation = wallet.present(self._licences[name], challenge=challenge, domain=domain)
        body = {"presentation": presentation, "challenge": challenge, "domain": domain}
        verdict: dict[str, Any] = self._stage.hospital.client.post("/v1/verifications", body)
        return verdict

    def _decision(self, name: str, wallet: Wallet) -> str:
        return str(self._present(name, wallet)["decision"])

    def _expect(self, verdict: dict[str, Any], decision: str) -> None:
        if verdict["decision"] != decision:
            checks = [*verdict["checks"], *(c for one in verdict["credentials"] for c in one["checks"])]
            wrong = "; ".join(f"{c['id']}: {c['reason']}, {c['detail']}" for c in checks if c["reason"] != "ok")
            raise DemoFailed(f"the verdict is {verdict['decision']}, not {decision}: {wrong}")

    def _done(self, publication: dict[str, Any]) -> None:
        if publication["state"] != "done":
            raise DemoFailed(f"{publication['action']} is {publication['state']}: {publication['error']}")

    def _until(self, what: str, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if holds():
                    return
            except ApiProblem as problem:
                if problem.body.get("status") != 404:
                    raise
            if time.monotonic() > deadline:
                raise ProcessFailed(f"{what}: not within {PATIENCE} seconds")
            time.sleep(0.02)

    @contextmanager
    def _timed(self, what: str, remark: str = "") -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._say(what, time.perf_counter() - started, remark)


def _reference_of(alert: dict[str, Any]) -> str:
    found = alert.get("reference") or alert.get("alert", {}).get("reference", "")
    return f"for {found}" if found else ""
