// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

// ERC-1056 for did:ethr, as published and unchanged: named here so that it is compiled with the others.
import {EthereumDIDRegistry} from "ethr-did-registry/contracts/EthereumDIDRegistry.sol";
