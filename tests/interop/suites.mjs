/** The Data Integrity cryptosuites, by name, for signing and for verifying. */
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as eddsaRdfc2022} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';

export function signingSuite(name, {signer, date}) {
  const cryptosuites = {
    'eddsa-rdfc-2022': () => eddsaRdfc2022,
    'eddsa-jcs-2022': createSignCryptosuite
  };
  return new DataIntegrityProof({signer, date, cryptosuite: cryptosuites[name]()});
}

export function verifyingSuites() {
  return [eddsaRdfc2022, createVerifyCryptosuite()].map(cryptosuite => new DataIntegrityProof({cryptosuite}));
}
