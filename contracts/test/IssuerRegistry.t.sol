// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

contract IssuerRegistryTest is RegistryTest {
    address private constant FRESH = address(0xF1);
    bytes32 private constant ROTATE_OPERATOR = keccak256(
        "RotateOperator(uint32 issuerId,address oldOperator,address newOperator,uint64 nonce,uint64 deadline)"
    );

    // --- accreditation

    function test_AccreditStoresWhatTheEventsSay() public {
        IIssuerRegistry.Terms memory terms = someTerms();
        vm.expectEmit(address(issuers));
        emit IIssuerRegistry.IssuerAccredited(3, keccak256("did:web:third"), "did:web:third", stranger, terms);
        vm.expectEmit(address(issuers));
        emit IIssuerRegistry.OperatorChanged(3, FRESH, true);
        vm.prank(governor);
        uint32 id = issuers.accredit("did:web:third", stranger, FRESH, terms);

        IIssuerRegistry.Issuer memory it = issuers.issuer(id);
        vm.assertEq(id, 3);
        vm.assertEq(it.admin, stranger);
        vm.assertEq(it.validUntil, terms.validUntil);
        vm.assertTrue(it.standing == IIssuerRegistry.Standing.Active);
        vm.assertEq(it.termsHash, keccak256(abi.encode(terms)));
        vm.assertEq(issuers.issuerIdOfDid(keccak256("did:web:third")), id);
        vm.assertEq(issuers.issuerIdOfOperator(FRESH), id);
    }

    function test_OnlyTheOwnerAccredits() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, admin));
        vm.prank(admin);
        issuers.accredit("did:web:third", stranger, FRESH, someTerms());
    }

    function test_ADidIsAccreditedOnce() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.DidTaken.selector, keccak256(bytes(BOARD_DID))));
        vm.prank(governor);
        issuers.accredit(BOARD_DID, stranger, FRESH, someTerms());
    }

    function test_AnOperatorActsForOneIssuer() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.OperatorTaken.selector, operator, board));
        vm.prank(governor);
        issuers.accredit("did:web:third", stranger, operator, someTerms());
    }

    function test_AdminAndOperatorDiffer() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.AdminIsOperator.selector, stranger));
        vm.prank(governor);
        issuers.accredit("did:web:third", stranger, stranger, someTerms());

        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.AdminIsOperator.selector, admin));
        vm.prank(admin);
        issuers.setOperator(board, admin, true);

        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.AdminIsOperator.selector, operator));
        vm.prank(governor);
        issuers.recoverAdmin(board, operator);
    }

    function test_MissingAddressesAreRefused() public {
        refused(IIssuerRegistry.ZeroAddress.selector);
        vm.prank(governor);
        issuers.accredit("did:web:third", address(0), FRESH, someTerms());

        refused(IIssuerRegistry.ZeroAddress.selector);
        vm.prank(governor);
        issuers.accredit("did:web:third", stranger, address(0), someTerms());

        refused(IIssuerRegistry.ZeroAddress.selector);
        vm.prank(governor);
        issuers.recoverAdmin(board, address(0));
    }

    // --- terms

    function test_TermsAreReplacedWhole() public {
        IIssuerRegistry.Terms memory terms = someTerms();
        terms.name = "Renamed";
        terms.validUntil = uint40(START + 1);
        vm.expectEmit(address(issuers));
        emit IIssuerRegistry.TermsChanged(board, terms);
        vm.prank(governor);
        issuers.setTerms(board, terms);
        vm.assertEq(issuers.issuer(board).termsHash, keccak256(abi.encode(terms)));

        issuers.requireOperator(board, operator);
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAccredited.selector, board));
        issuers.requireOperator(board, operator);
    }

    function test_TermsThatSayNothingOrCannotBeReadAreRefused() public {
        IIssuerRegistry.Terms[7] memory bad;
        for (uint256 i; i < bad.length; ++i) {
            bad[i] = someTerms();
        }
        bad[0].name = "";
        bad[1].name = string(bytes.concat(hex"ff"));
        bad[2].credentialTypes = new string[](0);
        bad[3].credentialTypes[0] = "";
        bad[4].jurisdictions[0] = string(bytes.concat(hex"c3"));
        bad[5].validUntil = bad[5].validFrom;
        bad[6].jurisdictions = new string[](257);
        for (uint256 i; i < bad.length; ++i) {
            refused(IIssuerRegistry.InvalidTerms.selector);
            vm.prank(governor);
            issuers.setTerms(board, bad[i]);
        }
    }

    function test_AnIssuerGetsReadyBeforeItsTermsBegin() public {
        IIssuerRegistry.Terms memory terms = someTerms();
        terms.validFrom = uint40(START + 1 days);
        vm.prank(governor);
        issuers.setTerms(board, terms);
        issuers.requireOperator(board, operator);
    }

    // --- standing

    function test_SuspensionTakesAllPowersAndReinstatementGivesThemBack() public {
        vm.expectEmit(address(issuers));
        emit IIssuerRegistry.StandingChanged(board, IIssuerRegistry.Standing.Suspended, "audit");
        vm.prank(governor);
        issuers.suspend(board, "audit");
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAccredited.selector, board));
        issuers.requireOperator(board, operator);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAccredited.selector, board));
        issuers.requireAdmin(keccak256(bytes(BOARD_DID)), admin);

        vm.prank(governor);
        issuers.reinstate(board, "passed");
        issuers.requireOperator(board, operator);
        issuers.requireAdmin(keccak256(bytes(BOARD_DID)), admin);
        issuers.requireAdminOf(board, admin);
    }

    function test_WithdrawalIsFinal() public {
        vm.prank(governor);
        issuers.withdraw(board, "merged");
        vm.expectRevert(
            abi.encodeWithSelector(IIssuerRegistry.InvalidStandingChange.selector, uint8(3), uint8(1))
        );
        vm.prank(governor);
        issuers.reinstate(board, "");
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAccredited.selector, board));
        vm.prank(governor);
        issuers.setTerms(board, someTerms());
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAccredited.selector, board));
        vm.prank(governor);
        issuers.recoverAdmin(board, FRESH);
    }

    function test_AChangeOfStandingChangesSomething() public {
        vm.expectRevert(
            abi.encodeWithSelector(IIssuerRegistry.InvalidStandingChange.selector, uint8(1), uint8(1))
        );
        vm.prank(governor);
        issuers.reinstate(board, "");
    }

    function test_AReasonIsALineOfText() public {
        refused(IIssuerRegistry.InvalidReason.selector);
        vm.prank(governor);
        issuers.suspend(board, string(bytes.concat(hex"c0af")));
    }

    function test_NoSuchIssuer() public {
        bytes memory unknown = abi.encodeWithSelector(IIssuerRegistry.UnknownIssuer.selector, uint32(9));
        vm.expectRevert(unknown);
        vm.prank(governor);
        issuers.suspend(9, "");
        vm.expectRevert(unknown);
        vm.prank(governor);
        issuers.setTerms(9, someTerms());
        vm.expectRevert(unknown);
        vm.prank(governor);
        issuers.recoverAdmin(9, FRESH);
        vm.expectRevert(unknown);
        issuers.acceptAdmin(9);
        vm.expectRevert(unknown);
        issuers.setOperator(9, FRESH, true);
        vm.expectRevert(unknown);
        issuers.requireOperator(9, operator);

        bytes memory zero = abi.encodeWithSelector(IIssuerRegistry.UnknownIssuer.selector, uint32(0));
        vm.expectRevert(zero);
        issuers.requireOperator(0, stranger); // a key that acts for nobody is not "of issuer 0"
        vm.expectRevert(zero);
        issuers.requireAdmin(keccak256("did:web:nobody"), address(0));
    }

    // --- operators

    function test_TheAdminChangesOperators() public {
        vm.expectEmit(address(issuers));
        emit IIssuerRegistry.OperatorChanged(board, FRESH, true);
        vm.prank(admin);
        issuers.setOperator(board, FRESH, true);
        issuers.requireOperator(board, FRESH);

        vm.prank(admin);
        issuers.setOperator(board, FRESH, false);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotOperator.selector, board, FRESH));
        issuers.requireOperator(board, FRESH);
    }

    function test_RotationDisablesTheOldKeyAndEnablesTheNew() public {
        vm.prank(admin);
        issuers.rotateOperator(board, operator, FRESH);
        issuers.requireOperator(board, FRESH);
        vm.assertEq(issuers.issuerIdOfOperator(operator), 0);
    }

    /// @dev A hole found elsewhere: removing a key without looking at whose it is.
    function test_OperatorOfAnotherTenantCannotBeRemoved() public {
        bytes memory notOurs =
            abi.encodeWithSelector(IIssuerRegistry.NotOperator.selector, otherBoard, operator);
        vm.expectRevert(notOurs);
        vm.prank(otherAdmin);
        issuers.setOperator(otherBoard, operator, false);
        vm.expectRevert(notOurs);
        vm.prank(otherAdmin);
        issuers.rotateOperator(otherBoard, operator, FRESH);
        vm.assertEq(issuers.issuerIdOfOperator(operator), board);
    }

    function test_TheAdminOfAnotherTenantIsNobodyHere() public {
        bytes memory notAdmin = abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, otherAdmin);
        vm.expectRevert(notAdmin);
        vm.prank(otherAdmin);
        issuers.setOperator(board, FRESH, true);
        vm.expectRevert(notAdmin);
        vm.prank(otherAdmin);
        issuers.offerAdmin(board, otherAdmin);
        vm.expectRevert(notAdmin);
        issuers.requireAdminOf(board, otherAdmin);
    }

    function test_OperatorsDoNotGovern() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, operator));
        vm.prank(operator);
        issuers.setOperator(board, FRESH, true);
    }

    // --- signed rotation

    function test_ARotationIsCarriedByAnyone() public {
        bytes memory signed = signedRotation(ADMIN_KEY, operator, FRESH, START);
        vm.prank(stranger);
        issuers.rotateOperatorSigned(board, operator, FRESH, START, signed);
        issuers.requireOperator(board, FRESH);
    }

    /// @dev A hole found elsewhere: signatures over the sender alone, good for any call any number of times.
    function test_ReplayedSignatureIsRefused() public {
        bytes memory signed = signedRotation(ADMIN_KEY, operator, FRESH, START + 1 days);
        issuers.rotateOperatorSigned(board, operator, FRESH, START + 1 days, signed);

        // The admin takes the rotation back, which makes the same call possible again, were it not for the nonce.
        vm.prank(admin);
        issuers.rotateOperator(board, FRESH, operator);
        refused(IIssuerRegistry.InvalidSignature.selector);
        issuers.rotateOperatorSigned(board, operator, FRESH, START + 1 days, signed);
    }

    function test_SignatureHoldsForItsOwnArgumentsOnly() public {
        bytes memory signed = signedRotation(ADMIN_KEY, operator, FRESH, START);
        refused(IIssuerRegistry.InvalidSignature.selector);
        issuers.rotateOperatorSigned(board, operator, stranger, START, signed);
        refused(IIssuerRegistry.InvalidSignature.selector);
        issuers.rotateOperatorSigned(board, operator, FRESH, START + 1, signed);
        refused(IIssuerRegistry.InvalidSignature.selector);
        issuers.rotateOperatorSigned(otherBoard, operator, FRESH, START, signed);
    }

    function test_SignatureHoldsOnItsOwnLedgerOnly() public {
        bytes memory signed = signedRotation(ADMIN_KEY, operator, FRESH, START);
        vm.chainId(block.chainid + 1);
        refused(IIssuerRegistry.InvalidSignature.selector);
        issuers.rotateOperatorSigned(board, operator, FRESH, START, signed);
    }

    function test_SignatureExpires() public {
        bytes memory signed = signedRotation(ADMIN_KEY, operator, FRESH, START);
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.SignatureExpired.selector, START));
        issuers.rotateOperatorSigned(board, operator, FRESH, START, signed);
    }

    function test_SignatureOfAReplacedAdminIsRefused() public {
        bytes memory signed = signedRotation(ADMIN_KEY, operator, FRESH, START);
        vm.prank(governor);
        issuers.recoverAdmin(board, stranger);
        refused(IIssuerRegistry.InvalidSignature.selector);
        issuers.rotateOperatorSigned(board, operator, FRESH, START, signed);
        vm.prank(governor);
        issuers.recoverAdmin(board, admin); // back again, and the signature is still void
        refused(IIssuerRegistry.InvalidSignature.selector);
        issuers.rotateOperatorSigned(board, operator, FRESH, START, signed);
    }

    function test_MalleatedSignatureIsRefused() public {
        bytes32 hash = rotationDigest(operator, FRESH, START);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ADMIN_KEY, hash);
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes memory high = abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        refused(IIssuerRegistry.InvalidSignature.selector);
        issuers.rotateOperatorSigned(board, operator, FRESH, START, high);
    }

    // --- handing over the admin key

    function test_AnOfferChangesNothingUntilAccepted() public {
        vm.prank(admin);
        issuers.offerAdmin(board, stranger);
        vm.assertEq(issuers.issuer(board).admin, admin);

        vm.expectEmit(address(issuers));
        emit IIssuerRegistry.AdminChanged(board, stranger, false);
        vm.prank(stranger);
        issuers.acceptAdmin(board);
        vm.assertEq(issuers.issuer(board).admin, stranger);
        vm.assertEq(issuers.issuer(board).pendingAdmin, address(0));
    }

    function test_OnlyTheKeyItWasOfferedToAccepts() public {
        vm.prank(admin);
        issuers.offerAdmin(board, stranger);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, otherAdmin));
        vm.prank(otherAdmin);
        issuers.acceptAdmin(board);
    }

    function test_RecoveryVoidsAStolenKeysOffer() public {
        vm.prank(admin);
        issuers.offerAdmin(board, stranger);
        vm.expectEmit(address(issuers));
        emit IIssuerRegistry.AdminChanged(board, FRESH, true);
        vm.prank(governor);
        issuers.recoverAdmin(board, FRESH);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, stranger));
        vm.prank(stranger);
        issuers.acceptAdmin(board);
    }

    function rotationDigest(address oldOperator, address newOperator, uint64 deadline)
        private
        view
        returns (bytes32)
    {
        uint64 nonce = issuers.issuer(board).nonce;
        return digest(
            "IssuerRegistry",
            address(issuers),
            abi.encode(ROTATE_OPERATOR, board, oldOperator, newOperator, nonce, deadline)
        );
    }

    function signedRotation(uint256 key, address oldOperator, address newOperator, uint64 deadline)
        private
        view
        returns (bytes memory)
    {
        return signature(key, rotationDigest(oldOperator, newOperator, deadline));
    }
}
