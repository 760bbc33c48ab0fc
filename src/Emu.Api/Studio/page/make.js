// The form: words, a picture, settings; then one job, several variants, or a list.

import { create, newKey } from './api.js';
import { startBatch } from './batch.js';
import { chooseKind, choose, currentKind, requestFields, showSettings, takeSettings, variantCount } from './choices.js';
import { byId, make, showText } from './dom.js';
import { accept, jobOf } from './jobs.js';
import { fileOf, mainFormat } from './media.js';
import { acceptPictures, currentPicture, startPicture, usePicture } from './picture.js';
import { complain } from './toast.js';

const draftName = 'emu-studio-prompt';
const examples = { fox: 'a happy fox', elephant: 'a purple elephant', rocket: 'a rocket', duck: 'a duck' };

const prompt = byId('prompt');
let isMany = false;

/** Connects the form. */
export function startMake() {
  prompt.value = sessionStorage.getItem(draftName) ?? '';
  setMany(sessionStorage.getItem(`${draftName}-many`) === 'true');
  for (const [name, text] of Object.entries(examples)) {
    const picture = make('img', { src: `studio/example-${name}.webp`, alt: '', width: 76, height: 76, draggable: 'false' });
    byId('examples').append(make('button.example', { type: 'button', click: () => tryExample(text) }, picture, text));
  }
  prompt.addEventListener('input', fit);
  prompt.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing && (isMany ? event.ctrlKey || event.metaKey : !event.shiftKey)) {
      event.preventDefault();
      byId('make').requestSubmit();
    }
  });
  prompt.addEventListener('paste', (event) => {
    const text = event.clipboardData.getData('text');
    if (!isMany && linesOf(text).length > 1) {
      event.preventDefault();
      prompt.setRangeText(text);
      takeList(prompt.value);
    }
  });
  byId('many').addEventListener('click', () => {
    setMany(!isMany);
    prompt.focus();
  });
  byId('make').addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  startPicture({ onPicture: showPicture, onText: takeList, onJob: (id) => animate(jobOf(id)) });
  fit();
  if (matchMedia('(pointer: fine)').matches) prompt.focus({ preventScroll: true });
}

/** Takes what the chosen model can do into account. */
export function offer({ capabilities }) {
  acceptPictures(capabilities.input_reference);
}

/** Fills the form with a job's words and settings. */
export async function again(job) {
  setMany(false);
  write(job.prompt);
  takeSettings(job);
  usePicture(null);
  showSettings(true);
  arrive();
  if (job.has_input_reference && job.status === 'completed') await beginFrom(job, 'keyframe');
}

/** Begins a clip from a job's picture. */
export async function animate(job) {
  setMany(false);
  write(job.prompt);
  choose('transparent', job.transparent);
  choose('size', job.size);
  chooseKind('video');
  arrive();
  await beginFrom(job, job.object === 'image' ? mainFormat(job) : 'keyframe');
}

async function beginFrom(job, variant) {
  try {
    usePicture(await fileOf(job, variant));
  } catch (error) {
    complain(error);
  }
}

function arrive() {
  scrollTo({ top: 0 });
  prompt.focus();
}

function showPicture(file) {
  if (file) chooseKind('video');
  document.querySelector('#kinds input[value=image]').disabled = Boolean(file);
  if (file && isMany) setMany(false);
  byId('many').hidden = Boolean(file);
  prompt.placeholder = file ? 'it waves (or nothing at all)' : isMany ? 'a happy fox\na purple elephant\na rocket' : 'a happy fox';
  showProblem(null);
}

function takeList(text) {
  setMany(true);
  write(linesOf(text).join('\n'));
  prompt.focus();
}

function setMany(value) {
  isMany = value;
  sessionStorage.setItem(`${draftName}-many`, String(value));
  byId('many').setAttribute('aria-pressed', String(value));
  byId('prompt-label').textContent = value ? 'Prompts, one in each line' : 'What to draw';
  prompt.placeholder = value ? 'a happy fox\na purple elephant\na rocket' : 'a happy fox';
  fit();
}

function write(text) {
  prompt.value = text;
  fit();
}

function fit() {
  sessionStorage.setItem(draftName, prompt.value);
  prompt.rows = isMany ? Math.min(10, Math.max(4, prompt.value.split('\n').length)) : 1;
  prompt.style.height = 'auto';
  if (!isMany) prompt.style.height = `${prompt.scrollHeight}px`;
  const count = linesOf(prompt.value).length;
  byId('go').textContent = isMany && count > 1 ? `Make ${count}` : 'Make';
}

const linesOf = (text) => text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);

function tryExample(text) {
  setMany(false);
  write(text);
  submit();
}

async function submit() {
  showProblem(null);
  const kind = currentKind();
  const fields = requestFields();
  const lines = linesOf(prompt.value);
  if (isMany && lines.length > 1) {
    startBatch(kind, lines, fields);
    write('');
    return;
  }
  byId('go').disabled = true;
  try {
    await createVariants(kind, { ...fields, prompt: prompt.value.trim() });
    prompt.select();
    byId('gallery').firstElementChild?.scrollIntoView({ block: 'nearest' });
  } catch (error) {
    showProblem(error);
  } finally {
    byId('go').disabled = false;
  }
}

// The variants after the first take the seeds that follow its own.
async function createVariants(kind, fields) {
  const picture = kind === 'video' ? currentPicture() : null;
  let { seed } = fields;
  for (let index = 0; index < variantCount(); index++) {
    const request = index === 0 ? fields : { ...fields, seed: seed + index };
    const job = await create(kind, request, newKey(), picture, ({ message }) => showText(byId('form-error'), message));
    showText(byId('form-error'), null);
    seed ??= job.seed;
    accept(job);
  }
}

const fieldNames = { 'n': 'variants', 'output_format': 'formats', 'input_reference.image_url': 'input_reference' };

// Shows what the server refused beside the field that it names.
function showProblem(error) {
  for (const place of byId('make').querySelectorAll('.error')) showText(place, null);
  for (const control of byId('make').querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  if (!error) return;
  const name = fieldNames[error.param] ?? error.param;
  const place = name && byId(`${name}-error`);
  showText(place || byId('form-error'), error.message);
  const control = byId(`set-${name}`) ?? (name === 'prompt' ? prompt : null);
  if (!place || !control) return;
  if (place.closest('#fields')) showSettings(true);
  if (place.closest('details')) place.closest('details').open = true;
  control.setAttribute('aria-invalid', 'true');
  control.focus();
}
