// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/// @title Gap-coded deltas by the plainest code there is: what GapDelta's assembly must agree with
library PlainDelta {
    uint256 internal constant INVALID = type(uint256).max;

    function encode(uint256[] memory ascending) internal pure returns (bytes memory delta) {
        uint256 free;
        for (uint256 i; i < ascending.length; ++i) {
            uint256 gap = ascending[i] - free;
            free = ascending[i] + 1;
            while (gap > 0x7f) {
                delta = abi.encodePacked(delta, uint8(gap & 0x7f | 0x80));
                gap >>= 7;
            }
            delta = abi.encodePacked(delta, uint8(gap));
        }
    }

    /// @return next The position of the number that starts at `index`, plus one; INVALID where it is not canonical
    /// @return after_ Where the number after it starts
    function read(bytes memory delta, uint256 index, uint256 free)
        internal
        pure
        returns (uint256 next, uint256 after_)
    {
        uint256 gap;
        for (uint256 group; group < 4 && index < delta.length; ++group) {
            uint8 octet = uint8(delta[index++]);
            gap |= uint256(octet & 0x7f) << (7 * group);
            if (octet < 0x80) return (octet == 0 && group > 0 ? INVALID : free + gap + 1, index);
        }
        return (INVALID, index);
    }

    function end(bytes memory delta) internal pure returns (uint256 free) {
        if (delta.length == 0) return INVALID;
        for (uint256 index; index < delta.length;) {
            (free, index) = read(delta, index, free);
            if (free == INVALID) return INVALID;
        }
    }
}
