// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";

/// @title M-of-N governors: the owner of all other contracts, and of itself
contract Council is ICouncil, EIP712 {
    /// @dev `set`: zeros may be meant, where the target as a whole has a rule
    struct Terms {
        bool set;
        uint16 quorum;
        uint32 delay;
    }

    uint256 private constant MAX_GOVERNORS = 64;
    uint256 private constant MAX_DELAY = 30 days;
    uint256 private constant MAX_LIFETIME = 180 days;
    bytes4 private constant ANY_FUNCTION = bytes4(0);
    bytes32 private constant APPROVAL = keccak256(
        "Approval(address target,bytes data,bytes32 salt,uint48 expiresAt,uint32 epoch,uint48 deadline)"
    );

    uint32 private _epoch;
    uint16 private _quorum;
    address[] private _governors;
    mapping(address account => bool) private _isGovernor;
    mapping(address target => mapping(bytes4 selector => Terms)) private _rules;
    mapping(bytes32 id => Proposal) private _proposals;
    mapping(bytes32 id => mapping(address governor => bool)) private _approved;

    modifier onlyGovernor() {
        if (!_isGovernor[msg.sender]) revert NotGovernor(msg.sender);
        _;
    }

    modifier onlyCouncil() {
        if (msg.sender != address(this)) revert NotCouncil(msg.sender);
        _;
    }

    constructor(address[] memory governors_, uint16 quorum_, Rule[] memory rules) EIP712("Council", "1") {
        _setMembers(governors_, quorum_);
        for (uint256 i; i < rules.length; ++i) {
            _setRule(rules[i]);
        }
    }

    // --- by a governor

    /// @inheritdoc ICouncil
    function propose(Action calldata action) external onlyGovernor returns (bytes32 id) {
        id = idOf(action);
        if (_proposals[id].state != State.Unknown) revert ProposalExists(id);
        _make(id, action, msg.sender);
        _approve(id, msg.sender);
        _carryOn(id, action);
    }

    /// @inheritdoc ICouncil
    function approve(Action calldata action) external onlyGovernor {
        bytes32 id = idOf(action);
        _requireOpen(id, action);
        if (_approved[id][msg.sender]) revert AlreadyApproved(id, msg.sender);
        _approve(id, msg.sender);
        _carryOn(id, action);
    }

    /// @inheritdoc ICouncil
    function cancel(bytes32 id) external {
        Proposal storage it = _proposals[id];
        if (it.state != State.Open) revert NotOpen(id, it.state);
        if (msg.sender != it.proposer) revert NotProposer(msg.sender);
        it.state = State.Cancelled;
        emit ProposalCancelled(id);
    }

    // --- by anyone

    /// @inheritdoc ICouncil
    function approveSigned(
        Action calldata action,
        uint48 deadline,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        if (signers.length == 0 || signers.length != signatures.length) revert InvalidSignature();
        bytes32 id = idOf(action);
        if (_proposals[id].state == State.Unknown) _make(id, action, signers[0]);
        _requireOpen(id, action);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    APPROVAL,
                    action.target,
                    keccak256(action.data),
                    action.salt,
                    action.expiresAt,
                    action.epoch,
                    deadline
                )
            )
        );
        bool isNews;
        for (uint256 i; i < signers.length; ++i) {
            address signer = signers[i];
            if (!_isGovernor[signer]) revert NotGovernor(signer);
            if (!SignatureChecker.isValidSignatureNow(signer, digest, signatures[i])) {
                revert InvalidSignature();
            }
            // Passed over, not refused: else whoever carries one of the signatures first would spoil the rest.
            if (_approved[id][signer]) continue;
            _approve(id, signer);
            isNews = true;
        }
        if (!isNews) revert AlreadyApproved(id, signers[0]);
        _carryOn(id, action);
    }

    /// @inheritdoc ICouncil
    function execute(Action calldata action) external {
        bytes32 id = idOf(action);
        _requireOpen(id, action);
        uint48 ripeAt = _proposals[id].ripeAt;
        if (ripeAt == 0 || block.timestamp < ripeAt) revert NotRipe(id, ripeAt);
        _execute(id, action);
    }

    // --- by the council

    /// @inheritdoc ICouncil
    function setMembers(address[] calldata governors_, uint16 quorum_) external onlyCouncil {
        _setMembers(governors_, quorum_);
    }

    /// @inheritdoc ICouncil
    function setRule(Rule calldata rule) external onlyCouncil {
        ++_epoch;
        _setRule(rule);
    }

    // --- views

    /// @inheritdoc ICouncil
    function idOf(Action calldata action) public pure returns (bytes32 id) {
        return keccak256(
            abi.encode(action.target, keccak256(action.data), action.salt, action.expiresAt, action.epoch)
        );
    }

    /// @inheritdoc ICouncil
    function proposal(bytes32 id) external view returns (Proposal memory) {
        return _proposals[id];
    }

    /// @inheritdoc ICouncil
    function hasApproved(bytes32 id, address governor) external view returns (bool) {
        return _approved[id][governor];
    }

    /// @inheritdoc ICouncil
    function ruleOf(address target, bytes4 selector) public view returns (uint16 approvals, uint32 delay) {
        Terms memory terms = _rules[target][selector];
        if (!terms.set) terms = _rules[target][ANY_FUNCTION];
        if (terms.quorum == 0) return (_quorum, terms.delay);
        // Members may have come and gone since the rule was made.
        uint256 majority = _governors.length / 2 + 1;
        approvals = terms.quorum < majority ? uint16(majority) : terms.quorum;
        if (approvals > _governors.length) approvals = uint16(_governors.length);
        return (approvals, terms.delay);
    }

    /// @inheritdoc ICouncil
    function isGovernor(address account) external view returns (bool) {
        return _isGovernor[account];
    }

    /// @inheritdoc ICouncil
    function governors() external view returns (address[] memory) {
        return _governors;
    }

    /// @inheritdoc ICouncil
    function quorum() external view returns (uint16) {
        return _quorum;
    }

    /// @inheritdoc ICouncil
    function epoch() external view returns (uint32) {
        return _epoch;
    }

    // --- a proposal's way

    function _make(bytes32 id, Action calldata action, address proposer) private {
        _requirePresent(action);
        (, uint32 delay) = _needs(action);
        if (action.expiresAt <= block.timestamp + delay || action.expiresAt > block.timestamp + MAX_LIFETIME) {
            revert InvalidExpiry(action.expiresAt);
        }
        _proposals[id] = Proposal({proposer: proposer, approvals: 0, ripeAt: 0, state: State.Open});
        emit ProposalMade(id, proposer, action.target, action.epoch, action.expiresAt, action.salt, action.data);
    }

    /// @dev The caller has checked that the proposal is open and the governor new to it.
    function _approve(bytes32 id, address governor) private {
        _approved[id][governor] = true;
        uint16 approvals = ++_proposals[id].approvals;
        emit ProposalApproved(id, governor, approvals);
    }

    /// @dev What the approvals it has by now lead to.
    function _carryOn(bytes32 id, Action calldata action) private {
        Proposal storage it = _proposals[id];
        (uint16 approvals, uint32 delay) = _needs(action);
        if (it.approvals < approvals || it.ripeAt != 0) return;
        if (delay == 0) return _execute(id, action);
        uint48 ripeAt = uint48(block.timestamp) + delay;
        if (ripeAt >= action.expiresAt) revert InvalidExpiry(action.expiresAt);
        it.ripeAt = ripeAt;
        emit ProposalRipening(id, ripeAt);
    }

    /// @dev It counts as executed before the target is called: whatever that calls in turn finds it so.
    function _execute(bytes32 id, Action calldata action) private {
        _proposals[id].state = State.Executed;
        emit ProposalExecuted(id);
        if (action.target.code.length == 0) revert NoContract(action.target);
        (bool succeeded, bytes memory reason) = action.target.call(action.data);
        if (succeeded) return;
        if (reason.length == 0) revert CallFailed(action.target);
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason)) // the target's own error says best what was wrong
        }
    }

    function _requireOpen(bytes32 id, Action calldata action) private view {
        State state = _proposals[id].state;
        if (state != State.Open) revert NotOpen(id, state);
        _requirePresent(action);
    }

    function _requirePresent(Action calldata action) private view {
        if (action.epoch != _epoch) revert Voided(_epoch, action.epoch);
        if (block.timestamp >= action.expiresAt) revert Expired(action.expiresAt);
    }

    // --- rules

    /// @dev A rule is changed as it would be used: else two steps would do what one may not.
    function _needs(Action calldata action) private view returns (uint16 approvals, uint32 delay) {
        bytes4 selector = action.data.length < 4 ? ANY_FUNCTION : bytes4(action.data[:4]);
        (approvals, delay) = ruleOf(action.target, selector);
        if (action.target != address(this) || selector != this.setRule.selector) return (approvals, delay);
        Rule memory changed = abi.decode(action.data[4:], (Rule));
        (uint16 itsApprovals, uint32 itsDelay) = ruleOf(changed.target, changed.selector);
        if (itsApprovals > approvals) approvals = itsApprovals;
        if (itsDelay > delay) delay = itsDelay;
    }

    function _setMembers(address[] memory governors_, uint16 quorum_) private {
        if (governors_.length == 0 || governors_.length > MAX_GOVERNORS) revert InvalidMembers();
        if (uint256(quorum_) * 2 <= governors_.length || quorum_ > governors_.length) {
            revert InvalidQuorum(quorum_, governors_.length);
        }
        for (uint256 i; i < _governors.length; ++i) {
            _isGovernor[_governors[i]] = false;
        }
        address last = address(0);
        for (uint256 i; i < governors_.length; ++i) {
            if (governors_[i] <= last || governors_[i] == address(this)) revert InvalidMembers();
            last = governors_[i];
            _isGovernor[last] = true;
        }
        _governors = governors_;
        _quorum = quorum_;
        emit MembersChanged(++_epoch, quorum_, governors_);
    }

    function _setRule(Rule memory rule) private {
        if (
            rule.quorum != 0
                && (uint256(rule.quorum) * 2 <= _governors.length || rule.quorum > _governors.length)
        ) {
            revert InvalidQuorum(rule.quorum, _governors.length);
        }
        if (rule.delay > MAX_DELAY) revert InvalidDelay(rule.delay);
        _rules[rule.target][rule.selector] = Terms({set: true, quorum: rule.quorum, delay: rule.delay});
        emit RuleChanged(_epoch, rule.target, rule.selector, rule.quorum, rule.delay);
    }
}
