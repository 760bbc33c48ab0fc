// The way into the Edit view, whose files are loaded when it is first wanted.

import { createOfForm, newKey } from './api.js';
import { editModelField } from './choices.js';
import { announce, byId, make } from './dom.js';
import { complain } from './toast.js';

let actions;
let view;

/** Whether a picture is being edited. */
export const isEditing = () => !byId('edit').hidden;

/**
 * Connects the part of the address that names an edit.
 * @param {object} given `animate(file)`, `remove(session)`, and `formats(job)`: the formats that can be made of an edit
 */
export function startEdits(given) {
  actions = { ...given, begin: (file) => beginEdit(file).catch(complain) };
  addEventListener('hashchange', followAddress);
  followAddress();
}

/**
 * Begins to edit a picture, and opens it once the server has it.
 * @param {File} file the picture
 * @param {string} [instruction] what to do first
 * @param {string} [draft] what is typed already
 * @throws {ApiError} the server refuses the picture or the instruction
 */
export async function beginEdit(file, instruction, draft) {
  announce('Opening the picture …');
  const fields = { image: file, instruction: instruction || null, model: editModelField() };
  const [session, { openSession }] = await Promise.all([createOfForm('/v1/edits', fields, newKey(), complain), load()]);
  goTo(session.id);
  await openSession(session, actions, draft);
}

/** Gives the picture that is being edited what was dropped or pasted: `picture`, which may come behind it, or `text`, which may be done. */
export async function giveToEdit(what) {
  (await load()).give(what);
}

/** Opens a session of edits. */
export async function openEdit(id) {
  goTo(id);
  await followAddress();
}

// Back leads to where the user came from.
function goTo(id) {
  if (location.hash !== `#${id}`) history.pushState({ edit: true }, '', `#${id}`);
}

async function followAddress() {
  const id = location.hash.slice(1);
  if (!id.startsWith('session_')) {
    (await view)?.closeView();
    return;
  }
  try {
    const { openId } = await load();
    if (location.hash === `#${id}`) await openId(id, actions);
  } catch (error) {
    complain(error);
    history.replaceState(null, '', location.pathname);
    (await view)?.closeView();
  }
}

function load() {
  view ??= loadFiles();
  view.catch(() => { view = undefined; });
  return view;
}

async function loadFiles() {
  const style = make('link', { rel: 'stylesheet', href: 'studio/edit.css' });
  const styled = new Promise((resolve, reject) => {
    style.onload = resolve;
    style.onerror = () => reject(new Error('The server cannot be reached.'));
  });
  document.head.append(style);
  try {
    return (await Promise.all([import('./edit.js'), styled]))[0];
  } catch {
    style.remove();
    throw new Error('The server cannot be reached. Try again in a moment.');
  }
}
