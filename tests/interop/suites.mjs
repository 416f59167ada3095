/** The Data Integrity cryptosuites, by name, for signing and for verifying. */
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs2019 from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
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
  }
};

/** @param key {id, controller} and {seed: hex} for Ed25519, a Multikey with its secret for ECDSA. */
export async function signingSuite(name, {key, date}) {
  if(name === 'Ed25519Signature2020') {
    const pair = await seeded(options => Ed25519VerificationKey2020.generate(options))(key);
    return new Ed25519Signature2020({key: pair, date});
  }
  const {keyPair, signing} = SUITES[name];
  const pair = await keyPair(key);
  return new DataIntegrityProof({signer: pair.signer(), date, cryptosuite: signing()});
}

export function verifyingSuites() {
  const modern = Object.values(SUITES).map(({verifying}) => new DataIntegrityProof({cryptosuite: verifying()}));
  return [...modern, new Ed25519Signature2020()];
}
