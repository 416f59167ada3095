// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Directory} from "../src/Directory.sol";
import {IDirectory} from "../src/interfaces/IDirectory.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

contract DirectoryTest is RegistryTest {
    Directory private _directory;

    function setUp() public override {
        super.setUp();
        (string[] memory names, address[] memory targets) = (new string[](2), new address[](2));
        (names[0], targets[0]) = ("IssuerRegistry", address(issuers));
        (names[1], targets[1]) = ("StatusRegistry", address(statuses));
        _directory = new Directory(governor, names, targets);
    }

    function test_NamesStandForAddressesAndSuccessors() public {
        requireEntry("StatusRegistry", address(statuses), 1);
        vm.expectEmit(address(_directory));
        emit IDirectory.EntryChanged(keccak256("StatusRegistry"), 2, address(dids), "StatusRegistry");
        vm.prank(governor);
        _directory.set("StatusRegistry", address(dids));
        requireEntry("StatusRegistry", address(dids), 2);
        requireEntry("IssuerRegistry", address(issuers), 1);
        requireEntry("Nothing", address(0), 0);
    }

    function test_OnlyTheOwnerNames() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        _directory.set("StatusRegistry", address(dids));
    }

    function test_OnlyContractsAreNamed() public {
        vm.expectRevert(abi.encodeWithSelector(IDirectory.NoContract.selector, stranger));
        vm.prank(governor);
        _directory.set("StatusRegistry", stranger);
    }

    function test_TheSameAddressIsNoChange() public {
        vm.expectRevert(abi.encodeWithSelector(IDirectory.Unchanged.selector, keccak256("StatusRegistry")));
        vm.prank(governor);
        _directory.set("StatusRegistry", address(statuses));
    }

    function test_NamesAreTextThatReplicasCanRead() public {
        string[3] memory names = ["", "two words", string(new bytes(65))];
        for (uint256 i; i < names.length; ++i) {
            refused(IDirectory.InvalidName.selector);
            vm.prank(governor);
            _directory.set(names[i], address(dids));
        }
    }

    function requireEntry(string memory name, address expected, uint32 expectedVersion) private view {
        (address found, uint32 version) = _directory.entry(name);
        vm.assertEq(found, expected);
        vm.assertEq(uint256(version), expectedVersion);
    }
}
