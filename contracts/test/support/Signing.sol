// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Vm} from "./Vm.sol";

/// @notice EIP-712 by the book, not by the library the contracts use; and how a test expects to be refused.
abstract contract Signing {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function digest(string memory name, address registry, bytes memory message)
        internal
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                registry
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(message)));
    }

    function signature(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return abi.encodePacked(r, s, v);
    }

    /// @dev `who` calls; true: it went through.
    function attempt(address who, address registry, bytes memory data) internal returns (bool succeeded) {
        vm.prank(who);
        (succeeded,) = registry.call(data);
    }

    function refused(bytes4 selector) internal {
        vm.expectRevert(abi.encodePacked(selector));
    }
}
