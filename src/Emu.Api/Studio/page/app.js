// Starts the page: what the server offers, then everything that was made.

import { json } from './api.js';
import { startBatches } from './batch.js';
import { editModel, formatsOf, modelOf, startChoices } from './choices.js';
import { byId, make } from './dom.js';
import { openEdit, startEdits } from './edits.js';
import { arrange, more, removeLater, startGallery } from './gallery.js';
import { includeEdits, refresh, reset } from './jobs.js';
import { startKeys } from './keys.js';
import { again, animate, animatePicture, edit, offer, startMake } from './make.js';
import { openFromAddress, open as view, startViewer } from './viewer.js';

// Edited pictures are opened where they go on being edited.
const open = (job) => (job.object === 'edit.session' ? openEdit(job.id) : view(job));

async function start() {
  let models;
  try {
    models = (await json('/v1/models')).data;
  } catch (error) {
    fail(error.message);
    return;
  }
  if (models.length === 0) {
    fail('This server has no model yet.');
    return;
  }
  startMake();
  startChoices(models, offer);
  const formats = (job) => formatsOf(modelOf(job).capabilities, job.object);
  startViewer({ again, animate, edit: editModel() && edit, formats });
  if (editModel()) {
    includeEdits();
    startEdits({ animate: animatePicture, remove: removeLater, formats });
  }
  startBatches({ open, again, remove: removeLater, closed: arrange });
  await startGallery({ open, again });
  openFromAddress();
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refresh().catch(() => undefined));
  document.documentElement.dataset.ready = 'true';
}

function fail(message) {
  byId('form-error').replaceChildren(message, ' ', make('button.pill', { type: 'button', click: () => location.reload() }, 'Try again'));
  byId('form-error').hidden = false;
}

// Until everything is there, Enter must not leave the page.
byId('make').addEventListener('submit', (event) => event.preventDefault());
startKeys(() => {
  reset();
  more();
});
start();
