// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/// @title Where the contracts of this network are
/// @notice Contracts are never changed; one that is replaced gets its successor's address here, by a decision of
/// the Council that it must wait for (its rule). Replicas follow the successor from the block after the change.
interface IDirectory {
    /// @param version 1 for the first address of this name
    event EntryChanged(bytes32 indexed nameHash, uint32 indexed version, address indexed target, string name);

    error InvalidName();
    error NoContract(address target);
    error Unchanged(bytes32 nameHash);

    /// @notice By the owner.
    /// @param name 1 to 64 characters of ASCII, e.g. "StatusRegistry"
    function set(string calldata name, address target) external;

    /// @return target Zero: nothing has this name
    /// @return version How many addresses the name has had
    function entry(string calldata name) external view returns (address target, uint32 version);
}
