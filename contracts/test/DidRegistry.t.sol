// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {DidRegistry} from "../src/DidRegistry.sol";
import {IDidRegistry} from "../src/interfaces/IDidRegistry.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

contract DidRegistryTest is RegistryTest {
    bytes32 private constant PIN_DID_DOCUMENT = keccak256(
        "PinDidDocument(bytes32 didHash,uint32 version,bytes32 prevHead,bytes32 documentHash,uint64 deadline)"
    );
    bytes private constant DOCUMENT = "{\"id\":\"did:web:board.example\"}";
    bytes32 private didHash = keccak256(bytes(BOARD_DID));

    function pin(uint32 version, bytes memory document) private {
        vm.prank(admin);
        dids.pin(BOARD_DID, version, document);
    }

    function test_VersionsAreChained() public {
        vm.assertEq(dids.head(didHash), didHash);
        bytes32 first = keccak256(abi.encode(didHash, uint32(1), keccak256(DOCUMENT)));
        vm.expectEmit(address(dids));
        emit IDidRegistry.DidDocumentPinned(didHash, 1, first, BOARD_DID, DOCUMENT);
        pin(1, DOCUMENT);
        vm.assertEq(dids.head(didHash), first);

        pin(2, "{}");
        vm.assertEq(dids.head(didHash), keccak256(abi.encode(first, uint32(2), keccak256("{}"))));
        (uint32 version, bool deactivated) = dids.did(didHash);
        vm.assertEq(version, 2);
        vm.assertFalse(deactivated);
    }

    function testFuzz_OnlyTheNextVersionIsTaken(uint32 version) public {
        pin(1, DOCUMENT);
        vm.assume(version != 2);
        vm.expectRevert(abi.encodeWithSelector(IDidRegistry.WrongVersion.selector, uint32(2), version));
        pin(version, DOCUMENT);
    }

    /// @dev An operator's key lies on a server: with it one could name a new signing key and forge credentials.
    function test_OperatorsDoNotPin() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, operator));
        vm.prank(operator);
        dids.pin(BOARD_DID, 1, DOCUMENT);
    }

    function test_TheAdminOfAnotherTenantDoesNotPin() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, otherAdmin));
        vm.prank(otherAdmin);
        dids.pin(BOARD_DID, 1, DOCUMENT);
    }

    function test_NobodyPinsForADidThatWasNotAccredited() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.UnknownIssuer.selector, uint32(0)));
        vm.prank(admin);
        dids.pin("did:web:nobody", 1, DOCUMENT);
    }

    function test_SuspendedAndWithdrawnIssuersDoNotPin() public {
        bytes memory notAccredited = abi.encodeWithSelector(IIssuerRegistry.NotAccredited.selector, board);
        vm.prank(governor);
        issuers.suspend(board, "");
        vm.expectRevert(notAccredited);
        pin(1, DOCUMENT);
        vm.prank(governor);
        issuers.withdraw(board, "");
        vm.expectRevert(notAccredited);
        pin(1, DOCUMENT);
    }

    function test_DocumentsAreBounded() public {
        vm.expectRevert(abi.encodeWithSelector(IDidRegistry.InvalidDocument.selector, uint256(0)));
        pin(1, "");
        vm.expectRevert(abi.encodeWithSelector(IDidRegistry.InvalidDocument.selector, uint256(16_385)));
        pin(1, new bytes(16_385));
        pin(1, new bytes(16_384));
    }

    // --- deactivation

    function test_DeactivationTakesANumberAndIsFinal() public {
        pin(1, DOCUMENT);
        bytes32 last = keccak256(abi.encode(dids.head(didHash), uint32(2), keccak256("")));
        vm.expectEmit(address(dids));
        emit IDidRegistry.DidDeactivated(didHash, 2, last, BOARD_DID);
        vm.prank(admin);
        dids.deactivate(BOARD_DID, 2);
        vm.assertEq(dids.head(didHash), last);
        (uint32 version, bool deactivated) = dids.did(didHash);
        vm.assertEq(version, 2);
        vm.assertTrue(deactivated);

        vm.expectRevert(abi.encodeWithSelector(IDidRegistry.Deactivated.selector, didHash));
        pin(3, DOCUMENT);
        vm.expectRevert(abi.encodeWithSelector(IDidRegistry.Deactivated.selector, didHash));
        vm.prank(admin);
        dids.deactivate(BOARD_DID, 3);
    }

    function test_TheOwnerDeactivatesForAnIssuerThatIsGone() public {
        pin(1, DOCUMENT);
        vm.prank(governor);
        issuers.withdraw(board, "");
        vm.prank(governor);
        dids.deactivate(BOARD_DID, 2);
        (, bool deactivated) = dids.did(didHash);
        vm.assertTrue(deactivated);
    }

    function test_OthersDoNotDeactivate() public {
        pin(1, DOCUMENT);
        address[3] memory others = [operator, otherAdmin, stranger];
        for (uint256 i; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, others[i]));
            vm.prank(others[i]);
            dids.deactivate(BOARD_DID, 2);
        }
    }

    function test_NothingPinnedNothingToDeactivate() public {
        vm.expectRevert(abi.encodeWithSelector(IDidRegistry.NothingPinned.selector, didHash));
        vm.prank(admin);
        dids.deactivate(BOARD_DID, 1);
    }

    // --- signed

    function signedPin(uint256 key, uint32 version, bytes memory document, uint64 deadline)
        private
        view
        returns (bytes memory)
    {
        bytes memory message = abi.encode(
            PIN_DID_DOCUMENT, didHash, version, dids.head(didHash), keccak256(document), deadline
        );
        return signature(key, digest("DidRegistry", address(dids), message));
    }

    function test_ASignedDocumentIsCarriedByAnyoneOnce() public {
        bytes memory signed = signedPin(ADMIN_KEY, 1, DOCUMENT, START);
        vm.prank(stranger);
        dids.pinSigned(BOARD_DID, 1, DOCUMENT, START, admin, signed);

        refused(IDidRegistry.InvalidSignature.selector); // the head has moved on
        dids.pinSigned(BOARD_DID, 1, DOCUMENT, START, admin, signed);
        refused(IDidRegistry.InvalidSignature.selector);
        dids.pinSigned(BOARD_DID, 2, DOCUMENT, START, admin, signed);
    }

    function test_SignatureHoldsForItsOwnArgumentsOnly() public {
        bytes memory signed = signedPin(ADMIN_KEY, 1, DOCUMENT, START);
        refused(IDidRegistry.InvalidSignature.selector);
        dids.pinSigned(BOARD_DID, 1, "{}", START, admin, signed);
        refused(IDidRegistry.InvalidSignature.selector);
        dids.pinSigned(BOARD_DID, 1, DOCUMENT, START + 1, admin, signed);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, otherBoard, admin));
        dids.pinSigned(OTHER_DID, 1, DOCUMENT, START, admin, signed);
    }

    function test_SignatureHoldsOnItsOwnLedgerAndContractOnly() public {
        bytes memory signed = signedPin(ADMIN_KEY, 1, DOCUMENT, START);
        DidRegistry another = new DidRegistry(issuers, governor);
        refused(IDidRegistry.InvalidSignature.selector);
        another.pinSigned(BOARD_DID, 1, DOCUMENT, START, admin, signed);
        vm.chainId(block.chainid + 1);
        refused(IDidRegistry.InvalidSignature.selector);
        dids.pinSigned(BOARD_DID, 1, DOCUMENT, START, admin, signed);
    }

    function test_SignatureExpires() public {
        bytes memory signed = signedPin(ADMIN_KEY, 1, DOCUMENT, START - 1);
        vm.expectRevert(abi.encodeWithSelector(IDidRegistry.SignatureExpired.selector, START - 1));
        dids.pinSigned(BOARD_DID, 1, DOCUMENT, START - 1, admin, signed);
    }

    function test_OperatorsDoNotSignDocuments() public {
        bytes memory signed = signedPin(OPERATOR_KEY, 1, DOCUMENT, START);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, operator));
        dids.pinSigned(BOARD_DID, 1, DOCUMENT, START, operator, signed);
        refused(IDidRegistry.InvalidSignature.selector);
        dids.pinSigned(BOARD_DID, 1, DOCUMENT, START, admin, signed);
    }
}
