// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/// @title Which strings may enter the log
/// @notice Replicas stop at an event they cannot decode or store, so one malformed string would stop them all.
/// Every string is therefore checked before it is emitted.
library Text {
    /// @notice 1 to `limit` bytes of visible ASCII: what a URI (RFC 3986) and a DID are made of.
    function isIdentifier(string calldata text, uint256 limit) internal pure returns (bool) {
        bytes calldata octets = bytes(text);
        if (octets.length == 0 || octets.length > limit) return false;
        for (uint256 i; i < octets.length; ++i) {
            if (octets[i] < 0x21 || octets[i] > 0x7e) return false;
        }
        return true;
    }

    /// @notice At most `limit` bytes of UTF-8 (Unicode 16, table 3-7: Well-Formed UTF-8 Byte Sequences) without
    /// ASCII control characters. May be empty.
    function isLine(string calldata text, uint256 limit) internal pure returns (bool) {
        bytes calldata octets = bytes(text);
        if (octets.length > limit) return false;
        uint256 i;
        while (i < octets.length) {
            uint8 lead = uint8(octets[i++]);
            if (lead < 0x20 || lead == 0x7f) return false;
            if (lead < 0x80) continue;

            // The first byte says how many follow, and narrows the range of the second.
            uint256 following;
            (uint8 low, uint8 high) = (0x80, 0xbf);
            if (lead >= 0xc2 && lead <= 0xdf) {
                following = 1;
            } else if (lead >= 0xe0 && lead <= 0xef) {
                following = 2;
                if (lead == 0xe0) low = 0xa0; // shorter forms exist
                if (lead == 0xed) high = 0x9f; // surrogates
            } else if (lead >= 0xf0 && lead <= 0xf4) {
                following = 3;
                if (lead == 0xf0) low = 0x90; // shorter forms exist
                if (lead == 0xf4) high = 0x8f; // beyond U+10FFFF
            } else {
                return false;
            }
            if (i + following > octets.length) return false;
            for (; following > 0; --following) {
                uint8 next = uint8(octets[i++]);
                if (next < low || next > high) return false;
                (low, high) = (0x80, 0xbf);
            }
        }
        return true;
    }
}
