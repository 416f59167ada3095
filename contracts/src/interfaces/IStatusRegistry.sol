// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/// @title Credential status lists
/// @notice The bits are in the events, as deltas; storage keeps one hash that chains all of a list's updates.
/// A list is named by the URL of its status list credential: listId = keccak256(bytes(uri)).
///   head(0) = keccak256(abi.encode(listId, uint32 issuerId, uint32 size, uint8 purpose, uint8 bitsPerEntry, emptyRoot))
///   head(n) = keccak256(abi.encode(head(n-1), uint64 n, keccak256(delta), root, uint48 effectiveAt))
/// A delta (see GapDelta) SETS bits on a revocation list and FLIPS them on any other, so that no message can
/// take a revocation back. An empty one says: as of now, nothing changed.
interface IStatusRegistry {
    /// @param issuerId 0: no such list
    /// @param size Entries
    /// @param seq Updates so far
    /// @param purpose 1 revocation, 2 suspension, 3 refresh, 4 message
    /// @param bitsPerEntry `statusSize`
    /// @param closed No further updates
    struct List {
        uint32 issuerId;
        uint32 size;
        uint64 seq;
        uint8 purpose;
        uint8 bitsPerEntry;
        bool closed;
    }

    /// @param seq The number this update takes: one more than the list's present one
    /// @param root Merkle root (SHA-256) of the bits after the update; replicas recompute it
    /// @param effectiveAt Unix seconds from when the change holds, not in the future
    /// @param delta Gap-coded bit positions
    struct Update {
        bytes32 listId;
        uint64 seq;
        bytes32 root;
        uint48 effectiveAt;
        bytes delta;
    }

    event StatusListCreated(
        bytes32 indexed listId,
        uint32 indexed issuerId,
        uint32 size,
        uint8 purpose,
        uint8 bitsPerEntry,
        bytes32 head,
        bytes32 root,
        string uri
    );
    event StatusPublished(
        bytes32 indexed listId, uint64 indexed seq, bytes32 head, bytes32 root, uint48 effectiveAt, bytes delta
    );
    event StatusListClosed(bytes32 indexed listId, uint64 seq);
    event StatusListMoved(bytes32 indexed listId, uint32 indexed fromIssuer, uint32 indexed toIssuer);

    error UnknownList(bytes32 listId);
    error ListExists(bytes32 listId);
    error ListIsClosed(bytes32 listId);
    error WrongSequence(bytes32 listId, uint64 expected, uint64 given);
    /// @notice Not canonical, or a position beyond the end of the list
    error InvalidDelta(bytes32 listId);
    error InvalidUri();
    error InvalidSize(uint32 size);
    error InvalidPurpose(uint8 purpose);
    error InvalidBitsPerEntry(uint8 bitsPerEntry);
    error EffectiveInFuture(uint48 effectiveAt);
    error NotARevocationList(bytes32 listId);
    error InvalidSuccessor(uint32 issuerId);
    error SignatureExpired(uint64 deadline);
    error InvalidSignature();

    /// @notice Creates an empty list. By an operator of the accredited issuer.
    /// @param uri URL of the status list credential, up to 2,048 characters of ASCII
    /// @param size Entries, 256 to 2^24; size * bitsPerEntry is a multiple of 256
    /// @param bitsPerEntry 1; a message list may also have 2, 4 or 8
    /// @param emptyRoot Merkle root of the list with all bits clear
    function create(
        uint32 issuerId,
        string calldata uri,
        uint32 size,
        uint8 purpose,
        uint8 bitsPerEntry,
        bytes32 emptyRoot
    ) external returns (bytes32 listId);

    /// @notice Publishes an update. By an operator of the accredited issuer that holds the list.
    function publish(bytes32 listId, uint64 seq, bytes32 root, uint48 effectiveAt, bytes calldata delta)
        external;

    /// @notice All of the updates or none; several may be for the same list.
    function publishMany(Update[] calldata updates) external;

    /// @notice The same on an operator's signature, carried by anyone. EIP-712:
    /// StatusUpdate(bytes32 listId,uint64 seq,bytes32 prevHead,bytes32 deltaHash,bytes32 root,uint48 effectiveAt,uint64 deadline)
    /// @param deadline Last moment (Unix seconds) at which the signature is taken
    /// @param signer The operator, a key or a contract (ERC-1271)
    function publishSigned(Update calldata update, uint64 deadline, address signer, bytes calldata signature)
        external;

    /// @notice Revokes where the issuer cannot or will not. By the owner, on revocation lists.
    function publishEmergency(Update calldata update) external;

    /// @notice Ends the list for good. By the admin of the accredited issuer that holds it.
    function close(bytes32 listId) external;

    /// @notice Gives the list to the issuer's successor. By the owner.
    function move(bytes32 listId, uint32 toIssuer) external;

    /// @notice All members zero: no such list.
    function list(bytes32 listId) external view returns (List memory);

    /// @return Hash that chains all updates; 0: no such list
    function head(bytes32 listId) external view returns (bytes32);
}
