/**
 * Measures independent verifiers, round by round, for as long as it is asked.
 *
 * stdin, first line: {setting, cases: {name: {genuine: question, tampered: question}}}
 * stdout, first line: {name: ""} or {name: why its figures would be worth nothing}
 * then stdin: {name, seconds}, stdout: [microseconds of processor time of each call, of all threads], a line each.
 *
 * Questions are parsed before the clock starts, and keys are resolved once: both in the peer's favour.
 */
import {createInterface} from 'node:readline';

const refusal = async verify => verify().then(() => '', error => error.message || 'refused');

/** @param verification async (question, setting) => a function that verifies anew at every call, and throws. */
export async function measureInRounds(verification) {
  const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();
  const answer = value => process.stdout.write(JSON.stringify(value) + '\n');

  const {setting, cases} = JSON.parse((await lines.next()).value);
  const verifications = {};
  const faults = {};
  for(const [name, {genuine, tampered}] of Object.entries(cases)) {
    verifications[name] = await verification(genuine, setting);
    const refused = await refusal(verifications[name]);
    const accepted = !await refusal(await verification(tampered, setting));
    faults[name] = refused ? `refuses the genuine one: ${refused}` : accepted ? 'accepts the tampered one' : '';
  }
  answer(faults);

  for await (const line of lines) {
    const {name, seconds} = JSON.parse(line);
    const verify = verifications[name];
    const durations = [];
    const end = performance.now() + seconds * 1000;
    do {
      const before = process.cpuUsage();
      await verify();
      const {user, system} = process.cpuUsage(before);
      durations.push(user + system);
    } while(performance.now() < end);
    answer(durations);
  }
}
