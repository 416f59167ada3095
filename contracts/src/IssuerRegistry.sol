// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Governed} from "./Governed.sol";
import {Text} from "./Text.sol";
import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";

/// @title Who may issue which credentials, where and when
/// @notice The owner accredits; an issuer governs its own keys. The cold admin key changes the hot operator keys,
/// which publish status lists. A key is an operator of one issuer at most.
contract IssuerRegistry is IIssuerRegistry, Governed, EIP712 {
    uint256 private constant MAX_DID = 2048;
    uint256 private constant MAX_LINE = 1024;
    uint256 private constant MAX_ENTRIES = 256;
    bytes32 private constant ROTATE_OPERATOR = keccak256(
        "RotateOperator(uint32 issuerId,address oldOperator,address newOperator,uint64 nonce,uint64 deadline)"
    );

    uint32 private _count;
    mapping(uint32 issuerId => Issuer) private _issuers;
    mapping(bytes32 didHash => uint32 issuerId) private _idOfDid;
    mapping(address operator => uint32 issuerId) private _idOfOperator;

    modifier onlyAdmin(uint32 issuerId) {
        _known(issuerId);
        if (msg.sender != _issuers[issuerId].admin) revert NotAdmin(issuerId, msg.sender);
        _;
    }

    constructor(address owner) Governed(owner) EIP712("IssuerRegistry", "1") {}

    // --- by the owner

    /// @inheritdoc IIssuerRegistry
    function accredit(string calldata did, address admin, address operator, Terms calldata terms)
        external
        onlyOwner
        returns (uint32 issuerId)
    {
        if (!Text.isIdentifier(did, MAX_DID)) revert InvalidDid();
        if (admin == address(0)) revert ZeroAddress();
        bytes32 didHash = keccak256(bytes(did));
        if (_idOfDid[didHash] != 0) revert DidTaken(didHash);

        issuerId = ++_count;
        _idOfDid[didHash] = issuerId;
        _issuers[issuerId].admin = admin;
        _issuers[issuerId].standing = Standing.Active;
        _setTerms(issuerId, terms);
        emit IssuerAccredited(issuerId, didHash, did, admin, terms);
        _setOperator(issuerId, operator, true);
    }

    /// @inheritdoc IIssuerRegistry
    function setTerms(uint32 issuerId, Terms calldata terms) external onlyOwner {
        _notWithdrawn(issuerId);
        _setTerms(issuerId, terms);
        emit TermsChanged(issuerId, terms);
    }

    /// @inheritdoc IIssuerRegistry
    function suspend(uint32 issuerId, string calldata reason) external onlyOwner {
        _changeStanding(issuerId, Standing.Suspended, reason);
    }

    /// @inheritdoc IIssuerRegistry
    function reinstate(uint32 issuerId, string calldata reason) external onlyOwner {
        _changeStanding(issuerId, Standing.Active, reason);
    }

    /// @inheritdoc IIssuerRegistry
    function withdraw(uint32 issuerId, string calldata reason) external onlyOwner {
        _changeStanding(issuerId, Standing.Withdrawn, reason);
    }

    /// @inheritdoc IIssuerRegistry
    function recoverAdmin(uint32 issuerId, address admin) external onlyOwner {
        _notWithdrawn(issuerId);
        _changeAdmin(issuerId, admin, true);
    }

    // --- by the issuer's admin

    /// @inheritdoc IIssuerRegistry
    function setOperator(uint32 issuerId, address operator, bool enabled) external onlyAdmin(issuerId) {
        _setOperator(issuerId, operator, enabled);
    }

    /// @inheritdoc IIssuerRegistry
    function rotateOperator(uint32 issuerId, address oldOperator, address newOperator)
        external
        onlyAdmin(issuerId)
    {
        _setOperator(issuerId, oldOperator, false);
        _setOperator(issuerId, newOperator, true);
    }

    /// @inheritdoc IIssuerRegistry
    function rotateOperatorSigned(
        uint32 issuerId,
        address oldOperator,
        address newOperator,
        uint64 deadline,
        bytes calldata signature
    ) external {
        _known(issuerId);
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    ROTATE_OPERATOR, issuerId, oldOperator, newOperator, _issuers[issuerId].nonce, deadline
                )
            )
        );
        if (!SignatureChecker.isValidSignatureNow(_issuers[issuerId].admin, digest, signature)) {
            revert InvalidSignature();
        }
        _setOperator(issuerId, oldOperator, false);
        _setOperator(issuerId, newOperator, true);
    }

    /// @inheritdoc IIssuerRegistry
    function offerAdmin(uint32 issuerId, address admin) external onlyAdmin(issuerId) {
        _issuers[issuerId].pendingAdmin = admin;
    }

    /// @inheritdoc IIssuerRegistry
    function acceptAdmin(uint32 issuerId) external {
        _known(issuerId);
        if (msg.sender != _issuers[issuerId].pendingAdmin) revert NotAdmin(issuerId, msg.sender);
        _changeAdmin(issuerId, msg.sender, false);
    }

    // --- views

    /// @inheritdoc IIssuerRegistry
    function issuer(uint32 issuerId) external view returns (Issuer memory) {
        return _issuers[issuerId];
    }

    /// @inheritdoc IIssuerRegistry
    function issuerIdOfDid(bytes32 didHash) external view returns (uint32) {
        return _idOfDid[didHash];
    }

    /// @inheritdoc IIssuerRegistry
    function issuerIdOfOperator(address operator) external view returns (uint32) {
        return _idOfOperator[operator];
    }

    /// @inheritdoc IIssuerRegistry
    function requireOperator(uint32 issuerId, address account) external view {
        _known(issuerId);
        if (_idOfOperator[account] != issuerId) revert NotOperator(issuerId, account);
        _accredited(issuerId);
    }

    /// @inheritdoc IIssuerRegistry
    function requireAdmin(bytes32 didHash, address account) external view {
        requireAdminOf(_idOfDid[didHash], account);
    }

    /// @inheritdoc IIssuerRegistry
    function requireAdminOf(uint32 issuerId, address account) public view {
        _known(issuerId);
        if (_issuers[issuerId].admin != account) revert NotAdmin(issuerId, account);
        _accredited(issuerId);
    }

    // --- rules

    function _known(uint32 issuerId) private view {
        if (_issuers[issuerId].standing == Standing.None) revert UnknownIssuer(issuerId);
    }

    function _notWithdrawn(uint32 issuerId) private view {
        _known(issuerId);
        if (_issuers[issuerId].standing == Standing.Withdrawn) revert NotAccredited(issuerId);
    }

    /// @dev Not before validFrom is no error here: an issuer gets ready beforehand, and verifiers look at the date.
    function _accredited(uint32 issuerId) private view {
        Issuer storage it = _issuers[issuerId];
        if (it.standing != Standing.Active || block.timestamp >= it.validUntil) revert NotAccredited(issuerId);
    }

    function _setTerms(uint32 issuerId, Terms calldata terms) private {
        if (
            terms.validFrom >= terms.validUntil || bytes(terms.name).length == 0
                || !Text.isLine(terms.name, MAX_LINE) || terms.credentialTypes.length == 0
                || !_areLines(terms.credentialTypes) || !_areLines(terms.jurisdictions)
        ) revert InvalidTerms();
        Issuer storage it = _issuers[issuerId];
        it.validFrom = terms.validFrom;
        it.validUntil = terms.validUntil;
        it.termsHash = keccak256(abi.encode(terms));
    }

    function _areLines(string[] calldata entries) private pure returns (bool) {
        if (entries.length > MAX_ENTRIES) return false;
        for (uint256 i; i < entries.length; ++i) {
            if (bytes(entries[i]).length == 0 || !Text.isLine(entries[i], MAX_LINE)) return false;
        }
        return true;
    }

    function _changeStanding(uint32 issuerId, Standing to, string calldata reason) private {
        _known(issuerId);
        Standing from = _issuers[issuerId].standing;
        if (from == to || from == Standing.Withdrawn) revert InvalidStandingChange(from, to);
        if (!Text.isLine(reason, MAX_LINE)) revert InvalidReason();
        _issuers[issuerId].standing = to;
        emit StandingChanged(issuerId, to, reason);
    }

    function _setOperator(uint32 issuerId, address operator, bool enabled) private {
        if (operator == address(0)) revert ZeroAddress();
        uint32 holder = _idOfOperator[operator];
        if (enabled) {
            if (holder != 0) revert OperatorTaken(operator, holder);
            if (operator == _issuers[issuerId].admin) revert AdminIsOperator(operator);
        } else if (holder != issuerId) {
            revert NotOperator(issuerId, operator); // another issuer's key is not ours to remove
        }
        _idOfOperator[operator] = enabled ? issuerId : 0;
        ++_issuers[issuerId].nonce;
        emit OperatorChanged(issuerId, operator, enabled);
    }

    function _changeAdmin(uint32 issuerId, address admin, bool recovered) private {
        if (admin == address(0)) revert ZeroAddress();
        if (_idOfOperator[admin] == issuerId) revert AdminIsOperator(admin);
        Issuer storage it = _issuers[issuerId];
        it.admin = admin;
        it.pendingAdmin = address(0); // an offer made by a stolen key ends with it
        ++it.nonce;
        emit AdminChanged(issuerId, admin, recovered);
    }
}
