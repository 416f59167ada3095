// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {RegistryTest} from "./support/RegistryTest.sol";
import {FuzzSelector, Vm} from "./support/Vm.sol";

/// @notice Two boards' admins and operators, the owner and a thief change keys in any order. Beside the contract
/// stands a table of who acts for whom, changed only where the caller was entitled.
contract KeyActors is RegistryTest {
    bytes32 private constant ROTATE_OPERATOR = keccak256(
        "RotateOperator(uint32 issuerId,address oldOperator,address newOperator,uint64 nonce,uint64 deadline)"
    );
    uint256 public constant KEYS = 8;

    struct Carried {
        uint32 issuerId;
        address oldOperator;
        address newOperator;
        bytes signature;
    }

    mapping(address key => uint32 issuerId) public actsFor;
    mapping(uint32 issuerId => uint256 key) private _adminKey;
    Carried[] private _carried;
    bool public replayed;
    bool public usurped;

    constructor() {
        setUp();
        actsFor[operator] = board;
        actsFor[otherOperator] = otherBoard;
        _adminKey[board] = ADMIN_KEY;
        _adminKey[otherBoard] = OTHER_ADMIN_KEY;
    }

    /// @dev The operators' keys are 1 and 2; the rest is spare.
    function keyOf(uint256 number) public pure returns (address) {
        return vm.addr(1 + number % KEYS);
    }

    function setOperator(uint256 caller, uint256 which, uint256 number, bool enabled) external {
        (address who, uint32 issuerId, address key) = (callerOf(caller), issuerOf(which), keyOf(number));
        bytes memory call = abi.encodeCall(issuers.setOperator, (issuerId, key, enabled));
        if (!attempt(who, address(issuers), call)) return;
        entitled(who, issuerId);
        set(issuerId, key, enabled);
    }

    function rotateOperator(uint256 caller, uint256 which, uint256 oldNumber, uint256 newNumber) external {
        (address who, uint32 issuerId) = (callerOf(caller), issuerOf(which));
        (address oldKey, address newKey) = (keyOf(oldNumber), keyOf(newNumber));
        bytes memory call = abi.encodeCall(issuers.rotateOperator, (issuerId, oldKey, newKey));
        if (!attempt(who, address(issuers), call)) return;
        entitled(who, issuerId);
        set(issuerId, oldKey, false);
        set(issuerId, newKey, true);
    }

    function rotateOperatorSigned(uint256 which, uint256 oldNumber, uint256 newNumber) external {
        uint32 issuerId = issuerOf(which);
        (address oldKey, address newKey) = (keyOf(oldNumber), keyOf(newNumber));
        uint64 nonce = issuers.issuer(issuerId).nonce;
        bytes memory message = abi.encode(ROTATE_OPERATOR, issuerId, oldKey, newKey, nonce, type(uint64).max);
        bytes memory byAdmin =
            signature(_adminKey[issuerId], digest("IssuerRegistry", address(issuers), message));
        if (!carry(issuerId, oldKey, newKey, byAdmin)) return;
        _carried.push(Carried(issuerId, oldKey, newKey, byAdmin));
        set(issuerId, oldKey, false);
        set(issuerId, newKey, true);
    }

    /// @dev A thief carries an old signature again, for its issuer or another.
    function carryAgain(uint256 which, bool elsewhere) external {
        if (_carried.length == 0) return;
        Carried memory it = _carried[which % _carried.length];
        uint32 issuerId = elsewhere ? issuerOf(it.issuerId) : it.issuerId;
        replayed = carry(issuerId, it.oldOperator, it.newOperator, it.signature) || replayed;
    }

    /// @dev Back and forth between two keys, so that a state that once was comes again.
    function recoverAdmin(uint256 caller, uint256 which, bool first) external {
        (address who, uint32 issuerId) = (callerOf(caller), issuerOf(which));
        uint256 key = issuerId == board ? ADMIN_KEY : OTHER_ADMIN_KEY;
        if (!first) key += 0x100;
        bytes memory call = abi.encodeCall(issuers.recoverAdmin, (issuerId, vm.addr(key)));
        if (!attempt(who, address(issuers), call)) return;
        usurped = usurped || who != governor;
        _adminKey[issuerId] = key;
    }

    function issuerOf(uint256 which) private view returns (uint32) {
        return which % 2 == 0 ? board : otherBoard;
    }

    function callerOf(uint256 caller) private view returns (address) {
        address[8] memory callers = [
            vm.addr(_adminKey[board]),
            vm.addr(_adminKey[board]),
            vm.addr(_adminKey[otherBoard]),
            vm.addr(_adminKey[otherBoard]),
            governor,
            operator,
            otherOperator,
            stranger
        ];
        return callers[caller % callers.length];
    }

    function carry(uint32 issuerId, address oldKey, address newKey, bytes memory byAdmin)
        private
        returns (bool)
    {
        return attempt(
            stranger,
            address(issuers),
            abi.encodeCall(issuers.rotateOperatorSigned, (issuerId, oldKey, newKey, type(uint64).max, byAdmin))
        );
    }

    function entitled(address who, uint32 issuerId) private {
        usurped = usurped || who != vm.addr(_adminKey[issuerId]);
    }

    function set(uint32 issuerId, address key, bool enabled) private {
        uint32 holder = actsFor[key];
        usurped = usurped || (holder != 0 && holder != issuerId);
        actsFor[key] = enabled ? issuerId : 0;
    }

    function storedIssuerOf(address key) external view returns (uint32) {
        return issuers.issuerIdOfOperator(key);
    }

    function mayPublish(uint32 issuerId, address key) external view returns (bool) {
        try issuers.requireOperator(issuerId, key) {
            return true;
        } catch {
            return false;
        }
    }
}

contract IssuerRegistryInvariants {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    KeyActors private actors;

    function setUp() public {
        actors = new KeyActors();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actors);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](5);
        selectors[0] = KeyActors.setOperator.selector;
        selectors[1] = KeyActors.rotateOperator.selector;
        selectors[2] = KeyActors.rotateOperatorSigned.selector;
        selectors[3] = KeyActors.carryAgain.selector;
        selectors[4] = KeyActors.recoverAdmin.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(actors), selectors);
    }

    function invariant_NoOperatorActsForAnotherTenant() public view {
        vm.assertFalse(actors.usurped());
        for (uint256 number; number < actors.KEYS(); ++number) {
            address key = actors.keyOf(number);
            uint32 issuerId = actors.actsFor(key);
            vm.assertEq(actors.storedIssuerOf(key), issuerId);
            vm.assertEq(actors.mayPublish(1, key), issuerId == 1);
            vm.assertEq(actors.mayPublish(2, key), issuerId == 2);
        }
    }

    function invariant_NoSignatureIsGoodTwice() public view {
        vm.assertFalse(actors.replayed());
    }
}
