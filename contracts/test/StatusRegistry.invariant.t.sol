// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {IStatusRegistry} from "../src/interfaces/IStatusRegistry.sol";
import {PlainDelta} from "./support/PlainDelta.sol";
import {RegistryTest} from "./support/RegistryTest.sol";
import {FuzzSelector, Vm} from "./support/Vm.sol";

/// @notice Does what two boards, the owner and a thief might, in any order, and keeps what a replica would keep.
contract StatusActors is RegistryTest {
    uint32 public constant SIZE = 1024;
    bytes32 private constant STATUS_UPDATE = keccak256(
        "StatusUpdate(bytes32 listId,uint64 seq,bytes32 prevHead,bytes32 deltaHash,bytes32 root,uint48 effectiveAt,uint64 deadline)"
    );

    struct Replica {
        uint32 holder;
        uint8 purpose;
        bytes32 head;
        uint64 seq;
        bool closed;
        bool gap; // a sequence number was skipped or used twice
        bool unexplained; // an event by someone who had no right to cause it
        bytes[] deltas;
    }

    struct Carried {
        IStatusRegistry.Update update;
        uint64 deadline;
        address signer;
        bytes signature;
    }

    bytes32[2] public lists;
    mapping(bytes32 listId => Replica) private _replicas;
    Carried[] private _carried;
    bool public replayed;

    constructor() {
        setUp();
        vm.recordLogs();
        create(operator, board, "urn:revocation", 1);
        create(otherOperator, otherBoard, "urn:suspension", 2);
    }

    function create(address who, uint32 issuerId, string memory uri, uint8 purpose) private {
        vm.prank(who);
        bytes32 listId = statuses.create(issuerId, uri, SIZE, purpose, 1, 0);
        lists[purpose - 1] = listId;
        Replica storage replica = _replicas[listId];
        (replica.holder, replica.purpose) = (issuerId, purpose);
        replica.head = keccak256(abi.encode(listId, issuerId, SIZE, purpose, uint8(1), bytes32(0)));
        replicate(true, true);
    }

    // --- what may happen

    function publish(uint256 list, uint256 actor, uint16 first, uint8 gap, uint8 ahead) external {
        bytes32 listId = lists[list % 2];
        address who = actorOf(actor);
        IStatusRegistry.Update memory it = updateOf(listId, first, gap, ahead);
        bool entitled = issuers.issuerIdOfOperator(who) == _replicas[listId].holder;
        bool done = attempt(
            who,
            address(statuses),
            abi.encodeCall(statuses.publish, (it.listId, it.seq, it.root, it.effectiveAt, it.delta))
        );
        replicate(done, entitled);
    }

    function publishMany(uint256 actor, uint16 first, uint8 gap) external {
        IStatusRegistry.Update[] memory updates = new IStatusRegistry.Update[](2);
        updates[0] = updateOf(lists[0], first, gap, 0);
        updates[1] = updateOf(lists[1], first, gap, 0);
        address who = actorOf(actor);
        uint32 issuerId = issuers.issuerIdOfOperator(who);
        bool done = attempt(who, address(statuses), abi.encodeCall(statuses.publishMany, (updates)));
        replicate(done, issuerId == _replicas[lists[0]].holder && issuerId == _replicas[lists[1]].holder);
    }

    function publishSigned(uint256 list, uint256 actor, uint16 first, uint8 gap) external {
        bytes32 listId = lists[list % 2];
        (uint256 key, address signer) =
            actor % 2 == 0 ? (OPERATOR_KEY, operator) : (OTHER_OPERATOR_KEY, otherOperator);
        IStatusRegistry.Update memory it = updateOf(listId, first, gap, 0);
        uint64 deadline = uint64(block.timestamp + 1 days);
        bytes memory message = abi.encode(
            STATUS_UPDATE,
            listId,
            it.seq,
            statuses.head(listId),
            keccak256(it.delta),
            it.root,
            it.effectiveAt,
            deadline
        );
        bytes memory bySigner = signature(key, digest("StatusRegistry", address(statuses), message));
        bool entitled = issuers.issuerIdOfOperator(signer) == _replicas[listId].holder;
        bytes memory call = abi.encodeCall(statuses.publishSigned, (it, deadline, signer, bySigner));
        bool done = attempt(stranger, address(statuses), call);
        if (done) _carried.push(Carried(it, deadline, signer, bySigner));
        replicate(done, entitled);
    }

    /// @dev A thief carries an old signature again, as it was or under the number that is next.
    function carryAgain(uint256 which, bool renumbered) external {
        if (_carried.length == 0) return;
        Carried memory it = _carried[which % _carried.length];
        if (renumbered) it.update.seq = statuses.list(it.update.listId).seq + 1;
        bytes memory call =
            abi.encodeCall(statuses.publishSigned, (it.update, it.deadline, it.signer, it.signature));
        bool done = attempt(stranger, address(statuses), call);
        replayed = replayed || done;
        replicate(done, false);
    }

    function publishEmergency(uint256 list, uint256 actor, uint16 first, uint8 gap) external {
        bytes32 listId = lists[list % 2];
        address who = actorOf(actor);
        bool done = attempt(
            who, address(statuses), abi.encodeCall(statuses.publishEmergency, (updateOf(listId, first, gap, 0)))
        );
        replicate(done, who == governor && _replicas[listId].purpose == 1);
    }

    function move(uint256 list, uint256 actor, uint32 toIssuer) external {
        address who = actorOf(actor);
        bool done =
            attempt(who, address(statuses), abi.encodeCall(statuses.move, (lists[list % 2], toIssuer % 4)));
        replicate(done, who == governor);
    }

    /// @dev Seldom, or nothing would be left to do.
    function close(uint256 list, uint256 actor, uint8 chance) external {
        bytes32 listId = lists[list % 2];
        address who = actorOf(actor);
        bool done = chance < 8 && attempt(who, address(statuses), abi.encodeCall(statuses.close, (listId)));
        replicate(done, who == issuers.issuer(_replicas[listId].holder).admin);
    }

    function suspend(uint256 which) external {
        bool done =
            attempt(governor, address(issuers), abi.encodeCall(issuers.suspend, (uint32(1 + which % 2), "")));
        replicate(done, true);
    }

    function reinstate(uint256 which) external {
        bool done =
            attempt(governor, address(issuers), abi.encodeCall(issuers.reinstate, (uint32(1 + which % 2), "")));
        replicate(done, true);
    }

    function actorOf(uint256 actor) private view returns (address) {
        address[8] memory actors =
            [operator, operator, otherOperator, otherOperator, admin, otherAdmin, governor, stranger];
        return actors[actor % actors.length];
    }

    function updateOf(bytes32 listId, uint16 first, uint8 gap, uint8 ahead)
        private
        view
        returns (IStatusRegistry.Update memory)
    {
        uint256[] memory positions = new uint256[](2);
        positions[0] = first % (SIZE + 8); // now and then beyond the end
        positions[1] = positions[0] + 1 + gap;
        uint64 seq = statuses.list(listId).seq + (ahead % 4 == 3 ? 2 : 1);
        bytes memory delta = PlainDelta.encode(positions);
        return IStatusRegistry.Update(listId, seq, keccak256(delta), uint48(block.timestamp), delta);
    }

    // --- what a replica does with the log

    /// @dev Logs of calls that were undone are recorded too: `done` says whether they count.
    function replicate(bool done, bool entitled) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (!done) return;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(statuses)) continue;
            Replica storage replica = _replicas[logs[i].topics[1]];
            bytes32 kind = logs[i].topics[0];
            if (!entitled) replica.unexplained = true;
            if (kind == IStatusRegistry.StatusPublished.selector) {
                apply_(replica, uint64(uint256(logs[i].topics[2])), logs[i].data);
            } else if (kind == IStatusRegistry.StatusListMoved.selector) {
                replica.holder = uint32(uint256(logs[i].topics[3]));
            } else if (kind == IStatusRegistry.StatusListClosed.selector) {
                replica.closed = true;
            }
        }
    }

    function apply_(Replica storage replica, uint64 seq, bytes memory data) private {
        (, bytes32 root, uint48 effectiveAt, bytes memory delta) =
            abi.decode(data, (bytes32, bytes32, uint48, bytes));
        replica.gap = replica.gap || seq != replica.seq + 1 || replica.closed;
        replica.seq = seq;
        replica.head = keccak256(abi.encode(replica.head, seq, keccak256(delta), root, effectiveAt));
        replica.deltas.push(delta);
    }

    /// @notice The bits by the log alone, under the purpose that the contract's storage now states.
    /// @return cleared A bit was set on a revocation list, and a later update took it back
    function replay(bytes32 listId) external view returns (bool cleared) {
        bytes[] storage deltas = _replicas[listId].deltas;
        bool sets = statuses.list(listId).purpose == 1;
        bool[] memory bits = new bool[](SIZE);
        bool[] memory revoked = new bool[](SIZE);
        for (uint256 i; i < deltas.length; ++i) {
            bytes memory delta = deltas[i];
            uint256 free;
            for (uint256 index; index < delta.length;) {
                (free, index) = PlainDelta.read(delta, index, free);
                bits[free - 1] = sets || !bits[free - 1]; // a position beyond the end panics
                revoked[free - 1] = true;
            }
        }
        for (uint256 position; position < SIZE; ++position) {
            cleared = cleared || (revoked[position] && !bits[position]);
        }
    }

    function replicaOf(bytes32 listId)
        external
        view
        returns (bytes32 head, uint64 seq, bool closed, bool gap, bool unexplained)
    {
        Replica storage it = _replicas[listId];
        return (it.head, it.seq, it.closed, it.gap, it.unexplained);
    }

    function storedOf(bytes32 listId) external view returns (bytes32 head, IStatusRegistry.List memory list) {
        return (statuses.head(listId), statuses.list(listId));
    }
}

contract StatusRegistryInvariants {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    StatusActors private actors;

    function setUp() public {
        actors = new StatusActors();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actors);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = StatusActors.publish.selector;
        selectors[1] = StatusActors.publishMany.selector;
        selectors[2] = StatusActors.publishSigned.selector;
        selectors[3] = StatusActors.carryAgain.selector;
        selectors[4] = StatusActors.publishEmergency.selector;
        selectors[5] = StatusActors.move.selector;
        selectors[6] = StatusActors.close.selector;
        selectors[7] = StatusActors.suspend.selector;
        selectors[8] = StatusActors.reinstate.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(actors), selectors);
    }

    function invariant_TheHeadBindsTheLogAndNoNumberIsSkipped() public view {
        for (uint256 i; i < 2; ++i) {
            bytes32 listId = actors.lists(i);
            (bytes32 head, uint64 seq, bool closed, bool gap,) = actors.replicaOf(listId);
            (bytes32 storedHead, IStatusRegistry.List memory list) = actors.storedOf(listId);
            vm.assertEq(head, storedHead);
            vm.assertEq(seq, list.seq);
            vm.assertEq(closed, list.closed);
            vm.assertFalse(gap);
        }
    }

    function invariant_NoUpdateTakesARevocationBack() public view {
        vm.assertFalse(actors.replay(actors.lists(0)));
    }

    function invariant_NobodyPublishesForAnotherTenant() public view {
        for (uint256 i; i < 2; ++i) {
            (,,,, bool unexplained) = actors.replicaOf(actors.lists(i));
            vm.assertFalse(unexplained);
        }
    }

    function invariant_NoSignatureIsGoodTwice() public view {
        vm.assertFalse(actors.replayed());
    }
}
