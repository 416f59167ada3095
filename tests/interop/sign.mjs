/**
 * Signs what stands on stdin, one answer for each request, in order.
 *
 * stdin: [request], where a request is one of
 *   {mechanism: a cryptosuite of suites.mjs, document, key, created, challenge?, domain?}
 *     a presentation where `challenge` is given, else a credential;
 *     key: {id, controller, seed: hex}, for ECDSA {id, controller, type: "Multikey", publicKeyMultibase,
 *     secretKeyMultibase}, for bbs-2023 {seed: hex}, the issuer then being its did:key;
 *     mandatoryPointers: for the suites that disclose selectively
 *   {mechanism, derive: document, selectivePointers}
 *   {mechanism: "jwt", header, payload, key: private JWK}
 *     `payload` is an object, or a string to be signed byte for byte.
 * stdout: [document with proof | compact JWS]
 *
 * Equal requests give equal bytes, except ECDSA and PS256, which draw a nonce.
 */
import * as vc from '@digitalbazaar/vc';
import {CompactSign, importJWK} from 'jose';
import {json} from 'node:stream/consumers';
import {documentLoader} from './loader.mjs';
import {derivingSuite, signingSuite} from './suites.mjs';

async function signDataIntegrity({mechanism, document, key, created, challenge, domain, mandatoryPointers}) {
  const suite = await signingSuite(mechanism, {key, date: created, options: mandatoryPointers && {mandatoryPointers}});
  const options = {suite, documentLoader: documentLoader()};
  if(mechanism === 'bbs-2023') {
    document.issuer = suite.verificationMethod.split('#')[0];
  }
  if(challenge) {
    return vc.signPresentation({...options, presentation: document, challenge, domain});
  }
  return vc.issue({...options, credential: document});
}

async function derive({mechanism, derive: verifiableCredential, selectivePointers}) {
  const suite = derivingSuite(mechanism, {selectivePointers});
  return vc.derive({verifiableCredential, suite, documentLoader: documentLoader()});
}

async function signJwt({header, payload, key}) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return new CompactSign(new TextEncoder().encode(text))
    .setProtectedHeader(header)
    .sign(await importJWK(key, header.alg));
}

const answers = [];
for(const request of await json(process.stdin)) {
  const act = request.mechanism === 'jwt' ? signJwt : request.derive ? derive : signDataIntegrity;
  answers.push(await act(request));
}
process.stdout.write(JSON.stringify(answers));
