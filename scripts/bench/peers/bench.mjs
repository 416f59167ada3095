/**
 * The verifiers of this folder, measured. See tests/interop/rounds.mjs.
 *
 * A question is one of
 *   {peer: '@digitalcredentials/vc', credential}
 *   {peer: '@digitalcredentials/vc', presentation, challenge, domain}
 *   {peer: 'did-jwt-vc', jwt}
 *   {peer: '@digitalbazaar/vc-bitstring-status-list', encodedList, size}
 *   {peer: '@digitalbazaar/vc-bitstring-status-list', encodedList, index}: a thousand look-ups in a decoded list
 */
import {decodeList} from '@digitalbazaar/vc-bitstring-status-list';
import {DataIntegrityProof} from '@digitalcredentials/data-integrity';
import {cryptosuite} from '@digitalcredentials/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalcredentials/vc';
import {verifyCredential} from 'did-jwt-vc';
import {measureInRounds} from '../../../tests/interop/rounds.mjs';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

/** Status lives on our ledger, which the peer does not know. */
const checkStatus = async () => ({verified: true});

/** Knows what it is given and never touches the network. */
function documentLoader({contexts, didDocuments}) {
  return async url => {
    const [id] = url.split('#');
    const method = didDocuments[id]?.verificationMethod.find(m => m.id === url);
    const document = contexts[url] ?? (method ? {'@context': MULTIKEY, ...method} : didDocuments[url]);
    if(!document) {
      throw new Error(`not in the closed set of documents: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

const VERIFICATIONS = {
  '@digitalcredentials/vc': (question, setting) => {
    const loader = documentLoader(setting);
    return async () => {
      const suite = new DataIntegrityProof({cryptosuite});
      const options = {...question, suite, documentLoader: loader, checkStatus};
      const result = await (question.credential ? vc.verifyCredential(options) : vc.verify(options));
      if(!result.verified) {
        throw new Error(result.error?.errors?.[0]?.message ?? result.error?.message ?? 'not verified');
      }
    };
  },
  'did-jwt-vc': ({jwt}, {didDocuments}) => {
    const resolve = async did => ({
      didDocument: didDocuments[did], didDocumentMetadata: {}, didResolutionMetadata: {}
    });
    return async () => {
      const {verified} = await verifyCredential(jwt, {resolve});
      if(!verified) {
        throw new Error('not verified');
      }
    };
  },
  '@digitalbazaar/vc-bitstring-status-list': async ({encodedList, size, index}) => {
    if(index === undefined) {
      return async () => {
        const list = await decodeList({encodedList});
        if(list.length !== size) {
          throw new Error(`${list.length} entries`);
        }
      };
    }
    const list = await decodeList({encodedList});
    return async () => {
      let set = 0;
      for(let i = 0; i < 1000; ++i) {
        set += list.getStatus(index);
      }
      if(set) {
        throw new Error('set');
      }
    };
  }
};

await measureInRounds(async ({peer, ...question}, setting) => VERIFICATIONS[peer](question, setting));
