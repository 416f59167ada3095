// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Council} from "../../src/Council.sol";
import {ICouncil} from "../../src/interfaces/ICouncil.sol";
import {Signing} from "./Signing.sol";

/// @notice What proposals are about: counts its calls, refuses on demand, and calls back.
contract Target {
    error Refused(uint256 why);

    uint256 public calls;
    bool public refuses;
    address private _called;
    bytes private _callback;
    bool public calledBack;

    function act() external {
        if (refuses) revert Refused(7);
        ++calls;
    }

    function swiftAct() external {
        ++calls;
    }

    function fail() external pure {
        assembly {
            revert(0, 0)
        }
    }

    function refuse(bool refuses_) external {
        refuses = refuses_;
    }

    function callBack(address called, bytes calldata data) external {
        (_called, _callback) = (called, data);
    }

    function reenter() external {
        ++calls;
        (calledBack,) = _called.call(_callback);
    }
}

/// @notice A council of five whose quorum is four; `swiftAct` needs three, `reenter` has no rule of its own.
abstract contract CouncilTest is Signing {
    uint256 internal constant COUNT = 5;
    uint16 internal constant QUORUM = 4;
    uint16 internal constant SWIFT = 3;
    uint32 internal constant DELAY = 2 days;
    uint48 internal constant START = 1_750_000_000;

    address internal immutable stranger = address(0x57);
    uint256[] internal keys;
    address[] internal governors;
    Council internal council;
    Target internal target;
    Target internal slow;
    uint256 private _salt;

    function setUp() public virtual {
        vm.warp(START);
        for (uint256 i = 1; i <= COUNT; ++i) {
            insert(i * 7919);
        }
        target = new Target();
        slow = new Target();
        ICouncil.Rule[] memory rules = new ICouncil.Rule[](2);
        rules[0] = ICouncil.Rule(address(target), Target.swiftAct.selector, SWIFT, 0);
        rules[1] = ICouncil.Rule(address(slow), bytes4(0), 0, DELAY);
        council = new Council(governors, QUORUM, rules);
    }

    /// @dev Governors ascend, and the keys with them.
    function insert(uint256 key) private {
        keys.push(key);
        governors.push(vm.addr(key));
        for (uint256 i = keys.length - 1; i > 0 && governors[i] < governors[i - 1]; --i) {
            (keys[i], keys[i - 1]) = (keys[i - 1], keys[i]);
            (governors[i], governors[i - 1]) = (governors[i - 1], governors[i]);
        }
    }

    function action(address to, bytes memory data) internal returns (ICouncil.Action memory) {
        return ICouncil.Action(to, data, bytes32(++_salt), uint48(block.timestamp + 10 days), council.epoch());
    }

    function act() internal returns (ICouncil.Action memory) {
        return action(address(target), abi.encodeCall(Target.act, ()));
    }

    function propose(uint256 governor, ICouncil.Action memory it) internal returns (bytes32) {
        vm.prank(governors[governor]);
        return council.propose(it);
    }

    function approve(uint256 governor, ICouncil.Action memory it) internal {
        vm.prank(governors[governor]);
        council.approve(it);
    }

    /// @dev Proposed by the first, approved by as many as are needed in all.
    function decide(ICouncil.Action memory it, uint256 approvals) internal {
        propose(0, it);
        for (uint256 i = 1; i < approvals; ++i) {
            approve(i, it);
        }
    }

    function approval(ICouncil.Action memory it, uint48 deadline) internal view returns (bytes32) {
        return digest(
            "Council",
            address(council),
            abi.encode(
                keccak256(
                    "Approval(address target,bytes data,bytes32 salt,uint48 expiresAt,uint32 epoch,uint48 deadline)"
                ),
                it.target,
                keccak256(it.data),
                it.salt,
                it.expiresAt,
                it.epoch,
                deadline
            )
        );
    }

    /// @dev The first `count` governors' signatures.
    function signed(ICouncil.Action memory it, uint256 count, uint48 deadline)
        internal
        view
        returns (address[] memory signers, bytes[] memory signatures)
    {
        signers = new address[](count);
        signatures = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            (signers[i], signatures[i]) = (governors[i], signature(keys[i], approval(it, deadline)));
        }
    }
}
