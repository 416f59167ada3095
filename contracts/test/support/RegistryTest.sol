// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {DidRegistry} from "../../src/DidRegistry.sol";
import {IssuerRegistry} from "../../src/IssuerRegistry.sol";
import {StatusRegistry} from "../../src/StatusRegistry.sol";
import {IIssuerRegistry} from "../../src/interfaces/IIssuerRegistry.sol";
import {Signing} from "./Signing.sol";

/// @notice The three registries, owned by the governor, with two accredited boards, each with its own keys.
abstract contract RegistryTest is Signing {
    uint256 internal constant ADMIN_KEY = 0xA1;
    uint256 internal constant OPERATOR_KEY = 0x01;
    uint256 internal constant OTHER_ADMIN_KEY = 0xA2;
    uint256 internal constant OTHER_OPERATOR_KEY = 0x02;
    uint48 internal constant START = 1_750_000_000;

    string internal constant BOARD_DID = "did:web:board.example";
    string internal constant OTHER_DID = "did:web:other.example";

    address internal immutable governor = address(0x60);
    address internal immutable stranger = address(0x57);
    address internal immutable admin = vm.addr(ADMIN_KEY);
    address internal immutable operator = vm.addr(OPERATOR_KEY);
    address internal immutable otherAdmin = vm.addr(OTHER_ADMIN_KEY);
    address internal immutable otherOperator = vm.addr(OTHER_OPERATOR_KEY);

    IssuerRegistry internal issuers;
    DidRegistry internal dids;
    StatusRegistry internal statuses;
    uint32 internal board;
    uint32 internal otherBoard;

    function setUp() public virtual {
        vm.warp(START);
        issuers = new IssuerRegistry(governor);
        dids = new DidRegistry(issuers, governor);
        statuses = new StatusRegistry(issuers, governor);
        vm.prank(governor);
        board = issuers.accredit(BOARD_DID, admin, operator, someTerms());
        vm.prank(governor);
        otherBoard = issuers.accredit(OTHER_DID, otherAdmin, otherOperator, someTerms());
    }

    function someTerms() internal pure returns (IIssuerRegistry.Terms memory terms) {
        terms.name = unicode"Colorado Board of Nursing – Zürich office";
        terms.credentialTypes = new string[](1);
        terms.credentialTypes[0] = "NursingLicense";
        terms.jurisdictions = new string[](1);
        terms.jurisdictions[0] = "US-CO";
        terms.validFrom = uint40(START - 1 days);
        terms.validUntil = uint40(START + 365 days);
    }
}
