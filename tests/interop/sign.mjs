/**
 * Signs what stands on stdin, one answer for each request, in order.
 *
 * stdin: [request], where a request is one of
 *   {mechanism: "eddsa-rdfc-2022" | "eddsa-jcs-2022", document, key, created, challenge?, domain?}
 *     a presentation where `challenge` is given, else a credential;
 *     key: {id, controller, seed: hex}
 *   {mechanism: "jwt", header, payload, key: private JWK}
 *     `payload` is an object, or a string to be signed byte for byte.
 * stdout: [document with proof | compact JWS]
 *
 * Equal requests give equal bytes, except ES256, which draws a nonce.
 */
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {CompactSign, importJWK} from 'jose';
import {json} from 'node:stream/consumers';
import {documentLoader} from './loader.mjs';
import {signingSuite} from './suites.mjs';

async function signDataIntegrity({mechanism, document, key, created, challenge, domain}) {
  const pair = await Ed25519Multikey.generate({...key, seed: Buffer.from(key.seed, 'hex')});
  const suite = signingSuite(mechanism, {signer: pair.signer(), date: created});
  const options = {suite, documentLoader: documentLoader()};
  if(challenge) {
    return vc.signPresentation({...options, presentation: document, challenge, domain});
  }
  return vc.issue({...options, credential: document});
}

async function signJwt({header, payload, key}) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return new CompactSign(new TextEncoder().encode(text))
    .setProtectedHeader(header)
    .sign(await importJWK(key, header.alg));
}

const answers = [];
for(const request of await json(process.stdin)) {
  answers.push(await (request.mechanism === 'jwt' ? signJwt(request) : signDataIntegrity(request)));
}
process.stdout.write(JSON.stringify(answers));
