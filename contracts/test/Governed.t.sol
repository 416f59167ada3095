// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Governed} from "../src/Governed.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

contract GovernedTest is RegistryTest {
    function test_OwnershipMovesOnlyWhenAccepted() public {
        vm.prank(governor);
        issuers.transferOwnership(stranger);
        vm.assertEq(issuers.owner(), governor);

        vm.prank(stranger);
        issuers.acceptOwnership();
        vm.assertEq(issuers.owner(), stranger);
    }

    function test_OwnershipCannotBeRenounced() public {
        refused(Governed.OwnershipCannotBeRenounced.selector);
        vm.prank(governor);
        issuers.renounceOwnership();
    }

    function test_StrangersOfferNothing() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        vm.prank(stranger);
        statuses.transferOwnership(stranger);
    }
}
