// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title A contract with an owner who can be replaced but never lost
/// @notice Ownership moves in two steps, so that a mistyped address cannot take it, and cannot be given up.
abstract contract Governed is Ownable2Step {
    error OwnershipCannotBeRenounced();

    constructor(address owner) Ownable(owner) {}

    /// @notice Always reverts: without an owner, no issuer could be suspended any more.
    function renounceOwnership() public pure override {
        revert OwnershipCannotBeRenounced();
    }
}
