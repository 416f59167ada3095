// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {StatusRegistry} from "../src/StatusRegistry.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {IStatusRegistry} from "../src/interfaces/IStatusRegistry.sol";
import {PlainDelta} from "./support/PlainDelta.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

contract StatusRegistryTest is RegistryTest {
    bytes32 private constant STATUS_UPDATE = keccak256(
        "StatusUpdate(bytes32 listId,uint64 seq,bytes32 prevHead,bytes32 deltaHash,bytes32 root,uint48 effectiveAt,uint64 deadline)"
    );
    string private constant URI = "https://board.example/status/1";
    bytes32 private constant EMPTY_ROOT = keccak256("empty");
    bytes32 private constant ROOT = keccak256("root");
    uint32 private constant SIZE = 131_072;
    bytes32 private listId = keccak256(bytes(URI));

    function setUp() public override {
        super.setUp();
        vm.prank(operator);
        statuses.create(board, URI, SIZE, 1, 1, EMPTY_ROOT);
    }

    function update(uint64 seq, bytes memory delta) private view returns (IStatusRegistry.Update memory) {
        return IStatusRegistry.Update(listId, seq, ROOT, START, delta);
    }

    function nextHead(uint64 seq, bytes memory delta) private view returns (bytes32) {
        return keccak256(abi.encode(statuses.head(listId), seq, keccak256(delta), ROOT, START));
    }

    function publish(address who, uint64 seq, bytes memory delta) private {
        vm.prank(who);
        statuses.publish(listId, seq, ROOT, START, delta);
    }

    // --- creation

    function test_CreationBindsWhatTheListIs() public {
        bytes32 id = keccak256("https://board.example/status/2");
        bytes32 genesis = keccak256(abi.encode(id, board, uint32(1024), uint8(4), uint8(2), EMPTY_ROOT));
        vm.expectEmit(address(statuses));
        emit IStatusRegistry.StatusListCreated(
            id, board, 1024, 4, 2, genesis, EMPTY_ROOT, "https://board.example/status/2"
        );
        vm.prank(operator);
        bytes32 returned = statuses.create(board, "https://board.example/status/2", 1024, 4, 2, EMPTY_ROOT);
        vm.assertEq(returned, id);
        vm.assertEq(statuses.head(id), genesis);
        IStatusRegistry.List memory it = statuses.list(id);
        vm.assertEq(it.issuerId, board);
        vm.assertEq(it.size, 1024);
        vm.assertEq(it.seq, 0);
        vm.assertEq(it.purpose, 4);
        vm.assertEq(it.bitsPerEntry, 2);
        vm.assertFalse(it.closed);
    }

    function create(string memory uri, uint32 size, uint8 purpose, uint8 bits) private {
        vm.prank(operator);
        statuses.create(board, uri, size, purpose, bits, EMPTY_ROOT);
    }

    function test_AListIsCreatedOnce() public {
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.ListExists.selector, listId));
        create(URI, 256, 1, 1);
    }

    function test_SizesAreWholeLeaves() public {
        uint32[5] memory bad = [uint32(0), 255, 257, 384, (1 << 24) + 256];
        for (uint256 i; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidSize.selector, bad[i]));
            create("urn:x", bad[i], 2, 1);
        }
        create("urn:smallest", 256, 2, 1);
        create("urn:largest", 1 << 24, 4, 8);
        create("urn:odd", 384, 4, 2); // 768 bits: three leaves
    }

    function test_PurposesAndWidths() public {
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidPurpose.selector, uint8(0)));
        create("urn:x", 256, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidPurpose.selector, uint8(5)));
        create("urn:x", 256, 5, 1);
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidBitsPerEntry.selector, uint8(2)));
        create("urn:x", 256, 1, 2); // only messages have more than one bit
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidBitsPerEntry.selector, uint8(0)));
        create("urn:x", 256, 4, 0);
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidBitsPerEntry.selector, uint8(3)));
        create("urn:x", 256, 4, 3);
    }

    /// @dev One such event would stop every replica.
    function test_AnAddressThatIsNoTextIsRefused() public {
        refused(IStatusRegistry.InvalidUri.selector);
        create(string(bytes.concat(hex"68747470ff")), 256, 1, 1);
        refused(IStatusRegistry.InvalidUri.selector);
        create("", 256, 1, 1);
        refused(IStatusRegistry.InvalidUri.selector);
        create(string(new bytes(2049)), 256, 1, 1);
    }

    function test_OthersDoNotCreateForAnIssuer() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotOperator.selector, board, otherOperator));
        vm.prank(otherOperator);
        statuses.create(board, "urn:x", 256, 1, 1, EMPTY_ROOT);
    }

    // --- publishing

    function test_PublishExtendsTheHead() public {
        bytes32 expected = nextHead(1, hex"05");
        vm.expectEmit(address(statuses));
        emit IStatusRegistry.StatusPublished(listId, 1, expected, ROOT, START, hex"05");
        publish(operator, 1, hex"05");
        vm.assertEq(statuses.head(listId), expected);
        vm.assertEq(statuses.list(listId).seq, 1);
    }

    function test_AnEmptyDeltaIsAHeartbeat() public {
        publish(operator, 1, "");
        vm.assertEq(statuses.list(listId).seq, 1);
    }

    function testFuzz_OnlyTheNextSequenceNumberIsTaken(uint64 seq) public {
        publish(operator, 1, hex"05");
        vm.assume(seq != 2);
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.WrongSequence.selector, listId, uint64(2), seq));
        publish(operator, seq, hex"06");
    }

    function testFuzz_PositionsLieWithinTheList(uint32 position) public {
        uint256[] memory positions = new uint256[](1);
        positions[0] = position % (2 * SIZE);
        if (positions[0] >= SIZE) {
            vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidDelta.selector, listId));
        }
        publish(operator, 1, PlainDelta.encode(positions));
    }

    function test_PositionsAreBitsNotEntries() public {
        create("urn:messages", 256, 4, 8);
        uint256[] memory positions = new uint256[](1);
        positions[0] = 256 * 8 - 1;
        vm.prank(operator);
        statuses.publish(keccak256("urn:messages"), 1, ROOT, START, PlainDelta.encode(positions));
        positions[0] = 256 * 8;
        vm.expectRevert(
            abi.encodeWithSelector(IStatusRegistry.InvalidDelta.selector, keccak256("urn:messages"))
        );
        vm.prank(operator);
        statuses.publish(keccak256("urn:messages"), 2, ROOT, START, PlainDelta.encode(positions));
    }

    function testFuzz_AnyBytesArePublishedOnlyIfCanonical(bytes calldata delta) public {
        uint256 end = PlainDelta.end(delta);
        if (delta.length != 0 && end > SIZE) {
            vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidDelta.selector, listId));
        }
        publish(operator, 1, delta);
    }

    function test_NothingTakesEffectInTheFuture() public {
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.EffectiveInFuture.selector, START + 1));
        vm.prank(operator);
        statuses.publish(listId, 1, ROOT, START + 1, hex"05");
        vm.prank(operator);
        statuses.publish(listId, 1, ROOT, 0, hex"05"); // the past is fine
    }

    function test_UnknownList() public {
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.UnknownList.selector, bytes32(0)));
        vm.prank(operator);
        statuses.publish(0, 1, ROOT, START, hex"05");
    }

    // --- who may publish

    function test_OnlyOperatorsOfTheListsIssuerPublish() public {
        address[4] memory others = [stranger, admin, governor, otherOperator];
        for (uint256 i; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotOperator.selector, board, others[i]));
            publish(others[i], 1, hex"05");
        }
    }

    function test_SuspendedAndLapsedIssuersDoNotPublish() public {
        bytes memory notAccredited = abi.encodeWithSelector(IIssuerRegistry.NotAccredited.selector, board);
        vm.prank(governor);
        issuers.suspend(board, "");
        vm.expectRevert(notAccredited);
        publish(operator, 1, hex"05");
        vm.prank(governor);
        issuers.reinstate(board, "");
        vm.warp(START + 365 days);
        vm.expectRevert(notAccredited);
        publish(operator, 1, hex"05");
    }

    function test_ARemovedOperatorDoesNotPublish() public {
        vm.prank(admin);
        issuers.setOperator(board, operator, false);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotOperator.selector, board, operator));
        publish(operator, 1, hex"05");
    }

    // --- many

    function test_ManyMayConcernOneList() public {
        IStatusRegistry.Update[] memory updates = new IStatusRegistry.Update[](2);
        updates[0] = update(1, hex"05");
        updates[1] = update(2, hex"06");
        vm.prank(operator);
        statuses.publishMany(updates);
        vm.assertEq(statuses.list(listId).seq, 2);
    }

    function test_ManyAreAllOrNone() public {
        vm.prank(otherOperator);
        statuses.create(otherBoard, "urn:other", 256, 1, 1, EMPTY_ROOT);
        IStatusRegistry.Update[] memory updates = new IStatusRegistry.Update[](2);
        updates[0] = update(1, hex"05");
        updates[1] = update(1, hex"06");
        updates[1].listId = keccak256("urn:other"); // of another tenant
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotOperator.selector, otherBoard, operator));
        vm.prank(operator);
        statuses.publishMany(updates);
        vm.assertEq(statuses.list(listId).seq, 0);
    }

    // --- signed

    function signed(uint256 key, IStatusRegistry.Update memory it, uint64 deadline)
        private
        view
        returns (bytes memory)
    {
        bytes memory message = abi.encode(
            STATUS_UPDATE,
            it.listId,
            it.seq,
            statuses.head(it.listId),
            keccak256(it.delta),
            it.root,
            it.effectiveAt,
            deadline
        );
        return signature(key, digest("StatusRegistry", address(statuses), message));
    }

    function test_ASignedUpdateIsCarriedByAnyone() public {
        IStatusRegistry.Update memory it = update(1, hex"05");
        bytes memory bySigner = signed(OPERATOR_KEY, it, START);
        bytes32 expected = nextHead(1, hex"05");
        vm.prank(stranger);
        statuses.publishSigned(it, START, operator, bySigner);
        vm.assertEq(statuses.head(listId), expected);
    }

    /// @dev A hole found elsewhere: one signature that authorised three different calls.
    function test_ReplayedSignatureIsRefused() public {
        IStatusRegistry.Update memory it = update(1, hex"05");
        bytes memory bySigner = signed(OPERATOR_KEY, it, START);
        statuses.publishSigned(it, START, operator, bySigner);

        refused(IStatusRegistry.InvalidSignature.selector); // the same call
        statuses.publishSigned(it, START, operator, bySigner);
        it.seq = 2;
        refused(IStatusRegistry.InvalidSignature.selector); // the next number
        statuses.publishSigned(it, START, operator, bySigner);
        it = update(2, hex"06");
        refused(IStatusRegistry.InvalidSignature.selector); // another delta
        statuses.publishSigned(it, START, operator, bySigner);
    }

    function test_SignatureHoldsForItsOwnArgumentsOnly() public {
        bytes memory bySigner = signed(OPERATOR_KEY, update(1, hex"05"), START);
        IStatusRegistry.Update[4] memory others;
        for (uint256 i; i < others.length; ++i) {
            others[i] = update(1, hex"05");
        }
        others[0].seq = 2;
        others[1].root = EMPTY_ROOT;
        others[2].effectiveAt = START - 1;
        others[3].delta = hex"06";
        for (uint256 i; i < others.length; ++i) {
            refused(IStatusRegistry.InvalidSignature.selector);
            statuses.publishSigned(others[i], START, operator, bySigner);
        }
        refused(IStatusRegistry.InvalidSignature.selector);
        statuses.publishSigned(update(1, hex"05"), START + 1, operator, bySigner);
    }

    function test_SignatureOverAnotherHistoryIsRefused() public {
        IStatusRegistry.Update memory second = update(2, hex"06");
        bytes memory bySigner = signed(OPERATOR_KEY, second, START); // before the first was published
        publish(operator, 1, hex"05");
        refused(IStatusRegistry.InvalidSignature.selector);
        statuses.publishSigned(second, START, operator, bySigner);
    }

    function test_SignatureHoldsOnItsOwnLedgerAndContractOnly() public {
        IStatusRegistry.Update memory it = update(1, hex"05");
        bytes memory bySigner = signed(OPERATOR_KEY, it, START);
        StatusRegistry another = new StatusRegistry(issuers, governor);
        vm.prank(operator);
        another.create(board, URI, SIZE, 1, 1, EMPTY_ROOT); // the same list with the same head
        refused(IStatusRegistry.InvalidSignature.selector);
        another.publishSigned(it, START, operator, bySigner);
        vm.chainId(block.chainid + 1);
        refused(IStatusRegistry.InvalidSignature.selector);
        statuses.publishSigned(it, START, operator, bySigner);
    }

    function test_SignatureExpires() public {
        IStatusRegistry.Update memory it = update(1, hex"05");
        bytes memory bySigner = signed(OPERATOR_KEY, it, START - 1);
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.SignatureExpired.selector, START - 1));
        statuses.publishSigned(it, START - 1, operator, bySigner);
    }

    function test_OnlyOperatorsOfTheListsIssuerSign() public {
        IStatusRegistry.Update memory it = update(1, hex"05");
        bytes memory byOther = signed(OTHER_OPERATOR_KEY, it, START);
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotOperator.selector, board, otherOperator));
        statuses.publishSigned(it, START, otherOperator, byOther);
        refused(IStatusRegistry.InvalidSignature.selector);
        statuses.publishSigned(it, START, operator, byOther);
    }

    // --- emergency

    function test_TheOwnerRevokesInAnEmergency() public {
        vm.prank(governor);
        issuers.withdraw(board, "gone");
        bytes32 expected = nextHead(1, hex"05");
        vm.expectEmit(address(statuses));
        emit IStatusRegistry.StatusPublished(listId, 1, expected, ROOT, START, hex"05");
        vm.prank(governor);
        statuses.publishEmergency(update(1, hex"05"));
    }

    function test_NobodyElseDeclaresAnEmergency() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, operator));
        vm.prank(operator);
        statuses.publishEmergency(update(1, hex"05"));
    }

    function test_EmergenciesAreRevocations() public {
        create("urn:suspension", 256, 2, 1);
        IStatusRegistry.Update memory it = update(1, hex"05");
        it.listId = keccak256("urn:suspension");
        vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.NotARevocationList.selector, it.listId));
        vm.prank(governor);
        statuses.publishEmergency(it);
    }

    // --- closing and moving

    function test_AClosedListTakesNothingMore() public {
        publish(operator, 1, hex"05");
        vm.expectEmit(address(statuses));
        emit IStatusRegistry.StatusListClosed(listId, 1);
        vm.prank(admin);
        statuses.close(listId);

        bytes memory closed = abi.encodeWithSelector(IStatusRegistry.ListIsClosed.selector, listId);
        vm.expectRevert(closed);
        publish(operator, 2, hex"06");
        vm.expectRevert(closed);
        vm.prank(governor);
        statuses.publishEmergency(update(2, hex"06"));
        vm.expectRevert(closed);
        vm.prank(admin);
        statuses.close(listId);
        vm.expectRevert(closed);
        vm.prank(governor);
        statuses.move(listId, otherBoard);
    }

    /// @dev With a stolen operator key one could otherwise end all revoking for good.
    function test_OperatorsDoNotClose() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuerRegistry.NotAdmin.selector, board, operator));
        vm.prank(operator);
        statuses.close(listId);
    }

    function test_AMovedListIsTheSuccessors() public {
        IStatusRegistry.Update memory it = update(1, hex"05");
        bytes memory byPredecessor = signed(OPERATOR_KEY, it, START);
        vm.expectEmit(address(statuses));
        emit IStatusRegistry.StatusListMoved(listId, board, otherBoard);
        vm.prank(governor);
        statuses.move(listId, otherBoard);

        bytes memory notOperator =
            abi.encodeWithSelector(IIssuerRegistry.NotOperator.selector, otherBoard, operator);
        vm.expectRevert(notOperator);
        publish(operator, 1, hex"05");
        vm.expectRevert(notOperator);
        statuses.publishSigned(it, START, operator, byPredecessor);
        publish(otherOperator, 1, hex"05");
    }

    function test_AListMovesToAnIssuerInGoodStanding() public {
        vm.prank(governor);
        issuers.suspend(otherBoard, "");
        uint32[3] memory bad = [board, otherBoard, 9];
        for (uint256 i; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IStatusRegistry.InvalidSuccessor.selector, bad[i]));
            vm.prank(governor);
            statuses.move(listId, bad[i]);
        }
    }

    function test_OnlyTheOwnerMoves() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, admin));
        vm.prank(admin);
        statuses.move(listId, otherBoard);
    }
}
