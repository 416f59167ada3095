// Decodes status lists with the two packages @digitalbazaar/bitstring is made of, and says how long it takes.
// In: JSON {lists: [encoded, …], calls, rounds}. Out: JSON [{sha256, microseconds}, …], CPU time of one call in
// the best round.
import {createHash} from 'node:crypto';
import {decode} from 'base64url-universal';
import pako from 'pako';

const decodeBits = encoded => pako.ungzip(decode(encoded.slice(1)));

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const {lists, calls, rounds} = JSON.parse(Buffer.concat(chunks).toString());

console.log(JSON.stringify(lists.map(encoded => {
  let best = Infinity;
  for (let round = 0; round <= rounds; round++) {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call++) decodeBits(encoded);
    const {user, system} = process.cpuUsage(before);
    if (round) best = Math.min(best, (user + system) / calls); // the first warms up
  }
  return {sha256: createHash('sha256').update(decodeBits(encoded)).digest('hex'), microseconds: best};
})));
