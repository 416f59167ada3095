// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Council} from "../src/Council.sol";
import {ICouncil} from "../src/interfaces/ICouncil.sol";
import {CouncilTest, Target} from "./support/CouncilTest.sol";
import {FuzzSelector, Vm} from "./support/Vm.sol";

/// @notice Governors, former ones and strangers propose, approve, sign, carry, replay, cancel and execute in any order
/// while time passes and members change. Beside the council stands a plain count of who approved what.
contract CouncilActors is CouncilTest {
    struct Carried {
        ICouncil.Action action;
        uint48 deadline;
        address[] signers;
        bytes[] signatures;
    }

    uint48 private constant FOR_EVER = type(uint48).max;
    uint48 private constant LIFETIME = 4 days; // so that some expire while they wait

    ICouncil.Action[] private _actions;
    Carried[] private _carried;
    mapping(bytes32 id => mapping(address governor => bool)) private _approved;
    mapping(bytes32 id => uint256) private _approvals;
    mapping(bytes32 id => uint256) private _enoughSince;
    mapping(bytes32 id => bool) private _done;
    bool public tooFew;
    bool public tooEarly;
    bool public twice;
    bool public voidedDone;
    bool public expiredDone;
    uint256 public executed;

    constructor() {
        setUp();
    }

    function proposeSomething(uint256 who, uint256 what) public {
        ICouncil.Action memory it;
        if (what % 4 == 0) it = act();
        if (what % 4 == 1) it = action(address(target), abi.encodeCall(Target.swiftAct, ()));
        if (what % 4 == 2) it = action(address(slow), abi.encodeCall(Target.act, ()));
        if (what % 4 == 3) {
            address[] memory members = new address[](COUNT - what / 4 % 2);
            for (uint256 i; i < members.length; ++i) {
                members[i] = governors[i];
            }
            // Now and then half of them, which is no majority: whoever approves that, it must not be.
            uint16 quorum = uint16(members.length / 2 + (what / 8 % 3 == 0 ? 0 : 1));
            it = action(address(council), abi.encodeCall(Council.setMembers, (members, quorum)));
        }
        it.expiresAt = uint48(block.timestamp) + LIFETIME;
        _actions.push(it);
        uint32 before = council.epoch();
        uint256 needed = needs(it);
        address caller = account(who);
        if (attempt(caller, address(council), abi.encodeCall(Council.propose, (it)))) {
            note(it, caller, before, needed);
        }
    }

    function approveSomething(uint256 who, uint256 which) external {
        if (_actions.length == 0) return;
        approveAs(account(who), _actions[which % _actions.length]);
    }

    /// @dev Else hardly anything would ever come to its quorum.
    function approveTogether(uint256 which) external {
        if (_actions.length == 0) return;
        approveByAll(_actions[which % _actions.length]);
    }

    /// @dev One proposal's whole way, now and then too late or too early: chance alone would seldom come so far.
    function playOut(uint256 what, uint256 waiting, uint256 ripening) external {
        proposeSomething(0, what);
        ICouncil.Action memory it = _actions[_actions.length - 1];
        vm.warp(block.timestamp + waiting % (2 * LIFETIME));
        approveByAll(it);
        vm.warp(block.timestamp + ripening % (2 * DELAY));
        execute(it);
    }

    function approveByAll(ICouncil.Action memory it) private {
        for (uint256 i; i < COUNT; ++i) {
            approveAs(governors[i], it);
        }
    }

    function approveAs(address caller, ICouncil.Action memory it) private {
        uint32 before = council.epoch();
        uint256 needed = needs(it);
        if (attempt(caller, address(council), abi.encodeCall(Council.approve, (it)))) {
            note(it, caller, before, needed);
        }
    }

    function signSomething(uint256 who, uint256 which) external {
        if (_actions.length == 0) return;
        ICouncil.Action memory it = _actions[which % _actions.length];
        uint256 key = keys[who % COUNT];
        Carried storage carried = _carried.push();
        carried.action = it;
        carried.deadline = FOR_EVER;
        carried.signers.push(vm.addr(key));
        carried.signatures.push(signature(key, approval(it, FOR_EVER)));
        carry(_carried.length - 1);
    }

    function carry(uint256 which) public {
        if (_carried.length == 0) return;
        Carried memory it = _carried[which % _carried.length];
        uint32 before = council.epoch();
        uint256 needed = needs(it.action);
        bytes memory data =
            abi.encodeCall(Council.approveSigned, (it.action, it.deadline, it.signers, it.signatures));
        if (!attempt(stranger, address(council), data)) return;
        if (_approved[council.idOf(it.action)][it.signers[0]]) twice = true;
        note(it.action, it.signers[0], before, needed);
    }

    function executeSomething(uint256 which) external {
        if (_actions.length == 0) return;
        execute(_actions[which % _actions.length]);
    }

    function execute(ICouncil.Action memory it) private {
        bytes32 id = council.idOf(it);
        uint32 before = council.epoch();
        uint256 needed = needs(it);
        if (!attempt(stranger, address(council), abi.encodeCall(Council.execute, (it)))) return;
        happened(id, it, before, needed);
    }

    function cancelSomething(uint256 who, uint256 which) external {
        if (_actions.length == 0) return;
        bytes32 id = council.idOf(_actions[which % _actions.length]);
        address caller = account(who);
        address proposer = council.proposal(id).proposer;
        if (attempt(caller, address(council), abi.encodeCall(Council.cancel, (id)))) {
            twice = twice || _done[id];
            tooFew = tooFew || caller != proposer;
        }
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + time % 3 days);
    }

    function account(uint256 who) private view returns (address) {
        who = who % (COUNT + 1);
        return who == COUNT ? stranger : governors[who];
    }

    function needs(ICouncil.Action memory it) private view returns (uint256 approvals) {
        (approvals,) = council.ruleOf(it.target, bytes4(it.data));
        uint256 majority = council.governors().length / 2 + 1;
        if (approvals < majority) approvals = type(uint256).max; // no rule may ever come to this
    }

    function note(ICouncil.Action memory it, address governor, uint32 before, uint256 needed) private {
        bytes32 id = council.idOf(it);
        if (_approved[id][governor]) twice = true;
        _approved[id][governor] = true;
        if (++_approvals[id] >= needed && _enoughSince[id] == 0) _enoughSince[id] = block.timestamp;
        if (council.proposal(id).state == ICouncil.State.Executed) happened(id, it, before, needed);
    }

    function happened(bytes32 id, ICouncil.Action memory it, uint32 before, uint256 needed) private {
        ++executed;
        twice = twice || _done[id];
        _done[id] = true;
        tooFew = tooFew || _approvals[id] < needed;
        voidedDone = voidedDone || it.epoch != before;
        expiredDone = expiredDone || block.timestamp >= it.expiresAt;
        if (it.target == address(slow)) {
            tooEarly = tooEarly || _enoughSince[id] == 0 || block.timestamp < _enoughSince[id] + DELAY;
        }
    }

    function quorumIsAMajority() external view returns (bool) {
        return uint256(council.quorum()) * 2 > council.governors().length;
    }

    function calls() external view returns (uint256) {
        return target.calls() + slow.calls() + council.epoch() - 1;
    }
}

contract CouncilInvariants {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    CouncilActors private actors;

    function setUp() public {
        actors = new CouncilActors();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actors);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = CouncilActors.proposeSomething.selector;
        selectors[1] = CouncilActors.approveSomething.selector;
        selectors[2] = CouncilActors.signSomething.selector;
        selectors[3] = CouncilActors.carry.selector;
        selectors[4] = CouncilActors.executeSomething.selector;
        selectors[5] = CouncilActors.cancelSomething.selector;
        selectors[6] = CouncilActors.pass.selector;
        selectors[7] = CouncilActors.approveTogether.selector;
        selectors[8] = CouncilActors.playOut.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(actors), selectors);
    }

    function invariant_NoActionBelowItsQuorum() public view {
        vm.assertFalse(actors.tooFew());
    }

    function invariant_NoDelayedActionBeforeItIsRipe() public view {
        vm.assertFalse(actors.tooEarly());
    }

    function invariant_NothingVoidedIsDone() public view {
        vm.assertFalse(actors.voidedDone());
    }

    function invariant_NothingExpiredIsDone() public view {
        vm.assertFalse(actors.expiredDone());
    }

    function invariant_TheQuorumIsAlwaysAMajority() public view {
        vm.assertTrue(actors.quorumIsAMajority());
    }

    function invariant_NoApprovalCountsTwiceAndNothingIsDoneTwice() public view {
        vm.assertFalse(actors.twice());
        vm.assertEq(actors.calls(), actors.executed());
    }
}
