// The settings, made of what the chosen model can do: what it cannot do is not offered.

import { byId, make } from './dom.js';
import { opaqueFormats } from './media.js';
import { amountInWords, cameraChoice, hasAmount, motionChoice, motionChoicesOf, motionField, offeredOf } from './motion.js';

const storageName = 'emu-studio-settings';
const remembered = JSON.parse(sessionStorage.getItem(storageName) ?? '{}');

/**
 * The settings' fields of a kind of job, by name. Each is shown if `offered` gives something, and makes its control of it; one that
 * belongs to another's choice is hidden unless `wanted`.
 */
const settings = [
  { name: 'model', label: 'Model', offered: () => makers().length > 1 && makers().map((model) => model.id), control: options },
  { name: 'variants', label: 'Variants', offered: () => ['1', '2', '3', '4'], control: options },
  { name: 'size', label: 'Size', offered: ({ sizes }) => sizes.length > 1 && sizes, control: options, shown: (text) => text.replace('x', ' × ') },
  { name: 'seconds', label: 'Length', offered: ({ seconds }, kind) => kind === 'video' && seconds.length > 1 && seconds, control: options, shown: (text) => `${text} s` },
  { name: 'motion', label: 'Motion', offered: ({ motions }, kind) => kind === 'video' && offeredOf(motions, remembered.motion), control: options, shown: motionChoice },
  { name: 'amount', label: 'How much of it', offered: ({ motions }, kind) => kind === 'video' && motions.length > 0, control: range, shown: amountInWords, wanted: () => hasAmount(byId('set-motion').value) },
  { name: 'camera', label: 'Camera', offered: ({ cameras }, kind) => kind === 'video' && offeredOf(cameras), control: options, shown: cameraChoice },
  { name: 'formats', label: 'Format', offered: (can, kind) => ['', ...formatsOf(can, kind)], control: options, shown: (text) => text.toUpperCase() || 'Best for viewing' },
  { name: 'target', label: 'Made for', offered: ({ targets }) => targets.length > 0 && ['', ...targets], control: options, shown: (text) => text || 'Any use' },
  { name: 'seed', label: 'Seed', offered: () => ({ placeholder: 'random' }), control: number },
  { name: 'transparent', label: 'Transparent background', offered: ({ transparency }) => transparency, control: checkbox },
  { name: 'steps', label: 'Steps', advanced: true, offered: ({ steps }) => steps.maximum > steps.minimum && { placeholder: steps.default }, control: number },
  { name: 'guidance', label: 'Guidance', advanced: true, offered: ({ guidance }) => isRange(guidance) && { placeholder: guidance.default }, control: number },
  { name: 'image_guidance', label: 'Picture guidance', advanced: true, offered: ({ image_guidance: range }, kind) => kind === 'video' && isRange(range) && { placeholder: range.default }, control: number },
  { name: 'noise_scheduler', label: 'Noise scheduler', advanced: true, offered: ({ noise_schedulers: names }) => names.length > 1 && ['', ...names], control: options, shown: (text) => text || 'The model’s own' },
];

let models = [];
let onModel = () => undefined;

/** The formats that a model makes of a kind of job. */
export const formatsOf = (can, kind) => (kind === 'video' ? can.video_formats : can.image_formats);

/** The chosen model. */
export const currentModel = () => makers().find((model) => model.id === remembered.model) ?? makers().find((model) => model.capabilities.default) ?? defaultModel();

/** The model that made a job, or the chosen one if it is gone. */
export const modelOf = (job) => models.find((model) => model.id === job.model) ?? currentModel();

// Those that make clips or stills: one that only edits is chosen by the server when an instruction needs it.
const makers = () => models.filter(({ capabilities }) => capabilities.kinds.some((kind) => kind !== 'edit'));

const defaultModel = () => models.find((model) => model.capabilities.default) ?? models[0];

/** The model that edits pictures: the server's own choice, or another if that cannot; undefined if none can. */
export const editModel = () => [defaultModel(), ...models].find((model) => model?.capabilities.edit_tasks?.length > 0);

/** The field `model` of an edit; null where the server chooses, which may take the instruction into account. */
export const editModelField = () => (editModel() === defaultModel() ? null : editModel().id);

/** Whether a model edits by instructions in free form. */
export const followsInstructions = () => models.some((model) => model.capabilities.follows_instructions);

/** What is made: `video`, `image` or `edit`. */
export const currentKind = () => document.querySelector('#kinds input:checked')?.value ?? 'video';

/** Chooses what is made, if a model makes it. */
export function chooseKind(kind) {
  const radio = document.querySelector(`#kinds input[value=${kind}]`);
  if (radio && !radio.closest('label').hidden) {
    radio.checked = true;
    remembered.kind = kind;
    save();
    show();
  }
}

/** Shows or hides the settings. */
export function showSettings(value) {
  byId('fields').hidden = !value;
  byId('settings-button').setAttribute('aria-expanded', String(value));
}

/** Shows the models' settings and calls back when another model is chosen. */
export function startChoices(available, changed) {
  models = available;
  onModel = changed;
  byId('settings-button').addEventListener('click', () => showSettings(byId('fields').hidden));
  byId('kinds').addEventListener('change', (event) => chooseKind(event.target.value));
  show();
  chooseKind(remembered.kind ?? 'video');
}

/** How many variants are wanted. */
export const variantCount = () => Number(remembered.variants ?? 1);

/** The settings that were changed, as fields of a request. */
export function requestFields() {
  const kind = currentKind();
  const fields = {};
  for (const { name, control, offered } of shownSettings()) {
    const value = remembered[name];
    if (value === undefined || value === '' || value === false || name === 'variants' || name === 'amount') continue;
    // What another model offers, or the size of a picture that was moved as it is, is not offered here.
    if (control === options && !offered(currentModel().capabilities, kind).includes(value)) continue;
    fields[name] = name === 'formats' ? [value] : /^-?\d+(\.\d+)?$/.test(value) && name !== 'seconds' ? Number(value) : value;
  }
  if (fields.motion) fields.motion = motionField(fields.motion, remembered.amount);
  // A chat service decides on these itself.
  if (fields.target) for (const name of ['size', 'seconds', 'formats']) delete fields[name];
  // What can be looked at in every browser with its transparency.
  else if (fields.transparent && !fields.formats && kind === 'video' && formatsOf(currentModel().capabilities, kind).includes('webp')) fields.formats = ['webp'];
  return fields;
}

/** Takes over a job's settings. */
export function takeSettings(job) {
  const can = modelOf(job).capabilities;
  Object.assign(remembered, {
    model: modelOf(job).id,
    variants: '1',
    transparent: job.transparent,
    size: job.size,
    seconds: job.seconds,
    ...motionChoicesOf(job),
    formats: job.formats[0] === formatsOf(can, job.object)[0] || (job.transparent && job.formats[0] === 'webp') ? '' : job.formats[0],
    target: job.target ?? '',
    seed: String(job.seed),
    ...Object.fromEntries(['steps', 'guidance', 'image_guidance'].map((name) => [name, String(job[name] ?? '')])),
    noise_scheduler: job.noise_scheduler === can.noise_schedulers[0] ? '' : job.noise_scheduler,
  });
  chooseKind(job.object);
}

/** Sets one setting. */
export function choose(name, value) {
  remembered[name] = value;
  save();
  show();
}

function save() {
  sessionStorage.setItem(storageName, JSON.stringify(remembered));
}

function shownSettings() {
  const { capabilities } = currentModel();
  return settings.filter((setting) => setting.offered(capabilities, currentKind()));
}

// Builds the fields anew; what was typed is kept by name.
function show() {
  const { capabilities } = currentModel();
  const kinds = [...capabilities.kinds.filter((kind) => kind !== 'edit'), ...(editModel() ? ['edit'] : [])];
  for (const radio of document.querySelectorAll('#kinds input')) radio.closest('label').hidden = !kinds.includes(radio.value);
  byId('kinds').hidden = kinds.length < 2;
  if (!kinds.includes(currentKind())) document.querySelector(`#kinds input[value=${kinds[0]}]`).checked = true;
  // An edit's settings are its words.
  document.body.classList.toggle('kind-edit', currentKind() === 'edit');
  const fields = byId('fields');
  const focused = document.activeElement?.id;
  const wasOpen = fields.querySelector('details')?.open;
  const rows = shownSettings().map((setting) => ({ setting, element: fieldOf(setting, capabilities) }));
  const advanced = rows.filter(({ setting }) => setting.advanced).map(({ element }) => element);
  fields.replaceChildren(
    ...rows.filter(({ setting }) => !setting.advanced).map(({ element }) => element),
    ...(advanced.length ? [make('details.advanced', { open: wasOpen }, make('summary', {}, 'Advanced'), make('div.fields', {}, ...advanced))] : []));
  if (focused && fields.querySelector(`#${focused}`)) byId(focused).focus();
  showDependents();
  onModel(currentModel());
}

function fieldOf(setting, capabilities) {
  const id = `set-${setting.name}`;
  const control = setting.control(id, setting, setting.offered(capabilities, currentKind()));
  control.setAttribute('aria-describedby', `${setting.name}-error`);
  control.addEventListener('input', () => {
    remembered[setting.name] = control.type === 'checkbox' ? control.checked : control.value;
    save();
    if (setting.name === 'model') show();
    showDependents();
  });
  const error = make('p.error', { id: `${setting.name}-error`, hidden: true });
  return control.type === 'checkbox'
    ? make('div.field.wide', {}, make('label.check', {}, control, setting.label), make('p.hint', { id: 'format-note', hidden: true }), error)
    : make('div.field', { id: `field-${setting.name}` }, make('label', { for: id }, setting.label), control, error);
}

// What depends on other settings.
function showDependents() {
  for (const { name, label, shown, wanted } of settings) {
    const field = wanted && byId(`field-${name}`);
    if (!field) continue;
    field.hidden = !wanted();
    const value = shown(remembered[name]);
    field.querySelector('label').textContent = `${label}: ${value}`;
    byId(`set-${name}`).ariaValueText = value;
  }
  const note = byId('format-note');
  if (note) {
    note.hidden = !(remembered.transparent && opaqueFormats.includes(remembered.formats));
    note.textContent = note.hidden ? '' : `${remembered.formats.toUpperCase()} has no transparency: its background will be white.`;
  }
}

function options(id, { name, shown = (text) => text }, values) {
  const chosen = values.includes(remembered[name]) ? remembered[name] : values[0];
  return make('select', { id, name }, ...values.map((value) => make('option', { value, selected: value === chosen }, shown(value))));
}

function number(id, { name }, { placeholder }) {
  return make('input', { id, name, type: 'text', inputmode: 'decimal', autocomplete: 'off', placeholder, value: remembered[name] });
}

function range(id, { name }) {
  return make('input', { id, name, type: 'range', min: '0', max: '1', step: '0.05', value: remembered[name] || '0.5' });
}

function checkbox(id, { name }) {
  return make('input', { id, name, type: 'checkbox', checked: remembered[name] === true });
}

function isRange(range) {
  return Boolean(range) && range.maximum > range.minimum;
}
