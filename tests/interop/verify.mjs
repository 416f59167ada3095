/**
 * Asks an independent verifier. See verification.mjs for the questions.
 *
 * stdin: {didDocuments: {DID: document}, questions: [question]}
 * stdout: [{accepted: boolean, error: string}]
 */
import {json} from 'node:stream/consumers';
import {verification} from './verification.mjs';

const {didDocuments, questions} = await json(process.stdin);
const answers = [];
for(const question of questions) {
  try {
    const verify = await verification(question, didDocuments);
    await verify();
    answers.push({accepted: true, error: ''});
  } catch(error) {
    answers.push({accepted: false, error: error.message});
  }
}
process.stdout.write(JSON.stringify(answers));
