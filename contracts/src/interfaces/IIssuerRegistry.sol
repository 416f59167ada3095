// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/// @title Who may issue which credentials, where and when
interface IIssuerRegistry {
    /// @notice None: no such issuer. Withdrawn is final.
    enum Standing {
        None,
        Active,
        Suspended,
        Withdrawn
    }

    /// @param name Legal name of the issuer, as the owner wrote it
    /// @param credentialTypes Types it may issue, at least one
    /// @param jurisdictions ISO 3166 codes such as "US-CO"; none: everywhere
    /// @param validFrom Unix seconds, inclusive
    /// @param validUntil Unix seconds, exclusive
    struct Terms {
        string name;
        string[] credentialTypes;
        string[] jurisdictions;
        uint40 validFrom;
        uint40 validUntil;
    }

    /// @param admin Cold key: changes operators, pins DID documents, closes status lists
    /// @param validFrom Unix seconds, inclusive
    /// @param validUntil Unix seconds, exclusive
    /// @param standing Active, suspended or withdrawn
    /// @param pendingAdmin Admin key that was offered the role and has not accepted yet, or zero
    /// @param nonce Counts the changes of keys: a signed rotation holds for one value of it
    /// @param termsHash keccak256(abi.encode(terms)); the terms themselves are in the events
    struct Issuer {
        address admin;
        uint40 validFrom;
        uint40 validUntil;
        Standing standing;
        address pendingAdmin;
        uint64 nonce;
        bytes32 termsHash;
    }

    event IssuerAccredited(
        uint32 indexed issuerId, bytes32 indexed didHash, string did, address admin, Terms terms
    );
    event TermsChanged(uint32 indexed issuerId, Terms terms);
    event StandingChanged(uint32 indexed issuerId, Standing indexed standing, string reason);
    event OperatorChanged(uint32 indexed issuerId, address indexed operator, bool enabled);
    /// @param recovered By the owner, not handed over by the admin before
    event AdminChanged(uint32 indexed issuerId, address indexed admin, bool recovered);

    error UnknownIssuer(uint32 issuerId);
    /// @notice Suspended, withdrawn, or past the end of its terms
    error NotAccredited(uint32 issuerId);
    error NotOperator(uint32 issuerId, address account);
    error NotAdmin(uint32 issuerId, address account);
    error DidTaken(bytes32 didHash);
    /// @notice The key acts for an issuer already, this one or another
    error OperatorTaken(address operator, uint32 issuerId);
    /// @notice One key may not be both the cold and the hot key of an issuer
    error AdminIsOperator(address account);
    error ZeroAddress();
    error InvalidDid();
    error InvalidTerms();
    error InvalidReason();
    error InvalidStandingChange(Standing from, Standing to);
    error SignatureExpired(uint64 deadline);
    error InvalidSignature();

    // --- by the owner

    /// @notice Accredits an issuer. Its DID and its operator key must be new to the registry.
    /// @return issuerId 1, 2, …
    function accredit(string calldata did, address admin, address operator, Terms calldata terms)
        external
        returns (uint32 issuerId);

    /// @notice Replaces all terms of an issuer that was not withdrawn.
    function setTerms(uint32 issuerId, Terms calldata terms) external;

    function suspend(uint32 issuerId, string calldata reason) external;

    function reinstate(uint32 issuerId, string calldata reason) external;

    /// @notice Ends the accreditation for good.
    function withdraw(uint32 issuerId, string calldata reason) external;

    /// @notice Replaces a lost or stolen admin key.
    function recoverAdmin(uint32 issuerId, address admin) external;

    // --- by the issuer's admin

    /// @notice Enables a key that acts for no issuer, or disables one of this issuer's own.
    function setOperator(uint32 issuerId, address operator, bool enabled) external;

    /// @notice Disables one of the issuer's keys and enables another.
    function rotateOperator(uint32 issuerId, address oldOperator, address newOperator) external;

    /// @notice The same on the admin's signature, carried by anyone. EIP-712:
    /// RotateOperator(uint32 issuerId,address oldOperator,address newOperator,uint64 nonce,uint64 deadline)
    /// @param deadline Last moment (Unix seconds) at which the signature is taken
    function rotateOperatorSigned(
        uint32 issuerId,
        address oldOperator,
        address newOperator,
        uint64 deadline,
        bytes calldata signature
    ) external;

    /// @notice Offers the role of admin to another key; zero takes an offer back. Changes nothing until accepted.
    function offerAdmin(uint32 issuerId, address admin) external;

    /// @notice By the key the role was offered to.
    function acceptAdmin(uint32 issuerId) external;

    // --- views

    /// @notice All members zero: no such issuer.
    function issuer(uint32 issuerId) external view returns (Issuer memory);

    /// @param didHash keccak256(bytes(did))
    /// @return 0: no such issuer
    function issuerIdOfDid(bytes32 didHash) external view returns (uint32);

    /// @return 0: acts for nobody
    function issuerIdOfOperator(address operator) external view returns (uint32);

    /// @notice Reverts unless `account` is an operator of this issuer and the issuer is accredited now.
    function requireOperator(uint32 issuerId, address account) external view;

    /// @notice Reverts unless `account` is the admin of the issuer with this DID and it is accredited now.
    function requireAdmin(bytes32 didHash, address account) external view;

    /// @notice The same, for an issuer's number.
    function requireAdminOf(uint32 issuerId, address account) external view;
}
