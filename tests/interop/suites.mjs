/** The Data Integrity cryptosuites, by name, for signing and for verifying. */
import * as bbs2023 from '@digitalbazaar/bbs-2023-cryptosuite';
import * as Bls12381Multikey from '@digitalbazaar/bls12-381-multikey';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs2019 from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaSd2023 from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {Ed25519VerificationKey2020} from '@digitalbazaar/ed25519-verification-key-2020';
import {cryptosuite as ecdsaRdfc2019} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc2022} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const seeded = generate => ({seed, ...key}) => generate({...key, seed: Buffer.from(seed, 'hex')});

const SUITES = {
  'eddsa-rdfc-2022': {
    keyPair: seeded(Ed25519Multikey.generate), signing: () => eddsaRdfc2022, verifying: () => eddsaRdfc2022
  },
  'eddsa-jcs-2022': {
    keyPair: seeded(Ed25519Multikey.generate),
    signing: eddsaJcs2022.createSignCryptosuite,
    verifying: eddsaJcs2022.createVerifyCryptosuite
  },
  'ecdsa-rdfc-2019': {
    keyPair: EcdsaMultikey.from, signing: () => ecdsaRdfc2019, verifying: () => ecdsaRdfc2019
  },
  'ecdsa-jcs-2019': {
    keyPair: EcdsaMultikey.from,
    signing: ecdsaJcs2019.createSignCryptosuite,
    verifying: ecdsaJcs2019.createVerifyCryptosuite
  },
  'ecdsa-sd-2023': {
    keyPair: EcdsaMultikey.from,
    signing: ecdsaSd2023.createSignCryptosuite,
    deriving: ecdsaSd2023.createDiscloseCryptosuite,
    verifying: ecdsaSd2023.createVerifyCryptosuite
  },
  'bbs-2023': {
    keyPair: bbsKeyPair,
    signing: bbs2023.createSignCryptosuite,
    deriving: bbs2023.createDiscloseCryptosuite,
    verifying: bbs2023.createVerifyCryptosuite
  }
};

/** A did:key of its own: the seed is all that is asked for. */
async function bbsKeyPair({seed}) {
  const algorithm = Bls12381Multikey.ALGORITHMS.BBS_BLS12381_SHA256;
  const pair = await Bls12381Multikey.generateBbsKeyPair({algorithm, seed: Buffer.from(seed, 'hex')});
  const {publicKeyMultibase} = await pair.export({publicKey: true});
  pair.controller = `did:key:${publicKeyMultibase}`;
  pair.id = `${pair.controller}#${publicKeyMultibase}`;
  return pair;
}

/**
 * @param key {id, controller} and {seed: hex} for Ed25519, a Multikey with its secret for ECDSA, {seed} for BBS.
 * @param options of the cryptosuite: {mandatoryPointers} where it discloses selectively.
 */
export async function signingSuite(name, {key, date, options}) {
  if(name === 'Ed25519Signature2020') {
    const pair = await seeded(options => Ed25519VerificationKey2020.generate(options))(key);
    return new Ed25519Signature2020({key: pair, date});
  }
  const {keyPair, signing} = SUITES[name];
  const pair = await keyPair(key);
  return new DataIntegrityProof({signer: pair.signer(), date, cryptosuite: signing(options)});
}

/** @param selectivePointers what is shown beside what is mandatory. */
export function derivingSuite(name, {selectivePointers}) {
  return new DataIntegrityProof({cryptosuite: SUITES[name].deriving({selectivePointers})});
}

export function verifyingSuites() {
  const modern = Object.values(SUITES).map(({verifying}) => new DataIntegrityProof({cryptosuite: verifying()}));
  return [...modern, new Ed25519Signature2020()];
}
