// The form: words, a picture, settings; then one job, several variants, or a list.

import { startBatch } from './batch.js';
import { chooseKind, choose, currentKind, requestFields, showSettings, takeSettings, variantCount } from './choices.js';
import { byId, make, showText } from './dom.js';
import { beginEdit, giveToEdit, isEditing } from './edits.js';
import { arrange } from './gallery.js';
import { createVariants, jobOf } from './jobs.js';
import { fileOf, isClip, kindOf, mainFormat } from './media.js';
import { acceptPictures, currentPicture, startPicture, usePicture } from './picture.js';
import { showProblem } from './problems.js';
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
  startPicture({ onPicture: showPicture, onText: takeList, onJob: takeJob, onEdit: takeEdit });
  fit();
  if (matchMedia('(pointer: fine)').matches) prompt.focus({ preventScroll: true });
}

/** Takes what the chosen model can do into account. */
export function offer({ capabilities }) {
  const isEdit = currentKind() === 'edit';
  acceptPictures(capabilities.input_reference);
  byId('pick').hidden = !capabilities.input_reference && !isEdit;
  if (isEdit && isMany) setMany(false);
  describe();
}

/** Fills the form with a job's words and settings. */
export async function again(job) {
  setMany(false);
  write(job.prompt);
  usePicture(null);
  if (kindOf(job) === 'edit') chooseKind('edit');
  else {
    takeSettings(job);
    showSettings(true);
  }
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
  await beginFrom(job, isClip(job) ? 'keyframe' : mainFormat(job));
}

/** Begins a clip from a picture that is at hand. */
export function animatePicture(file) {
  setMany(false);
  write('');
  usePicture(file);
  chooseKind('video');
  arrive();
}

/** Begins to edit a job's picture. */
export async function edit(job) {
  try {
    await beginEdit(await fileOf(job, job.variants.includes('png') ? 'png' : mainFormat(job)));
  } catch (error) {
    complain(error);
  }
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
  if (file && currentKind() === 'image') chooseKind('video');
  document.querySelector('#kinds input[value=image]').disabled = Boolean(file);
  if (file && isMany) setMany(false);
  describe();
  showProblem(null);
}

// What the field is for: that depends on what is made, and of what.
function describe() {
  const isEdit = currentKind() === 'edit';
  const hasPicture = currentPicture() !== null;
  byId('many').hidden = hasPicture || isEdit;
  byId('lead').textContent = isEdit ? 'Drop a picture, then say what should change.' : 'Describe a sticker, or drop a picture.';
  byId('prompt-label').textContent = isEdit ? 'What should change' : isMany ? 'Prompts, one in each line' : 'What to draw';
  prompt.placeholder = isEdit ? 'make it black and white' : hasPicture ? 'it waves (or nothing at all)' : isMany ? 'a happy fox\na purple elephant\na rocket' : 'a happy fox';
  const pick = byId('pick');
  pick.ariaLabel = pick.title = isEdit ? 'Pick the picture to edit' : 'Begin from a picture';
}

function takeJob(id) {
  const job = jobOf(id);
  if (currentKind() === 'edit' && !isClip(job)) edit(job);
  else animate(job);
}

// A picture that comes while "Edit" is chosen is edited; one that comes while another is edited may become its background.
function takeEdit(file) {
  if (isEditing()) giveToEdit({ picture: file });
  else if (currentKind() === 'edit') startEdit(file, '');
  else return false;
  return true;
}

async function startEdit(file, instruction) {
  if (byId('go').disabled) return;
  usePicture(file);
  byId('go').disabled = true;
  byId('lead').textContent = 'Sending the picture …';
  try {
    await beginEdit(file, instruction, prompt.value);
    usePicture(null);
    write('');
  } catch (error) {
    showProblem(error);
  } finally {
    byId('go').disabled = false;
    describe();
  }
}

function takeList(text) {
  if (isEditing()) {
    giveToEdit({ text });
    return;
  }
  setMany(true);
  write(linesOf(text).join('\n'));
  prompt.focus();
}

function setMany(value) {
  isMany = value;
  sessionStorage.setItem(`${draftName}-many`, String(value));
  byId('many').setAttribute('aria-pressed', String(value));
  describe();
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
  if (byId('go').disabled) return;
  showProblem(null);
  const kind = currentKind();
  const fields = requestFields();
  if (kind === 'edit') {
    if (currentPicture()) await startEdit(currentPicture(), prompt.value.trim());
    else showProblem({ param: 'image', message: 'Drop, paste or pick the picture to edit first.' });
    return;
  }
  const lines = linesOf(prompt.value);
  if (isMany && lines.length > 1) {
    startBatch(kind, lines, fields);
    write('');
    return;
  }
  byId('go').disabled = true;
  try {
    const picture = kind === 'video' ? currentPicture() : null;
    const tell = (error) => showText(byId('form-error'), error?.message);
    await createVariants(kind, { ...fields, prompt: prompt.value.trim() }, picture, variantCount(), tell);
    prompt.select();
    arrange();
    byId('gallery').firstElementChild?.scrollIntoView({ block: 'nearest' });
  } catch (error) {
    showProblem(error);
  } finally {
    byId('go').disabled = false;
  }
}
