/** Verifying an SD-JWT VC with @sd-jwt/sd-jwt-vc: {sdJwt, key: public JWK, alg, nonce?, now}. */
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {createHash, createPublicKey, verify} from 'node:crypto';

const HASHES = {ES256: 'sha256', EdDSA: null};

export const hasher = (data, name) => createHash(name.replace('-', '')).update(data).digest();

const verifier = (jwk, alg) => {
  const key = createPublicKey({key: jwk, format: 'jwk'});
  return (text, signature) => verify(HASHES[alg], Buffer.from(text),
    {key, dsaEncoding: 'ieee-p1363'}, Buffer.from(signature, 'base64url'));
};

/** @returns a function that verifies anew at every call, gives the claims, and throws where it refuses. */
export async function verification({sdJwt, key, alg, nonce, now}) {
  const holders = new Map();
  const holder = jwk => {
    if(!holders.has(jwk.x)) {
      holders.set(jwk.x, verifier(jwk, alg));
    }
    return holders.get(jwk.x);
  };
  const relyingParty = new SDJwtVcInstance({
    hasher,
    hashAlg: 'sha-256',
    verifier: verifier(key, alg),
    kbVerifier: (text, signature, payload) => holder(payload.cnf.jwk)(text, signature)
  });
  return async () => (await relyingParty.verify(sdJwt, {currentDate: now, keyBindingNonce: nonce})).payload;
}
