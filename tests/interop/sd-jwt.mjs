/**
 * Issues, presents and verifies SD-JWT VCs with @sd-jwt/sd-jwt-vc.
 *
 * stdin: [request], where a request is one of
 *   {issue: claims, frame, header, key: private JWK, alg}
 *   {present: compact, shown, holderKey: private JWK, alg, binding: {iat, aud, nonce}}
 *   {verify: compact, key: public JWK, alg, nonce?, now, rounds?}
 *     rounds: verify that often more, and say what processor time one took
 * stdout: [compact | {claims, error, seconds}]
 */
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {createPrivateKey, randomBytes, sign} from 'node:crypto';
import {json} from 'node:stream/consumers';
import {hasher, verification} from './sd-jwt-verification.mjs';

const HASHES = {ES256: 'sha256', EdDSA: null};

const signer = (jwk, alg) => {
  const key = createPrivateKey({key: jwk, format: 'jwk'});
  return text => sign(HASHES[alg], Buffer.from(text), {key, dsaEncoding: 'ieee-p1363'}).toString('base64url');
};

const common = {
  hasher,
  hashAlg: 'sha-256',
  saltGenerator: length => randomBytes(length).toString('hex')
};

async function answer(request) {
  const {alg} = request;
  if(request.issue) {
    const issuer = new SDJwtVcInstance({...common, signer: signer(request.key, alg), signAlg: alg});
    return issuer.issue(request.issue, request.frame, {header: request.header});
  }
  if(request.present) {
    const holder = new SDJwtVcInstance({...common, kbSigner: signer(request.holderKey, alg), kbSignAlg: alg});
    return holder.present(request.present, request.shown, {kb: {payload: request.binding}});
  }
  try {
    const verify = await verification({...request, sdJwt: request.verify});
    const payload = await verify();
    const started = process.cpuUsage();
    for(let round = 0; round < (request.rounds ?? 0); ++round) {
      await verify();
    }
    const {user, system} = process.cpuUsage(started);
    return {claims: payload, error: '', seconds: (user + system) / 1e6 / (request.rounds || 1)};
  } catch(error) {
    return {claims: null, error: error.message, seconds: 0};
  }
}

const answers = [];
for(const request of await json(process.stdin)) {
  answers.push(await answer(request));
}
process.stdout.write(JSON.stringify(answers));
