// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {GapDelta} from "../src/GapDelta.sol";
import {PlainDelta} from "./support/PlainDelta.sol";
import {Vm} from "./support/Vm.sol";

contract GapDeltaTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function end(bytes calldata delta) external pure returns (uint256) {
        return GapDelta.end(delta);
    }

    function testFuzz_AgreesWithThePlainReadingOnAnyBytes(bytes calldata delta) public view {
        vm.assertEq(this.end(delta), PlainDelta.end(delta));
    }

    /// @dev Mostly small bytes, so that the path for 32 numbers at once and its edges are really taken.
    function testFuzz_AgreesWithThePlainReadingOnSmallGaps(bytes memory delta, uint8 every) public view {
        for (uint256 i; i < delta.length; ++i) {
            if (every == 0 || i % (uint256(every) + 1) != 0) delta[i] = bytes1(uint8(delta[i]) & 0x7f);
        }
        vm.assertEq(this.end(delta), PlainDelta.end(delta));
    }

    function testFuzz_EndsAfterTheLastPosition(uint24[] memory gaps) public view {
        vm.assume(gaps.length != 0);
        uint256[] memory positions = new uint256[](gaps.length);
        uint256 free;
        for (uint256 i; i < gaps.length; ++i) {
            positions[i] = free + gaps[i];
            free = positions[i] + 1;
        }
        vm.assertEq(this.end(PlainDelta.encode(positions)), free);
    }

    function test_Edges() public view {
        uint256 invalid = type(uint256).max;
        vm.assertEq(this.end(hex""), invalid);
        vm.assertEq(this.end(hex"00"), 1);
        vm.assertEq(this.end(hex"7f"), 128);
        vm.assertEq(this.end(hex"8001"), 129);
        vm.assertEq(this.end(hex"ffffff7f"), 1 << 28);
        vm.assertEq(this.end(hex"8000"), invalid); // padded
        vm.assertEq(this.end(hex"80"), invalid); // cut short
        vm.assertEq(this.end(hex"ffffffff01"), invalid); // five bytes
    }

    /// @dev The bytes after the delta in the call data are not part of it.
    function test_DoesNotReadBeyondTheEnd() public {
        bytes memory delta = hex"0080";
        bytes memory call = abi.encodeCall(this.end, (delta));
        call[4 + 64 + 2] = 0x01; // in the padding: would complete the number
        (bool succeeded, bytes memory result) = address(this).call(call);
        vm.assertTrue(succeeded);
        vm.assertEq(abi.decode(result, (uint256)), type(uint256).max);
    }
}
