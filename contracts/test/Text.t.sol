// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Text} from "../src/Text.sol";
import {Vm} from "./support/Vm.sol";

contract TextTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function isLine(string calldata text) external pure returns (bool) {
        return Text.isLine(text, 64);
    }

    function isIdentifier(string calldata text) external pure returns (bool) {
        return Text.isIdentifier(text, 64);
    }

    /// @dev Octets as they are, without the compiler's own check of literals.
    function line(bytes memory octets) private view returns (bool) {
        return this.isLine(string(octets));
    }

    function test_LinesAreWellFormed() public view {
        vm.assertTrue(line(""));
        vm.assertTrue(line(bytes(unicode"Zürich – 東京 🩺")));
        vm.assertTrue(line(hex"c280"));
        vm.assertTrue(line(hex"dfbf"));
        vm.assertTrue(line(hex"e0a080"));
        vm.assertTrue(line(hex"ed9fbf"));
        vm.assertTrue(line(hex"efbfbf"));
        vm.assertTrue(line(hex"f0908080"));
        vm.assertTrue(line(hex"f48fbfbf"));
    }

    function test_LinesThatWouldStopAReplicaAreRefused() public view {
        vm.assertFalse(line(hex"80")); // a continuation alone
        vm.assertFalse(line(hex"c0af")); // overlong, two bytes
        vm.assertFalse(line(hex"c1bf"));
        vm.assertFalse(line(hex"e09fbf")); // overlong, three bytes
        vm.assertFalse(line(hex"eda080")); // a surrogate
        vm.assertFalse(line(hex"f08fbfbf")); // overlong, four bytes
        vm.assertFalse(line(hex"f4908080")); // beyond U+10FFFF
        vm.assertFalse(line(hex"f5808080"));
        vm.assertFalse(line(hex"ff"));
        vm.assertFalse(line(hex"c3")); // cut short
        vm.assertFalse(line(hex"e282"));
        vm.assertFalse(line(hex"f09f92"));
        vm.assertFalse(line(hex"c328")); // not continued
        vm.assertFalse(line(hex"e28228"));
    }

    function test_LinesHaveNoControlCharacters() public view {
        vm.assertFalse(line(hex"410042")); // NUL, which not every database stores
        vm.assertFalse(line(hex"410a"));
        vm.assertFalse(line(hex"7f"));
    }

    function test_LinesAreBounded() public view {
        vm.assertTrue(line(repeated("a", 64)));
        vm.assertFalse(line(repeated("a", 65)));
    }

    function test_IdentifiersAreVisibleAscii() public view {
        vm.assertTrue(this.isIdentifier("https://board.example/status/1?x=%20#~"));
        vm.assertFalse(this.isIdentifier(""));
        vm.assertFalse(this.isIdentifier("a b"));
        vm.assertFalse(this.isIdentifier(unicode"https://bücher.example"));
        vm.assertFalse(this.isIdentifier(string(bytes.concat(hex"61ff"))));
        vm.assertFalse(this.isIdentifier(string(repeated("a", 65))));
    }

    function repeated(bytes1 letter, uint256 count) private pure returns (bytes memory text) {
        text = new bytes(count);
        for (uint256 i; i < count; ++i) {
            text[i] = letter;
        }
    }

    /// @dev Every encoding of a code point by the book is taken; every one with a byte cut off is not.
    function testFuzz_EveryScalarValue(uint32 seed) public view {
        uint32 point = 0x80 + seed % (0x110000 - 0x80);
        bool surrogate = point >= 0xd800 && point <= 0xdfff;
        bytes memory octets = point < 0x800
            ? abi.encodePacked(uint8(0xc0 | point >> 6), tail(point))
            : point < 0x10000
                ? abi.encodePacked(uint8(0xe0 | point >> 12), tail(point >> 6), tail(point))
                : abi.encodePacked(uint8(0xf0 | point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
        vm.assertEq(line(octets), !surrogate);
        bytes memory cut = new bytes(octets.length - 1);
        for (uint256 i; i < cut.length; ++i) {
            cut[i] = octets[i];
        }
        vm.assertFalse(line(cut));
    }

    function tail(uint32 bits) private pure returns (uint8) {
        return uint8(0x80 | bits & 0x3f);
    }
}
