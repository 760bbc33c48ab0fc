// How a clip moves: its motion, how much of it, and the camera; as settings, as fields of a request, and in words.

/** No motion, or a camera that stands still. */
const none = 'none';

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** What can be chosen of what a model lists, and what a job asked for that no list has: several motions at once. */
export function offeredOf(names, chosen) {
  if (!names?.length) return false;
  const known = ['', none, ...names];
  return chosen?.includes(';') ? [...known, chosen] : known;
}

/** Whether a choice of a motion has an amount. */
export const hasAmount = (motion) => Boolean(motion) && motion !== none && !motion.includes(';');

/** A motion as a choice. */
export const motionChoice = (motion) => (motion === '' ? 'What the words say' : motion === none ? 'Nothing moves' : capital(wordsOf(motion)));

/** A camera as a choice. */
export const cameraChoice = (camera) => (camera === '' ? 'What the words say' : camera === none ? 'Stands still' : capital(camera));

/** An amount in words; the empty one is what the server takes if nothing is said. */
export const amountInWords = (amount) => (amount === '' || amount === undefined ? 'as usual' : `${Math.round(amount * 100)} %`);

/** The field `motion` of a request: a name, with an amount if one was chosen. */
export const motionField = (motion, amount) => (hasAmount(motion) && amount ? `${motion},${amount}` : motion);

/** The choices that a job's motion and camera come from. */
export function motionChoicesOf({ motion, camera }) {
  const [name, amount] = motion && !motion.includes(';') ? motion.split(',') : [motion ?? ''];
  return { motion: name, amount: amount ?? '', camera: camera ?? '' };
}

/** How a job was asked to move, in words; empty if its prompt decided. */
export function movesOf({ motion, camera }) {
  const parts = [];
  if (motion) parts.push(motion === none ? 'nothing moves' : wordsOf(motion));
  if (camera) parts.push(camera === none ? 'the camera stands still' : `camera: ${camera}`);
  return capital(parts.join(' · '));
}

function wordsOf(motion) {
  return motion.split(';').map((step) => step.split(',')).map(([name, amount]) => (amount ? `${name} ${amountInWords(amount)}` : name)).join(', ');
}
