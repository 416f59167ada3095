/** The verifiers of this folder, measured. See rounds.mjs, and for the questions verification.mjs and sd-jwt.mjs. */
import {measureInRounds} from './rounds.mjs';
import {verification as ofSdJwt} from './sd-jwt-verification.mjs';
import {verification} from './verification.mjs';

await measureInRounds((question, {didDocuments}) =>
  question.sdJwt ? ofSdJwt(question) : verification(question, didDocuments));
