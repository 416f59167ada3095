// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/// @title Versions of the DID documents of accredited issuers
/// @notice The bytes of a document are in the event; storage keeps one hash that chains all versions:
/// head(0) = didHash, head(n) = keccak256(abi.encode(head(n-1), uint32 n, keccak256(document)))
interface IDidRegistry {
    event DidDocumentPinned(
        bytes32 indexed didHash, uint32 indexed version, bytes32 head, string did, bytes document
    );
    /// @param version The number the deactivation takes; it is chained with an empty document
    event DidDeactivated(bytes32 indexed didHash, uint32 indexed version, bytes32 head, string did);

    error WrongVersion(uint32 expected, uint32 given);
    error Deactivated(bytes32 didHash);
    error NothingPinned(bytes32 didHash);
    /// @notice Empty, or longer than 16 KiB
    error InvalidDocument(uint256 length);
    error SignatureExpired(uint64 deadline);
    error InvalidSignature();

    /// @notice Pins the next version. By the admin of the accredited issuer.
    /// @param version One more than the present one; the first is 1
    /// @param document The JSON document, 1 to 16,384 bytes
    function pin(string calldata did, uint32 version, bytes calldata document) external;

    /// @notice The same on the admin's signature, carried by anyone. EIP-712:
    /// PinDidDocument(bytes32 didHash,uint32 version,bytes32 prevHead,bytes32 documentHash,uint64 deadline)
    /// @param deadline Last moment (Unix seconds) at which the signature is taken
    /// @param signer The issuer's admin, a key or a contract (ERC-1271)
    function pinSigned(
        string calldata did,
        uint32 version,
        bytes calldata document,
        uint64 deadline,
        address signer,
        bytes calldata signature
    ) external;

    /// @notice Ends the DID for good. By the admin of the accredited issuer, or the owner.
    function deactivate(string calldata did, uint32 version) external;

    /// @param didHash keccak256(bytes(did))
    /// @return version 0: nothing pinned
    /// @return deactivated Whether `version` ended the DID
    function did(bytes32 didHash) external view returns (uint32 version, bool deactivated);

    /// @return Hash that chains all versions; the didHash itself where nothing is pinned
    function head(bytes32 didHash) external view returns (bytes32);
}
