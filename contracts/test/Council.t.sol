// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Council} from "../src/Council.sol";
import {ICouncil} from "../src/interfaces/ICouncil.sol";
import {CouncilTest, Target} from "./support/CouncilTest.sol";

/// @notice A governor that is a contract: everyone's signature is its own, where it says so.
contract Institution {
    bool public signs;

    function sign(bool signs_) external {
        signs = signs_;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return signs ? bytes4(0x1626ba7e) : bytes4(0);
    }
}

contract CouncilUnitTest is CouncilTest {
    uint48 private constant SOON = START + 1 days;

    // --- approvals

    function test_TheLastApprovalNeededCarriesItOut() public {
        ICouncil.Action memory it = act();
        decide(it, QUORUM - 1);
        vm.assertEq(target.calls(), 0);
        approve(QUORUM - 1, it);
        vm.assertEq(target.calls(), 1);
    }

    function test_NoActionBelowItsQuorum() public {
        ICouncil.Action memory it = act();
        decide(it, QUORUM - 1);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotRipe.selector, council.idOf(it), 0));
        council.execute(it);
    }

    function test_AGovernorApprovesOnce() public {
        ICouncil.Action memory it = act();
        bytes32 id = propose(0, it);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.AlreadyApproved.selector, id, governors[0]));
        approve(0, it);
    }

    function test_StrangersNeitherProposeNorApprove() public {
        ICouncil.Action memory it = act();
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotGovernor.selector, stranger));
        vm.prank(stranger);
        council.propose(it);
        propose(0, it);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotGovernor.selector, stranger));
        vm.prank(stranger);
        council.approve(it);
    }

    function test_AnApprovalIsForAllOfIt() public {
        ICouncil.Action memory it = act();
        propose(0, it);
        it.data = abi.encodeCall(Target.swiftAct, ());
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.NotOpen.selector, council.idOf(it), ICouncil.State.Unknown)
        );
        approve(1, it);
    }

    function test_WhatWasDoneIsNotDoneAgain() public {
        ICouncil.Action memory it = act();
        decide(it, QUORUM);
        bytes32 id = council.idOf(it);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotOpen.selector, id, ICouncil.State.Executed));
        approve(QUORUM, it);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.ProposalExists.selector, id));
        propose(0, it);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotOpen.selector, id, ICouncil.State.Executed));
        council.execute(it);
    }

    function test_WhatTheTargetRefusesSaysWhyAndStaysOpen() public {
        ICouncil.Action memory it = act();
        target.refuse(true);
        decide(it, QUORUM - 1);
        vm.expectRevert(abi.encodeWithSelector(Target.Refused.selector, 7));
        approve(QUORUM - 1, it);
        vm.assertFalse(council.hasApproved(council.idOf(it), governors[QUORUM - 1]));
        target.refuse(false);
        approve(QUORUM - 1, it);
        vm.assertEq(target.calls(), 1);
    }

    function test_ARefusalWithoutWordsIsStillOne() public {
        ICouncil.Action memory it = action(address(target), abi.encodeCall(Target.fail, ()));
        decide(it, QUORUM - 1);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.CallFailed.selector, address(target)));
        approve(QUORUM - 1, it);
    }

    function test_ACallOfNoContractIsRefused() public {
        ICouncil.Action memory it = action(stranger, "");
        decide(it, QUORUM - 1);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NoContract.selector, stranger));
        approve(QUORUM - 1, it);
    }

    function test_ReenteringFindsItExecuted() public {
        ICouncil.Action memory it = action(address(target), abi.encodeCall(Target.reenter, ()));
        target.callBack(address(council), abi.encodeCall(Council.execute, (it)));
        decide(it, QUORUM);
        vm.assertEq(target.calls(), 1);
        vm.assertFalse(target.calledBack());
    }

    // --- time

    function test_AProposalExpires() public {
        ICouncil.Action memory it = act();
        decide(it, QUORUM - 1);
        vm.warp(it.expiresAt);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.Expired.selector, it.expiresAt));
        approve(QUORUM - 1, it);
    }

    function test_ItExpiresNeitherAtOnceNorNever() public {
        ICouncil.Action memory it = act();
        uint48[3] memory moments = [START, START - 1, START + 180 days + 1];
        for (uint256 i; i < moments.length; ++i) {
            it.expiresAt = moments[i];
            vm.expectRevert();
            propose(0, it);
        }
        it = action(address(slow), abi.encodeCall(Target.act, ()));
        it.expiresAt = START + DELAY;
        vm.expectRevert(abi.encodeWithSelector(ICouncil.InvalidExpiry.selector, it.expiresAt));
        propose(0, it);
    }

    function test_ADelayedActionWaitsAndAnyoneExecutesIt() public {
        ICouncil.Action memory it = action(address(slow), abi.encodeCall(Target.act, ()));
        decide(it, QUORUM);
        bytes32 id = council.idOf(it);
        vm.assertEq(slow.calls(), 0);
        vm.warp(START + DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotRipe.selector, id, START + DELAY));
        council.execute(it);
        vm.warp(START + DELAY);
        vm.prank(stranger);
        council.execute(it);
        vm.assertEq(slow.calls(), 1);
    }

    function test_AnotherApprovalDoesNotStartTheDelayAnew() public {
        ICouncil.Action memory it = action(address(slow), abi.encodeCall(Target.act, ()));
        decide(it, QUORUM);
        vm.warp(START + DELAY);
        approve(QUORUM, it);
        council.execute(it);
        vm.assertEq(slow.calls(), 1);
    }

    function test_ARipeActionThatFailsStaysOpen() public {
        ICouncil.Action memory it = action(address(slow), abi.encodeCall(Target.act, ()));
        decide(it, QUORUM);
        vm.warp(START + DELAY);
        slow.refuse(true);
        vm.expectRevert(abi.encodeWithSelector(Target.Refused.selector, 7));
        council.execute(it);
        slow.refuse(false);
        council.execute(it);
    }

    function test_TheProposerCancelsEvenWhatRipens() public {
        ICouncil.Action memory it = action(address(slow), abi.encodeCall(Target.act, ()));
        decide(it, QUORUM);
        bytes32 id = council.idOf(it);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotProposer.selector, governors[1]));
        vm.prank(governors[1]);
        council.cancel(id);
        vm.prank(governors[0]);
        council.cancel(id);
        vm.warp(START + DELAY);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotOpen.selector, id, ICouncil.State.Cancelled));
        council.execute(it);
    }

    // --- rules

    function test_ARuleMakesAnActionFaster() public {
        decide(action(address(target), abi.encodeCall(Target.swiftAct, ())), SWIFT);
        vm.assertEq(target.calls(), 1);
    }

    function test_ARuleOfAFunctionGoesBeforeThatOfItsContract() public {
        ICouncil.Rule memory rule = ICouncil.Rule(address(slow), Target.swiftAct.selector, SWIFT, 0);
        ICouncil.Action memory it = action(address(council), abi.encodeCall(Council.setRule, (rule)));
        decide(it, QUORUM);
        vm.warp(START + DELAY); // loosening it has to wait as long as what it loosens
        council.execute(it);
        decide(action(address(slow), abi.encodeCall(Target.swiftAct, ())), SWIFT);
        vm.assertEq(slow.calls(), 1);
    }

    function test_ARuleCannotBeLoosenedByALesserOne() public {
        ICouncil.Rule memory none = ICouncil.Rule(address(slow), Target.act.selector, 0, 0);
        ICouncil.Action memory it = action(address(council), abi.encodeCall(Council.setRule, (none)));
        decide(it, QUORUM);
        (, uint32 delay) = council.ruleOf(address(slow), Target.act.selector);
        vm.assertEq(uint256(delay), DELAY);
        vm.warp(START + DELAY);
        council.execute(it);
        (, delay) = council.ruleOf(address(slow), Target.act.selector);
        vm.assertEq(uint256(delay), 0);
    }

    function test_ARuleIsAlwaysAMajority() public {
        ICouncil.Rule memory rule = ICouncil.Rule(address(target), Target.act.selector, 2, 0);
        refuseLast(
            action(address(council), abi.encodeCall(Council.setRule, (rule))),
            abi.encodeWithSelector(ICouncil.InvalidQuorum.selector, 2, COUNT)
        );
        rule.quorum = 6;
        refuseLast(
            action(address(council), abi.encodeCall(Council.setRule, (rule))),
            abi.encodeWithSelector(ICouncil.InvalidQuorum.selector, 6, COUNT)
        );
        rule = ICouncil.Rule(address(target), Target.act.selector, 0, 30 days + 1);
        refuseLast(
            action(address(council), abi.encodeCall(Council.setRule, (rule))),
            abi.encodeWithSelector(ICouncil.InvalidDelay.selector, 30 days + 1)
        );
    }

    function test_ARuleStaysAMajorityWhoeverComesAndGoes() public {
        changeMembers(two(), 2);
        (uint16 approvals,) = council.ruleOf(address(target), Target.swiftAct.selector);
        vm.assertEq(uint256(approvals), 2);
        address[] memory many = new address[](9);
        for (uint256 i; i < many.length; ++i) {
            many[i] = i < 2 ? governors[i] : address(uint160(type(uint160).max - 20 + i));
        }
        ICouncil.Action memory it = action(address(council), abi.encodeCall(Council.setMembers, (many, 9)));
        decide(it, 2);
        (approvals,) = council.ruleOf(address(target), Target.swiftAct.selector);
        vm.assertEq(uint256(approvals), 5);
    }

    // --- members

    function test_AChangeOfMembersVoidsWhatIsPending() public {
        ICouncil.Action memory pending = act();
        decide(pending, QUORUM - 1);
        changeMembers(two(), 2);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.Voided.selector, 2, 1));
        approve(1, pending);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotGovernor.selector, governors[4]));
        approve(4, pending);
    }

    function test_AChangeOfMembersVoidsWhatRipens() public {
        ICouncil.Action memory ripening = action(address(slow), abi.encodeCall(Target.act, ()));
        decide(ripening, QUORUM);
        changeMembers(two(), 2);
        vm.warp(START + DELAY);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.Voided.selector, 2, 1));
        council.execute(ripening);
    }

    function test_OnlyTheCouncilChangesItself() public {
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotCouncil.selector, governors[0]));
        vm.prank(governors[0]);
        council.setMembers(two(), 2);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotCouncil.selector, governors[0]));
        vm.prank(governors[0]);
        council.setRule(ICouncil.Rule(address(target), 0, 0, 0));
    }

    function test_AQuorumIsAlwaysAMajority(uint8 count, uint16 quorum) public {
        address[] memory members = new address[](uint256(count) % 66);
        for (uint256 i; i < members.length; ++i) {
            members[i] = address(uint160(1000 + i));
        }
        bool may = members.length > 0 && members.length <= 64 && uint256(quorum) * 2 > members.length
            && quorum <= members.length;
        if (!may) vm.expectRevert();
        new Council(members, quorum, new ICouncil.Rule[](0));
    }

    function test_MembersAreEachThereOnce() public {
        address[] memory members = two();
        (members[0], members[1]) = (members[1], members[0]);
        refuseLast(
            action(address(council), abi.encodeCall(Council.setMembers, (members, 2))),
            abi.encodeWithSelector(ICouncil.InvalidMembers.selector)
        );
        members[0] = members[1];
        refuseLast(
            action(address(council), abi.encodeCall(Council.setMembers, (members, 2))),
            abi.encodeWithSelector(ICouncil.InvalidMembers.selector)
        );
        members = new address[](1);
        members[0] = address(council);
        refuseLast(
            action(address(council), abi.encodeCall(Council.setMembers, (members, 1))),
            abi.encodeWithSelector(ICouncil.InvalidMembers.selector)
        );
    }

    // --- signatures

    function test_SignaturesGatheredElsewhereAreCarriedByAnyone() public {
        ICouncil.Action memory it = act();
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, SOON);
        vm.prank(stranger);
        council.approveSigned(it, SOON, signers, signatures);
        vm.assertEq(target.calls(), 1);
    }

    function test_ASignatureIsGoodOnce() public {
        ICouncil.Action memory it = act();
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, SOON);
        council.approveSigned(it, SOON, signers, signatures);
        vm.expectRevert(
            abi.encodeWithSelector(ICouncil.NotOpen.selector, council.idOf(it), ICouncil.State.Executed)
        );
        council.approveSigned(it, SOON, signers, signatures);
        vm.assertEq(target.calls(), 1);
    }

    function test_OneSignatureManyTimesCountsOnce() public {
        ICouncil.Action memory it = act();
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, SOON);
        for (uint256 i = 1; i < QUORUM; ++i) {
            (signers[i], signatures[i]) = (signers[0], signatures[0]);
        }
        council.approveSigned(it, SOON, signers, signatures);
        vm.assertEq(uint256(council.proposal(council.idOf(it)).approvals), 1);
        vm.assertEq(target.calls(), 0);
    }

    function test_SignedAndSentApprovalsAddUp() public {
        ICouncil.Action memory it = act();
        propose(0, it);
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, SOON);
        council.approveSigned(it, SOON, signers, signatures);
        vm.assertEq(target.calls(), 1);
    }

    function test_ASignatureIsForAllOfItsArguments(uint8 which) public {
        ICouncil.Action memory it = act();
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, SOON);
        uint48 deadline = SOON;
        which = which % 5;
        if (which == 0) it.target = address(slow);
        if (which == 1) it.data = abi.encodeCall(Target.swiftAct, ());
        if (which == 2) it.salt = bytes32("another");
        if (which == 3) it.expiresAt += 1;
        if (which == 4) deadline += 1;
        refused(ICouncil.InvalidSignature.selector);
        council.approveSigned(it, deadline, signers, signatures);
    }

    function test_ASignatureIsForItsOwnLedgerAndCouncil() public {
        ICouncil.Action memory it = act();
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, SOON);
        Council another = new Council(governors, QUORUM, new ICouncil.Rule[](0));
        refused(ICouncil.InvalidSignature.selector);
        another.approveSigned(it, SOON, signers, signatures);
        vm.chainId(block.chainid + 1);
        refused(ICouncil.InvalidSignature.selector);
        council.approveSigned(it, SOON, signers, signatures);
    }

    function test_ASignatureEndsWithTheMembership() public {
        ICouncil.Action memory it = act();
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, SOON);
        address[] memory members = new address[](COUNT);
        for (uint256 i; i < COUNT; ++i) {
            members[i] = governors[i];
        }
        changeMembers(members, QUORUM);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.Voided.selector, 2, 1));
        council.approveSigned(it, SOON, signers, signatures);
        it.epoch = 2;
        refused(ICouncil.InvalidSignature.selector);
        council.approveSigned(it, SOON, signers, signatures);
    }

    function test_SignaturesComeInTime() public {
        ICouncil.Action memory it = act();
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, START - 1);
        vm.expectRevert(abi.encodeWithSelector(ICouncil.SignatureExpired.selector, START - 1));
        council.approveSigned(it, START - 1, signers, signatures);
    }

    function test_StrangersSignNothing() public {
        ICouncil.Action memory it = act();
        (address[] memory signers, bytes[] memory signatures) = signed(it, QUORUM, SOON);
        signers[1] = stranger;
        vm.expectRevert(abi.encodeWithSelector(ICouncil.NotGovernor.selector, stranger));
        council.approveSigned(it, SOON, signers, signatures);
        refused(ICouncil.InvalidSignature.selector);
        council.approveSigned(it, SOON, new address[](0), new bytes[](0));
        refused(ICouncil.InvalidSignature.selector);
        council.approveSigned(it, SOON, signers, new bytes[](1));
    }

    function test_AnInstitutionGovernsByItsContract() public {
        Institution institution = new Institution();
        address[] memory members = new address[](1);
        members[0] = address(institution);
        changeMembers(members, 1);
        ICouncil.Action memory it = act();
        refused(ICouncil.InvalidSignature.selector);
        council.approveSigned(it, SOON, members, new bytes[](1));
        institution.sign(true);
        council.approveSigned(it, SOON, members, new bytes[](1));
        vm.assertEq(target.calls(), 1);
    }

    // --- helpers

    function two() private view returns (address[] memory members) {
        members = new address[](2);
        (members[0], members[1]) = (governors[0], governors[1]);
    }

    function changeMembers(address[] memory members, uint16 quorum) private {
        decide(action(address(council), abi.encodeCall(Council.setMembers, (members, quorum))), QUORUM);
    }

    function refuseLast(ICouncil.Action memory it, bytes memory reason) private {
        decide(it, QUORUM - 1);
        vm.expectRevert(reason);
        approve(QUORUM - 1, it);
    }
}
