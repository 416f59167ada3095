// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Governed} from "./Governed.sol";
import {IDidRegistry} from "./interfaces/IDidRegistry.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";

/// @title Versions of the DID documents of accredited issuers
/// @notice Only the cold admin key pins: whoever can replace a DID document can name a new signing key and forge
/// credentials, and operator keys lie on servers.
contract DidRegistry is IDidRegistry, Governed, EIP712 {
    struct Did {
        uint32 version;
        bool deactivated;
    }

    uint256 private constant MAX_DOCUMENT = 16 * 1024;
    bytes32 private constant PIN_DID_DOCUMENT = keccak256(
        "PinDidDocument(bytes32 didHash,uint32 version,bytes32 prevHead,bytes32 documentHash,uint64 deadline)"
    );

    IIssuerRegistry public immutable issuers;
    mapping(bytes32 didHash => Did) private _dids;
    mapping(bytes32 didHash => bytes32) private _heads;

    constructor(IIssuerRegistry issuers_, address owner) Governed(owner) EIP712("DidRegistry", "1") {
        issuers = issuers_;
    }

    /// @inheritdoc IDidRegistry
    function pin(string calldata did_, uint32 version, bytes calldata document) external {
        issuers.requireAdmin(keccak256(bytes(did_)), msg.sender);
        _pin(did_, version, document);
    }

    /// @inheritdoc IDidRegistry
    function pinSigned(
        string calldata did_,
        uint32 version,
        bytes calldata document,
        uint64 deadline,
        address signer,
        bytes calldata signature
    ) external {
        bytes32 didHash = keccak256(bytes(did_));
        issuers.requireAdmin(didHash, signer);
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(PIN_DID_DOCUMENT, didHash, version, head(didHash), keccak256(document), deadline)
            )
        );
        if (!SignatureChecker.isValidSignatureNow(signer, digest, signature)) revert InvalidSignature();
        _pin(did_, version, document);
    }

    /// @inheritdoc IDidRegistry
    function deactivate(string calldata did_, uint32 version) external {
        bytes32 didHash = keccak256(bytes(did_));
        if (msg.sender != owner()) issuers.requireAdmin(didHash, msg.sender);
        if (_dids[didHash].version == 0) revert NothingPinned(didHash);
        bytes32 next = _extend(didHash, version, keccak256(""));
        _dids[didHash].deactivated = true;
        emit DidDeactivated(didHash, version, next, did_);
    }

    /// @inheritdoc IDidRegistry
    function did(bytes32 didHash) external view returns (uint32 version, bool deactivated) {
        Did storage it = _dids[didHash];
        return (it.version, it.deactivated);
    }

    /// @inheritdoc IDidRegistry
    function head(bytes32 didHash) public view returns (bytes32) {
        return _dids[didHash].version == 0 ? didHash : _heads[didHash];
    }

    function _pin(string calldata did_, uint32 version, bytes calldata document) private {
        if (document.length == 0 || document.length > MAX_DOCUMENT) revert InvalidDocument(document.length);
        bytes32 didHash = keccak256(bytes(did_));
        bytes32 next = _extend(didHash, version, keccak256(document));
        emit DidDocumentPinned(didHash, version, next, did_, document);
    }

    function _extend(bytes32 didHash, uint32 version, bytes32 documentHash) private returns (bytes32 next) {
        Did storage it = _dids[didHash];
        if (it.deactivated) revert Deactivated(didHash);
        if (version != it.version + 1) revert WrongVersion(it.version + 1, version);
        next = keccak256(abi.encode(head(didHash), version, documentHash));
        it.version = version;
        _heads[didHash] = next;
    }
}
