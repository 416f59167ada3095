// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {GapDelta} from "./GapDelta.sol";
import {Governed} from "./Governed.sol";
import {Text} from "./Text.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";
import {IStatusRegistry} from "./interfaces/IStatusRegistry.sol";

/// @title Credential status lists
/// @notice The log carries the bits, one storage slot a list binds the log. See IStatusRegistry for the formulas.
contract StatusRegistry is IStatusRegistry, Governed, EIP712 {
    uint8 private constant REVOCATION = 1;
    uint8 private constant MESSAGE = 4;
    uint32 private constant MIN_SIZE = 256;
    uint32 private constant MAX_SIZE = 1 << 24;
    uint256 private constant LEAF_BITS = 256; // the Merkle root is over whole leaves
    uint256 private constant MAX_URI = 2048;
    bytes32 private constant STATUS_UPDATE = keccak256(
        "StatusUpdate(bytes32 listId,uint64 seq,bytes32 prevHead,bytes32 deltaHash,bytes32 root,uint48 effectiveAt,uint64 deadline)"
    );

    IIssuerRegistry public immutable issuers;
    mapping(bytes32 listId => List) private _lists;
    mapping(bytes32 listId => bytes32) private _heads;

    constructor(IIssuerRegistry issuers_, address owner) Governed(owner) EIP712("StatusRegistry", "1") {
        issuers = issuers_;
    }

    // --- by the issuer

    /// @inheritdoc IStatusRegistry
    function create(
        uint32 issuerId,
        string calldata uri,
        uint32 size,
        uint8 purpose,
        uint8 bitsPerEntry,
        bytes32 emptyRoot
    ) external returns (bytes32 listId) {
        issuers.requireOperator(issuerId, msg.sender);
        if (!Text.isIdentifier(uri, MAX_URI)) revert InvalidUri();
        if (purpose < REVOCATION || purpose > MESSAGE) revert InvalidPurpose(purpose);
        if (!_mayHave(purpose, bitsPerEntry)) revert InvalidBitsPerEntry(bitsPerEntry);
        if (size < MIN_SIZE || size > MAX_SIZE || uint256(size) * bitsPerEntry % LEAF_BITS != 0) {
            revert InvalidSize(size);
        }
        listId = keccak256(bytes(uri));
        if (_lists[listId].issuerId != 0) revert ListExists(listId);

        _lists[listId] = List({
            issuerId: issuerId, size: size, seq: 0, purpose: purpose, bitsPerEntry: bitsPerEntry, closed: false
        });
        bytes32 genesis = keccak256(abi.encode(listId, issuerId, size, purpose, bitsPerEntry, emptyRoot));
        _heads[listId] = genesis;
        emit StatusListCreated(listId, issuerId, size, purpose, bitsPerEntry, genesis, emptyRoot, uri);
    }

    /// @inheritdoc IStatusRegistry
    function publish(bytes32 listId, uint64 seq, bytes32 root, uint48 effectiveAt, bytes calldata delta)
        external
    {
        issuers.requireOperator(_open(listId).issuerId, msg.sender);
        _publish(listId, seq, root, effectiveAt, delta);
    }

    /// @inheritdoc IStatusRegistry
    function publishMany(Update[] calldata updates) external {
        for (uint256 i; i < updates.length; ++i) {
            issuers.requireOperator(_open(updates[i].listId).issuerId, msg.sender);
            _publish(updates[i]);
        }
    }

    /// @inheritdoc IStatusRegistry
    function publishSigned(Update calldata update, uint64 deadline, address signer, bytes calldata signature)
        external
    {
        issuers.requireOperator(_open(update.listId).issuerId, signer);
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    STATUS_UPDATE,
                    update.listId,
                    update.seq,
                    _heads[update.listId],
                    keccak256(update.delta),
                    update.root,
                    update.effectiveAt,
                    deadline
                )
            )
        );
        if (!SignatureChecker.isValidSignatureNow(signer, digest, signature)) revert InvalidSignature();
        _publish(update);
    }

    /// @inheritdoc IStatusRegistry
    function close(bytes32 listId) external {
        List storage it = _open(listId);
        issuers.requireAdminOf(it.issuerId, msg.sender);
        it.closed = true;
        emit StatusListClosed(listId, it.seq);
    }

    // --- by the owner

    /// @inheritdoc IStatusRegistry
    function publishEmergency(Update calldata update) external onlyOwner {
        if (_open(update.listId).purpose != REVOCATION) revert NotARevocationList(update.listId);
        _publish(update);
    }

    /// @inheritdoc IStatusRegistry
    function move(bytes32 listId, uint32 toIssuer) external onlyOwner {
        List storage it = _open(listId);
        uint32 fromIssuer = it.issuerId;
        if (toIssuer == fromIssuer || issuers.issuer(toIssuer).standing != IIssuerRegistry.Standing.Active) {
            revert InvalidSuccessor(toIssuer);
        }
        it.issuerId = toIssuer;
        emit StatusListMoved(listId, fromIssuer, toIssuer);
    }

    // --- views

    /// @inheritdoc IStatusRegistry
    function list(bytes32 listId) external view returns (List memory) {
        return _lists[listId];
    }

    /// @inheritdoc IStatusRegistry
    function head(bytes32 listId) external view returns (bytes32) {
        return _heads[listId];
    }

    // --- rules

    function _open(bytes32 listId) private view returns (List storage it) {
        it = _lists[listId];
        if (it.issuerId == 0) revert UnknownList(listId);
        if (it.closed) revert ListIsClosed(listId);
    }

    function _mayHave(uint8 purpose, uint8 bitsPerEntry) private pure returns (bool) {
        if (bitsPerEntry == 1) return true;
        return purpose == MESSAGE && (bitsPerEntry == 2 || bitsPerEntry == 4 || bitsPerEntry == 8);
    }

    function _publish(Update calldata update) private {
        _publish(update.listId, update.seq, update.root, update.effectiveAt, update.delta);
    }

    /// @dev The caller has checked that the list is open, and who is publishing.
    function _publish(bytes32 listId, uint64 seq, bytes32 root, uint48 effectiveAt, bytes calldata delta)
        private
    {
        List storage it = _lists[listId];
        if (seq != it.seq + 1) revert WrongSequence(listId, it.seq + 1, seq);
        if (effectiveAt > block.timestamp) revert EffectiveInFuture(effectiveAt);
        if (delta.length != 0 && GapDelta.end(delta) > uint256(it.size) * it.bitsPerEntry) {
            revert InvalidDelta(listId);
        }
        it.seq = seq;
        bytes32 next = keccak256(abi.encode(_heads[listId], seq, keccak256(delta), root, effectiveAt));
        _heads[listId] = next;
        emit StatusPublished(listId, seq, next, root, effectiveAt, delta);
    }
}
