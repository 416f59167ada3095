// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Governed} from "./Governed.sol";
import {Text} from "./Text.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";

/// @title Where the contracts of this network are
contract Directory is IDirectory, Governed {
    struct Entry {
        address target;
        uint32 version;
    }

    uint256 private constant MAX_NAME = 64;

    mapping(bytes32 nameHash => Entry) private _entries;

    /// @dev Unlike later ones, the first targets may be on their way to the ledger still.
    constructor(address owner, string[] memory names, address[] memory targets) Governed(owner) {
        for (uint256 i; i < names.length; ++i) {
            _set(names[i], targets[i]);
        }
    }

    /// @inheritdoc IDirectory
    function set(string calldata name, address target) external onlyOwner {
        if (!Text.isIdentifier(name, MAX_NAME)) revert InvalidName();
        if (target.code.length == 0) revert NoContract(target); // a mistyped address would leave everybody without
        _set(name, target);
    }

    /// @inheritdoc IDirectory
    function entry(string calldata name) external view returns (address target, uint32 version) {
        Entry storage it = _entries[keccak256(bytes(name))];
        return (it.target, it.version);
    }

    function _set(string memory name, address target) private {
        bytes32 nameHash = keccak256(bytes(name));
        Entry storage it = _entries[nameHash];
        if (it.target == target) revert Unchanged(nameHash);
        it.target = target;
        ++it.version;
        emit EntryChanged(nameHash, it.version, target, name);
    }
}
