// Decodes status lists with the two packages @digitalbazaar/bitstring is made of.
// In: JSON [encoded, …]. Out: JSON [SHA-256 of the bits, …].
import {createHash} from 'node:crypto';
import {decode} from 'base64url-universal';
import pako from 'pako';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const lists = JSON.parse(Buffer.concat(chunks).toString());

console.log(JSON.stringify(lists.map(encoded => {
  const bits = pako.ungzip(decode(encoded.slice(1)));
  return createHash('sha256').update(bits).digest('hex');
})));
