/**
 * One question to an independent verifier. Throws where it refuses.
 *
 * A question is one of
 *   {credential}
 *   {presentation, challenge, domain}
 *   {jwt, key: public JWK, alg, typ}
 */
import * as vc from '@digitalbazaar/vc';
import {compactVerify, importJWK} from 'jose';
import {documentLoader} from './loader.mjs';
import {verifyingSuites} from './suites.mjs';

/** Status lives on our ledger, which the peer does not know. */
const checkStatus = async () => ({verified: true});

function reasons(error) {
  const causes = error?.errors ?? [error];
  return causes.map(e => [e?.message, e?.cause?.message].filter(Boolean).join(': ')).join('; ');
}

/**
 * The peer's JCS suite compares the two copies of an inline context by identity, which two parsed
 * copies never have. Equal ones become the same object here, so that its cryptography is what is
 * compared with; different ones stay different and are refused.
 */
function shareInlineContexts(document) {
  const own = document['@context'];
  const proof = document.proof;
  if(proof?.['@context'] && JSON.stringify(proof['@context']) === JSON.stringify(own)) {
    proof['@context'] = own;
  }
  [document.verifiableCredential ?? []].flat().forEach(shareInlineContexts);
}

/** @returns a function that verifies `question` anew at every call. */
export async function verification(question, didDocuments = {}) {
  if(question.jwt) {
    const key = await importJWK(question.key, question.alg);
    return async () => {
      const {protectedHeader} = await compactVerify(question.jwt, key, {algorithms: [question.alg]});
      if(protectedHeader.typ !== question.typ) {
        throw new Error(`typ is ${protectedHeader.typ}`);
      }
    };
  }
  shareInlineContexts(question.credential ?? question.presentation);
  const loader = documentLoader(didDocuments);
  return async () => {
    const options = {...question, suite: verifyingSuites(), documentLoader: loader, checkStatus};
    const result = await (question.credential ? vc.verifyCredential(options) : vc.verify(options));
    if(!result.verified) {
      const failed = [result, ...(result.credentialResults ?? [])].map(r => r.error).filter(Boolean);
      throw new Error(failed.map(reasons).join('; ') || 'not verified');
    }
  };
}
