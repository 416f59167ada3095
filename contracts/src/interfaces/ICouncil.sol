// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/// @title Decisions of the consortium: so many of its governors, a call of another contract or of this one
/// @notice A proposal is what is to be done and until when; its number is the hash of that, so that it is approved
/// as a whole or not at all. It is named in full with every call and kept in the events; storage counts. Its
/// `epoch` is that of the membership and rules it was made under: a change of either voids all that is pending.
interface ICouncil {
    /// @param target The contract to call
    /// @param data Selector and arguments; no value goes with it
    /// @param salt Any number, to tell apart proposals that are otherwise alike
    /// @param expiresAt Unix seconds, exclusive: after it nothing happens any more
    /// @param epoch The present one
    struct Action {
        address target;
        bytes data;
        bytes32 salt;
        uint48 expiresAt;
        uint32 epoch;
    }

    /// @notice Unknown: nobody proposed it. Executed and Cancelled are final.
    enum State {
        Unknown,
        Open,
        Executed,
        Cancelled
    }

    /// @param proposer Who may cancel it: the governor that approved it first
    /// @param approvals How many governors approved it
    /// @param ripeAt Unix seconds from when it may be executed; 0: not approved by enough
    struct Proposal {
        address proposer;
        uint16 approvals;
        uint48 ripeAt;
        State state;
    }

    /// @param selector Of the function; zero: all functions of the target without a rule of their own
    /// @param quorum Approvals needed; zero: the council's quorum. Never taken for less than a majority
    /// @param delay Seconds between the last approval needed and the call
    struct Rule {
        address target;
        bytes4 selector;
        uint16 quorum;
        uint32 delay;
    }

    event ProposalMade(
        bytes32 indexed id,
        address indexed proposer,
        address indexed target,
        uint32 epoch,
        uint48 expiresAt,
        bytes32 salt,
        bytes data
    );
    event ProposalApproved(bytes32 indexed id, address indexed governor, uint16 approvals);
    /// @notice Approved by enough; to be executed from `ripeAt` on
    event ProposalRipening(bytes32 indexed id, uint48 ripeAt);
    event ProposalExecuted(bytes32 indexed id);
    event ProposalCancelled(bytes32 indexed id);
    /// @param governors All of them, addresses ascending
    event MembersChanged(uint32 indexed epoch, uint16 quorum, address[] governors);
    event RuleChanged(
        uint32 indexed epoch, address indexed target, bytes4 indexed selector, uint16 quorum, uint32 delay
    );

    error NotGovernor(address account);
    error NotProposer(address account);
    /// @notice Only a decision of the council itself changes it
    error NotCouncil(address account);
    /// @notice Members or rules have changed since
    error Voided(uint32 epoch, uint32 given);
    error Expired(uint48 expiresAt);
    /// @notice Not after its delay, or more than 180 days ahead
    error InvalidExpiry(uint48 expiresAt);
    error ProposalExists(bytes32 id);
    /// @notice Nobody made it, or it was executed or cancelled
    error NotOpen(bytes32 id, State state);
    error AlreadyApproved(bytes32 id, address governor);
    error NotRipe(bytes32 id, uint48 ripeAt);
    error NoContract(address target);
    /// @notice The target refused without saying why; else its own error is passed on
    error CallFailed(address target);
    /// @notice 1 to 64 addresses, ascending, none of them zero or the council
    error InvalidMembers();
    /// @notice Not a majority, or more than there are governors
    error InvalidQuorum(uint16 quorum, uint256 governors);
    /// @notice Longer than 30 days
    error InvalidDelay(uint32 delay);
    error SignatureExpired(uint48 deadline);
    error InvalidSignature();

    // --- by a governor

    /// @notice Proposes and approves. Where one approval is enough and there is no delay, carries it out.
    function propose(Action calldata action) external returns (bytes32 id);

    /// @notice The last approval needed carries it out, or starts its delay. If the target refuses, nothing happens:
    /// the approval can be given again as long as the proposal is open.
    function approve(Action calldata action) external;

    /// @notice By the proposer.
    function cancel(bytes32 id) external;

    // --- by anyone

    /// @notice The same as approve on governors' signatures; proposes it first where nobody has. EIP-712:
    /// Approval(address target,bytes data,bytes32 salt,uint48 expiresAt,uint32 epoch,uint48 deadline)
    /// @param deadline Last moment (Unix seconds) at which the signatures are taken
    /// @param signers Governors, keys or contracts (ERC-1271); those that have approved already are passed over
    function approveSigned(
        Action calldata action,
        uint48 deadline,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;

    /// @notice Carries out what is ripe. If the target refuses, the proposal stays open.
    function execute(Action calldata action) external;

    // --- by the council

    /// @notice Replaces all members. Voids what is pending.
    /// @param governors Ascending addresses
    function setMembers(address[] calldata governors, uint16 quorum) external;

    /// @notice Replaces a rule. Voids what is pending. Needs what the rule it replaces needs, if that is more.
    function setRule(Rule calldata rule) external;

    // --- views

    /// @return id The number of a proposal: keccak256(abi.encode(target, keccak256(data), salt, expiresAt, epoch))
    function idOf(Action calldata action) external pure returns (bytes32 id);

    function proposal(bytes32 id) external view returns (Proposal memory);

    function hasApproved(bytes32 id, address governor) external view returns (bool);

    /// @return approvals What a call of this function needs
    /// @return delay Seconds it then waits
    function ruleOf(address target, bytes4 selector) external view returns (uint16 approvals, uint32 delay);

    function isGovernor(address account) external view returns (bool);

    function governors() external view returns (address[] memory);

    function quorum() external view returns (uint16);

    function epoch() external view returns (uint32);
}
